import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { safeEqual } from "@/lib/core/crypto";
import type { Provider } from "@/lib/integrations/contract";
import { disconnect, takeCall, tendConnections } from "@/lib/integrations/service";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { connect, endGrants, onlyConnection } from "./connecting";

// Tools call only an address that the world can reach.
process.env.APP_URL = "https://harmony.example";

const slug = "stand_in_subscriptions";
let tool: StandInTool;
let workspace: TestWorkspace;
let connectionId: string;

const webhooks: Provider["webhooks"] = {
  kind: "subscription",
  resources: ["action_item"],
  verify: ({ headers }, { secret }) => safeEqual(headers.get("x-secret") ?? "", secret),
  read: () => ({
    hints: [{ kind: "changed", resource: "action_item", accountId: null }],
    callId: null,
  }),
  subscribe: async (session, { url, secret }) => {
    const { body } = await session.http.request({
      method: "POST",
      path: "/watch",
      json: { url, secret },
      schema: z.object({ id: z.string(), ends: z.number() }),
    });
    return { externalId: body.id, expiresAt: new Date(Date.now() + body.ends) };
  },
  unsubscribe: async (session, { externalId }) => {
    await session.http.request({
      method: "POST",
      path: "/unwatch",
      json: { id: externalId },
      schema: z.object({}),
    });
  },
};

let made = 0;
let endsInMs = 7 * 86_400_000;

function answerWatches(): void {
  tool.script("POST /api/watch", (response, call) => {
    made += 1;
    json(200, { id: `watch-${made}`, ends: endsInMs })(response, call);
  });
}

beforeAll(async () => {
  tool = await startStandInTool();
  registerStandIn(slug, tool.url, { webhooks });
  answerWatches();
  tool.script("POST /api/unwatch", json(200, {}));
});
afterAll(() => tool.stop());
beforeEach(async () => {
  endsInMs = 7 * 86_400_000;
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool, { account: workspace.id });
  connectionId = (await onlyConnection(workspace.id)).id;
});

const hooks = async () =>
  await sql<{ id: string; external_id: string; secret_sealed: string }[]>`
    select * from provider_hooks where connection_id = ${connectionId} and secret_sealed is not null`;
const lastAsked = () =>
  z
    .object({ url: z.string(), secret: z.string() })
    .parse(JSON.parse(tool.callsOf("POST /api/watch").at(-1)?.body ?? "{}"));
/** How often the tool was asked for a subscription of this test's connection. */
const asked = () =>
  tool
    .callsOf("POST /api/watch")
    .filter(({ headers }) =>
      tool.grants.some(
        ({ account, access }) =>
          account === workspace.id && headers.authorization === `Bearer ${access}`,
      ),
    ).length;

async function restsUntil(): Promise<Date> {
  const [rest] = await sql<{ expires_at: string }[]>`select expires_at from provider_hooks
    where connection_id = ${connectionId} and secret_sealed is null`;
  if (!rest) throw new Error("the connection does not rest");
  return new Date(rest.expires_at);
}
const left = () => tool.callsOf("POST /api/unwatch").map(({ body }) => JSON.parse(body).id);

async function call(hookId: string, secret: string, at = slug): Promise<number> {
  const { status } = await takeCall(
    {
      slug: at,
      hookId,
      request: {
        method: "POST",
        headers: new Headers({ "x-secret": secret }),
        url: new URL(`https://harmony.example/api/hooks/${at}/${hookId}`),
        body: Buffer.from("{}"),
      },
    },
    new Date(),
  );
  return status;
}

describe("a subscription", () => {
  test("is made after a Connect, once, at an address and with a secret of its own", async () => {
    await tendConnections(new Date());
    await tendConnections(new Date());
    const [hook, ...others] = await hooks();
    expect(others).toEqual([]);
    const { url, secret } = lastAsked();
    expect(url).toBe(`https://harmony.example/api/hooks/${slug}/${hook?.id}`);
    expect(hook?.secret_sealed).not.toContain(secret);
  });

  test("takes the tool's calls at its own address, with its own secret", async () => {
    await tendConnections(new Date());
    const { url, secret } = lastAsked();
    const hookId = url.split("/").at(-1) ?? "";
    await sql`delete from pgboss.job where name = 'sync.run' and data ->> 'connectionId' = ${connectionId}`;
    expect(await call(hookId, "another")).toBe(401);
    expect(await call(`${hookId}x`, secret)).toBe(404);
    expect(await call(hookId, secret, "google_calendar")).toBe(404);
    const jobs = async () =>
      await sql`select data ->> 'trigger' as trigger from pgboss.job
        where name = 'sync.run' and data ->> 'connectionId' = ${connectionId}`;
    expect(await jobs()).toHaveLength(0);
    expect(await call(hookId, secret)).toBe(200);
    expect(await jobs()).toMatchObject([{ trigger: "realtime" }]);
  });

  test("is renewed before it ends: the new one is there before the old one is left", async () => {
    endsInMs = 3_600_000;
    await tendConnections(new Date());
    const [old] = await hooks();
    endsInMs = 7 * 86_400_000;
    await tendConnections(new Date());
    const [renewed, ...others] = await hooks();
    expect(others).toEqual([]);
    expect(renewed?.id).not.toBe(old?.id);
    expect(left()).toContain(old?.external_id);
    const order = tool.calls.map(({ path }) => path).filter((path) => path.includes("watch"));
    expect(order.slice(-2)).toEqual(["/api/watch", "/api/unwatch"]);
  });

  test("that the tool refuses leaves no door open, and is asked for ever less often, at last each six hours", async () => {
    tool.script("POST /api/watch", json(400, {}));
    await tendConnections(new Date());
    const pauses: number[] = [];
    let at = await restsUntil();
    pauses.push(Math.round((at.getTime() - Date.now()) / 60_000));
    while (pauses.length < 11) {
      const before = asked();
      await tendConnections(new Date(at.getTime() - 1000));
      expect(asked()).toBe(before);
      await tendConnections(at);
      expect(asked()).toBe(before + 1);
      const next = await restsUntil();
      pauses.push((next.getTime() - at.getTime()) / 60_000);
      at = next;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    expect(await hooks()).toEqual([]);
    answerWatches();
    endsInMs = 30 * 86_400_000;
    await tendConnections(at);
    expect(await hooks()).toHaveLength(1);
    await expect(restsUntil()).rejects.toThrow("does not rest");
  });

  test("is tried at once after somebody connected again", async () => {
    tool.script("POST /api/watch", json(403, {}));
    await tendConnections(new Date());
    await restsUntil();
    answerWatches();
    await connect(workspace.admin, slug, tool, { account: workspace.id });
    await tendConnections(new Date());
    expect(await hooks()).toHaveLength(1);
  });

  test("is left on Disconnect, and its address is none any more", async () => {
    await tendConnections(new Date());
    const { url, secret } = lastAsked();
    const [hook] = await hooks();
    await disconnect(await workspace.admin.ctx(), { connectionId });
    expect(await hooks()).toEqual([]);
    expect(await call(url.split("/").at(-1) ?? "", secret)).toBe(404);
    await endGrants(workspace.id);
    expect(left()).toContain(hook?.external_id);
  });
});
