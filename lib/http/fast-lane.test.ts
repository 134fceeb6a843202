import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Door, type Route, route, unknownPathRoute } from "@/lib/http/endpoint";
import { fastLane, isForLaneOnly } from "@/lib/http/fast-lane";
import { sendRaw } from "../../tests/support/api-client";

vi.stubEnv("LOG_LEVEL", "silent");

/** A route whose GET tells what the lane found; the other methods are the wrapper's own. */
function telling(name: string): Route {
  const run: Door["run"] = async ({ params, path, search }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, params, path, search }),
  });
  return { ...route({}), GET: Object.assign(async () => new Response(), { run, spec: null }) };
}

const broken: Route = {
  ...unknownPathRoute(),
  GET: Object.assign(async () => new Response(), {
    run: () => Promise.reject(new Error("not caught by any wrapper")),
    spec: null,
  }),
};

const lane = fastLane([
  ["/meetings", telling("list")],
  ["/meetings/upload", telling("upload")],
  ["/meetings/[id]", telling("one")],
  ["/meetings/[id]/status", telling("status")],
  ["/broken", broken],
]);

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    if (!lane(request, response, "192.0.2.1")) response.writeHead(299).end("not ours");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://localhost:${typeof address === "object" && address ? address.port : 0}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe("the fast lane", () => {
  test.for([
    ["/api/v1/meetings", "list", {}],
    ["/v1/meetings", "list", {}],
    ["/api/v1/meetings/", "list", {}],
    ["/api/v1/meetings/upload", "upload", {}],
    ["/api/v1/meetings/mtg_1", "one", { id: "mtg_1" }],
    ["/api/v1/meetings/a%20b%2Fc", "one", { id: "a b/c" }],
    ["/api/v1/meetings/%E0%A4%A", "one", { id: "%E0%A4%A" }],
    ["/api/v1/meetings/mtg_1/status", "status", { id: "mtg_1" }],
    // The literal leads nowhere further, so the segment is an id.
    ["/api/v1/meetings/upload/status", "status", { id: "upload" }],
  ] as const)("%s is %s with %j", async ([path, name, params]) => {
    const answer = await sendRaw(url, { path: `${path}?a=1&a=2` });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ name, params, search: "a=1&a=2" });
  });

  test.for([
    "/api/v1",
    "/api/v1/",
    "/v1",
    "/v1/nothing",
    "/api/v1//meetings",
    "/api/v1/meetings//",
    "/api/v1/meetings/x/y",
    "/V1/meetings",
    "/Api/v1/meetings",
  ])("%s is a JSON 404", async (path) => {
    const answer = await sendRaw(url, { path });
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ error: { code: "not_found" } });
  });

  test.for(["/", "/api/v2/meetings", "/api/v11", "/v1x", "/settings/v1", "/api/auth/session"])(
    "%s is not the API's",
    async (path) => {
      expect((await sendRaw(url, { path })).status).toBe(299);
    },
  );

  test("an error that nobody caught is answered, not left hanging", async () => {
    const answer = await sendRaw(url, { path: "/api/v1/broken" });
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ error: { code: "server_error" } });
  });

  test("a method that no route has is a 405", async () => {
    const answer = await sendRaw(url, { method: "PROPFIND", path: "/api/v1/meetings" });
    expect(answer.status).toBe(405);
  });
});

describe("what only the lane may answer", () => {
  test.for([
    ["GET", "/api/v1/meetings", false],
    ["GET", "/api/v1/meetings/", false],
    ["GET", "/api/v1/meetings/a%20b", false],
    ["GET", "/settings//x", false],
    ["TRACE", "/settings", false],
    ["GET", "/api/v1//meetings", true],
    ["GET", "/api/v1/meetings/..", true],
    ["GET", "/api/v1/meetings/%2E%2e/x", true],
    ["GET", "/api/v1/meetings/%E0%A4%A", true],
    ["GET", "/api/v1/meetings\\x", true],
    ["GET", "/api/v1/meetings#x", true],
    ["GET", "/v1", true],
    ["GET", "/V1/meetings", true],
    ["TRACE", "/api/v1/meetings", true],
  ] as const)("%s %s: %s", ([method, path, isOnly]) => {
    expect(isForLaneOnly(method, path)).toBe(isOnly);
  });
});
