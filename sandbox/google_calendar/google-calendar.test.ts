import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Receiver, startReceiver, status } from "../../tests/support/receiver";
import {
  followAuthorize,
  type Json,
  pkce,
  postForm,
  startTestSandbox,
  type TestSandbox,
} from "../../tests/support/sandbox";
import { waitFor } from "../../tests/support/wait-for";

// The stand-in of Google Calendar as a client meets it, over HTTP: what it takes, and above all what it refuses.

const ada = "ada.moreno@acme.example";
const base = "https://www.googleapis.com/auth/";
const events = `${base}calendar.events.readonly`;
const everything = `openid ${base}userinfo.email ${events} ${base}calendar.calendarlist.readonly`;
const redirectUri = "http://localhost:3000/api/integrations/google_calendar/callback";
const client = {
  client_id: "harmony-google_calendar",
  client_secret: "sandbox-google_calendar-client-secret",
};

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
  await control({ do: "reset" });
  receiver.received.length = 0;
  receiver.answer = status(204);
});

const control = (...commands: readonly Json[]) => sandbox.control("google_calendar", ...commands);
const fault = (value: Json) => control({ do: "fault", fault: value });
const authorizeUrl = (changes: Record<string, string> = {}) =>
  `${sandbox.url}/google_calendar/o/oauth2/v2/auth?${new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: everything,
    state: "st",
    access_type: "offline",
    prompt: "consent",
    ...changes,
  })}`;
const token = (form: Record<string, string>) =>
  postForm(`${sandbox.url}/google_calendar/token`, { ...client, ...form });

async function grant(changes: Record<string, string> = {}, consent: Json = {}): Promise<Json> {
  await control({ do: "next_consent", account: ada, ...consent });
  const code = (await followAuthorize(authorizeUrl(changes))).get("code") ?? "";
  return (await token({ grant_type: "authorization_code", code, redirect_uri: redirectUri })).body;
}

async function api(path: string, access: unknown, init: RequestInit = {}) {
  const response = await fetch(`${sandbox.url}/google_calendar${path}`, {
    ...init,
    headers: { authorization: `Bearer ${String(access)}`, "content-type": "application/json" },
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Json };
}

const eventsUrl = (query: Record<string, string>, calendar = "primary") =>
  `/calendar/v3/calendars/${encodeURIComponent(calendar)}/events?${new URLSearchParams(query)}`;
const reading = { singleEvents: "true", eventTypes: "default", maxResults: "250" };

interface Item {
  readonly id: string;
  readonly etag: string;
  readonly status: string;
  readonly summary?: string;
  readonly sequence?: number;
  readonly updated?: string;
}

/** Reads page by page to the end. */
async function readAll(access: unknown, query: Record<string, string>, calendar = "primary") {
  const items: Item[] = [];
  const pages: Json[] = [];
  let pageToken: string | undefined;
  do {
    const asked = { ...query, ...(pageToken !== undefined && { pageToken }) };
    const { status: code, body } = await api(eventsUrl(asked, calendar), access);
    if (code !== 200) throw new Error(`${code}: ${JSON.stringify(body)}`);
    items.push(...(body.items as Item[]));
    pages.push(body);
    pageToken = body.nextPageToken as string | undefined;
  } while (pageToken !== undefined);
  return { items, pages, syncToken: String(pages.at(-1)?.nextSyncToken) };
}

const reasonOf = ({ body }: { body: Json }) =>
  (body.error as { errors: { reason: string }[] }).errors[0]?.reason;

describe("authorization", () => {
  test("a person chooses an account, unticks a scope, and the return says what was granted", async () => {
    const first = await (await fetch(authorizeUrl())).text();
    expect(first).toContain(ada);
    const request = /name="request" value="([^"]+)"/.exec(first)?.[1] ?? "";
    const account = new RegExp(`value="(\\d+)">${ada}`).exec(first.replaceAll("\n", ""))?.[1] ?? "";
    const post = (path: string, form: URLSearchParams) =>
      fetch(`${sandbox.url}/google_calendar/o/oauth2/v2/auth${path}`, {
        method: "POST",
        body: form,
        redirect: "manual",
      });
    const consent = await (
      await post("/account", new URLSearchParams({ request, account }))
    ).text();
    expect(consent).toContain(`type="checkbox" name="scope" value="${events}"`);
    const form = new URLSearchParams({ request, account, decision: "allow", scope: "openid" });
    const allowed = await post("/decision", form);
    const params = new URL(allowed.headers.get("location") ?? "").searchParams;
    // Who somebody is cannot be unticked.
    expect(params.get("scope")).toBe(`openid ${base}userinfo.email`);
    const code = params.get("code") ?? "";
    const redeemed = await token({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
    });
    const access = redeemed.body.access_token;
    const refused = await api(eventsUrl(reading), access);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        error: {
          status: "PERMISSION_DENIED",
          errors: [{ reason: "insufficientPermissions" }],
          details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }],
        },
      },
    });
  });

  test("a hinted account is offered at once, a typed one is made", async () => {
    const hinted = await (await fetch(authorizeUrl({ login_hint: ada }))).text();
    expect(hinted).toContain("asks for access");
    const first = await (await fetch(authorizeUrl())).text();
    const request = /name="request" value="([^"]+)"/.exec(first)?.[1] ?? "";
    const type = async (typed: string) =>
      (
        await fetch(`${sandbox.url}/google_calendar/o/oauth2/v2/auth/account`, {
          method: "POST",
          body: new URLSearchParams({ request, typed }),
        })
      ).text();
    expect(await type("nobody")).toContain('role="alert"');
    expect(await type("new@person.example")).toContain("<strong>new@person.example</strong>");
  });

  test.for([
    ["without response_type", { response_type: "token" }],
    ["with an unregistered redirect address", { redirect_uri: "http://localhost:3000/x" }],
    ["with scopes separated by commas", { scope: everything.replaceAll(" ", ",") }],
  ] as const)("is refused on the page %s", async ([, changes]) => {
    const response = await fetch(authorizeUrl(changes), { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });
});

describe("tokens", () => {
  test("the first consent gives a refresh token, a later one only with prompt=consent", async () => {
    expect(await grant({ prompt: "" })).toMatchObject({ expires_in: 3_599, refresh_token: /./ });
    expect(await grant({ prompt: "" })).not.toHaveProperty("refresh_token");
    expect(await grant({ prompt: "consent" })).toHaveProperty("refresh_token");
    expect(await grant({ access_type: "online" })).not.toHaveProperty("refresh_token");
  });

  test("a refresh answer has no refresh token, and the old one goes on", async () => {
    const { refresh_token: refresh } = await grant();
    const form = { grant_type: "refresh_token", refresh_token: String(refresh) };
    for (let round = 0; round < 2; round += 1) {
      const { status: code, body } = await token(form);
      expect(code).toBe(200);
      expect(body).not.toHaveProperty("refresh_token");
      expect((await api("/v1/userinfo", body.access_token)).body).toMatchObject({ email: ada });
    }
  });

  test("PKCE is verified, and the redirect address, and each code is for one use", async () => {
    const { verifier, challenge } = pkce();
    const code = async () => {
      await control({ do: "next_consent", account: ada });
      const asked = { code_challenge: challenge, code_challenge_method: "S256" };
      return (await followAuthorize(authorizeUrl(asked))).get("code") ?? "";
    };
    const redeem = async (changes: Record<string, string>) =>
      token({
        grant_type: "authorization_code",
        code: await code(),
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...changes,
      });
    expect((await redeem({ code_verifier: pkce().verifier })).body.error).toBe("invalid_grant");
    expect((await redeem({ redirect_uri: `${redirectUri}?x` })).body.error).toBe(
      "redirect_uri_mismatch",
    );
    expect((await redeem({ client_secret: "wrong" })).status).toBe(401);
    const fixed = await code();
    expect((await redeem({ code: fixed })).status).toBe(200);
    expect((await redeem({ code: fixed })).body.error).toBe("invalid_grant");
  });

  test("the id token is signed by the published key and says who", async () => {
    const { id_token: idToken } = await grant({ nonce: "n1" });
    const [header = "", claims = "", signature = ""] = String(idToken).split(".");
    const certs = (await api("/oauth2/v3/certs", "")).body.keys as Json[];
    const key = createPublicKey({ key: certs[0] as never, format: "jwk" });
    const isSigned = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      key,
      Buffer.from(signature, "base64url"),
    );
    expect(isSigned).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: "https://accounts.google.com",
      aud: client.client_id,
      email: ada,
      nonce: "n1",
    });
  });

  test("revoke ends everything of the grant; a second time it says so", async () => {
    const { access_token: access, refresh_token: refresh } = await grant();
    const revoke = () =>
      postForm(`${sandbox.url}/google_calendar/revoke`, { token: String(refresh) });
    expect(await revoke()).toMatchObject({ status: 200, body: {} });
    expect(await revoke()).toMatchObject({ status: 400, body: { error: "invalid_token" } });
    expect(reasonOf(await api(eventsUrl(reading), access))).toBe("authError");
    const refreshed = await token({ grant_type: "refresh_token", refresh_token: String(refresh) });
    expect(refreshed).toMatchObject({
      status: 400,
      body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
    });
  });

  test("an expired access token is 401 authError until it is refreshed", async () => {
    const { access_token: access } = await grant();
    await control({ do: "expire_access_tokens" });
    const { status: code, body } = await api(eventsUrl(reading), access);
    expect(code).toBe(401);
    expect(body).toEqual({
      error: {
        errors: [
          {
            domain: "global",
            reason: "authError",
            message: "Invalid Credentials",
            locationType: "header",
            location: "Authorization",
          },
        ],
        code: 401,
        message: "Invalid Credentials",
      },
    });
  });

  test("a token endpoint that is down on order, for its own calls only", async () => {
    const { access_token: access, refresh_token: refresh } = await grant();
    await fault({ kind: "broken", status: 500, operation: "token" });
    expect((await api(eventsUrl(reading), access)).status).toBe(200);
    const form = { grant_type: "refresh_token", refresh_token: String(refresh) };
    expect((await token(form)).status).toBe(500);
    await fault({ kind: "refused", code: "invalid_grant", operation: "token" });
    expect((await token(form)).body.error).toBe("invalid_grant");
  });
});

describe("calendars", () => {
  test("lists what the account can see, by role, page by page", async () => {
    const { access_token: access } = await grant();
    await control({ do: "settings", pageSize: 2 });
    const path = "/calendar/v3/users/me/calendarList?minAccessRole=reader";
    const first = (await api(path, access)).body;
    expect(first.items).toHaveLength(2);
    expect(first).not.toHaveProperty("nextSyncToken");
    const second = (await api(`${path}&pageToken=${String(first.nextPageToken)}`, access)).body;
    const all = [...(first.items as Json[]), ...(second.items as Json[])];
    expect(all.filter(({ primary }) => primary === true)).toMatchObject([{ id: ada }]);
    expect(all.map(({ accessRole }) => accessRole)).toEqual(["owner", "owner", "reader", "reader"]);
  });

  test("a calendar that is not shared is not found; private events of others have no title", async () => {
    const { access_token: access } = await grant();
    expect(reasonOf(await api(eventsUrl(reading, "tom.becker@acme.example"), access))).toBe(
      "notFound",
    );
    const { items } = await readAll(access, reading, "maya.osei@acme.example");
    expect(items.map(({ summary }) => summary)).toEqual([undefined, "Partner lunch"]);
  });

  test("the narrow scope reaches owned calendars only", async () => {
    const scope = `openid ${base}calendar.events.owned.readonly`;
    const { access_token: access } = await grant({ scope });
    expect((await api(eventsUrl(reading), access)).status).toBe(200);
    expect((await api(eventsUrl(reading, "maya.osei@acme.example"), access)).status).toBe(403);
  });
});

describe("reading events", () => {
  let access: unknown;
  beforeEach(async () => {
    access = (await grant()).access_token;
  });

  test("two weeks of the demo: links of three kinds, all-day, cancelled, declined, private, a series", async () => {
    const { items } = await readAll(access, { singleEvents: "true", showDeleted: "true" });
    const text = JSON.stringify(items);
    for (const word of ["meet.google.com", "zoom.us/j/", "teams.microsoft.com/l/meetup-join"]) {
      expect(text).toContain(word);
    }
    for (const word of [
      '"date":',
      '"status":"cancelled"',
      '"declined"',
      '"private"',
      '"recurringEventId"',
    ]) {
      expect(text).toContain(word);
    }
  });

  test("only the last page has a sync token, and pages never overlap", async () => {
    await control({ do: "settings", pageSize: 3 });
    const { items, pages } = await readAll(access, reading);
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.slice(0, -1).filter((page) => "nextSyncToken" in page)).toEqual([]);
    expect(pages.at(-1)).toHaveProperty("nextSyncToken");
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  test("an incremental reading brings what changed, and removed events as stubs", async () => {
    const { items, syncToken } = await readAll(access, { ...reading, showDeleted: "true" });
    const [edited, cancelled] = items.filter(({ status: state }) => state === "confirmed");
    await control(
      { do: "edit_event", event: edited?.id, summary: "Another title" },
      { do: "cancel_event", event: cancelled?.id },
    );
    const changes = await readAll(access, { ...reading, syncToken });
    const next = Object.fromEntries(changes.items.map((item) => [item.id, item]));
    expect(changes.items).toHaveLength(2);
    const after = next[edited?.id ?? ""];
    expect(after).toMatchObject({
      summary: "Another title",
      sequence: (edited?.sequence ?? 0) + 1,
    });
    expect(after?.etag).not.toBe(edited?.etag);
    expect(after?.updated).not.toBe(edited?.updated);
    expect(next[cancelled?.id ?? ""]).toMatchObject({ status: "cancelled" });
    expect(next[cancelled?.id ?? ""]).not.toHaveProperty("summary");
    const nothing = await readAll(access, { ...reading, syncToken: changes.syncToken });
    expect(nothing.items).toEqual([]);
  });

  test("what changes while pages are read comes with the sync token, at the latest", async () => {
    await control({ do: "settings", pageSize: 3 });
    const [first] = (await readAll(access, reading)).items;
    await fault({
      kind: "then",
      operation: "events.list",
      commands: [
        { do: "edit_event", event: first?.id, summary: "Changed meanwhile" },
        {
          do: "add_event",
          organizer: ada,
          summary: "Added meanwhile",
          start: "2030-01-01T10:00:00Z",
          minutes: 30,
        },
      ],
    });
    const { items, syncToken } = await readAll(access, reading);
    expect(items.find(({ id }) => id === first?.id)?.summary).not.toBe("Changed meanwhile");
    const changes = await readAll(access, { ...reading, syncToken });
    const titles = changes.items.map(({ summary }) => summary);
    expect(titles.toSorted()).toEqual(["Added meanwhile", "Changed meanwhile"]);
  });

  test.for([
    ["timeMin", { timeMin: "2026-01-01T00:00:00Z" }],
    ["timeMax", { timeMax: "2026-01-01T00:00:00Z" }],
    ["updatedMin", { updatedMin: "2026-01-01T00:00:00Z" }],
    ["q", { q: "call" }],
    ["orderBy", { orderBy: "updated" }],
    ["iCalUID", { iCalUID: "x@google.com" }],
    ["showDeleted=false", { showDeleted: "false" }],
    ["another filter", { eventTypes: "focusTime" }],
  ] as const)("a sync token is refused beside %s", async ([, changes]) => {
    const { syncToken } = await readAll(access, reading);
    const answer = await api(eventsUrl({ ...reading, syncToken, ...changes }), access);
    expect([answer.status, reasonOf(answer)]).toEqual([400, "invalid"]);
  });

  test.for([
    ["a made-up one", () => "CPDAlvWDx70CEPDAlvWDx70CGAU="],
    [
      "an aged one",
      async (valid: string) => {
        await control({ do: "expire_sync_tokens" });
        return valid;
      },
    ],
  ] as const)("%s is answered with 410 fullSyncRequired", async ([, make]) => {
    const syncToken = await make((await readAll(access, reading)).syncToken);
    const answer = await api(eventsUrl({ ...reading, syncToken }), access);
    expect([answer.status, reasonOf(answer)]).toEqual([410, "fullSyncRequired"]);
  });

  test("ordered or searched readings have no sync token, and upcoming ones are in order", async () => {
    const timeMin = new Date().toISOString();
    const query = { singleEvents: "true", orderBy: "startTime", timeMin };
    const { items, pages } = await readAll(access, query);
    expect(pages.at(-1)).not.toHaveProperty("nextSyncToken");
    const starts = items.map((item) => {
      const { dateTime, date } = (item as unknown as { start: Record<string, string> }).start;
      return Date.parse(dateTime ?? date ?? "");
    });
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test.for([
    ["a time without an offset", { timeMin: "2026-01-01T00:00:00" }, "badRequest"],
    [
      "an end before its start",
      { timeMin: "2026-02-01T00:00:00Z", timeMax: "2026-01-01T00:00:00Z" },
      "timeRangeEmpty",
    ],
    [
      "order by start without single events",
      { singleEvents: "false", orderBy: "startTime" },
      "badRequest",
    ],
    ["an unknown event type", { eventTypes: "party" }, "invalid"],
    ["no results", { maxResults: "0" }, "invalid"],
    ["a made-up page token", { pageToken: "abc" }, "invalid"],
  ] as const)("refuses %s", async ([, changes, reason]) => {
    const answer = await api(eventsUrl({ ...reading, ...changes }), access);
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason]);
  });

  test.for([
    [{ kind: "throttled" }, 403, "rateLimitExceeded"],
    [{ kind: "throttled", retryAfterSeconds: 3 }, 429, "rateLimitExceeded"],
    [{ kind: "broken", status: 500 }, 500, "backendError"],
    [{ kind: "refused", code: "accessNotConfigured" }, 403, "accessNotConfigured"],
    [{ kind: "refused", code: "quotaExceeded" }, 403, "quotaExceeded"],
  ] as const)("faults in Google's form: %o", async ([wanted, code, reason]) => {
    await fault({ ...wanted, operation: "events.list", calls: 2 });
    for (let round = 0; round < 2; round += 1) {
      const answer = await api(eventsUrl(reading), access);
      expect([answer.status, reasonOf(answer)]).toEqual([code, reason]);
    }
    expect((await api(eventsUrl(reading), access)).status).toBe(200);
  });

  test("what a person does on the page arrives", async () => {
    const { items, syncToken } = await readAll(access, reading);
    const target = items.find(({ summary }) => summary === "Renewal call - Northwind");
    const calendar = `${sandbox.url}/google_calendar/calendars/${encodeURIComponent(ada)}`;
    const post = (path: string, form: Record<string, string>) =>
      fetch(calendar + path, {
        method: "POST",
        body: new URLSearchParams(form),
        redirect: "manual",
      });
    await post(`/events/${target?.id}/respond`, { response: "declined" });
    await post("/add", {
      summary: "By hand",
      start: "2030-03-01T09:00",
      minutes: "45",
      attendees: "jo@x.example",
      conference: "meet",
    });
    const changes = (await readAll(access, { ...reading, syncToken })).items;
    expect(changes.map(({ summary }) => summary)).toEqual(["Renewal call - Northwind", "By hand"]);
    expect(JSON.stringify(changes[0])).toContain('"self":true,"responseStatus":"declined"');
    const page = await (await fetch(calendar)).text();
    expect(page).toContain("By hand");
  });
});

describe("watch channels", () => {
  let access: unknown;
  const watch = (body: Json, calendar = "primary") =>
    api(`/calendar/v3/calendars/${encodeURIComponent(calendar)}/events/watch`, access, {
      method: "POST",
      body: JSON.stringify({
        id: "channel-1",
        type: "web_hook",
        address: "https://harmony.example/api/hooks/google_calendar/h1",
        token: "t1",
        ...body,
      }),
    });
  const stop = (body: Json) =>
    api("/calendar/v3/channels/stop", access, { method: "POST", body: JSON.stringify(body) });

  beforeEach(async () => {
    const origin = new URL(receiver.url).origin;
    await control({ do: "settings", allowHttpHooks: { "https://harmony.example": origin } });
    access = (await grant()).access_token;
  });

  test("says sync at once, exists on a change, and nothing after it was stopped", async () => {
    const { body } = await watch({ expiration: String(Date.now() + 3_600_000) });
    expect(body).toMatchObject({ kind: "api#channel", id: "channel-1", token: "t1" });
    const first = await waitFor("sync", () => receiver.received[0]);
    expect(first.headers).toMatchObject({
      "x-goog-channel-id": "channel-1",
      "x-goog-channel-token": "t1",
      "x-goog-resource-state": "sync",
      "x-goog-resource-id": body.resourceId,
      "x-goog-message-number": "1",
    });
    expect(first.body).toHaveLength(0);
    await control({
      do: "add_event",
      organizer: ada,
      summary: "New",
      start: "2030-01-01T10:00:00Z",
      minutes: 30,
    });
    const second = await waitFor("exists", () => receiver.received[1]);
    expect(second.headers["x-goog-resource-state"]).toBe("exists");
    expect(Number(second.headers["x-goog-message-number"])).toBeGreaterThan(1);
    expect((await stop({ id: "channel-1", resourceId: body.resourceId })).status).toBe(204);
    expect((await stop({ id: "channel-1", resourceId: body.resourceId })).status).toBe(404);
    await control({
      do: "add_event",
      organizer: ada,
      summary: "New",
      start: "2030-01-02T10:00:00Z",
      minutes: 30,
    });
    const { hooks } = await sandbox.describe("google_calendar");
    expect(hooks).toHaveLength(2);
  });

  test("a channel lives no longer than allowed, whatever was asked", async () => {
    const { body } = await watch({ expiration: String(Date.now() + 365 * 86_400_000) });
    expect(Number(body.expiration)).toBeLessThan(Date.now() + 31 * 86_400_000);
  });

  test.for([
    [{ address: "http://harmony.example/hook" }, 400, "webhookUrlNotHttps"],
    [{ id: "x".repeat(65) }, 400, "invalid"],
    [{ type: "email" }, 400, "invalid"],
  ] as const)("refuses %o", async ([changes, code, reason]) => {
    const answer = await watch(changes);
    expect([answer.status, reasonOf(answer)]).toEqual([code, reason]);
  });

  test("an id is for one channel, and holidays cannot be watched", async () => {
    await watch({});
    expect(reasonOf(await watch({}))).toBe("channelIdNotUnique");
    const holidays = await watch({ id: "other" }, "en.german#holiday@group.v.calendar.google.com");
    expect(reasonOf(holidays)).toBe("pushNotSupportedForRequestedResource");
  });

  test("a receiver that is ill is called again, one that refuses is not", async () => {
    await control({ do: "settings", hookRetryDelaysMs: [1, 1] });
    receiver.answer = status(503);
    await watch({});
    await waitFor("three tries", () => receiver.received.length === 3);
    receiver.answer = status(404);
    await control({
      do: "add_event",
      organizer: ada,
      summary: "New",
      start: "2030-01-01T10:00:00Z",
      minutes: 30,
    });
    await waitFor("the fourth", () => receiver.received.length === 4);
    await watch({ id: "next" });
    await waitFor("the fifth", () => receiver.received.length === 5);
  });

  test("nothing is sent to other machines", async () => {
    await watch({ address: "https://elsewhere.example/hook" });
    const told = await waitFor("the attempt", async () => {
      const { hooks } = await sandbox.describe("google_calendar");
      return (hooks as Json[])[0];
    });
    expect(told).toMatchObject({
      status: null,
      note: "not sent: stand-ins call this machine only",
    });
  });
});
