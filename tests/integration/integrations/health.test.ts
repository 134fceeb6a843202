import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import type { Fault } from "@/lib/integrations/contract";
import { recordFault, recordSuccess } from "@/lib/integrations/health";
import { connectionRef } from "@/lib/integrations/schema";
import { disconnect, getTool, tendConnections, testConnection } from "@/lib/integrations/service";
import { makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { connect, onlyConnection } from "./connecting";

const slug = "stand_in_health";
const personal = "stand_in_health_own";
let tool: StandInTool;
let workspace: TestWorkspace;

beforeAll(async () => {
  tool = await startStandInTool();
  registerStandIn(slug, tool.url);
  registerStandIn(personal, tool.url, { scope: "personal" });
});
afterAll(() => tool.stop());
beforeEach(async () => {
  tool.unscript("GET /api/me");
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool, { account: workspace.id });
});

const mine = () => onlyConnection(workspace.id);
const fail = async (fault: Fault, at = new Date()) => {
  const row = await mine();
  await db().transaction((tx) => recordFault(tx, row, fault, at));
};
const succeed = async (at = new Date()) => {
  const row = await mine();
  await db().transaction((tx) => recordSuccess(tx, row, at));
};
const told = async () =>
  await sql<{ user_id: string; type: string; severity: string; title: string; body: string }[]>`
    select * from notifications where workspace_id = ${workspace.id} order by created_at, id`;
const titles = async () => (await told()).map(({ title }) => title);
const ref = async () => connectionRef.parse({ connectionId: (await mine()).id });

const transient: Fault = { kind: "transient", detail: "answered 502" };
const revoked: Fault = { kind: "reauth", reason: "token_revoked" };
const start = new Date("2026-03-01T10:00:00Z");
const minutes = (n: number) => new Date(start.getTime() + n * 60_000);

describe("a dead grant", () => {
  test("turns the connection yellow at once, with one alert, one audit line and the one button", async () => {
    await fail(revoked);
    await fail(revoked);
    expect(await mine()).toMatchObject({
      status: "needs_attention",
      attentionReason: "token_revoked",
    });
    expect(await titles()).toEqual(["Stand-in needs attention"]);
    const lines = await sql`select metadata from audit_events
      where workspace_id = ${workspace.id} and action = 'connection.needs_attention'`;
    expect(lines.map(({ metadata }) => metadata)).toEqual([
      { integration: slug, reason: "token_revoked" },
    ]);
    const page = await getTool(await workspace.admin.ctx(), slug);
    expect(page.connection?.trouble).toMatchObject({ button: "reconnect" });
    const [incident] = await sql`select count from incidents where workspace_id = ${workspace.id}`;
    expect(incident?.count).toBe(2);
  });

  test("is over after Reconnect, which is told once", async () => {
    await fail(revoked);
    expect((await connect(workspace.admin, slug, tool, { account: workspace.id })).outcome).toBe(
      "connected",
    );
    expect(await mine()).toMatchObject({ status: "connected", attentionReason: null });
    expect(await titles()).toEqual(["Stand-in needs attention", "Stand-in is connected again"]);
    const open = await sql`select 1 from incidents
      where workspace_id = ${workspace.id} and resolved_at is null`;
    expect(open).toHaveLength(0);
  });

  test("of a disconnected tool changes nothing and tells nobody", async () => {
    await disconnect(await workspace.admin.ctx(), await ref());
    await fail(revoked);
    expect(await mine()).toMatchObject({ status: "disconnected" });
    expect(await told()).toEqual([]);
  });

  test("of a personal connection is told to its owner only; of a workspace's, to those who may mend it", async () => {
    const user = await makeMember(workspace, { role: "user" });
    await connect(user, personal, tool, { account: "own" });
    const [own] = await sql<{ id: string }[]>`select id from connections
      where workspace_id = ${workspace.id} and provider = ${personal}`;
    await db().transaction((tx) =>
      recordFault(tx, { id: own?.id ?? "", workspaceId: workspace.id }, revoked, new Date()),
    );
    expect((await told()).map(({ user_id }) => user_id)).toEqual([user.userId]);
  });
});

describe("a tool that does not answer", () => {
  test("stays connected; only after three failed tries over 15 minutes is it told, once", async () => {
    await fail(transient, start);
    await fail(transient, minutes(5));
    await fail(transient, minutes(14));
    expect(await titles()).toEqual([]);
    await fail(transient, minutes(15));
    await fail(transient, minutes(20));
    expect(await titles()).toEqual(["Stand-in is not answering"]);
    expect(await mine()).toMatchObject({ status: "connected", failures: 5, failingSince: start });
    const page = await getTool(await workspace.admin.ctx(() => minutes(20)), slug);
    expect(page.connection).toMatchObject({
      status: "connected",
      notAnsweringSince: start.toISOString(),
      trouble: { button: "test" },
    });
  });

  test("twice in an hour is not told: it was not tried often enough to know", async () => {
    await fail(transient, start);
    await fail(transient, minutes(60));
    expect(await titles()).toEqual([]);
  });

  test("and then does is told once, and counts from the beginning again", async () => {
    for (const at of [0, 10, 20]) await fail(transient, minutes(at));
    await succeed(minutes(25));
    await succeed(minutes(26));
    expect(await titles()).toEqual(["Stand-in is not answering", "Stand-in answers again"]);
    await fail(transient, minutes(60));
    expect(await mine()).toMatchObject({ failures: 1, failingSince: minutes(60) });
  });

  test.for([
    [{ kind: "forbidden", detail: "no" }],
    [{ kind: "rate_limited", retryAfterMs: 1000 }],
    [{ kind: "gone" }],
    [{ kind: "cursor_expired" }],
    [{ kind: "rejected", code: "invalid_value", detail: "no" }],
    [{ kind: "place_unavailable", place: "R1", detail: "archived" }],
  ] as const)("%o concerns a record or the moment, not the connection", async ([fault]) => {
    const before = await mine();
    await fail(fault);
    expect(await mine()).toEqual(before);
  });
});

describe("alerts in chat", () => {
  /** A connected Slack, as a Connect leaves it. */
  async function connectChat(wants: readonly string[] = ["share", "test"]): Promise<string> {
    const id = `conn_chat${workspace.id.slice(4)}`;
    await sql`insert into connections (id, workspace_id, provider, scope, status, connected_by_label,
        connected_at, wants)
      values (${id}, ${workspace.id}, 'slack', 'workspace', 'connected', 'Ada', now(), ${[...wants]})`;
    await sql`insert into sync_settings (connection_id, workspace_id, meeting_data, action_items, contacts,
        notes, direction, frequency)
      values (${id}, ${workspace.id}, true, true, false, false, 'one_way', 'realtime')`;
    return id;
  }
  const inChat = async () =>
    await sql<{ connection_id: string; data: Record<string, unknown> }[]>`
      select connection_id, data from sync_items where workspace_id = ${workspace.id} and topic = 'alert'`;
  const askForSlack = async (userId: string) =>
    await sql`insert into notification_preferences (workspace_id, user_id, alert, channel, enabled)
      values (${workspace.id}, ${userId}, 'connection_status_changed', 'slack', true)`;

  test("are offered once, however many people asked for them", async () => {
    const colleague = await makeMember(workspace, { role: "admin" });
    const chat = await connectChat();
    await askForSlack(workspace.admin.userId);
    await askForSlack(colleague.userId);
    const [row] = await sql<{ id: string }[]>`select id from connections
      where workspace_id = ${workspace.id} and provider = ${slug}`;
    const about = { id: row?.id ?? "", workspaceId: workspace.id };
    await db().transaction((tx) => recordFault(tx, about, revoked, new Date()));
    await db().transaction((tx) => recordFault(tx, about, revoked, new Date()));
    const items = await inChat();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      connection_id: chat,
      data: {
        title: "Stand-in needs attention",
        severity: "warning",
        link: `/settings/integrations/${slug}`,
      },
    });
  });

  test("are not offered where nobody asked, but where the tool's settings do", async () => {
    await connectChat();
    const about = async () => {
      const [row] = await sql<{ id: string }[]>`select id from connections
        where workspace_id = ${workspace.id} and provider = ${slug}`;
      return { id: row?.id ?? "", workspaceId: workspace.id };
    };
    await db().transaction(async (tx) => recordFault(tx, await about(), revoked, new Date()));
    expect(await inChat()).toEqual([]);
    await sql`update connections set wants = array['alert'] where workspace_id = ${workspace.id}
      and provider = 'slack'`;
    await connect(workspace.admin, slug, tool, { account: workspace.id });
    expect((await inChat()).map(({ data }) => data.title)).toEqual(["Stand-in is connected again"]);
  });

  test("never leave through the connection that they are about, not even its recovery", async () => {
    const chat = await connectChat(["alert"]);
    await askForSlack(workspace.admin.userId);
    const about = { id: chat, workspaceId: workspace.id };
    for (const at of [0, 10, 20]) {
      await db().transaction((tx) => recordFault(tx, about, transient, minutes(at)));
    }
    await db().transaction((tx) => recordSuccess(tx, about, minutes(30)));
    expect(await titles()).toEqual(["Slack is not answering", "Slack answers again"]);
    expect(await inChat()).toEqual([]);
  });
});

describe("Test connection", () => {
  test("says who is signed in and what each option needs, writes nothing there, and is in the activity", async () => {
    const before = tool.calls.length;
    const result = await testConnection(await workspace.admin.ctx(), await ref());
    expect(result).toMatchObject({
      ok: true,
      accountLabel: `Account ${workspace.id}`,
      checks: [
        { label: "Sign-in", ok: true, what: "authorisation" },
        { label: "Action items", ok: true, what: "permission" },
      ],
    });
    const calls = tool.calls.slice(before);
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/me"]);
    const [line] = await sql`select result from audit_events
      where workspace_id = ${workspace.id} and action = 'connection.tested'`;
    expect(line?.result).toBe("success");
  });

  test("of a dead grant shows the failing check and turns the connection yellow", async () => {
    for (const grant of tool.grants) if (grant.account === workspace.id) grant.isDead = true;
    const result = await testConnection(await workspace.admin.ctx(), await ref());
    expect(result).toMatchObject({
      ok: false,
      checks: [{ label: "Sign-in", ok: false, what: "authorisation" }],
    });
    expect(await mine()).toMatchObject({ status: "needs_attention" });
  });

  test("of a tool that is down is trouble of the network and changes no status", async () => {
    tool.script("GET /api/me", json(500, {}));
    const result = await testConnection(await workspace.admin.ctx(), await ref());
    expect(result.checks).toEqual([
      {
        label: "Sign-in",
        ok: false,
        what: "network",
        message: expect.stringContaining("answered 500"),
      },
    ]);
    expect(await mine()).toMatchObject({ status: "connected", failures: 1 });
  });

  test("that meets another account says so", async () => {
    tool.script("GET /api/me", json(200, { id: "somebody else", name: "Else" }));
    const result = await testConnection(await workspace.admin.ctx(), await ref());
    expect(result.ok).toBe(false);
    expect(await mine()).toMatchObject({ attentionReason: "account_mismatch" });
  });
});

describe("each minute", () => {
  test("a connection that nothing used for a day is looked at once", async () => {
    const { id } = await mine();
    await sql`update connections set last_probe_at = now() - interval '25 hours' where id = ${id}`;
    for (const grant of tool.grants) if (grant.account === workspace.id) grant.isDead = true;
    await Promise.all([tendConnections(new Date()), tendConnections(new Date())]);
    expect(await mine()).toMatchObject({ status: "needs_attention" });
    const [incident] = await sql`select count from incidents where workspace_id = ${workspace.id}`;
    expect(incident?.count).toBe(1);
  });

  test("a sign-in that ends within a week is told once, and its renewal ends that", async () => {
    const { id } = await mine();
    await sql`update connection_secrets set refresh_expires_at = now() + interval '5 days' where id = ${id}`;
    await tendConnections(new Date());
    await tendConnections(new Date());
    const [only, ...more] = await titles();
    expect(only).toMatch(/^The sign-in of Stand-in ends on \d{4}-\d\d-\d\d$/);
    expect(more).toEqual([]);
    await connect(workspace.admin, slug, tool, { account: workspace.id });
    const open = await sql`select 1 from incidents
      where workspace_id = ${workspace.id} and resolved_at is null`;
    expect(open).toHaveLength(0);
  });
});
