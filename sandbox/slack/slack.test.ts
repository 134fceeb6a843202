import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Receiver, startReceiver, status } from "../../tests/support/receiver";
import {
  followAuthorize,
  type Json,
  postForm,
  startTestSandbox,
  type TestSandbox,
} from "../../tests/support/sandbox";
import { waitFor } from "../../tests/support/wait-for";

// The stand-in of Slack as a client meets it, over HTTP: what it takes, and above all what it refuses.

const redirectUri = "http://localhost:3000/api/integrations/slack/callback";
const basics = "chat:write,chat:write.public,channels:read,groups:read";
const client = { client_id: "harmony-slack", client_secret: "sandbox-slack-client-secret" };

let sandbox: TestSandbox;
let receiver: Receiver;

beforeAll(async () => {
  [sandbox, receiver] = await Promise.all([startTestSandbox(), startReceiver()]);
});
afterAll(async () => {
  await sandbox.stop();
  await receiver.stop();
});
beforeEach(async () => {
  await control({ do: "reset" }, { do: "settings", hookUrl: receiver.url });
  receiver.received.length = 0;
  receiver.answer = status(200);
});

const control = (...commands: readonly Json[]) => sandbox.control("slack", ...commands);
const fault = (value: Json) => control({ do: "fault", fault: value });
const authorizeUrl = (changes: Record<string, string> = {}) =>
  `${sandbox.url}/slack/oauth/v2/authorize?${new URLSearchParams({
    client_id: "harmony-slack",
    scope: basics,
    redirect_uri: redirectUri,
    state: "st",
    ...changes,
  })}`;

async function codeFor(consent: Json = {}, changes: Record<string, string> = {}): Promise<string> {
  await control({ do: "next_consent", account: "Acme", ...consent });
  return (await followAuthorize(authorizeUrl(changes))).get("code") ?? "";
}

const exchange = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  postForm(`${sandbox.url}/slack/api/oauth.v2.access`, form, headers);

async function connect(scope = basics): Promise<string> {
  const code = await codeFor({}, { scope });
  const { body } = await exchange({ ...client, code, redirect_uri: redirectUri });
  return String(body.access_token);
}

/** A method with a JSON body. */
async function call(token: string, method: string, args: Json = {}) {
  const response = await fetch(`${sandbox.url}/slack/api/${method}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify(args),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Json,
  };
}

const read = async (token: string, method: string, form: Record<string, string> = {}) =>
  (await postForm(`${sandbox.url}/slack/api/${method}`, form, { authorization: `Bearer ${token}` }))
    .body;

interface ListedChannel {
  readonly id: string;
  readonly name: string;
  readonly is_archived: boolean;
  readonly is_private: boolean;
}

async function channels(token: string, form: Record<string, string> = {}) {
  const types = "public_channel,private_channel";
  const body = await read(token, "conversations.list", { types, limit: "900", ...form });
  return body.channels as ListedChannel[];
}

async function idOf(token: string, name: string): Promise<string> {
  const found = (await channels(token)).find((channel) => channel.name === name);
  return found?.id ?? `no channel ${name}`;
}

describe("authorization", () => {
  test("shows the workspaces, then each scope in words, and returns a code with the state", async () => {
    const first = await (await fetch(authorizeUrl())).text();
    expect(first).toContain("acme.slack.com");
    const request = /name="request" value="([^"]+)"/.exec(first)?.[1] ?? "";
    const at = `${sandbox.url}/slack/oauth/v2/authorize`;
    const post = (path: string, form: Record<string, string>) =>
      fetch(at + path, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
    const consent = await (await post("/account", { request, account: "T9TK3CUKW" })).text();
    expect(consent).toContain("Send messages as @harmony");
    const allowed = await post("/decision", { request, account: "T9TK3CUKW", decision: "allow" });
    const target = new URL(allowed.headers.get("location") ?? "");
    expect(target.href.startsWith(redirectUri)).toBe(true);
    expect(target.searchParams.get("state")).toBe("st");
    expect(target.searchParams.get("code")).toMatch(/./);
    const again = await post("/decision", { request, account: "T9TK3CUKW", decision: "allow" });
    expect(again.status).toBe(400);
  });

  test("Cancel returns access_denied", async () => {
    await control({ do: "next_consent", decline: true });
    const params = await followAuthorize(authorizeUrl());
    expect(Object.fromEntries(params)).toEqual({ error: "access_denied", state: "st" });
  });

  test.for([
    ["an unknown client", { client_id: "other" }],
    ["a redirect address with one character more", { redirect_uri: `${redirectUri}/` }],
    ["scopes separated by spaces", { scope: "chat:write channels:read" }],
    ["an unknown scope", { scope: "chat:write,channels:destroy" }],
  ] as const)("never redirects for %s", async ([, changes]) => {
    const response = await fetch(authorizeUrl(changes), { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });

  test("a page of another site cannot press Allow", async () => {
    const response = await fetch(`${sandbox.url}/slack/oauth/v2/authorize/decision`, {
      method: "POST",
      headers: { "sec-fetch-site": "cross-site" },
      body: new URLSearchParams({ decision: "allow" }),
    });
    expect(response.status).toBe(403);
  });
});

describe("oauth.v2.access", () => {
  test("takes the client by Basic, and gives a token that never expires", async () => {
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
    const code = await codeFor();
    const { status: code200, body } = await exchange(
      { code, redirect_uri: redirectUri },
      { authorization: `Basic ${basic}` },
    );
    expect(code200).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      token_type: "bot",
      scope: basics,
      team: { id: "T9TK3CUKW", name: "Acme" },
      is_enterprise_install: false,
    });
    expect(body).not.toHaveProperty("expires_in");
  });

  test.for([
    ["bad_client_secret", { client_secret: "wrong" }],
    ["invalid_client_id", { client_id: "wrong" }],
    ["invalid_code", { code: "wrong" }],
    ["bad_redirect_uri", { redirect_uri: "http://localhost:3000/other" }],
    ["pkce_not_allowed", { code_verifier: "x".repeat(43) }],
    ["invalid_grant_type", { grant_type: "password" }],
  ] as const)("answers 200 with %s", async ([error, changes]) => {
    const code = await codeFor();
    const form = { ...client, code, redirect_uri: redirectUri, ...changes };
    const { status: httpStatus, body } = await exchange(form);
    expect([httpStatus, body]).toEqual([200, { ok: false, error }]);
  });

  test("a code is for one use", async () => {
    const form = { ...client, code: await codeFor(), redirect_uri: redirectUri };
    expect((await exchange(form)).body.ok).toBe(true);
    expect((await exchange(form)).body).toEqual({ ok: false, error: "invalid_code" });
  });

  test("with rotation a refresh token is for one use, after its grace", async () => {
    await control({ do: "settings", rotation: true, refreshGraceSeconds: 0 });
    const code = await codeFor();
    const first = (await exchange({ ...client, code, redirect_uri: redirectUri })).body;
    expect(first).toMatchObject({ expires_in: 43_200 });
    const refresh = { ...client, grant_type: "refresh_token" };
    const form = { ...refresh, refresh_token: String(first.refresh_token) };
    const second = (await exchange(form)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const reused = () => exchange(form).then(({ body }) => body.error === "invalid_refresh_token");
    await waitFor("the end of a grace of nothing", reused);
    await control({ do: "expire_access_tokens" });
    const { body } = await call(String(second.access_token), "auth.test");
    expect(body).toEqual({ ok: false, error: "token_expired" });
  });
});

describe("the Web API", () => {
  test("auth.test tells who is connected, and the scopes in a header", async () => {
    const { headers, body } = await call(await connect(), "auth.test");
    expect(headers.get("x-oauth-scopes")).toBe(basics);
    expect(body).toMatchObject({ ok: true, team: "Acme", team_id: "T9TK3CUKW" });
  });

  test("without a token, with an unknown one, without a scope", async () => {
    expect(await read("", "auth.test")).toEqual({ ok: false, error: "not_authed" });
    expect(await read("xoxb-made-up", "auth.test")).toEqual({ ok: false, error: "invalid_auth" });
    const { body } = await call(await connect("channels:read"), "chat.postMessage", {});
    const expected = {
      ok: false,
      error: "missing_scope",
      needed: "chat:write",
      provided: "channels:read",
    };
    expect(body).toEqual(expected);
  });

  test("a token in the query does not count", async () => {
    const token = await connect();
    const response = await fetch(`${sandbox.url}/slack/api/auth.test?token=${token}`);
    expect(await response.json()).toEqual({ ok: false, error: "not_authed" });
  });

  test("lists page by page, archived ones on request, private ones only for members", async () => {
    const token = await connect();
    await control({ do: "settings", pageSize: 7 });
    const names: string[] = [];
    let cursor = "";
    do {
      const types = "public_channel,private_channel";
      const page = await read(token, "conversations.list", { types, limit: "200", cursor });
      const listed = page.channels as ListedChannel[];
      expect(listed.length).toBeLessThanOrEqual(7);
      names.push(...listed.map(({ name }) => name));
      cursor = (page.response_metadata as { next_cursor: string }).next_cursor;
    } while (cursor !== "");
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(45);
    expect(names).toContain("leadership");
    expect(names).not.toContain("board-prep");
    await control({ do: "settings", pageSize: null });
    const live = await channels(token, { exclude_archived: "true" });
    expect(names).toContain("old-website");
    expect(live.map(({ name }) => name)).not.toContain("old-website");
  });

  test("reading methods ignore a JSON body", async () => {
    const token = await connect(`${basics},users:read,users:read.email`);
    const email = "ada.moreno@acme.example";
    const { body } = await call(token, "users.lookupByEmail", { email });
    expect(body).toMatchObject({ ok: false, error: "invalid_arguments" });
    expect(await read(token, "users.lookupByEmail", { email })).toMatchObject({
      ok: true,
      user: { profile: { email } },
    });
    const nobody = await read(token, "users.lookupByEmail", { email: "no@acme.example" });
    expect(nobody).toEqual({ ok: false, error: "users_not_found" });
  });

  test("JSON without a charset is answered with a warning", async () => {
    const response = await fetch(`${sandbox.url}/slack/api/auth.test`, {
      method: "POST",
      headers: { authorization: `Bearer ${await connect()}`, "content-type": "application/json" },
      body: "{}",
    });
    expect(await response.json()).toMatchObject({ ok: true, warning: "missing_charset" });
  });

  test("in strict mode an argument that the method does not have is refused", async () => {
    const token = await connect();
    await control({ do: "settings", strict: true });
    const { body } = await call(token, "chat.postMessage", {
      channel: "C1",
      text: "x",
      colour: "red",
    });
    expect(body).toMatchObject({ ok: false, error: "invalid_arguments" });
  });

  test("an unknown method", async () => {
    expect(await read(await connect(), "chat.shout")).toMatchObject({ error: "unknown_method" });
  });
});

describe("posting", () => {
  let token: string;
  const post = async (args: Json) => (await call(token, "chat.postMessage", args)).body;

  beforeEach(async () => {
    token = await connect(`${basics},files:write,im:write,users:read,users:read.email`);
  });

  test("a message with blocks lies in the channel; it can be changed, answered in its thread, linked", async () => {
    const channel = await idOf(token, "sales");
    const blocks = [
      { type: "header", text: { type: "plain_text", text: "Renewal call", emoji: true } },
      {
        type: "section",
        text: { type: "mrkdwn", text: "*Next*: send <https://a.example|pricing>" },
      },
    ];
    const metadata = { event_type: "harmony_test", event_payload: { id: "1" } };
    const sent = await post({ channel, text: "Renewal call", blocks, metadata });
    expect(sent).toMatchObject({ ok: true, channel, message: { blocks, text: "Renewal call" } });
    const ts = String(sent.ts);
    expect(ts).toMatch(/^\d{10}\.\d{6}$/);
    const reply = await post({ channel, text: "again", thread_ts: ts });
    expect(reply).toMatchObject({ message: { thread_ts: ts } });
    const changed = await call(token, "chat.update", { channel, ts, text: "changed" });
    expect(changed.body).toMatchObject({ ok: true, ts, text: "changed" });
    const link = await read(token, "chat.getPermalink", { channel, message_ts: ts });
    expect(link.permalink).toBe(
      `https://acme.slack.com/archives/${channel}/p${ts.replace(".", "")}`,
    );
    const page = await (await fetch(`${sandbox.url}/slack/channels/T9TK3CUKW/${channel}`)).text();
    expect(page).toContain("changed");
    expect(page).toContain('class="thread"');
  });

  test.for([
    ["channel_not_found", { channel: "C0000000ZZ" }],
    ["no_text", { text: "" }],
    ["invalid_blocks_format", { blocks: "no json" }],
    ["markdown_text_conflict", { markdown_text: "**x**" }],
    ["invalid_metadata_format", { metadata: { event_type: 1 } }],
    [
      "metadata_too_large",
      { metadata: { event_type: "x", event_payload: { x: "y".repeat(9_000) } } },
    ],
    ["invalid_thread_ts", { thread_ts: "yesterday" }],
    ["thread_not_found", { thread_ts: "1700000000.000100" }],
  ] as const)("refuses with %s", async ([error, changes]) => {
    const channel = await idOf(token, "sales");
    expect(await post({ channel, text: "hello", ...changes })).toMatchObject({ ok: false, error });
  });

  const plain = (text: string) => ({ type: "plain_text", text });
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  const button = (text: string) => ({
    type: "actions",
    elements: [{ type: "button", text: plain(text), url: "https://a.example" }],
  });
  test.for([
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
    ["3,001 characters in a section", [section("x".repeat(3_001))]],
    ["151 characters in a header", [{ type: "header", text: plain("x".repeat(151)) }]],
    ["76 characters on a button", [button("x".repeat(76))]],
    ["an empty section", [section("")]],
    ["mrkdwn in a header", [{ type: "header", text: { type: "mrkdwn", text: "x" } }]],
    ["a key that blocks do not have", [{ ...section("x"), colour: "red" }]],
    ["an unknown block", [{ type: "banner" }]],
    [
      "the same block_id twice",
      [
        { type: "divider", block_id: "a" },
        { type: "divider", block_id: "a" },
      ],
    ],
  ] as const)("refuses %s", async ([, blocks]) => {
    const body = await post({ channel: "#sales", text: "x", blocks });
    expect(body).toMatchObject({ ok: false, error: "invalid_blocks" });
  });

  test("takes blocks at their limits", async () => {
    const blocks = [
      { type: "header", text: plain("x".repeat(150)) },
      section("x".repeat(3_000)),
      button("x".repeat(75)),
      ...Array.from({ length: 47 }, () => ({ type: "divider" })),
    ];
    expect(await post({ channel: "#sales", text: "x", blocks })).toMatchObject({ ok: true });
  });

  test("the rules of channels", async () => {
    const to = async (name: string) => post({ channel: await idOf(token, name), text: "x" });
    expect(await to("leadership")).toMatchObject({ ok: true });
    expect(await to("old-website")).toMatchObject({ error: "is_archived" });
    expect(await to("northwind-acme")).toMatchObject({ error: "not_in_channel" });
    expect(await to("announcements")).toMatchObject({
      error: "restricted_action_read_only_channel",
    });
    expect(await post({ channel: "#board-prep", text: "x" })).toMatchObject({
      error: "channel_not_found",
    });
    await control({ do: "remove_scope", scope: "chat:write.public" });
    expect(await to("sales")).toMatchObject({ error: "not_in_channel" });
  });

  test("about one message a second in each channel, with a short burst", async () => {
    const answers = [];
    for (let index = 0; index < 6; index += 1) {
      answers.push(await call(token, "chat.postMessage", { channel: "#sales", text: `${index}` }));
    }
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0]?.body).toEqual({ ok: false, error: "ratelimited" });
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    const other = await call(token, "chat.postMessage", { channel: "#general", text: "x" });
    expect(other.body.ok).toBe(true);
  });

  test("only own messages can be changed", async () => {
    const [said] = await control({ do: "say", channel: "#sales", text: "mine" });
    const args = { channel: String(said?.channel), ts: String(said?.ts), text: "x" };
    expect((await call(token, "chat.update", args)).body.error).toBe("cant_update_message");
    const gone = { ...args, ts: "1700000000.000100" };
    expect((await call(token, "chat.update", gone)).body.error).toBe("message_not_found");
  });

  test("a direct message: found by address, opened, written", async () => {
    const found = await read(token, "users.lookupByEmail", { email: "ada.moreno@acme.example" });
    const { id } = found.user as { id: string };
    const opened = (await call(token, "conversations.open", { users: id })).body;
    const channel = (opened.channel as { id: string }).id;
    expect(channel).toMatch(/^D/);
    expect(await post({ channel, text: "hello" })).toMatchObject({ ok: true, channel });
    const nobody = await call(token, "conversations.open", { users: "U000000000" });
    expect(nobody.body.error).toBe("user_not_found");
  });

  test("a file goes up in three steps, and only to channels that the bot is in", async () => {
    const begin = { filename: "transcript.txt", length: "11" };
    const { upload_url: url, file_id: id } = await read(token, "files.getUploadURLExternal", begin);
    const short = await fetch(String(url), { method: "POST", body: "too short" });
    expect(short.status).toBe(400);
    const finish = (channel: string) =>
      call(token, "files.completeUploadExternal", {
        files: [{ id, title: "Transcript" }],
        channel_id: channel,
      });
    const member = await idOf(token, "customer-success");
    expect((await finish(member)).body.error).toBe("file_not_found");
    const sent = await fetch(String(url), { method: "POST", body: "hello world" });
    expect([sent.status, await sent.text()]).toEqual([200, "OK - 11"]);
    expect((await finish(await idOf(token, "sales"))).body.error).toBe("not_in_channel");
    expect((await finish(member)).body).toEqual({ ok: true, files: [{ id, title: "Transcript" }] });
  });
});

describe("the end of a grant", () => {
  test("auth.revoke ends the token and tells the app, signed over the raw body", async () => {
    const token = await connect();
    expect(await read(token, "auth.revoke")).toEqual({ ok: true, revoked: true });
    expect(await read(token, "auth.test")).toEqual({ ok: false, error: "token_revoked" });
    const event = await waitFor("the event", () => receiver.received[0]);
    const at = String(event.headers["x-slack-request-timestamp"]);
    const expected = createHmac("sha256", "sandbox-slack-hook-secret")
      .update(`v0:${at}:${event.body}`)
      .digest("hex");
    expect(event.headers["x-slack-signature"]).toBe(`v0=${expected}`);
    expect(JSON.parse(event.body.toString())).toMatchObject({
      type: "event_callback",
      team_id: "T9TK3CUKW",
      event: { type: "tokens_revoked", tokens: { bot: ["U0KRQLJ9H"] } },
    });
  });

  test("apps.uninstall needs the secret; then the account is inactive and two events leave", async () => {
    const token = await connect();
    const wrong = { ...client, client_secret: "wrong" };
    expect(await read(token, "apps.uninstall", wrong)).toMatchObject({
      error: "bad_client_secret",
    });
    await control({ do: "settings", rateLimits: false });
    expect(await read(token, "apps.uninstall", client)).toEqual({ ok: true, uninstalled: true });
    expect(await read(token, "auth.test")).toEqual({ ok: false, error: "account_inactive" });
    await waitFor("two events", () => receiver.received.length === 2);
    const types = receiver.received.map(({ body }) => JSON.parse(body.toString()).event.type);
    expect(types.toSorted()).toEqual(["app_uninstalled", "tokens_revoked"]);
  });

  test("an event that is not taken comes again with the reason, and stops when told", async () => {
    await control({ do: "settings", hookRetryDelaysMs: [0, 1, 1] });
    receiver.answer = status(500);
    await control({ do: "archive", channel: "#sales" });
    await waitFor("all tries", () => receiver.received.length === 4);
    const retries = receiver.received.map(({ headers }) => headers["x-slack-retry-num"]);
    expect(retries).toEqual([undefined, "1", "2", "3"]);
    expect(receiver.received[1]?.headers["x-slack-retry-reason"]).toBe("http_error");
    const ids = receiver.received.map(({ body }) => JSON.parse(body.toString()).event_id);
    expect(new Set(ids).size).toBe(1);
    receiver.answer = status(500, { "x-slack-no-retry": "1" });
    await control({ do: "archive", channel: "#sales", archived: false });
    await waitFor("the last try", async () => {
      const { hooks } = await sandbox.describe("slack");
      return (hooks as Json[]).filter(({ what }) => what === "channel_unarchive").length === 1;
    });
  });

  test("events can be held, doubled, reordered and signed by a clock that is wrong", async () => {
    await control(
      { do: "settings", holdHooks: true, hookCopies: 2, hookClockSkewSeconds: -600 },
      { do: "archive", channel: "#sales" },
      { do: "rename", channel: "#random", name: "anything" },
    );
    expect(receiver.received).toHaveLength(0);
    await control({ do: "release_hooks", order: "reversed" });
    await waitFor("four deliveries", () => receiver.received.length === 4);
    const at = Number(receiver.received[0]?.headers["x-slack-request-timestamp"]);
    expect(Date.now() / 1_000 - at).toBeGreaterThan(590);
  });

  test("the address is verified with a challenge", async () => {
    await control({ do: "verify_hook_url" });
    const { body } = await waitFor("the challenge", () => receiver.received[0]);
    expect(JSON.parse(body.toString())).toMatchObject({ type: "url_verification" });
  });
});

describe("faults", () => {
  test.for([
    [{ kind: "throttled", retryAfterSeconds: 30 }, 429, "ratelimited"],
    [{ kind: "refused", code: "fatal_error" }, 200, "fatal_error"],
    [{ kind: "refused", code: "posting_to_channel_denied" }, 200, "posting_to_channel_denied"],
  ] as const)("%o", async ([wanted, code, error]) => {
    const token = await connect();
    await fault({ ...wanted, operation: "chat.postMessage" });
    const struck = await call(token, "chat.postMessage", { channel: "#sales", text: "x" });
    expect([struck.status, struck.body.error]).toEqual([code, error]);
    const next = await call(token, "chat.postMessage", { channel: "#sales", text: "x" });
    expect(next.body.ok).toBe(true);
  });

  test("an answer that is lost leaves the message behind; a call that never arrived does not", async () => {
    const token = await connect();
    const post = (text: string) => call(token, "chat.postMessage", { channel: "#sales", text });
    await fault({ kind: "lose_answer", operation: "chat.postMessage" });
    await expect(post("lost")).rejects.toThrow();
    await fault({ kind: "down", operation: "chat.postMessage" });
    await expect(post("down")).rejects.toThrow();
    const [result] = await control({ do: "read", channel: "#sales" });
    const { messages } = result as { messages: { text: string }[] };
    const said = messages.map(({ text }) => text);
    expect(said).toContain("lost");
    expect(said).not.toContain("down");
  });

  test("a 5xx is no JSON, and a malformed body is JSON cut off", async () => {
    const token = await connect();
    const raw = () =>
      fetch(`${sandbox.url}/slack/api/auth.test`, {
        headers: { authorization: `Bearer ${token}` },
      });
    await fault({ kind: "broken", status: 503 });
    const broken = await raw();
    expect([broken.status, await broken.text()]).toEqual([503, "Server Error"]);
    await fault({ kind: "malformed" });
    await expect(raw().then((response) => response.json())).rejects.toThrow(SyntaxError);
  });

  test("the log of calls names what happened, and no token", async () => {
    const token = await connect();
    await call(token, "auth.test");
    const described = JSON.stringify(await sandbox.describe("slack"));
    expect(described).toContain('"operation":"auth.test"');
    expect(described).not.toContain(token);
    expect(described).not.toContain("sandbox-slack-client-secret");
  });
});
