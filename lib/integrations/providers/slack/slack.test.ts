import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type MessageRecord,
  type Outgoing,
  ProviderError,
  type RawRequest,
  type RevokeCall,
} from "@/lib/integrations/contract";
import { slack } from "@/lib/integrations/providers/slack/index";
import { type CannedAnswer, recordedSession } from "@/tests/support/recorded-session";

const record: MessageRecord = {
  kind: "meeting_processed",
  title: "Renewal call",
  startsAt: null,
  durationSeconds: null,
  body: "Agreed.",
  actionItems: [],
  attendees: [],
  note: null,
  link: null,
  severity: "info",
  lines: [],
};

function outgoing(rest: Partial<Outgoing<"message">> = {}): Outgoing<"message"> {
  return {
    record,
    externalId: null,
    version: null,
    idempotencyKey: "itm_1",
    place: "C012AB3CD",
    follows: null,
    ...rest,
  };
}

const sent = { ok: true, channel: "C012AB3CD", ts: "1772636400.000100" };
const refusal = (error: string, rest: object = {}): CannedAnswer => ({
  body: { ok: false, error, ...rest },
});

async function faultOf(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError: ${String(error)}`);
  return error.fault;
}

function apply(script: readonly CannedAnswer[], item = outgoing(), options = {}) {
  const made = recordedSession(slack, script, {
    options,
    facts: { url: "https://acme.slack.com/", bot_user_id: "U0KRQLJ9H" },
  });
  const push = slack.capabilities.message?.push;
  if (!push) throw new Error("Slack takes no messages");
  return { calls: made.calls, result: push.apply(made.session, item) };
}

describe("posting", () => {
  test("a message is posted with text, blocks and its delivery id, one a second and channel", async () => {
    const { calls, result } = apply([{ body: sent }]);
    expect(await result).toEqual({
      externalId: "1772636400.000100",
      version: null,
      url: "https://acme.slack.com/archives/C012AB3CD/p1772636400000100",
      place: "C012AB3CD",
    });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      method: "POST",
      path: "/chat.postMessage",
      json: {
        channel: "C012AB3CD",
        text: "Meeting processed: Renewal call",
        metadata: {
          event_type: "harmony_meeting_processed",
          event_payload: { delivery_id: "itm_1" },
        },
        unfurl_links: false,
      },
      rate: { group: "chat.postMessage C012AB3CD", calls: 1, perMs: 1000 },
    });
    expect(calls[0]?.json).not.toHaveProperty("thread_ts");
  });

  test("without a place it goes to the default channel; without one it is refused unsent", async () => {
    const chosen = apply([{ body: sent }], outgoing({ place: null }), { channel: "C0DEFAULT1" });
    await chosen.result;
    expect(chosen.calls[0]?.json).toMatchObject({ channel: "C0DEFAULT1" });
    const none = apply([], outgoing({ place: null }));
    expect(await faultOf(none.result)).toMatchObject({
      kind: "rejected",
      code: "required_field_missing",
    });
    expect(none.calls).toHaveLength(0);
  });

  test("it goes into the thread of the one that it follows, but only in the same channel", async () => {
    const follows = { place: "C012AB3CD", externalId: "1772636400.000100" };
    const same = apply([{ body: sent }], outgoing({ follows }));
    await same.result;
    expect(same.calls[0]?.json).toMatchObject({ thread_ts: "1772636400.000100" });
    const other = apply(
      [{ body: sent }],
      outgoing({ follows: { ...follows, place: "C0OTHER123" } }),
    );
    await other.result;
    expect(other.calls[0]?.json).not.toHaveProperty("thread_ts");
  });

  test("a changed message is updated; one that is gone or too old is posted anew", async () => {
    const item = outgoing({ externalId: "1772636400.000100" });
    const updated = apply([{ body: sent }], item);
    await updated.result;
    expect(updated.calls.map(({ path }) => path)).toEqual(["/chat.update"]);
    for (const error of ["message_not_found", "cant_update_message", "edit_window_closed"]) {
      const { calls, result } = apply(
        [refusal(error), { body: { ...sent, ts: "1772636500.000200" } }],
        item,
      );
      expect((await result).externalId).toBe("1772636500.000200");
      expect(calls.map(({ path }) => path)).toEqual(["/chat.update", "/chat.postMessage"]);
    }
  });

  test("a layout that Slack refuses is sent once as plain text, and no second time", async () => {
    const { calls, result } = apply([refusal("invalid_blocks"), { body: sent }]);
    await result;
    expect(calls[1]?.json).toMatchObject({ text: "Meeting processed: Renewal call" });
    expect(calls[1]?.json).not.toHaveProperty("blocks");
    const twice = apply([refusal("invalid_blocks"), refusal("invalid_blocks")]);
    expect(await faultOf(twice.result)).toMatchObject({ kind: "rejected", code: "invalid_value" });
    expect(twice.calls).toHaveLength(2);
  });

  test.each([
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
    "posting_to_channel_denied",
    "channel_is_limited_access",
  ])("%s pauses that channel and names it", async (error) => {
    const { result } = apply([refusal(error)]);
    expect(await faultOf(result)).toMatchObject({ kind: "place_unavailable", place: "C012AB3CD" });
  });
});

describe("what Slack's answers mean", () => {
  const meaning = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    slack.classify?.({ status, headers, body }) ?? null;
  const of = (error: string) => meaning({ ok: false, error });

  test("success, and what HTTP says by itself, are left alone", () => {
    expect(meaning({ ok: true })).toBeNull();
    expect(meaning("<html>", 502)).toBeNull();
    expect(meaning(null, 401)).toBeNull();
  });

  test.each([
    ["invalid_auth", { kind: "reauth", reason: "token_revoked" }],
    ["token_revoked", { kind: "reauth", reason: "token_revoked" }],
    ["not_authed", { kind: "reauth", reason: "token_revoked" }],
    ["account_inactive", { kind: "reauth", reason: "app_uninstalled" }],
    ["token_expired", { kind: "reauth", reason: "token_expired" }],
    ["no_permission", { kind: "forbidden" }],
    ["ekm_access_denied", { kind: "forbidden" }],
    ["team_access_not_granted", { kind: "forbidden" }],
    ["users_not_found", { kind: "rejected", code: "not_found" }],
    ["no_text", { kind: "rejected", code: "invalid_value" }],
    ["metadata_too_large", { kind: "rejected", code: "invalid_value" }],
    ["message_not_found", { kind: "gone" }],
    ["rate_limited", { kind: "rate_limited", retryAfterMs: null }],
    ["message_limit_exceeded", { kind: "rate_limited" }],
    ["internal_error", { kind: "transient" }],
    ["service_unavailable", { kind: "transient" }],
    ["a_word_of_next_year", { kind: "rejected", code: "unknown" }],
    ["constructor", { kind: "rejected", code: "unknown" }],
  ])("%s", (error, fault) => {
    expect(of(error)).toMatchObject(fault);
  });

  test("a missing scope is named", () => {
    expect(
      meaning({
        ok: false,
        error: "missing_scope",
        needed: "chat:write",
        provided: "channels:read",
      }),
    ).toEqual({ kind: "reauth", reason: "scope_missing", missing: ["chat:write"] });
  });

  test("429 waits as long as Retry-After says", () => {
    expect(meaning({ ok: false, error: "ratelimited" }, 429, { "retry-after": "30" })).toEqual({
      kind: "rate_limited",
      retryAfterMs: 30_000,
    });
  });

  test("the explanation of invalid arguments is kept", () => {
    expect(
      meaning({
        ok: false,
        error: "invalid_arguments",
        response_metadata: { messages: ["[ERROR] missing required field: channel"] },
      }),
    ).toMatchObject({ detail: expect.stringContaining("missing required field: channel") });
  });
});

describe("channels", () => {
  const load = slack.settings.find((setting) => setting.key === "channel");
  const choices = (script: readonly CannedAnswer[]) => {
    const made = recordedSession(slack, script);
    if (load?.kind !== "choice") throw new Error("the channel is no choice");
    return { calls: made.calls, result: load.load(made.session) };
  };
  const channel = (id: string, name: string, rest: object = {}) => ({ id, name, ...rest });

  test("all pages are read, also when one in between is empty; the archived are left out", async () => {
    const { calls, result } = choices([
      {
        body: {
          ok: true,
          channels: [channel("C2", "sales")],
          response_metadata: { next_cursor: "a=" },
        },
      },
      { body: { ok: true, channels: [], response_metadata: { next_cursor: "b=" } } },
      {
        body: {
          ok: true,
          channels: [
            channel("C1", "deals", { is_private: true }),
            channel("C3", "old", { is_archived: true }),
            channel("C4", "partner", { is_ext_shared: true, is_member: false }),
          ],
          response_metadata: { next_cursor: "" },
        },
      },
    ]);
    expect(await result).toEqual([
      { id: "C1", label: "#deals", hint: "private", isPrivate: true },
      { id: "C4", label: "#partner", hint: "shared, invite the app" },
      { id: "C2", label: "#sales" },
    ]);
    expect(calls.map(({ form }) => form?.cursor)).toEqual([undefined, "a=", "b="]);
    expect(calls[0]).toMatchObject({
      method: "POST",
      path: "/conversations.list",
      form: { types: "public_channel,private_channel", exclude_archived: "true", limit: "999" },
      rate: { calls: 20, perMs: 60_000 },
    });
  });

  test("an endless list ends", async () => {
    const { result } = choices(
      Array.from({ length: 5 }, (_, n) => ({
        body: {
          ok: true,
          channels: [channel(`C${n}`, `c${n}`)],
          response_metadata: { next_cursor: "again" },
        },
      })),
    );
    expect(await result).toHaveLength(5);
  });

  test("an id that was pasted looks like one", () => {
    const pattern = load?.kind === "choice" ? load.takesPastedId : undefined;
    expect(pattern?.test("C012AB3CD")).toBe(true);
    expect(pattern?.test("G012AB3CDEF")).toBe(true);
    expect(pattern?.test("#sales")).toBe(false);
    expect(pattern?.test("U012AB3CD")).toBe(false);
  });
});

describe("the account", () => {
  const answer = {
    ok: true,
    url: "https://acme.slack.com/",
    team: "Acme",
    user: "harmony",
    team_id: "T9TK3CUKW",
    user_id: "U0KRQLJ9H",
  };

  test("is the workspace, with what is granted now", async () => {
    const { session, calls } = recordedSession(slack, [
      { body: answer, headers: { "x-oauth-scopes": "chat:write,groups:read" } },
    ]);
    expect(await slack.identify(session)).toEqual({
      accountId: "T9TK3CUKW",
      label: "Acme",
      facts: { bot_user_id: "U0KRQLJ9H", url: "https://acme.slack.com/" },
      grantedScopes: ["chat:write", "groups:read"],
    });
    expect(calls).toHaveLength(1);
  });

  test("an install for a whole organisation is refused in clear words", async () => {
    const { session } = recordedSession(slack, [
      { body: { ...answer, is_enterprise_install: true } },
    ]);
    expect(await faultOf(slack.identify(session))).toMatchObject({
      kind: "rejected",
      detail: expect.stringContaining("whole Slack organisation"),
    });
  });
});

describe("tokens", () => {
  const read = (body: unknown, status = 200) => slack.auth.readTokenReply({ status, body });
  const granted = {
    ok: true,
    access_token: "xoxb-1",
    token_type: "bot",
    scope: "chat:write,channels:read",
    team: { id: "T1", name: "Acme" },
    enterprise: null,
    is_enterprise_install: false,
  };
  const refused = (error: string) => {
    try {
      read({ ok: false, error });
    } catch (thrown) {
      if (thrown instanceof ProviderError) return thrown.fault;
    }
    throw new Error("it was taken");
  };

  test("without rotation there is nothing to refresh, with it there is", () => {
    expect(read(granted)).toEqual({
      accessToken: "xoxb-1",
      refreshToken: null,
      expiresInSeconds: null,
      refreshExpiresInSeconds: null,
      scopes: ["chat:write", "channels:read"],
    });
    expect(
      read({
        ...granted,
        access_token: "xoxe.xoxb-2",
        refresh_token: "xoxe-1-2",
        expires_in: 43_200,
      }),
    ).toMatchObject({ refreshToken: "xoxe-1-2", expiresInSeconds: 43_200 });
  });

  test.each([
    ["invalid_refresh_token", { kind: "reauth", reason: "token_expired" }],
    ["token_revoked", { kind: "reauth", reason: "token_revoked" }],
    ["invalid_code", { kind: "rejected" }],
    ["bad_client_secret", { kind: "rejected" }],
    ["cannot_install_an_org_installed_app", { kind: "forbidden" }],
    ["internal_error", { kind: "transient" }],
    ["ratelimited", { kind: "rate_limited" }],
  ])("a refusal with status 200 is one: %s", (error, fault) => {
    expect(refused(error)).toMatchObject(fault);
  });

  test("an org-wide install and a body that is no token are refused", () => {
    expect(() => read({ ...granted, team: null, is_enterprise_install: true })).toThrow(
      ProviderError,
    );
    expect(() => read("<html>", 502)).toThrow(ProviderError);
    expect(() => read({ ok: true })).toThrow(ProviderError);
  });

  async function revokeWith(body: unknown, isShared = false, status = 200) {
    const asked: string[] = [];
    const call: RevokeCall = {
      accessToken: "xoxb-1",
      refreshToken: null,
      clientId: "id",
      clientSecret: "secret",
      isShared,
      postForm: async (role, _form, bearer) => {
        asked.push(`${role} ${bearer}`);
        return await Promise.resolve({ status, body });
      },
    };
    await slack.auth.revoke?.(call);
    return asked;
  }

  test("disconnecting revokes the token; a dead one is a success, a shared one is left", async () => {
    expect(await revokeWith({ ok: true, revoked: true })).toEqual(["revoke xoxb-1"]);
    expect(await revokeWith({ ok: false, error: "token_revoked" })).toHaveLength(1);
    expect(await revokeWith({ ok: true, revoked: true }, true)).toEqual([]);
    await expect(revokeWith({ ok: false, error: "internal_error" })).rejects.toThrow(ProviderError);
    await expect(revokeWith("", false, 503)).rejects.toThrow(ProviderError);
  });
});

describe("calls from Slack", () => {
  const secret = "8f742231b10e8888abcd99yyyzzz85a5";
  const now = new Date("2026-03-04T15:00:00Z");
  const seconds = Math.floor(now.getTime() / 1000);

  function call(body: string, at = seconds, signed = body): RawRequest {
    const signature = createHmac("sha256", secret).update(`v0:${at}:${signed}`).digest("hex");
    return {
      method: "POST",
      url: new URL("https://harmony.example/api/hooks/slack"),
      headers: new Headers({
        "x-slack-request-timestamp": String(at),
        "x-slack-signature": `v0=${signature}`,
      }),
      body: new TextEncoder().encode(body),
    };
  }
  const verify = (request: RawRequest, known = secret) =>
    slack.webhooks?.verify(request, { secret: known, facts: {}, now });
  const event = (inner: object) =>
    JSON.stringify({
      token: "x",
      team_id: "T9TK3CUKW",
      api_app_id: "A0KRD7HC3",
      event: inner,
      type: "event_callback",
      event_id: "Ev0PV52K25",
      event_time: seconds,
    });
  const read = (body: string) => slack.webhooks?.read(call(body));

  test("Slack's own example of a signature holds", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const request: RawRequest = {
      method: "POST",
      url: new URL("https://harmony.example/api/hooks/slack"),
      headers: new Headers({
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
      }),
      body: new TextEncoder().encode(body),
    };
    const at = new Date(1_531_420_618_000);
    expect(slack.webhooks?.verify(request, { secret, facts: {}, now: at })).toBe(true);
  });

  test("a changed body, another secret, a missing or malformed header are refused", () => {
    expect(verify(call("{}"))).toBe(true);
    expect(verify(call("{ }", seconds, "{}"))).toBe(false);
    expect(verify(call("{}"), "another")).toBe(false);
    expect(verify(call("{}"), "")).toBe(false);
    const bare = call("{}");
    bare.headers.delete("x-slack-signature");
    expect(verify(bare)).toBe(false);
    const odd = call("{}");
    odd.headers.set("x-slack-request-timestamp", "soon");
    expect(verify(odd)).toBe(false);
  });

  test("five minutes is the edge, on both sides", () => {
    expect(verify(call("{}", seconds - 300))).toBe(true);
    expect(verify(call("{}", seconds + 300))).toBe(true);
    expect(verify(call("{}", seconds - 301))).toBe(false);
    expect(verify(call("{}", seconds + 301))).toBe(false);
  });

  test("the challenge is answered", () => {
    expect(
      read(JSON.stringify({ token: "x", challenge: "3eZbrw1a", type: "url_verification" })),
    ).toEqual({ body: "3eZbrw1a", hints: [], callId: null });
  });

  test.each([
    [
      { type: "app_uninstalled" },
      [{ kind: "grant_ended", reason: "app_uninstalled", accountId: "T9TK3CUKW" }],
    ],
    [
      { type: "tokens_revoked", tokens: { oauth: ["U1"], bot: ["U0KRQLJ9H"] } },
      [
        {
          kind: "grant_ended",
          reason: "token_revoked",
          accountId: "T9TK3CUKW",
          where: { bot_user_id: ["U0KRQLJ9H"] },
        },
      ],
    ],
    [{ type: "tokens_revoked", tokens: { oauth: ["U1"] } }, []],
    [
      { type: "channel_archive", channel: "C1", user: "U1" },
      [{ kind: "choices_changed", setting: "channel", accountId: "T9TK3CUKW" }],
    ],
    [
      { type: "group_rename" },
      [{ kind: "choices_changed", setting: "channel", accountId: "T9TK3CUKW" }],
    ],
    [{ type: "message", text: "hello" }, []],
  ])("%j", (inner, hints) => {
    expect(read(event(inner))).toEqual({ hints, callId: "Ev0PV52K25" });
  });

  test("forms, broken JSON and unknown kinds are answered and forgotten", () => {
    for (const body of ["payload=%7B%7D", "{", "", JSON.stringify({ type: "app_rate_limited" })]) {
      expect(read(body)).toEqual({ hints: [], callId: null });
    }
  });
});

describe("what it wants to be told", () => {
  const data = { meeting_data: true, action_items: true, contacts: false, notes: false };
  const nothing = { ...data, meeting_data: false, action_items: false };

  test("processed meetings unless switched off, the others only when switched on", () => {
    expect(slack.wants({ data, options: {} })).toEqual(["meeting.processed", "share", "test"]);
    expect(
      slack.wants({
        data,
        options: {
          meeting_processed: false,
          meeting_failed: true,
          insight_generated: true,
          alerts: true,
        },
      }),
    ).toEqual(["meeting.failed", "insight.generated", "alert", "share", "test"]);
    expect(slack.wants({ data: nothing, options: {} })).toEqual(["share", "test"]);
  });
});
