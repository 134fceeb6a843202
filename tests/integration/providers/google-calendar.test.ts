import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { db } from "@/db/client";
import { dropCalendar, storeEventPage, upcomingEvents } from "@/lib/calendar/service";
import type { Choice, Page, RawRequest, Session } from "@/lib/integrations/contract";
import { refreshGrant, revokeGrant } from "@/lib/integrations/oauth-client";
import { googleCalendar } from "@/lib/integrations/providers/google_calendar/index";
import {
  type Member,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { type Receiver, startReceiver } from "../../support/receiver";
import type { Json, TestSandbox } from "../../support/sandbox";
import { waitFor } from "../../support/wait-for";
import { makeCalendar, type TestCalendar } from "../calendar/fixtures";
import { authorize, errorOf, registrationOf, sessionWith, signal, startFor } from "./fixtures";

// The connector of Google Calendar against the stand-in, over HTTP, and what its pages become in the database.

const ada = "ada.moreno@acme.example";
const since = new Date(Date.now() - 86_400_000);

let sandbox: TestSandbox;
let receiver: Receiver;
let workspace: TestWorkspace;
let session: Session;
let owner: Member;
let calendar: TestCalendar;

beforeAll(async () => {
  [sandbox, receiver, workspace] = await Promise.all([
    startFor(googleCalendar),
    startReceiver(),
    makeWorkspace(),
  ]);
});
afterAll(async () => {
  await sandbox.stop();
  await receiver.stop();
});

const control = (...commands: readonly Json[]) => sandbox.control("google_calendar", ...commands);

beforeEach(async () => {
  await control({ do: "reset" }, { do: "settings", strict: true });
  receiver.received.length = 0;
  session = sessionWith(googleCalendar, await authorize(sandbox, googleCalendar, ada));
  owner = await makeMember(workspace, { role: "user" });
  calendar = await makeCalendar(owner);
});

const pull = (cursor: string | null, stream = ada): Promise<Page<"event">> => {
  const capability = googleCalendar.capabilities.event?.pull;
  if (!capability) throw new Error("there is nothing to pull");
  return capability.page(session, { stream, cursor, since, now: new Date() });
};

/** Reads to the end and stores each page, as the engine does; returns the last cursor. */
async function readAll(from: string | null): Promise<{ cursor: string; pages: number }> {
  const began = new Date();
  let cursor = from;
  for (let pages = 1; ; pages += 1) {
    const page = await pull(cursor);
    await db().transaction((tx) => storeEventPage(tx, calendar, ada, page));
    cursor = page.cursor;
    if (page.hasMore) continue;
    if (page.isWhole) await dropCalendar(db(), calendar, ada, began);
    return { cursor, pages };
  }
}

const upcoming = async () => (await upcomingEvents(await owner.ctx(), { limit: 100 })).events;
const titles = async () => (await upcoming()).map(({ title }) => title);

const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const added = z.object({ id: z.string() });

async function addEvent(summary: string, hours: number, rest: Json = {}): Promise<string> {
  const [result] = await control({
    do: "add_event",
    organizer: ada,
    summary,
    start: soon(hours),
    minutes: 30,
    ...rest,
  });
  return added.parse(result).id;
}

async function choices(): Promise<readonly Choice[]> {
  const setting = googleCalendar.settings.find(({ key }) => key === "calendars");
  if (setting?.kind !== "choices") throw new Error("calendars are no choices");
  return await setting.load(session);
}

test("connecting ends with the account, a refresh token and exactly the scopes that were asked for", async () => {
  const reply = await authorize(sandbox, googleCalendar, ada);
  expect(reply.refreshToken).toMatch(/./);
  expect([...(reply.scopes ?? [])].sort()).toEqual([...googleCalendar.auth.baseScopes].sort());
  expect(await googleCalendar.identify(sessionWith(googleCalendar, reply))).toMatchObject({
    label: ada,
    accountId: expect.stringMatching(/^\d+$/),
  });
});

test("the own calendar is preset under its real id", async () => {
  const found = await choices();
  expect(found[0]).toMatchObject({ id: ada, hint: "primary" });
  const setting = googleCalendar.settings.find(({ key }) => key === "calendars");
  expect(setting?.kind === "choices" ? setting.preset?.(found) : []).toEqual([ada]);
});

describe("reading", () => {
  test("a calendar over many pages gives what is coming, without all-day and declined events", async () => {
    await control({ do: "settings", pageSize: 3 });
    const { pages } = await readAll(null);
    expect(pages).toBeGreaterThan(2);
    const events = await upcoming();
    const renewal = events.find(({ title }) => title === "Renewal call - Northwind");
    expect(renewal).toMatchObject({
      platform: "google_meet",
      meetingUrl: "https://meet.google.com/abc-mnop-xyz",
      // The room that was invited is nobody.
      attendeeCount: 3,
    });
    const platforms = new Set(events.map(({ platform }) => platform));
    expect(platforms).toEqual(new Set(["google_meet", "zoom", "microsoft_teams", "none"]));
    expect(events.map(({ title }) => title)).not.toContain("Interview: backend engineer");
  });

  test("what is added, moved and cancelled afterwards comes as changes, and nothing else does", async () => {
    const moved = await addEvent("To be moved", 30);
    const dropped = await addEvent("To be cancelled", 31);
    const { cursor } = await readAll(null);
    expect(await titles()).toEqual(expect.arrayContaining(["To be moved", "To be cancelled"]));
    await addEvent("Brand new", 32);
    await control(
      { do: "edit_event", event: moved, summary: "Was moved", start: soon(33) },
      { do: "cancel_event", event: dropped },
    );
    const page = await pull(cursor);
    expect(page).toMatchObject({ isWhole: false, hasMore: false });
    expect(page.changes.map(({ kind }) => kind).sort()).toEqual(["delete", "upsert", "upsert"]);
    const again = await readAll(cursor);
    const now = await titles();
    expect(now).toEqual(expect.arrayContaining(["Was moved", "Brand new"]));
    expect(now).not.toContain("To be cancelled");
    expect((await pull(again.cursor)).changes).toEqual([]);
  });

  test("a sync token that Google forgot is an expired cursor; reading anew loses and doubles nothing", async () => {
    const gone = await addEvent("Cancelled meanwhile", 30);
    const { cursor } = await readAll(null);
    const before = await titles();
    await control({ do: "expire_sync_tokens" }, { do: "cancel_event", event: gone });
    expect((await errorOf(pull(cursor))).fault).toEqual({ kind: "cursor_expired" });
    await readAll(null);
    expect((await titles()).sort()).toEqual(
      before.filter((title) => title !== "Cancelled meanwhile").sort(),
    );
  });

  test("a calendar that changes while it is read ends up as it is", async () => {
    await control({ do: "settings", pageSize: 3 });
    const early = await addEvent("Cancelled while reading", 2);
    const then = [
      { do: "cancel_event", event: early },
      {
        do: "add_event",
        organizer: ada,
        summary: "Added while reading",
        start: soon(3),
        minutes: 30,
      },
    ];
    await control({
      do: "fault",
      fault: { kind: "then", operation: "events.list", skip: 1, commands: then },
    });
    const { cursor } = await readAll(null);
    await readAll(cursor);
    const now = await titles();
    expect(now).toContain("Added while reading");
    expect(now).not.toContain("Cancelled while reading");
  });

  test("a calendar that is no longer shared is named, and the others are read on", async () => {
    const shared = (await choices()).find(({ id }) => id !== ada);
    if (!shared) throw new Error("nothing is shared with Ada");
    expect((await pull(null, shared.id)).changes).toBeInstanceOf(Array);
    await control({ do: "share", calendar: shared.id, email: ada, role: null });
    expect((await errorOf(pull(null, shared.id))).fault).toMatchObject({
      kind: "place_unavailable",
      place: shared.id,
    });
    expect((await pull(null)).changes.length).toBeGreaterThan(0);
  });

  test.each([
    ["rateLimitExceeded", { kind: "rate_limited" }],
    ["insufficientPermissions", { kind: "reauth", reason: "scope_missing" }],
    ["accessNotConfigured", { kind: "rejected" }],
    ["backendError", { kind: "transient" }],
  ])("%s is what it is", async (code, fault) => {
    await control({ do: "fault", fault: { kind: "refused", operation: "events.list", code } });
    expect((await errorOf(pull(null))).fault).toMatchObject(fault);
  });
});

describe("the grant", () => {
  test("is refreshed without a new refresh token, until it is revoked", async () => {
    const first = await authorize(sandbox, googleCalendar, ada);
    const registration = registrationOf(googleCalendar);
    const second = await refreshGrant(registration, first.refreshToken ?? "", signal());
    expect(second).toMatchObject({ refreshToken: first.refreshToken });
    await revokeGrant(registration, second, false, signal());
    // It was dead already: a success.
    await revokeGrant(registration, second, false, signal());
    const refused = await errorOf(refreshGrant(registration, first.refreshToken ?? "", signal()));
    expect(refused.fault).toEqual({ kind: "reauth", reason: "token_revoked" });
    const call = errorOf(googleCalendar.identify(sessionWith(googleCalendar, second)));
    expect((await call).fault).toMatchObject({ kind: "reauth" });
  });
});

test("a watch channel tells of changes with its own token, and stops", async () => {
  const origin = new URL(receiver.url).origin;
  await control({ do: "settings", allowHttpHooks: { "https://harmony.example": origin } });
  const { webhooks } = googleCalendar;
  const subscription = await webhooks?.subscribe?.(session, {
    resource: "event",
    stream: ada,
    url: "https://harmony.example/api/hooks/google_calendar/hook1",
    hookId: "hook1",
    secret: "s3cret-of-this-channel",
  });
  if (!subscription) throw new Error("there is nothing to watch");
  expect(subscription.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  await addEvent("A change", 3);
  const calls = await waitFor(
    "two notifications",
    () => receiver.received.length >= 2 && receiver.received,
  );
  for (const call of calls.slice(0, 2)) {
    const request: RawRequest = {
      method: "POST",
      url: new URL("https://harmony.example/api/hooks/google_calendar/hook1"),
      headers: new Headers(
        Object.entries(call.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        ),
      ),
      body: call.body,
    };
    const known = {
      secret: "s3cret-of-this-channel",
      facts: subscription.facts ?? {},
      now: new Date(),
    };
    expect(webhooks?.verify(request, known)).toBe(true);
    expect(webhooks?.verify(request, { ...known, secret: "another" })).toBe(false);
    expect(webhooks?.read(request).hints).toHaveLength(1);
  }
  await webhooks?.unsubscribe?.(session, subscription);
  // Stopped already: no error.
  await webhooks?.unsubscribe?.(session, subscription);
});
