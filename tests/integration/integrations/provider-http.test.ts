import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type Fault, type ProviderCall, ProviderError } from "@/lib/integrations/contract";
import { openSession } from "@/lib/integrations/session";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { connect, onlyConnection } from "./connecting";

const slug = "stand_in_http";
let tool: StandInTool;
let workspace: TestWorkspace;
let connection: ConnectionRow;

const provider = () =>
  registerStandIn(slug, tool.url, {
    classify: ({ status, body }) => {
      const error = z.object({ odd: z.string() }).safeParse(body);
      if (status !== 200 || !error.success) return null;
      if (error.data.odd === "expired") return { kind: "reauth", reason: "token_expired" };
      return { kind: "place_unavailable", place: "R1", detail: "it is archived" };
    },
  });

beforeAll(async () => {
  tool = await startStandInTool();
  provider();
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool);
  connection = await onlyConnection(workspace.id);
});
afterAll(() => tool.stop());
afterEach(async () => {
  for (const what of ["GET /api/x", "POST /api/x"]) tool.unscript(what);
  await sql`update provider_budgets set blocked_until = null where key like 'stand_in_http%'`;
});

const schema = z.object({ ok: z.boolean() });

async function call(changes: Partial<ProviderCall<{ ok: boolean }>> = {}, timeoutMs = 20_000) {
  const signal = AbortSignal.timeout(timeoutMs);
  const session = await openSession(connection, { priority: 1, signal });
  return await session.http.request({ path: "/x", schema, ...changes });
}

async function failure(
  changes: Partial<ProviderCall<{ ok: boolean }>> = {},
): Promise<{ fault: Fault; isUncertain: boolean }> {
  const error: unknown = await call(changes).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError: ${error}`);
  return { fault: error.fault, isUncertain: error.isUncertain };
}

describe("an answer means", () => {
  test.for([
    [403, {}, "forbidden", false],
    [404, {}, "gone", false],
    [410, {}, "gone", false],
    [400, {}, "rejected", false],
    [422, {}, "rejected", false],
    [302, { location: "https://elsewhere.example/" }, "rejected", false],
    [408, {}, "transient", true],
    [500, {}, "transient", true],
    [502, {}, "transient", true],
    [503, {}, "transient", false],
  ] as const)("%i → %s", async ([status, headers, kind, isUncertain]) => {
    tool.script("GET /api/x", json(status, {}, headers));
    tool.script("POST /api/x", json(status, {}, headers));
    expect(await failure()).toMatchObject({ fault: { kind }, isUncertain: false });
    // What writes may have been done before the tool failed.
    expect(await failure({ method: "POST", json: {} })).toMatchObject({
      fault: { kind },
      isUncertain,
    });
  });

  test("429 with seconds, with a date and without either: that long, and nobody calls meanwhile", async () => {
    const waits: unknown[] = [];
    const date = new Date(Date.now() + 90_000).toUTCString();
    for (const headers of [{ "retry-after": "7" }, { "retry-after": date }, {}]) {
      tool.script("GET /api/x", json(429, {}, headers as Record<string, string>));
      const { fault } = await failure();
      waits.push(fault.kind === "rate_limited" ? fault.retryAfterMs : fault);
      await sql`update provider_budgets set blocked_until = null where key like 'stand_in_http%'`;
    }
    expect(waits).toEqual([7000, expect.closeTo(89_500, -3), null]);
    tool.script("GET /api/x", json(429, {}, { "retry-after": "60" }));
    await failure();
    const before = tool.callsOf("GET /api/x").length;
    expect((await failure()).fault).toMatchObject({ kind: "rate_limited" });
    expect(tool.callsOf("GET /api/x")).toHaveLength(before);
  });

  test("what the provider says comes first, also with 200", async () => {
    tool.script("POST /api/x", json(200, { odd: "archived" }));
    expect(await failure({ method: "POST", json: {} })).toEqual({
      fault: { kind: "place_unavailable", place: "R1", detail: "it is archived" },
      isUncertain: false,
    });
  });

  test("a body of another shape is trouble, and leaves a writing in doubt", async () => {
    for (const what of ["GET /api/x", "POST /api/x"]) tool.script(what, json(200, { ok: "yes" }));
    expect(await failure()).toEqual({
      fault: { kind: "transient", detail: expect.stringContaining("(ok)") },
      isUncertain: false,
    });
    expect(await failure({ method: "POST", json: {} })).toMatchObject({ isUncertain: true });
  });

  test("more than 5 MB is not read to its end", async () => {
    let written = 0;
    tool.script("GET /api/x", (response) => {
      const chunk = Buffer.alloc(64 * 1024, " ");
      const push = () => {
        while (!response.destroyed && written < 200 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", push);
        }
        response.end();
      };
      push();
    });
    expect((await failure()).fault).toMatchObject({ detail: "answered with more than 5 MB" });
    expect(written).toBeLessThan(50 * 1024 * 1024);
  });
});

describe("without an answer", () => {
  test("in time: trouble, and a writing is in doubt", async () => {
    for (const what of ["GET /api/x", "POST /api/x"]) tool.script(what, () => undefined);
    const late = { timeoutMs: 150 };
    expect(await failure(late)).toMatchObject({
      fault: { kind: "transient", detail: "no answer within 0.15 s" },
      isUncertain: false,
    });
    expect(await failure({ ...late, method: "POST", json: {} })).toMatchObject({
      isUncertain: true,
    });
  });

  test("because the connection broke after the request: a writing is in doubt", async () => {
    tool.script("POST /api/x", (response) => void response.destroy());
    expect(await failure({ method: "POST", json: {} })).toMatchObject({
      fault: { kind: "transient" },
      isUncertain: true,
    });
  });

  test.for([
    ["nobody listens", "http://127.0.0.1:1", "refused the connection"],
    [
      "its name is no name",
      "http://tool.invalid",
      /^its name (is not known|could not be looked up)$/,
    ],
    ["it speaks no TLS", "https", "could not be connected to"],
    ["it hangs up in the handshake", "hangs_up", "could not be connected to"],
  ] as const)(
    "because %s: the writing certainly did not happen",
    async ([, at, detail], { onTestFinished }) => {
      onTestFinished(() => void provider());
      const server = createServer((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
      const urls: Readonly<Record<string, string>> = {
        https: tool.url.replace("http:", "https:"),
        hangs_up: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      };
      registerStandIn(slug, urls[at] ?? at);
      expect(await failure({ method: "POST", json: {} })).toEqual({
        fault: {
          kind: "transient",
          detail: typeof detail === "string" ? detail : expect.stringMatching(detail),
        },
        isUncertain: false,
      });
    },
  );

  test("because its time was up before there was a connection: the same", async ({
    onTestFinished,
  }) => {
    onTestFinished(() => void provider());
    // It takes the connection and never begins the handshake.
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    registerStandIn(slug, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await failure({ method: "POST", json: {}, timeoutMs: 150 })).toEqual({
      fault: { kind: "transient", detail: "no answer within 0.15 s" },
      isUncertain: false,
    });
  });
});

describe("a refused token", () => {
  test("is refreshed once, and the call repeated, also when it writes", async () => {
    const tokens: unknown[] = [];
    tool.script("POST /api/x", (response, { headers }) => {
      tokens.push(headers.authorization);
      json(tokens.length === 1 ? 401 : 200, { ok: true })(response, tool.calls[0] as never);
    });
    expect((await call({ method: "POST", json: {} })).body).toEqual({ ok: true });
    expect(new Set(tokens).size).toBe(2);
  });

  test("also where the tool says it with 200", async () => {
    let calls = 0;
    tool.script("GET /api/x", (response, one) => {
      calls += 1;
      json(200, calls === 1 ? { odd: "expired" } : { ok: true })(response, one);
    });
    expect((await call()).body).toEqual({ ok: true });
  });

  test("twice asks to reconnect, and no third time", async () => {
    tool.script("GET /api/x", json(401, {}));
    const before = tool.callsOf("GET /api/x").length;
    expect((await failure()).fault).toEqual({ kind: "reauth", reason: "token_revoked" });
    expect(tool.callsOf("GET /api/x")).toHaveLength(before + 2);
  });
});

describe("a call", () => {
  test("sends query, form and JSON as the provider gave them, and its token in the header only", async () => {
    tool.script("GET /api/x", json(200, { ok: true }));
    tool.script("POST /api/x", json(200, { ok: true }));
    await call({ query: { q: "a b&c", many: ["1", "2"], none: undefined, n: 3 } });
    await call({ method: "POST", form: { text: "Grüße & mehr", none: undefined } });
    await call({ method: "POST", json: { text: "Grüße" } });
    const [json1, form, get] = tool.calls.slice().reverse();
    expect([...(get?.query ?? [])]).toEqual([
      ["q", "a b&c"],
      ["many", "1"],
      ["many", "2"],
      ["n", "3"],
    ]);
    expect(form?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(form?.body)]).toEqual([["text", "Grüße & mehr"]]);
    expect(json1?.body).toBe('{"text":"Grüße"}');
    expect(get?.headers.authorization).toMatch(/^Bearer at-/);
  });

  test("ends when its caller gives up", async () => {
    tool.script("GET /api/x", () => undefined);
    const startedAt = performance.now();
    await expect(call({}, 100)).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
