import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { loadChoicesInput, saveSettingsInput } from "@/lib/integrations/schema";
import {
  disconnect,
  disconnectMember,
  endGrantAtTool,
  forceDisconnect,
  getTool,
  listCatalogue,
  listMemberConnections,
  loadChoices,
  readConnection,
  saveSettings,
  sweepEndedGrants,
  testConnection,
} from "@/lib/integrations/service";
import { removeMember } from "@/lib/members/service";
import { makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { begin, connect, connectionsOf, endGrants, grantJobs, onlyConnection } from "./connecting";

const slug = "stand_in_service";
const personal = "stand_in_service_own";
let tool: StandInTool;
let workspace: TestWorkspace;
let row: ConnectionRow;

beforeAll(async () => {
  tool = await startStandInTool();
  registerStandIn(slug, tool.url);
  registerStandIn(personal, tool.url, { scope: "personal" });
});
afterAll(() => tool.stop());
beforeEach(async () => {
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool, { account: workspace.id });
  row = await onlyConnection(workspace.id);
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : `no AppError: ${error}`;
}

const settings = (changes: Partial<Parameters<typeof saveSettingsInput.parse>[0] & object> = {}) =>
  saveSettingsInput.parse({
    connectionId: row.id,
    data: { meeting_data: false, action_items: true, contacts: false, notes: false },
    direction: "one_way",
    frequency: "realtime",
    conflictRule: "tool_wins",
    options: {},
    ...changes,
  });

const everything: readonly [string, (ctx: Context, id: string) => Promise<unknown>][] = [
  ["test", (ctx, connectionId) => testConnection(ctx, { connectionId })],
  ["disconnect", (ctx, connectionId) => disconnect(ctx, { connectionId })],
  [
    "choices",
    (ctx, connectionId) =>
      loadChoices(ctx, loadChoicesInput.parse({ connectionId, setting: "room" })),
  ],
  ["settings", (ctx, connectionId) => saveSettings(ctx, settings({ connectionId }))],
  ["read", (ctx, connectionId) => readConnection(ctx, connectionId, "integrations:read")],
];

describe("another workspace's connection", () => {
  test.for(everything)("is not found: %s", async ([, run]) => {
    const stranger = await makeWorkspace();
    expect(await codeOf(run(await stranger.admin.ctx(), row.id))).toBe("not_found");
    expect(await codeOf(run(await stranger.admin.ctx(), "conn_none"))).toBe("not_found");
    expect(await onlyConnection(workspace.id)).toEqual(row);
  });

  test("is neither listed, nor reconnected, nor force-disconnected", async () => {
    const stranger = await makeWorkspace();
    const ctx = await stranger.admin.ctx();
    const entries = await listCatalogue(ctx);
    expect(entries.find((entry) => entry.slug === slug)?.connection).toBeNull();
    expect(await listMemberConnections(ctx)).toEqual([]);
    expect(await codeOf(begin(stranger.admin, slug, { connectionId: row.id }))).toBe("not_found");
    expect(await codeOf(forceDisconnect(ctx, { connectionId: row.id }))).toBe("not_found");
  });
});

describe("a colleague's personal connection", () => {
  test.for(everything)("is not found, not even by an admin: %s", async ([, run]) => {
    const user = await makeMember(workspace, { role: "user" });
    await connect(user, personal, tool, { account: "own" });
    const own = (await connectionsOf(workspace.id)).find(({ provider }) => provider === personal);
    expect(await codeOf(run(await workspace.admin.ctx(), own?.id ?? ""))).toBe("not_found");
  });

  test("is on the admin's list with tool, owner and status only, and can be ended from there", async () => {
    const user = await makeMember(workspace, { role: "user", name: "Uma" });
    await connect(user, personal, tool, { account: "own-list" });
    const ctx = await workspace.admin.ctx();
    const [listed, ...others] = await listMemberConnections(ctx);
    expect(others).toEqual([]);
    expect(Object.keys(listed ?? {}).sort()).toEqual(
      ["connectedAt", "id", "ownerName", "slug", "status", "toolName"].sort(),
    );
    expect(listed).toMatchObject({ ownerName: "Uma", slug: personal, status: "connected" });
    await forceDisconnect(ctx, { connectionId: listed?.id ?? "" });
    expect(await listMemberConnections(ctx)).toEqual([]);
    const [line] = await sql`select metadata from audit_events where workspace_id = ${workspace.id}
      and action = 'connection.disconnected'`;
    expect(line?.metadata).toMatchObject({ why: "forced" });
  });
});

describe("roles", () => {
  test.for(["manager", "user"] as const)(
    "a %s manages their own tools, not the workspace's",
    async (role) => {
      const member = await makeMember(workspace, { role });
      const ctx = await member.ctx();
      expect(await codeOf(begin(member, slug))).toBe("forbidden");
      for (const [, run] of everything.filter(([name]) => name !== "read")) {
        expect(await codeOf(run(ctx, row.id))).toBe("forbidden");
      }
      expect(await codeOf(listMemberConnections(ctx))).toBe("forbidden");
      expect((await connect(member, personal, tool, { account: role })).outcome).toBe("connected");
      const entries = await listCatalogue(ctx);
      const of = (name: string) => entries.find((entry) => entry.slug === name);
      expect(of(slug)).toMatchObject({ mayManage: false, connection: { status: "connected" } });
      expect(of(personal)).toMatchObject({ mayManage: true });
      // A User sees the status of the workspace's tools and nothing else of them.
      expect(of(slug)?.connection?.accountLabel).toBe(role === "manager" ? row.accountLabel : null);
    },
  );
});

describe("disconnecting", () => {
  test("destroys the tokens, ends the grant there, cancels what waits, keeps settings and logs", async () => {
    await sql`insert into sync_items (id, workspace_id, connection_id, topic, object_id, next_attempt_at)
      values (${`itm_${row.id}`}, ${workspace.id}, ${row.id}, 'action_item.changed', 'act_1', now())`;
    await sql`insert into sync_runs (id, workspace_id, connection_id, trigger, direction, status)
      values (${`run_${row.id}`}, ${workspace.id}, ${row.id}, 'manual', 'one_way', 'queued')`;
    const grant = tool.grants.at(-1);
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "disconnected", wants: [] });
    expect(await sql`select 1 from connection_secrets where id = ${row.id}`).toHaveLength(0);
    const [left] = await sql`select
      (select state from sync_items where connection_id = ${row.id}) as item,
      (select status from sync_runs where connection_id = ${row.id}) as run,
      (select options ->> 'room' from sync_settings where connection_id = ${row.id}) as room,
      (select count(*)::int from audit_events where workspace_id = ${workspace.id}
        and action = 'connection.disconnected') as lines`;
    expect(left).toEqual({ item: "cancelled", run: "cancelled", room: "R1", lines: 1 });
    expect(grant?.isDead).toBe(false);
    await endGrants(workspace.id);
    expect(grant?.isDead).toBe(true);
  });

  test("leaves the tokens in one job, sealed, until the tool has ended the grant, and nowhere after it", async () => {
    const { access = "none", refresh = "none" } = tool.grants.at(-1) ?? {};
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    const [job, ...others] = await grantJobs(workspace.id);
    expect(others).toEqual([]);
    const carried = JSON.stringify(job?.data);
    for (const token of [access, refresh]) expect(carried).not.toContain(token);
    await endGrants(workspace.id);
    expect(await grantJobs(workspace.id)).toEqual([]);
    // A second worker that had the job as well: a dead grant is ended once more, and that is a success.
    if (job) await endGrantAtTool(job.data, { id: job.id, isLastAttempt: false });
    expect(tool.callsOf("POST /revoke").filter(({ body }) => body.includes(access))).toHaveLength(
      2,
    );
  });

  test("keeps asking a tool that is down, and after a day forgets the tokens all the same", async () => {
    const grant = tool.grants.at(-1);
    tool.script("POST /revoke", (response) => void response.destroy());
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    await expect(endGrants(workspace.id)).rejects.toThrow();
    await sweepEndedGrants(new Date());
    expect(await grantJobs(workspace.id)).toHaveLength(1);
    await sql`update pgboss.job set created_on = now() - interval '23 hours 30 minutes'
      where name = 'grant.end' and data ->> 'workspaceId' = ${workspace.id}`;
    expect(await sweepEndedGrants(new Date())).toBeGreaterThan(0);
    expect(await grantJobs(workspace.id)).toEqual([]);
    tool.unscript("POST /revoke");
    expect(grant?.isDead).toBe(false);
  });

  test("forgets the tokens with the last try", async () => {
    tool.script("POST /revoke", (response) => void response.destroy());
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    const jobs = await grantJobs(workspace.id);
    expect(jobs).toHaveLength(1);
    for (const { id, data } of jobs)
      await expect(endGrantAtTool(data, { id, isLastAttempt: true })).rejects.toThrow();
    expect(await grantJobs(workspace.id)).toEqual([]);
    tool.unscript("POST /revoke");
  });

  test("does not end the new grant of somebody who was quicker to connect again", async () => {
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    await connect(workspace.admin, slug, tool, { account: workspace.id });
    const before = tool.callsOf("POST /revoke").length;
    await endGrants(workspace.id);
    expect(tool.callsOf("POST /revoke")).toHaveLength(before);
    expect(tool.grants.at(-1)?.isDead).toBe(false);
  });

  test("leaves no job when its transaction does not commit", async () => {
    const ctx = await workspace.admin.ctx();
    await connect(workspace.admin, personal, tool, { account: "own" });
    const undone = db().transaction(async (tx) => {
      expect(await disconnectMember(tx, ctx, workspace.admin.userId)).toBe(1);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await grantJobs(workspace.id)).toEqual([]);
  });

  test("and connecting again finds the same connection with its settings", async () => {
    await saveSettings(
      await workspace.admin.ctx(),
      settings({ frequency: "manual", options: { room: "X7" } }),
    );
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    await connect(workspace.admin, slug, tool, { account: workspace.id });
    const page = await getTool(await workspace.admin.ctx(), slug);
    expect(page.connection).toMatchObject({ id: row.id, status: "connected" });
    expect(page.syncSettings).toMatchObject({ frequency: "manual", options: { room: "X7" } });
  });

  test("keeps a tool that cannot be told from keeping us", async () => {
    tool.script("POST /revoke", json(500, {}));
    await disconnect(await workspace.admin.ctx(), { connectionId: row.id });
    tool.unscript("POST /revoke");
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "disconnected" });
  });

  test("happens to the personal tools of a member who is removed; the workspace's stay", async () => {
    const leaver = await makeMember(workspace, { role: "admin", name: "Leander" });
    await connect(leaver, personal, tool, { account: "leaver" });
    await connect(leaver, slug, tool, { account: workspace.id });
    await removeMember(await workspace.admin.ctx(), { memberId: leaver.membershipId });
    const left = await connectionsOf(workspace.id);
    expect(Object.fromEntries(left.map(({ provider, status }) => [provider, status]))).toEqual({
      [slug]: "connected",
      [personal]: "disconnected",
    });
    const page = await getTool(await workspace.admin.ctx(), slug);
    expect(page.connection).toMatchObject({
      connectedBy: "Leander",
      connectedByFormerMember: true,
    });
  });
});

describe("settings", () => {
  test("change what the tool is told of and when it syncs by itself", async () => {
    const at = new Date("2026-06-01T10:20:00Z");
    const ctx = await workspace.admin.ctx(() => at);
    await saveSettings(
      ctx,
      settings({
        frequency: "daily",
        data: { meeting_data: false, action_items: false, contacts: false, notes: true },
      }),
    );
    expect(await onlyConnection(workspace.id)).toMatchObject({
      wants: ["test"],
      nextSyncAt: new Date("2026-06-02T02:00:00Z"),
    });
    await saveSettings(ctx, settings({ frequency: "hourly" }));
    expect(await onlyConnection(workspace.id)).toMatchObject({
      wants: ["action_item.changed", "test"],
      nextSyncAt: new Date("2026-06-01T11:00:00Z"),
    });
  });

  test("that change nothing leave no trace", async () => {
    await saveSettings(
      await workspace.admin.ctx(),
      settings({ options: { room: "R1", loud: true } }),
    );
    const lines = await sql`select 1 from audit_events where workspace_id = ${workspace.id}
      and action = 'connection.settings_changed'`;
    expect(lines).toHaveLength(0);
  });

  test.for([
    [
      "an option that the tool does not have",
      { data: { meeting_data: true, action_items: true, contacts: false, notes: false } },
    ],
    ["a direction", { direction: "import_only" }],
    ["an unknown setting", { options: { nothing: true } }],
    ["a toggle that is a text", { options: { loud: "yes" } }],
    ["a list where one is chosen", { options: { room: ["R1"] } }],
  ] as const)("refuse %s", async ([, changes]) => {
    expect(await codeOf(saveSettings(await workspace.admin.ctx(), settings(changes)))).toBe(
      "invalid_request",
    );
  });

  test("take a choice of the list, or a pasted id of the tool's form, and nothing else", async () => {
    const ctx = await workspace.admin.ctx();
    const input = loadChoicesInput.parse({ connectionId: row.id, setting: "room" });
    expect((await loadChoices(ctx, input)).choices.map(({ id }) => id)).toEqual(["R1", "R2"]);
    await saveSettings(ctx, settings({ options: { room: "R2" } }));
    await saveSettings(ctx, settings({ options: { room: "X99" } }));
    expect(await codeOf(saveSettings(ctx, settings({ options: { room: "R3" } })))).toBe(
      "invalid_request",
    );
  });
});

describe("choices", () => {
  const input = (changes = {}) =>
    loadChoicesInput.parse({ connectionId: row.id, setting: "room", ...changes });

  test("are kept for ten minutes, and read again on Refresh", async () => {
    const ctx = await workspace.admin.ctx();
    const before = tool.callsOf("GET /api/rooms").length;
    await loadChoices(ctx, input());
    await loadChoices(ctx, input());
    expect(tool.callsOf("GET /api/rooms")).toHaveLength(before + 1);
    await loadChoices(ctx, input({ refresh: true }));
    const later = await workspace.admin.ctx(() => new Date(Date.now() + 11 * 60_000));
    await loadChoices(later, input());
    expect(tool.callsOf("GET /api/rooms")).toHaveLength(before + 3);
  });

  test("that the tool refuses are told in words, and a dead grant turns the connection yellow", async () => {
    for (const grant of tool.grants) if (grant.account === workspace.id) grant.isDead = true;
    expect(await codeOf(loadChoices(await workspace.admin.ctx(), input()))).toBe("conflict");
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "needs_attention" });
  });
});

describe("personal tools", () => {
  test("are one for each person, also when two connect at once", async () => {
    const [one, two] = await Promise.all([
      makeMember(workspace, { role: "user" }),
      makeMember(workspace, { role: "user" }),
    ]);
    await Promise.all(
      [one, one, two].map((member) => connect(member, personal, tool, { account: member.userId })),
    );
    const own = (await connectionsOf(workspace.id)).filter(({ provider }) => provider === personal);
    expect(own.map(({ ownerUserId }) => ownerUserId).sort()).toEqual(
      [one.userId, two.userId].sort(),
    );
  });
});
