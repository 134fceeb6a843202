import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  followAuthorize,
  type Json,
  postForm,
  startTestSandbox,
  type TestSandbox,
} from "../tests/support/sandbox";
import { startSandbox } from "./server";

// What all stand-ins share: state over restarts, the control API, and who may reach them.

const redirectUri = "http://localhost:3000/api/integrations/slack/callback";
const client = { client_id: "harmony-slack", client_secret: "sandbox-slack-client-secret" };

let dataDir: string;
let running: TestSandbox[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "harmony-stand-"));
});
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  running = [];
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<TestSandbox> {
  const sandbox = await startTestSandbox({ dataDir });
  running.push(sandbox);
  return sandbox;
}

async function connect(sandbox: TestSandbox): Promise<string> {
  await sandbox.control("slack", { do: "next_consent", account: "Acme" });
  const query = new URLSearchParams({
    client_id: client.client_id,
    scope: "chat:write,chat:write.public,channels:read,groups:read",
    redirect_uri: redirectUri,
  });
  const params = await followAuthorize(`${sandbox.url}/slack/oauth/v2/authorize?${query}`);
  const code = params.get("code") ?? "";
  const form = { ...client, code, redirect_uri: redirectUri };
  const { body } = await postForm(`${sandbox.url}/slack/api/oauth.v2.access`, form);
  return String(body.access_token);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const authTest = async ({ url }: TestSandbox, token: string) =>
  (await postForm(`${url}/slack/api/auth.test`, {}, bearer(token))).body;

describe("state", () => {
  test("a restart keeps connections, messages and settings", async () => {
    const first = await start();
    const token = await connect(first);
    await first.control("slack", { do: "settings", pageSize: 5 });
    const form = { channel: "#sales", text: "before the restart" };
    await postForm(`${first.url}/slack/api/chat.postMessage`, form, bearer(token));
    await first.stop();
    running = [];
    const second = await start();
    expect(await authTest(second, token)).toMatchObject({ ok: true, team: "Acme" });
    const [result] = await second.control("slack", { do: "read", channel: "#sales" });
    expect(JSON.stringify(result)).toContain("before the restart");
    expect((await second.describe("slack")).settings).toMatchObject({ pageSize: 5 });
  });

  test("the files are for their owner only, and hold no token", async () => {
    const sandbox = await start();
    const token = await connect(sandbox);
    await sandbox.stop();
    running = [];
    const folder = join(dataDir, "sandbox");
    expect(readdirSync(folder)).toContain("slack.json");
    for (const file of readdirSync(folder)) {
      const path = join(folder, file);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, "utf8")).not.toContain(token);
    }
  });

  test("a reset is the first start again", async () => {
    const sandbox = await start();
    const token = await connect(sandbox);
    await sandbox.control("slack", { do: "settings", pageSize: 5 }, { do: "reset" });
    expect(await authTest(sandbox, token)).toEqual({ ok: false, error: "invalid_auth" });
    expect((await sandbox.describe("slack")).settings).toMatchObject({ pageSize: null });
  });
});

describe("the control API", () => {
  const post = (sandbox: TestSandbox, body: string, type = "application/json") =>
    fetch(`${sandbox.url}/_control/slack`, {
      method: "POST",
      headers: { "content-type": type },
      body,
    });

  test("names the commands that there are, and the field that is wrong", async () => {
    const sandbox = await start();
    const unknown = await post(sandbox, '{"do":"dance"}');
    expect(unknown.status).toBe(400);
    expect(((await unknown.json()) as Json).error).toContain("expire_access_tokens");
    const wrong = await post(sandbox, '{"do":"settings","pageSize":"many"}');
    expect(wrong.status).toBe(400);
    expect(((await wrong.json()) as Json).error).toContain("pageSize");
    expect((await post(sandbox, "{")).status).toBe(400);
  });

  test("takes nothing that a form of another site could send", async () => {
    const sandbox = await start();
    expect((await post(sandbox, '{"do":"reset"}', "text/plain")).status).toBe(415);
    expect((await post(sandbox, "do=reset", "application/x-www-form-urlencoded")).status).toBe(415);
  });

  test("faults strike after `skip` calls, `calls` times, their operation only", async () => {
    const sandbox = await start();
    const token = await connect(sandbox);
    const fault = { kind: "throttled", operation: "auth.test", skip: 1, calls: 2 };
    await sandbox.control("slack", { do: "fault", fault });
    const codes = [];
    for (let round = 0; round < 4; round += 1) {
      codes.push((await postForm(`${sandbox.url}/slack/api/auth.test`, {}, bearer(token))).status);
    }
    expect(codes).toEqual([200, 429, 429, 200]);
  });

  test("a slow answer is slow, and one that hangs never comes", async () => {
    const sandbox = await start();
    const token = await connect(sandbox);
    await sandbox.control("slack", { do: "fault", fault: { kind: "slow", ms: 120 } });
    const began = Date.now();
    await authTest(sandbox, token);
    expect(Date.now() - began).toBeGreaterThanOrEqual(115);
    await sandbox.control("slack", { do: "fault", fault: { kind: "hang", calls: null } });
    const signal = AbortSignal.timeout(200);
    const hanging = fetch(`${sandbox.url}/slack/api/auth.test`, { signal });
    await expect(hanging).rejects.toThrow(/timeout/);
    await sandbox.control("slack", { do: "clear_faults" });
    expect(await authTest(sandbox, token)).toMatchObject({ ok: true });
  });
});

describe("the server", () => {
  test("answers to names of this machine only", async () => {
    const sandbox = await start();
    const status = await new Promise((resolve) => {
      const headers = { host: "evil.example" };
      request(`${sandbox.url}/slack`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(421);
  });

  test("says in one sentence that its port is taken", async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(startSandbox({ port, dataDir, appUrl: "http://localhost:3000" })).rejects.toThrow(
      `port ${port} is already in use`,
    );
  });

  test("pages load nothing from anywhere and run no script but their own", async () => {
    const sandbox = await start();
    const paths = ["/", "/slack", "/slack/channels/T9TK3CUKW/C0000000S6", "/google_calendar"];
    for (const path of paths) {
      const response = await fetch(sandbox.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      const sources = [...(await response.text()).matchAll(/(?:src|href)="(https?:\/\/[^"]+)"/g)];
      const elsewhere = sources.filter(([, url = ""]) => !url.startsWith(sandbox.url));
      expect(elsewhere).toEqual([]);
    }
  });

  test("what people typed is text on a page, whatever it holds", async () => {
    const sandbox = await start();
    const text =
      '<script>alert(1)</script> & <https://a.example/?q="x"|link> <javascript:alert(1)|no>';
    await sandbox.control("slack", { do: "say", channel: "#sales", text });
    const page = await (await fetch(`${sandbox.url}/slack/channels/T9TK3CUKW/C0000000S6`)).text();
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain('href="javascript:');
    expect(page).toContain("https://a.example/?q=");
  });
});
