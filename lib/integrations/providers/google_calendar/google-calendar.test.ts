import { describe, expect, test } from "vitest";
import {
  type Page,
  ProviderError,
  type RawRequest,
  type RevokeCall,
} from "@/lib/integrations/contract";
import { toChange } from "@/lib/integrations/providers/google_calendar/events";
import { googleCalendar } from "@/lib/integrations/providers/google_calendar/index";
import { type CannedAnswer, recordedSession } from "@/tests/support/recorded-session";

// Bodies are those of Google's guides (docs/providers/google_calendar.md), with names changed.

const single = {
  kind: "calendar#event",
  etag: '"3402481234567000"',
  id: "6h2k9m1c5v_20260303T140000Z",
  status: "confirmed",
  htmlLink: "https://www.google.com/calendar/event?eid=x",
  updated: "2026-02-27T16:20:11.123Z",
  summary: "Renewal call - Northwind",
  description: "Agenda",
  location: "",
  creator: { email: "dana@acme.example", self: true },
  organizer: { email: "dana@acme.example", self: true },
  start: { dateTime: "2026-03-03T15:00:00+01:00", timeZone: "Europe/Berlin" },
  end: { dateTime: "2026-03-03T15:45:00+01:00", timeZone: "Europe/Berlin" },
  recurringEventId: "6h2k9m1c5v",
  originalStartTime: { dateTime: "2026-03-03T15:00:00+01:00", timeZone: "Europe/Berlin" },
  iCalUID: "6h2k9m1c5v@google.com",
  visibility: "default",
  attendees: [
    { email: "dana@acme.example", organizer: true, self: true, responseStatus: "accepted" },
    { email: "ravi@northwind.example", displayName: "Ravi Shah", responseStatus: "needsAction" },
    { email: "c_188room@resource.calendar.google.com", resource: true, responseStatus: "accepted" },
  ],
  hangoutLink: "https://meet.google.com/abc-mnop-xyz",
  conferenceData: {
    conferenceId: "abc-mnop-xyz",
    entryPoints: [
      { entryPointType: "video", uri: "https://meet.google.com/abc-mnop-xyz" },
      { entryPointType: "phone", uri: "tel:+49-30-000000" },
    ],
  },
};

function recordOf(item: object) {
  const change = toChange({ ...single, ...item });
  if (change.kind !== "upsert") throw new Error(`it is ${change.kind}`);
  return change.record;
}

describe("an event", () => {
  test("becomes its facts, without rooms", () => {
    expect(toChange(single)).toEqual({
      kind: "upsert",
      externalId: "6h2k9m1c5v_20260303T140000Z",
      version: '"3402481234567000"',
      modifiedAt: new Date("2026-02-27T16:20:11.123Z"),
      url: "https://www.google.com/calendar/event?eid=x",
      record: {
        uid: "6h2k9m1c5v@google.com",
        occurrence: new Date("2026-03-03T14:00:00Z"),
        title: "Renewal call - Northwind",
        startsAt: new Date("2026-03-03T14:00:00Z"),
        endsAt: new Date("2026-03-03T14:45:00Z"),
        isAllDay: false,
        isDeclined: false,
        isPrivate: false,
        organizerEmail: "dana@acme.example",
        attendees: [
          { email: "dana@acme.example", name: null, response: "accepted", isSelf: true },
          { email: "ravi@northwind.example", name: "Ravi Shah", response: "needsAction" },
        ],
        linkCandidates: [
          "https://meet.google.com/abc-mnop-xyz",
          "https://meet.google.com/abc-mnop-xyz",
          "Agenda",
        ],
        status: "confirmed",
      },
    });
  });

  test("of whole days is marked as one", () => {
    expect(recordOf({ start: { date: "2026-03-03" }, end: { date: "2026-03-04" } })).toMatchObject({
      isAllDay: true,
      startsAt: new Date("2026-03-03T00:00:00Z"),
    });
  });

  test("that the person declined is marked; another's answer says nothing", () => {
    const [self, other] = single.attendees;
    expect(
      recordOf({ attendees: [{ ...self, responseStatus: "declined" }, other] }).isDeclined,
    ).toBe(true);
    expect(
      recordOf({ attendees: [self, { ...other, responseStatus: "declined" }] }).isDeclined,
    ).toBe(false);
  });

  test.each([
    ["private", { visibility: "private" }, "Renewal call - Northwind"],
    ["confidential", { visibility: "confidential" }, "Renewal call - Northwind"],
    ["a busy block without a title", { summary: undefined }, "Busy"],
  ])("%s is private", (_what, item, title) => {
    expect(recordOf(item)).toMatchObject({ isPrivate: true, title });
  });

  test("that was cancelled is a stub and deletes", () => {
    expect(toChange({ id: "gone", status: "cancelled" })).toEqual({
      kind: "delete",
      externalId: "gone",
    });
  });

  test.each([
    [{ ...single, start: {} }, single.id],
    [{ ...single, end: { dateTime: "tomorrow" } }, single.id],
    [{ ...single, start: { dateTime: "+123456-01-01T00:00:00Z" } }, single.id],
    [{ ...single, attendees: "many" }, single.id],
    [{ status: "confirmed" }, "unknown"],
    [null, "unknown"],
  ])("that cannot be read is kept aside (%#)", (item, externalId) => {
    expect(toChange(item)).toMatchObject({ kind: "unreadable", externalId });
  });
});

const now = new Date("2026-03-01T12:00:00Z");
const since = new Date("2026-02-25T00:00:00Z");

function page(script: readonly CannedAnswer[], cursor: string | null, at = now, from = since) {
  const { session, calls } = recordedSession(googleCalendar, script);
  const pull = googleCalendar.capabilities.event?.pull;
  if (!pull) throw new Error("there is nothing to pull");
  const result = pull.page(session, { stream: "dana@acme.example", cursor, since: from, now: at });
  return { calls, result };
}

async function faultOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError: ${String(error)}`);
  return error.fault;
}

/** The cursor after a whole reading that ended with this sync token. */
async function cursorAfter(nextSyncToken: string): Promise<string> {
  return (await page([{ body: { items: [], nextSyncToken } }], null).result).cursor;
}

describe("reading", () => {
  const fixed = { singleEvents: true, showDeleted: true, eventTypes: ["default"], maxResults: 100 };

  test("a whole reading keeps its parameters over all pages and ends with a sync token", async () => {
    const first = page([{ body: { items: [single], nextPageToken: "p2" } }], null);
    const one = await first.result;
    expect(one).toMatchObject({ hasMore: true, isWhole: true });
    const window = { timeMin: "2026-02-25T00:00:00.000Z", timeMax: "2026-04-30T12:00:00.000Z" };
    expect(first.calls[0]).toMatchObject({
      path: "/calendar/v3/calendars/dana%40acme.example/events",
      query: { ...fixed, ...window },
    });
    expect(first.calls[0]?.query).not.toHaveProperty("orderBy");
    // An empty page with a token is normal; time goes on between pages, the window does not.
    const later = new Date(now.getTime() + 60_000);
    const second = page([{ body: { items: [], nextSyncToken: "s1" } }], one.cursor, later);
    expect(await second.result).toMatchObject({ hasMore: false, isWhole: true, changes: [] });
    expect(second.calls[0]?.query).toEqual({ ...fixed, ...window, pageToken: "p2" });
  });

  test("what changed is asked with the sync token, on every page, and nothing that it forbids", async () => {
    const first = page(
      [{ body: { items: [{ id: "x", status: "cancelled" }], nextPageToken: "p2" } }],
      await cursorAfter("s1"),
    );
    const one = await first.result;
    expect(one).toMatchObject({ hasMore: true, isWhole: false });
    expect(first.calls[0]?.query).toEqual({ ...fixed, syncToken: "s1" });
    const second = page([{ body: { items: [], nextSyncToken: "s2" } }], one.cursor);
    const two = await second.result;
    expect(second.calls[0]?.query).toEqual({ ...fixed, syncToken: "s1", pageToken: "p2" });
    const third = page([{ body: { items: [], nextSyncToken: "s3" } }], two.cursor);
    await third.result;
    expect(third.calls[0]?.query).toEqual({ ...fixed, syncToken: "s2" });
  });

  test("an old beginning is cut to a month", async () => {
    const { calls, result } = page(
      [{ body: { nextSyncToken: "s" } }],
      null,
      now,
      new Date("2020-01-01T00:00:00Z"),
    );
    await result;
    expect(calls[0]?.query.timeMin).toBe("2026-01-29T12:00:00.000Z");
  });

  test("after a week it is read anew, but not in the middle of a reading", async () => {
    const cursor = await cursorAfter("s1");
    const nextWeek = new Date(now.getTime() + 8 * 86_400_000);
    const stale = page([], cursor, nextWeek);
    expect(await faultOf(stale.result)).toEqual({ kind: "cursor_expired" });
    expect(stale.calls).toHaveLength(0);
    const midway = await page([{ body: { nextPageToken: "p2" } }], cursor).result;
    const rest = page([{ body: { nextSyncToken: "s2" } }], midway.cursor, nextWeek);
    expect(await rest.result).toMatchObject({ hasMore: false });
  });

  test("a cursor of another form is an expired one", async () => {
    for (const cursor of ["", "{", "{}", '{"v":2}']) {
      expect(await faultOf(page([], cursor).result)).toEqual({ kind: "cursor_expired" });
    }
  });

  test("a last page without a sync token is no end", async () => {
    expect(await faultOf(page([{ body: { items: [] } }], null).result)).toMatchObject({
      kind: "transient",
    });
  });

  test("an event that cannot be read does not stop the page", async () => {
    const made: Page<"event"> = await page(
      [{ body: { items: [single, { id: "odd", start: 5 }, null], nextSyncToken: "s" } }],
      null,
    ).result;
    expect(made.changes.map(({ kind }) => kind)).toEqual(["upsert", "unreadable", "unreadable"]);
  });

  test.each([
    [404, "notFound"],
    [403, "forbidden"],
  ])("%i %s: that calendar is no longer shared, and is named", async (status, reason) => {
    const body = { error: { errors: [{ domain: "global", reason }], code: status, message: "" } };
    expect(await faultOf(page([{ status, body }], null).result)).toMatchObject({
      kind: "place_unavailable",
      place: "dana@acme.example",
    });
  });
});

describe("what Google's answers mean", () => {
  const meaning = (status: number, error: object, headers: Record<string, string> = {}) =>
    googleCalendar.classify?.({ status, headers, body: { error: { code: status, ...error } } }) ??
    null;
  const reason = (word: string) => ({ errors: [{ domain: "global", reason: word }] });

  test.each([
    [401, reason("authError"), null],
    [403, reason("insufficientPermissions"), { kind: "reauth", reason: "scope_missing" }],
    [
      403,
      { status: "PERMISSION_DENIED", details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] },
      { kind: "reauth", reason: "scope_missing" },
    ],
    [403, reason("accessNotConfigured"), { kind: "rejected", code: "permission_denied" }],
    [403, { details: [{ reason: "SERVICE_DISABLED" }] }, { kind: "rejected" }],
    [403, reason("rateLimitExceeded"), { kind: "rate_limited", retryAfterMs: null }],
    [403, reason("userRateLimitExceeded"), { kind: "rate_limited" }],
    [403, reason("quotaExceeded"), { kind: "rate_limited" }],
    [429, reason("rateLimitExceeded"), { kind: "rate_limited" }],
    [403, reason("forbidden"), null],
    [404, reason("notFound"), null],
    [410, reason("fullSyncRequired"), { kind: "cursor_expired" }],
    [410, reason("updatedMinTooLongAgo"), { kind: "cursor_expired" }],
    [410, reason("deleted"), null],
    [500, reason("backendError"), null],
    [400, reason("invalid"), null],
  ])("%i %j", (status, error, fault) => {
    const found = meaning(status, error);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toMatchObject(fault);
  });

  test("a Retry-After is honoured where it is there", () => {
    expect(meaning(403, reason("rateLimitExceeded"), { "retry-after": "7" })).toEqual({
      kind: "rate_limited",
      retryAfterMs: 7000,
    });
  });

  test("a body that is no error of Google's is left to HTTP", () => {
    expect(googleCalendar.classify?.({ status: 502, headers: {}, body: "<html>" })).toBeNull();
    expect(googleCalendar.classify?.({ status: 200, headers: {}, body: {} })).toBeNull();
  });
});

describe("calendars to choose from", () => {
  const setting = googleCalendar.settings.find(({ key }) => key === "calendars");

  test("the own one comes first and is preset, under its real id", async () => {
    const { session, calls } = recordedSession(googleCalendar, [
      { body: { items: [{ id: "team@group", summary: "Team" }], nextPageToken: "2" } },
      {
        body: {
          items: [
            { id: "dana@acme.example", summary: "dana@acme.example", primary: true },
            { id: "b@group", summary: "B", summaryOverride: "A colleague" },
          ],
        },
      },
    ]);
    if (setting?.kind !== "choices") throw new Error("calendars are no choices");
    const choices = await setting.load(session);
    expect(choices).toEqual([
      { id: "dana@acme.example", label: "dana@acme.example", hint: "primary" },
      { id: "b@group", label: "A colleague" },
      { id: "team@group", label: "Team" },
    ]);
    expect(setting.preset?.(choices)).toEqual(["dana@acme.example"]);
    expect(calls[1]?.query).toEqual({ minAccessRole: "reader", maxResults: 250, pageToken: "2" });
  });

  test("only those that are ticked are read", () => {
    const streams = (calendars: unknown) =>
      googleCalendar.capabilities.event?.pull?.streams?.(
        recordedSession(googleCalendar, [], { options: { calendars } }).session,
      );
    expect(streams(["a", "b"])).toEqual(["a", "b"]);
    expect(streams([])).toEqual([]);
    expect(streams(undefined)).toEqual([]);
    expect(streams(["a", 5, ""])).toEqual(["a"]);
  });
});

describe("watch channels", () => {
  const to = {
    resource: "event",
    stream: "dana@acme.example",
    url: "https://harmony.example/api/hooks/google_calendar/hook1",
    hookId: "hook1",
    secret: "s3cret",
  } as const;

  test("are opened under the hook's id, and end when Google says", async () => {
    const { session, calls } = recordedSession(googleCalendar, [
      {
        body: { kind: "api#channel", id: "hook1", resourceId: "o3hg", expiration: "1773504000000" },
      },
    ]);
    expect(await googleCalendar.webhooks?.subscribe?.(session, to)).toEqual({
      externalId: "hook1",
      expiresAt: new Date(1_773_504_000_000),
      facts: { resource_id: "o3hg", channel_id: "hook1" },
    });
    expect(calls[0]).toMatchObject({
      method: "POST",
      path: "/calendar/v3/calendars/dana%40acme.example/events/watch",
      json: { id: "hook1", type: "web_hook", address: to.url, token: "s3cret" },
    });
  });

  test("are closed; one that is gone is closed already", async () => {
    const subscription = { externalId: "hook1", facts: { resource_id: "o3hg" } };
    for (const status of [204, 404]) {
      const { session, calls } = recordedSession(googleCalendar, [{ status, body: null }]);
      await googleCalendar.webhooks?.unsubscribe?.(session, subscription);
      expect(calls[0]).toMatchObject({
        path: "/calendar/v3/channels/stop",
        json: { id: "hook1", resourceId: "o3hg" },
      });
    }
  });

  function notification(headers: Record<string, string> = {}): RawRequest {
    return {
      method: "POST",
      url: new URL(to.url),
      body: new Uint8Array(),
      headers: new Headers({
        "x-goog-channel-id": "hook1",
        "x-goog-channel-token": "s3cret",
        "x-goog-resource-id": "o3hg",
        "x-goog-resource-state": "exists",
        "x-goog-message-number": "17",
        ...headers,
      }),
    };
  }
  const verify = (request: RawRequest, facts: Record<string, string> = {}, secret = "s3cret") =>
    googleCalendar.webhooks?.verify(request, { secret, facts, now });

  test("a notification carries the channel's token, and its ids once they are known", () => {
    const facts = { channel_id: "hook1", resource_id: "o3hg" };
    expect(verify(notification(), facts)).toBe(true);
    expect(verify(notification())).toBe(true);
    expect(verify(notification({ "x-goog-channel-token": "other" }), facts)).toBe(false);
    expect(verify(notification({ "x-goog-resource-id": "other" }), facts)).toBe(false);
    expect(verify(notification({ "x-goog-channel-id": "other" }), facts)).toBe(false);
    expect(verify(notification({ "x-goog-channel-token": "" }), facts, "")).toBe(false);
    const bare = notification();
    bare.headers.delete("x-goog-channel-token");
    expect(verify(bare, facts)).toBe(false);
  });

  test.each(["sync", "exists", "not_exists"])(
    "%s is a hint to read, told apart by its number",
    (state) => {
      expect(
        googleCalendar.webhooks?.read(notification({ "x-goog-resource-state": state })),
      ).toEqual({
        hints: [{ kind: "changed", resource: "event", accountId: null }],
        callId: "hook1:17",
      });
    },
  );
});

describe("the account and its tokens", () => {
  test("an account is its sub, shown by its address", async () => {
    const { session, calls } = recordedSession(googleCalendar, [
      { body: { sub: "110169484474386276334", email: "dana@acme.example", hd: "acme.example" } },
    ]);
    expect(await googleCalendar.identify(session)).toEqual({
      accountId: "110169484474386276334",
      label: "dana@acme.example",
      facts: { email: "dana@acme.example", domain: "acme.example" },
    });
    expect(calls[0]).toMatchObject({ host: "userinfo", path: "" });
  });

  const read = (body: unknown, status = 200) =>
    googleCalendar.auth.readTokenReply({ status, body });

  test("the first answer brings a refresh token, the later ones do not", () => {
    const granted = {
      access_token: "ya29.1",
      expires_in: 3599,
      scope: "openid a",
      token_type: "Bearer",
    };
    expect(read({ ...granted, refresh_token: "1//0g", refresh_token_expires_in: 604_799 })).toEqual(
      {
        accessToken: "ya29.1",
        refreshToken: "1//0g",
        expiresInSeconds: 3599,
        refreshExpiresInSeconds: 604_799,
        scopes: ["openid", "a"],
      },
    );
    expect(read(granted).refreshToken).toBeNull();
  });

  test.each([
    ["invalid_grant", 400, { kind: "reauth", reason: "token_revoked" }],
    ["admin_policy_enforced", 400, { kind: "forbidden" }],
    ["invalid_client", 401, { kind: "rejected" }],
    ["deleted_client", 401, { kind: "rejected" }],
    ["internal_failure", 500, { kind: "transient" }],
    ["slow_down", 429, { kind: "rate_limited" }],
  ])("%s", (error, status, fault) => {
    let thrown: unknown = null;
    try {
      read({ error, error_description: "" }, status);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(ProviderError);
    expect(thrown).toMatchObject({ fault });
  });

  async function revokeWith(status: number, body: unknown, isShared = false) {
    const forms: unknown[] = [];
    const call: RevokeCall = {
      accessToken: "ya29.1",
      refreshToken: "1//0g",
      clientId: "id",
      clientSecret: "secret",
      isShared,
      postForm: async (role, form) => {
        forms.push({ role, ...form });
        return await Promise.resolve({ status, body });
      },
    };
    await googleCalendar.auth.revoke?.(call);
    return forms;
  }

  test("disconnecting ends the grant; a dead one is a success; one that Meet uses too is left", async () => {
    expect(await revokeWith(200, {})).toEqual([{ role: "revoke", token: "1//0g" }]);
    expect(await revokeWith(400, { error: "invalid_token" })).toHaveLength(1);
    expect(await revokeWith(200, {}, true)).toEqual([]);
    await expect(revokeWith(503, "")).rejects.toThrow(ProviderError);
  });

  test("it asks for a refresh token and never to merge grants", () => {
    expect(googleCalendar.auth.authorizeParams).toEqual({
      access_type: "offline",
      prompt: "consent",
    });
    expect(googleCalendar.auth.pkce).toBe(true);
  });
});
