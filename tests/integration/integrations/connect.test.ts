import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readAttempt } from "@/lib/integrations/service";
import { makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { begin, comeBack, connect, connectionsOf, endGrants, onlyConnection } from "./connecting";

const slug = "stand_in_connect";
let tool: StandInTool;
let workspace: TestWorkspace;

beforeAll(async () => {
  tool = await startStandInTool();
  registerStandIn(slug, tool.url);
});
afterAll(() => tool.stop());
beforeEach(async () => {
  workspace = await makeWorkspace();
});

const secretsOf = async (connectionId: string) => {
  const [row] = await sql`select * from connection_secrets where id = ${connectionId}`;
  return row;
};
const audited = async () => {
  const rows = await sql<{ action: string }[]>`select action from audit_events
    where workspace_id = ${workspace.id} and target_type = 'connection' order by at`;
  return rows.map(({ action }) => action);
};

describe("Connect", () => {
  test("asks exactly the scopes that the options need, with PKCE and a state that is not stored", async () => {
    const { url } = await begin(workspace.admin, slug);
    const { origin, searchParams } = new URL(url);
    expect(origin).toBe(tool.url);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: "code",
      client_id: "harmony-stand-in",
      redirect_uri: expect.stringMatching(/\/api\/integrations\/stand_in_connect\/callback$/),
      scope: "me tasks.write",
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    const rows = await sql`select * from connect_states where workspace_id = ${workspace.id}`;
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(searchParams.get("state"));
    expect(await connectionsOf(workspace.id)).toEqual([]);
  });

  test("stores the connection, its settings with presets, what it wants, its tokens and its first job", async () => {
    const { outcome, location } = await connect(workspace.admin, slug, tool);
    expect(outcome).toBe("connected");
    expect(location).toMatch(
      /^\/settings\/integrations\/stand_in_connect\?outcome=connected&attempt=[0-9a-f]{64}&tab=sync$/,
    );
    const row = await onlyConnection(workspace.id);
    expect(row).toMatchObject({
      status: "connected",
      scope: "workspace",
      ownerUserId: null,
      accountLabel: "Account acme",
      externalAccountId: "acme",
      facts: { bot: "B-acme" },
      grantedScopes: ["me", "tasks.write"],
      connectedBy: workspace.admin.userId,
      wants: ["action_item.changed", "test"],
      nextSyncAt: null,
    });
    const [settings] = await sql`select * from sync_settings where connection_id = ${row.id}`;
    expect(settings).toMatchObject({
      action_items: true,
      meeting_data: false,
      direction: "one_way",
      frequency: "realtime",
      options: { room: "R1", loud: true },
    });
    const [job] = await sql`select data from pgboss.job where name = 'sync.run'
      and data ->> 'connectionId' = ${row.id} and data ->> 'trigger' = 'initial'`;
    expect(job?.data).toMatchObject({ workspaceId: workspace.id, trigger: "initial" });
    expect(await audited()).toEqual(["connection.connected"]);
  });

  test("keeps tokens unreadable in the database and out of every other table", async () => {
    await connect(workspace.admin, slug, tool);
    const row = await onlyConnection(workspace.id);
    const secrets = JSON.stringify(await secretsOf(row.id));
    const grant = tool.grants.at(-1);
    expect(grant?.access).toMatch(/^at-/);
    for (const token of [grant?.access ?? "?", grant?.refresh ?? "?"]) {
      expect(secrets).not.toContain(token);
      expect(JSON.stringify(row)).not.toContain(token);
    }
  });
});

describe("coming back from the tool", () => {
  test("declined: nothing is stored, and the page says so", async () => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const state = new URL(url).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ error: "access_denied", state });
    const back = await comeBack(slug, query, { member: workspace.admin, cookie });
    expect(back.outcome).toBe("declined");
    expect(await connectionsOf(workspace.id)).toEqual([]);
  });

  test("an error of the tool is told in its own words, which are not in the address", async () => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const state = new URL(url).searchParams.get("state") ?? "";
    const query = new URLSearchParams({
      error: "server_error",
      error_description: "Apps are\u0000 off <b>today</b>",
      state,
    });
    const back = await comeBack(slug, query, { member: workspace.admin, cookie });
    expect(back.outcome).toBe("failed");
    expect(back.location).not.toContain("today");
    const attempt = await readAttempt(await workspace.admin.ctx(), back.attempt ?? "");
    expect(attempt).toMatchObject({ outcome: "failed", message: "Apps are off <b>today</b>" });
  });

  test("an issuer that is not the tool's is refused before its code is used", async () => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const query = tool.consent(url, { account: "acme" });
    query.set("iss", "https://evil.example");
    const before = tool.callsOf("POST /token").length;
    const back = await comeBack(slug, query, { member: workspace.admin, cookie });
    expect(back.outcome).toBe("failed");
    expect(tool.callsOf("POST /token")).toHaveLength(before);
  });

  test.for([
    ["without the cookie", { hasCookie: false }],
    ["in somebody else's session", { isOther: true }],
    ["ten minutes later", { isLate: true }],
    ["at another tool's address", { slug: "slack" }],
    ["with a state that we never made", { state: "A".repeat(43) }],
  ] as const)("%s the link has expired and no code is used", async ([, how]) => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const query = tool.consent(url, { account: "acme" });
    if ("state" in how) query.set("state", how.state);
    if ("isLate" in how) {
      await sql`update connect_states set expires_at = now() - interval '1 second'
        where workspace_id = ${workspace.id}`;
    }
    const other = await makeMember(workspace, { role: "admin" });
    const before = tool.callsOf("POST /token").length;
    const back = await comeBack("slug" in how ? how.slug : slug, query, {
      member: "isOther" in how ? other : workspace.admin,
      cookie: "hasCookie" in how ? null : cookie,
    });
    expect(back).toMatchObject({ outcome: "expired", attempt: null });
    expect(tool.callsOf("POST /token")).toHaveLength(before);
    expect(await connectionsOf(workspace.id)).toEqual([]);
  });

  test("twice, and after Back without the cookie: the second time shows how the first ended", async () => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const query = tool.consent(url, { account: "acme" });
    const first = await comeBack(slug, query, { member: workspace.admin, cookie });
    const again = await comeBack(slug, query, { member: workspace.admin, cookie });
    const withoutCookie = await comeBack(slug, query, { member: workspace.admin, cookie: null });
    expect(first.outcome).toBe("connected");
    expect([again, withoutCookie]).toEqual([first, first]);
    expect(await audited()).toEqual(["connection.connected"]);
  });

  test("ten times at once: the code is used once, and all see the same outcome", async () => {
    const { url, cookie } = await begin(workspace.admin, slug);
    const query = tool.consent(url, { account: "acme" });
    const before = tool.callsOf("POST /token").length;
    const backs = await Promise.all(
      Array.from({ length: 10 }, () => comeBack(slug, query, { member: workspace.admin, cookie })),
    );
    expect(new Set(backs.map(({ outcome }) => outcome))).toEqual(new Set(["connected"]));
    expect(tool.callsOf("POST /token")).toHaveLength(before + 1);
    expect(await audited()).toEqual(["connection.connected"]);
  });

  test("two tabs at once both lead to one connection", async () => {
    const tabs = await Promise.all([begin(workspace.admin, slug), begin(workspace.admin, slug)]);
    const backs = await Promise.all(
      tabs.map(({ url, cookie }) =>
        comeBack(slug, tool.consent(url, { account: "acme" }), { member: workspace.admin, cookie }),
      ),
    );
    expect(backs.map(({ outcome }) => outcome)).toEqual(["connected", "connected"]);
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "connected" });
  });

  test("access that was not granted is listed; the connection is kept and needs attention", async () => {
    const back = await connect(workspace.admin, slug, tool, { scopes: ["me"] });
    expect(back.outcome).toBe("missing_access");
    const attempt = await readAttempt(await workspace.admin.ctx(), back.attempt ?? "");
    expect(attempt?.missing).toEqual(["Create tasks"]);
    expect(await onlyConnection(workspace.id)).toMatchObject({
      status: "needs_attention",
      attentionReason: "scope_missing",
      attentionDetail: "Missing: Create tasks.",
    });
  });

  test("a tool that does not answer leaves nothing behind", async () => {
    tool.script("GET /api/me", json(503, {}));
    const back = await connect(workspace.admin, slug, tool);
    tool.unscript("GET /api/me");
    expect(back.outcome).toBe("failed");
    expect(await connectionsOf(workspace.id)).toEqual([]);
  });

  test("how an attempt ended is told to the person who made it, and to nobody else", async () => {
    const { attempt } = await connect(workspace.admin, slug, tool);
    const colleague = await makeMember(workspace, { role: "admin" });
    expect(await readAttempt(await workspace.admin.ctx(), attempt ?? "")).not.toBeNull();
    expect(await readAttempt(await colleague.ctx(), attempt ?? "")).toBeNull();
  });
});

describe("another account of the tool", () => {
  test("is not stored before somebody confirms, and its tokens are given back", async () => {
    await connect(workspace.admin, slug, tool, { account: "first" });
    const before = await onlyConnection(workspace.id);
    const secrets = await secretsOf(before.id);
    const back = await connect(workspace.admin, slug, tool, { account: "second" });
    expect(back.outcome).toBe("other_account");
    expect(await readAttempt(await workspace.admin.ctx(), back.attempt ?? "")).toMatchObject({
      oldAccount: "Account first",
      newAccount: "Account second",
    });
    expect(await onlyConnection(workspace.id)).toEqual(before);
    expect(await secretsOf(before.id)).toEqual(secrets);
    const refused = tool.grants.at(-1);
    await endGrants(workspace.id);
    expect(refused?.isDead).toBe(true);
  });

  test("replaces the first once confirmed: what was known of the first is forgotten, its grant ended", async () => {
    await connect(workspace.admin, slug, tool, { account: "former" });
    const { id } = await onlyConnection(workspace.id);
    const former = tool.grants.at(-1);
    await sql`insert into sync_cursors (connection_id, workspace_id, resource, since)
      values (${id}, ${workspace.id}, 'action_item', now())`;
    const back = await connect(workspace.admin, slug, tool, {
      account: "second",
      replaceAccount: true,
    });
    expect(back.outcome).toBe("connected");
    expect(await onlyConnection(workspace.id)).toMatchObject({ id, externalAccountId: "second" });
    expect(await sql`select 1 from sync_cursors where connection_id = ${id}`).toHaveLength(0);
    await endGrants(workspace.id);
    expect(former?.isDead).toBe(true);
  });

  test("a grant that another live connection rests on is not ended with it", async () => {
    await connect(workspace.admin, slug, tool, { account: "shared" });
    const stranger = await makeWorkspace();
    await connect(stranger.admin, slug, tool, { account: "other" });
    const back = await connect(stranger.admin, slug, tool, { account: "shared" });
    expect(back.outcome).toBe("other_account");
    await connect(stranger.admin, slug, tool, { account: "lonely" });
    await endGrants(stranger.id);
    expect(tool.grants.at(-1)?.isDead).toBe(true);
    const shared = tool.grants.filter(({ account }) => account === "shared");
    expect(shared.map(({ isDead }) => isDead)).toEqual([false, false]);
  });
});
