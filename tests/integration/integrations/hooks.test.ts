import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { randomBase62 } from "@/lib/core/ids";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { takeCall } from "@/lib/integrations/service";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { waitFor } from "../../support/wait-for";
import { connect, onlyConnection } from "./connecting";

const slug = "stand_in_hooks";
const secret = "hook-secret";
let tool: StandInTool;
let workspace: TestWorkspace;
let row: ConnectionRow;

beforeAll(async () => {
  tool = await startStandInTool();
  process.env.STAND_IN_HOOKS_WEBHOOK_SECRET = secret;
  registerStandIn(slug, tool.url);
});
afterAll(() => tool.stop());
beforeEach(async () => {
  tool.unscript("GET /api/me");
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool, { account: workspace.id });
  row = await onlyConnection(workspace.id);
  // The first sync is not what these tests look at.
  await sql`delete from pgboss.job where name = 'sync.run' and data ->> 'connectionId' = ${row.id}`;
});

interface Sent {
  readonly what: "changed" | "ended" | "rooms";
  readonly id?: string;
  readonly account?: string;
  readonly bot?: string;
}

async function send(
  sent: Sent,
  how: {
    readonly slug?: string;
    readonly hookId?: string | null;
    readonly at?: number;
    readonly tamper?: (body: string) => string;
    readonly signature?: string;
  } = {},
) {
  const { id = randomBase62(12), account = workspace.id, ...rest } = sent;
  const body = JSON.stringify({ id, account, ...rest });
  const at = how.at ?? Math.floor(Date.now() / 1000);
  const headers = new Headers({
    "x-at": String(at),
    "x-signature": how.signature ?? `${secret}:${at}:${body}`,
  });
  const raw = Buffer.from(how.tamper ? how.tamper(body) : body);
  const url = new URL(`https://harmony.example/api/hooks/${slug}`);
  return await takeCall(
    {
      slug: how.slug ?? slug,
      hookId: how.hookId ?? null,
      request: { method: "POST", headers, url, body: raw },
    },
    new Date(),
  );
}

const jobs = async () =>
  await sql<{ data: { trigger: string } }[]>`select data from pgboss.job
    where name = 'sync.run' and data ->> 'connectionId' = ${row.id}`;

describe("a call of a tool", () => {
  test("that says something changed starts one sync, and is answered with what the tool wants to hear", async () => {
    expect(await send({ what: "changed", id: `${workspace.id}-1` })).toEqual({
      status: 200,
      body: `heard ${workspace.id}-1`,
    });
    expect((await jobs()).map(({ data }) => data.trigger)).toEqual(["realtime"]);
  });

  test("that comes again is answered the same and does nothing more", async () => {
    const id = randomBase62(12);
    const first = await send({ what: "changed", id });
    await sql`delete from pgboss.job where name = 'sync.run' and data ->> 'connectionId' = ${row.id}`;
    const again = await Promise.all([1, 2, 3].map(() => send({ what: "changed", id })));
    expect(again).toEqual([first, first, first]);
    expect(await jobs()).toHaveLength(0);
  });

  test.for([
    ["signed by somebody else", { signature: "nonsense" }, 401],
    ["changed on its way", { tamper: (body: string) => `${body} ` }, 401],
    ["six minutes old", { at: Math.floor(Date.now() / 1000) - 360 }, 401],
    ["for a tool that is none", { slug: "nobody" }, 404],
    ["for a subscription that a tool with one address does not have", { hookId: "abc" }, 404],
  ] as const)("%s is refused and does nothing", async ([, how, status]) => {
    expect(await send({ what: "changed" }, how)).toEqual({ status, body: null });
    expect(await jobs()).toHaveLength(0);
  });

  test("that is signed but not what the tool sends is refused", async () => {
    expect(await send({ what: "nonsense" as "changed" })).toEqual({ status: 400, body: null });
  });

  test("finds no door while its secret is not set", async () => {
    process.env.STAND_IN_HOOKS_WEBHOOK_SECRET = "";
    const reply = await send({ what: "changed" });
    process.env.STAND_IN_HOOKS_WEBHOOK_SECRET = secret;
    expect(reply.status).toBe(503);
  });

  test("about an account that nobody has connected is taken in and forgotten", async () => {
    expect((await send({ what: "changed", account: "T-unknown" })).status).toBe(200);
    expect(await jobs()).toHaveLength(0);
  });

  test("starts nothing where the person chose another frequency, or the connection rests", async () => {
    await sql`update sync_settings set frequency = 'manual' where connection_id = ${row.id}`;
    await send({ what: "changed" });
    await sql`update sync_settings set frequency = 'realtime' where connection_id = ${row.id}`;
    await sql`update connections set status = 'needs_attention', attention_reason = 'token_revoked'
      where id = ${row.id}`;
    await send({ what: "changed" });
    expect(await jobs()).toHaveLength(0);
  });

  test("drops a list that it says has changed", async () => {
    await sql`insert into connection_choices (connection_id, workspace_id, setting, choices, fetched_at)
      values (${row.id}, ${workspace.id}, 'room', '[]', now())`;
    await send({ what: "rooms" });
    expect(await sql`select 1 from connection_choices where connection_id = ${row.id}`).toEqual([]);
  });
});

describe("news of an ended grant", () => {
  const kill = () => {
    for (const grant of tool.grants) if (grant.account === workspace.id) grant.isDead = true;
  };

  test("turn the connection yellow for the tool's reason", async () => {
    kill();
    await send({ what: "ended", bot: `B-${workspace.id}` });
    await waitFor("the connection to need attention", async () => {
      const { status, attentionReason } = await onlyConnection(workspace.id);
      return status === "needs_attention" && attentionReason === "app_uninstalled";
    });
  });

  test("about another bot of the same account are not ours", async () => {
    kill();
    const before = tool.callsOf("GET /api/me").length;
    await send({ what: "ended", bot: "B-other" });
    await send({ what: "rooms" });
    expect(tool.callsOf("GET /api/me")).toHaveLength(before);
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "connected" });
  });

  test("that come late, when the grant works again, change nothing", async () => {
    const looked: number[] = [];
    tool.script("GET /api/me", (response, call) => {
      looked.push(call.at);
      json(200, { id: workspace.id, name: "Works" })(response, call);
    });
    await send({ what: "ended" });
    await waitFor("the grant to be looked at", () => looked.length > 0);
    expect(await onlyConnection(workspace.id)).toMatchObject({ status: "connected" });
  });
});

describe("the door over HTTP", () => {
  const door = () => `${inject("laneUrl")}/api/hooks`;

  test("refuses an unsigned call, more than a megabyte, and an unknown address", async () => {
    const post = async (path: string, body: string) =>
      (await fetch(`${door()}${path}`, { method: "POST", body })).status;
    expect(await post("/slack", "{}")).toBe(503);
    expect(await post("/google_calendar/unknown", "{}")).toBe(404);
    expect(await post("/nobody", "{}")).toBe(404);
    expect(await post("/nobody", "x".repeat(1024 * 1024 + 1))).toBe(413);
  });
});
