import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { expireEntries } from "@/lib/audit/expire-entries";
import { recordAudit } from "@/lib/audit/record-audit";
import { sealEntries } from "@/lib/audit/seal-entries";
import { type ChainReport, verifyChain } from "@/lib/audit/verify-chain";
import { newId } from "@/lib/core/ids";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { runCli } from "../cli/run-cli";

// The chain of the audit trail on a database apart: tests tamper with it, as somebody with the rights of a
// superuser could.

vi.setConfig({ testTimeout: 120_000 });

let apart: Apart;
beforeAll(async () => {
  apart = await makeDatabaseApart();
});
afterAll(() => apart.drop());

async function add(workspace: TestWorkspace, n: number, at = new Date()): Promise<void> {
  const ctx = await workspace.admin.ctx(() => at);
  for (let i = 0; i < n; i += 1) {
    await recordAudit(db(), ctx, {
      category: "members",
      action: "team.created",
      target: { type: "team", id: newId("team"), label: `Team ${i}` },
      metadata: { i, ratio: 1.5, text: "ü “quoted” \n line" },
    });
  }
}

/** A workspace whose chain has exactly `n` sealed entries. */
async function sealed(n: number): Promise<TestWorkspace> {
  const workspace = await makeWorkspace();
  await sealEntries();
  const { verified } = await verifyChain(workspace.id);
  await add(workspace, n - verified);
  await sealEntries();
  return workspace;
}

/** Changes the trail behind the back of its trigger. */
async function tamper(work: (sql: postgres.TransactionSql) => Promise<unknown>): Promise<void> {
  await apart.sql.begin(async (sql) => {
    await sql`alter table audit_events disable trigger user`;
    await work(sql);
    await sql`alter table audit_events enable trigger user`;
  });
}

const idAt = async (workspace: TestWorkspace, seq: number): Promise<string> => {
  const [row] = await apart.sql<{ id: string }[]>`
    select id from audit_events where workspace_id = ${workspace.id} and seq = ${seq}`;
  return row?.id ?? "none";
};

const faults = ({ problems }: ChainReport) =>
  problems.map(({ kind, seq, id }) => (id === null ? [kind, seq] : [kind, seq, id]));

describe("append-only", () => {
  test("an entry cannot be changed, removed or given another place, before and after it is sealed", async () => {
    const workspace = await sealed(3);
    await add(workspace, 1);
    const own = apart.sql`workspace_id = ${workspace.id}`;
    const refused = /append-only/;
    for (const change of [
      apart.sql`actor_label = 'Somebody else'`,
      apart.sql`metadata = '{"i": 0, "ratio": 1.50, "text": "x"}'`,
      apart.sql`seq = 99, hash = 'x', prev_hash = 'y', result = 'failure'`,
      apart.sql`seq = null, hash = null, prev_hash = null`,
    ]) {
      await expect(apart.sql`update audit_events set ${change} where ${own}`).rejects.toThrow(
        refused,
      );
    }
    await expect(
      apart.sql`update audit_events set seq = 9, hash = 'x', prev_hash = 'y' where ${own} and seq is not null`,
    ).rejects.toThrow(refused);
    await expect(apart.sql`delete from audit_events where ${own}`).rejects.toThrow(refused);
    await expect(apart.sql`truncate audit_events`).rejects.toThrow(refused);
    await expect(
      apart.sql`insert into audit_events (id, workspace_id, actor_type, actor_label, category, action,
        result, seq, hash, prev_hash) values ('aud_x', ${workspace.id}, 'system', 'x', 'members', 'x',
        'success', 99, 'a', 'b')`,
    ).rejects.toThrow(refused);
    await sealEntries();
    expect(faults(await verifyChain(workspace.id))).toEqual([]);
  });

  test("a workspace that is deleted takes its trail and its anchor along", async () => {
    const workspace = await sealed(2);
    await apart.sql`delete from workspaces where id = ${workspace.id}`;
    const [left] = await apart.sql`select
      (select count(*)::int from audit_events where workspace_id = ${workspace.id}) as entries,
      (select count(*)::int from audit_anchors where workspace_id = ${workspace.id}) as anchors`;
    expect(left).toEqual({ entries: 0, anchors: 0 });
  });
});

describe("sealing", () => {
  test("gives every entry one place in one chain, however many processes seal at once", async () => {
    const workspace = await sealed(1);
    await add(workspace, 60);
    await Promise.all([sealEntries(), sealEntries(), sealEntries()]);
    const report = await verifyChain(workspace.id);
    expect(report).toMatchObject({ verified: 61, waiting: 0, problems: [] });
    const rows = await apart.sql`select seq from audit_events where workspace_id = ${workspace.id}
      order by seq`;
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
  });

  test("an entry that is committed late, with an earlier time, comes next", async () => {
    const workspace = await sealed(3);
    await add(workspace, 1, new Date(Date.now() - 3 * 86_400_000));
    await sealEntries();
    const [late] = await apart.sql`select seq from audit_events where workspace_id = ${workspace.id}
      order by at limit 1`;
    expect(Number(late?.seq)).toBe(4);
    expect(await verifyChain(workspace.id)).toMatchObject({ verified: 4, problems: [] });
  });

  test("what waits for its seal is counted and no fault", async () => {
    const workspace = await sealed(2);
    await add(workspace, 3);
    expect(await verifyChain(workspace.id)).toMatchObject({
      verified: 2,
      waiting: 3,
      problems: [],
    });
  });
});

describe("verifying names exactly what does not fit", () => {
  test("an entry whose content was changed", async () => {
    const workspace = await sealed(5);
    const id = await idAt(workspace, 3);
    await tamper((sql) => sql`update audit_events set target_label = 'Other' where id = ${id}`);
    const report = await verifyChain(workspace.id);
    expect(faults(report)).toEqual([["changed", 3, id]]);
    expect(report.verified).toBe(4);
    expect(report.problems[0]?.message).toContain(`entry 3 (${id}, team.created, `);
  });

  test.for(["at", "actor_id", "ip", "metadata", "result", "hash", "prev_hash"])(
    "a change of %s alone",
    async (column) => {
      const workspace = await sealed(4);
      const id = await idAt(workspace, 2);
      const values: Record<string, string> = {
        at: "at + interval '1 microsecond'",
        metadata: `metadata || '{"ratio": 1.50}'`,
        result: "'failure'",
      };
      const value = values[column] ?? "'something else'";
      await tamper((sql) =>
        sql.unsafe(`update audit_events set ${column} = ${value} where id = '${id}'`),
      );
      expect(faults(await verifyChain(workspace.id))).toEqual([["changed", 2, id]]);
    },
  );

  test("entries that were removed: in the middle, at the start and at the end", async () => {
    const workspace = await sealed(9);
    await tamper(
      (sql) => sql`delete from audit_events
        where workspace_id = ${workspace.id} and seq in (1, 4, 5, 9)`,
    );
    expect(faults(await verifyChain(workspace.id))).toEqual([
      ["removed", 1],
      ["removed", 4],
      ["removed", 9],
    ]);
  });

  test("an entry that was inserted, beside the one whose place it took", async () => {
    const workspace = await sealed(5);
    await tamper(
      (
        sql,
      ) => sql`insert into audit_events (id, workspace_id, at, actor_type, actor_label, category,
          action, result, seq, hash, prev_hash)
        select 'aud_forged', workspace_id, at - interval '1 second', 'user', 'Nobody', category, action,
          'success', seq, hash, prev_hash
        from audit_events where workspace_id = ${workspace.id} and seq = 3`,
    );
    const report = await verifyChain(workspace.id);
    expect(faults(report)).toEqual([["inserted", 3, "aud_forged"]]);
    expect(report.verified).toBe(5);
  });

  test("an entry that was added behind the end", async () => {
    const workspace = await sealed(2);
    await tamper(
      (
        sql,
      ) => sql`insert into audit_events (id, workspace_id, actor_type, actor_label, category, action,
          result, seq, hash, prev_hash)
        select 'aud_behind', workspace_id, 'user', 'Nobody', category, action, 'success', 3, 'x', hash
        from audit_events where workspace_id = ${workspace.id} and seq = 2`,
    );
    expect(faults(await verifyChain(workspace.id))).toEqual([["inserted", 3, "aud_behind"]]);
  });

  test("an entry that was changed and sealed anew, since what follows was made for the former one", async () => {
    const workspace = await sealed(4);
    const id = await idAt(workspace, 2);
    await tamper(async (sql) => {
      await sql`update audit_anchors set end_seq = 1,
          end_hash = (select hash from audit_events where workspace_id = ${workspace.id} and seq = 1)
        where workspace_id = ${workspace.id}`;
      await sql`update audit_events set actor_label = 'Nobody', seq = null, hash = null, prev_hash = null
        where id = ${id}`;
    });
    const [end] = await apart.sql`select hash from audit_events
      where workspace_id = ${workspace.id} and seq = 4`;
    await sealEntries();
    await apart.sql`update audit_anchors set end_seq = 4, end_hash = ${end?.hash}
      where workspace_id = ${workspace.id}`;
    expect(faults(await verifyChain(workspace.id))).toEqual([["changed", 2, id]]);
  });

  test("a chain without its anchor", async () => {
    const workspace = await sealed(2);
    await apart.sql`delete from audit_anchors where workspace_id = ${workspace.id}`;
    expect(faults(await verifyChain(workspace.id))).toEqual([["anchor_missing", null]]);
  });
});

describe("harmony audit verify", () => {
  test("says what holds and ends with 0; names the entry and ends with 1 when one was changed", async () => {
    const workspace = await sealed(6);
    await add(workspace, 1);
    const args = ["audit", "verify", "--workspace", workspace.id];
    const fine = await runCli(apart.env, args);
    expect(fine.stdout).toBe(
      "The audit trail holds: 6 entries of 1 workspace verified. 1 entry waits to be sealed, which the worker does.\n",
    );
    expect(fine.code).toBe(0);

    const id = await idAt(workspace, 5);
    await tamper((sql) => sql`update audit_events set result = 'failure' where id = ${id}`);
    const broken = await runCli(apart.env, args);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain("The audit trail does not hold: 1 problem; 5 entries");
    expect(broken.stdout).toContain(`entry 5 (${id}, team.created, `);

    const json = await runCli(apart.env, ["audit", "verify", "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false });
    expect(JSON.parse(json.stdout).problems).toContainEqual(
      expect.objectContaining({ workspace_id: workspace.id, kind: "changed", seq: 5, id }),
    );
  });

  test("an unknown workspace is one clear line", async () => {
    const result = await runCli(apart.env, ["audit", "verify", "--workspace", "nowhere"]);
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain('there is no workspace "nowhere"');
  });
});

// Last in its file: it removes the months of everything before.
test("months whose time is over go, their last hash stays as the anchor, and the rest still verifies", async () => {
  const workspace = await sealed(1);
  const now = new Date();
  const month = (ago: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 15, 12));
  const first = month(14);
  const name = `audit_events_${first.toISOString().slice(0, 7).replace("-", "")}`;
  const [from, to] = [month(14), month(13)].map(
    (at) => `${at.toISOString().slice(0, 7)}-01 00:00+00`,
  );
  await apart.sql.unsafe(
    `create table ${name} partition of audit_events for values from ('${from}') to ('${to}')`,
  );
  // One in a month of its own, one in the default partition, then newer ones, one of them out of its order.
  await add(workspace, 2, first);
  await sealEntries();
  await add(workspace, 1, month(5));
  await sealEntries();
  await add(workspace, 1, month(15));
  await sealEntries();
  await add(workspace, 2);
  expect(await verifyChain(workspace.id)).toMatchObject({ verified: 5, waiting: 2, problems: [] });

  await expireEntries(now);
  await expireEntries(now);
  const rows = await apart.sql<{ seq: string }[]>`select seq from audit_events
    where workspace_id = ${workspace.id} order by seq`;
  expect(rows.map(({ seq }) => Number(seq))).toEqual([1, 4, 6, 7]);
  const [partition] = await apart.sql`select to_regclass(${name}) as found`;
  expect(partition?.found).toBeNull();
  const [anchor] = await apart.sql`select start_seq::int, end_seq::int from audit_anchors
    where workspace_id = ${workspace.id}`;
  expect(anchor).toEqual({ start_seq: 5, end_seq: 7 });
  await sealEntries();
  expect(await verifyChain(workspace.id)).toMatchObject({ verified: 4, waiting: 0, problems: [] });

  await add(workspace, 1);
  await sealEntries();
  const id = await idAt(workspace, 6);
  await tamper((sql) => sql`delete from audit_events where id = ${id}`);
  expect(faults(await verifyChain(workspace.id))).toEqual([["removed", 6]]);
});
