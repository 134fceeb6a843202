import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import {
  countMissing,
  dropCalendar,
  eventsOfConnection,
  upcomingEvents,
} from "@/lib/calendar/service";
import type { EventRecord } from "@/lib/integrations/contract";
import {
  type Member,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { eventRecord, makeCalendar, store, upsert } from "./fixtures";

// Events of calendars, from a page that the engine hands over to what their owner sees.

const now = new Date("2026-03-02T09:00:00Z");
const clock = () => now;
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
});

/** A member with a calendar of their own: tests do not see each other's events. */
async function makeOwner(options: Parameters<typeof makeCalendar>[1] = {}) {
  const owner = await makeMember(workspace, { role: "user" });
  return { owner, calendar: await makeCalendar(owner, options) };
}

const titlesOf = async (member: Member) =>
  (await upcomingEvents(await member.ctx(clock), { limit: 20 })).events.map(({ title }) => title);

describe("a page of events", () => {
  test("is written once; what has the same version is not written again", async () => {
    const { calendar } = await makeOwner();
    const page = [
      upsert("a", eventRecord(hours(1))),
      upsert("b", eventRecord(hours(2)), "1"),
      { kind: "unreadable" as const, externalId: "c", reason: "no start" },
    ];
    const first = await store(calendar, page);
    expect(first.map(({ externalId, outcome }) => [externalId, outcome])).toEqual([
      ["a", "created"],
      ["b", "created"],
      ["c", "unreadable"],
    ]);
    const before = await sql`select xmin::text, id from calendar_events
      where connection_id = ${calendar.id} order by external_id`;
    const second = await store(calendar, [
      upsert("a", eventRecord(hours(1), { title: "Never read: the version is the same" })),
      upsert("b", eventRecord(hours(3), { title: "Moved" }), "2"),
    ]);
    expect(second.map(({ outcome, id }) => [outcome, id])).toEqual([
      ["unchanged", before[0]?.id],
      ["updated", before[1]?.id],
    ]);
    const after = await sql`select xmin::text, title from calendar_events
      where connection_id = ${calendar.id} order by external_id`;
    expect(after[0]?.xmin).toBe(before[0]?.xmin);
    expect(after[1]?.title).toBe("Moved");
  });

  test("removes what was cancelled, and only in that calendar", async () => {
    const { calendar } = await makeOwner();
    await store(calendar, [upsert("a", eventRecord(hours(1)))]);
    await store(calendar, [upsert("a", eventRecord(hours(1)))], { calendarId: "team@group" });
    const gone = { kind: "delete" as const, externalId: "a" };
    expect(await store(calendar, [gone])).toMatchObject([{ outcome: "removed" }]);
    // A repeated deletion, and one of something that was never here, change nothing.
    expect(await store(calendar, [gone])).toMatchObject([{ outcome: "unchanged", id: null }]);
    const left =
      await sql`select calendar_id from calendar_events where connection_id = ${calendar.id}`;
    expect(left.map((row) => row.calendar_id)).toEqual(["team@group"]);
  });

  test("that names an event twice keeps its last word", async () => {
    const { calendar } = await makeOwner();
    const stored = await store(calendar, [
      upsert("a", eventRecord(hours(1), { title: "First" })),
      upsert("a", eventRecord(hours(1), { title: "Last" }), "2"),
      upsert("b", eventRecord(hours(1))),
      { kind: "delete", externalId: "b" },
    ]);
    expect(stored).toHaveLength(2);
    const rows = await sql`select title from calendar_events where connection_id = ${calendar.id}`;
    expect(rows.map((row) => row.title)).toEqual(["Last"]);
  });

  test("takes text that PostgreSQL would refuse", async () => {
    const { calendar, owner } = await makeOwner();
    await store(calendar, [
      upsert(
        "a",
        eventRecord(hours(1), {
          title: "A\u0000B \ud83d",
          attendees: [{ email: "x\u0000@a.example", name: "\ud83d", response: "accepted" }],
        }),
      ),
    ]);
    expect(await titlesOf(owner)).toEqual(["AB "]);
  });

  test("of two runs at once is stored once", async () => {
    const { calendar } = await makeOwner();
    const changes = Array.from({ length: 50 }, (_, n) => upsert(`e${n}`, eventRecord(hours(n))));
    await Promise.all([store(calendar, changes), store(calendar, changes)]);
    const [row] =
      await sql`select count(*)::int as n from calendar_events where connection_id = ${calendar.id}`;
    expect(row?.n).toBe(50);
  });

  test("after a whole reading what it did not meet is gone, and what it met stays", async () => {
    const { calendar } = await makeOwner();
    const dayBefore = hours(-24);
    await store(
      calendar,
      [upsert("kept", eventRecord(hours(1))), upsert("gone", eventRecord(hours(2)))],
      {
        now: dayBefore,
      },
    );
    await store(calendar, [upsert("gone", eventRecord(hours(2)))], {
      now: dayBefore,
      calendarId: "team@group",
    });
    await store(calendar, [upsert("kept", eventRecord(hours(1)))], { isWhole: true, now });
    const main = "primary@acme.example";
    // One that ended long ago has left the window: it goes as well, and is no reason to stop.
    await store(calendar, [upsert("old", eventRecord(hours(-40 * 24)))], { now: dayBefore });
    expect(await countMissing(db(), calendar, main, now)).toEqual({ known: 3, unseen: 1 });
    expect(await dropCalendar(db(), calendar, main, now)).toBe(2);
    const rows = await sql`select external_id, calendar_id from calendar_events
      where connection_id = ${calendar.id} order by calendar_id`;
    expect(rows.map((row) => [row.external_id, row.calendar_id])).toEqual([
      ["kept", main],
      ["gone", "team@group"],
    ]);
    expect(await dropCalendar(db(), calendar, "team@group")).toBe(1);
  });
});

describe("what is coming up", () => {
  test("is the next 14 days in order, without what is cancelled, all day or declined", async () => {
    const { owner, calendar } = await makeOwner();
    const at = (id: string, start: Date, rest: Partial<EventRecord> = {}) =>
      upsert(id, eventRecord(start, { title: id, ...rest }));
    await store(calendar, [
      at("later", hours(48)),
      at("soon", hours(1)),
      at("running", hours(-0.5)),
      at("over", hours(-2)),
      at("beyond", hours(15 * 24)),
      at("cancelled", hours(2), { status: "cancelled" }),
      at("all day", hours(3), { isAllDay: true }),
      at("declined", hours(4), { isDeclined: true }),
      at("private", hours(5), { isPrivate: true }),
    ]);
    expect(await titlesOf(owner)).toEqual(["running", "soon", "private", "later"]);
  });

  test("says who is expected, where the call is, and how many there are beyond the list", async () => {
    const { owner, calendar } = await makeOwner();
    await store(calendar, [
      upsert(
        "a",
        eventRecord(hours(1), {
          linkCandidates: [
            "Room 4",
            "see https://acme.zoom.us/j/85746065432?pwd=Qm9i.1 &amp; more",
          ],
          attendees: [
            { email: "dana@acme.example", name: null, response: "accepted", isSelf: true },
            { email: "ravi@northwind.example", name: "Ravi Shah", response: "needsAction" },
          ],
        }),
      ),
      upsert("b", eventRecord(hours(2))),
      upsert("c", eventRecord(hours(3))),
    ]);
    const view = await upcomingEvents(await owner.ctx(clock), { limit: 2 });
    expect(view).toMatchObject({ more: 1, calendars: "connected", troubled: null });
    expect(view.events[0]).toEqual({
      id: expect.stringMatching(/^cev_/),
      title: "Renewal call",
      startsAt: "2026-03-02T10:00:00.000Z",
      endsAt: "2026-03-02T10:45:00.000Z",
      attendeeCount: 2,
      platform: "zoom",
      meetingUrl: "https://acme.zoom.us/j/85746065432?pwd=Qm9i.1",
      isPrivate: false,
    });
    expect(view.events[1]).toMatchObject({ platform: "none", meetingUrl: null, attendeeCount: 0 });
  });

  test("names the same meeting of two calendars once", async () => {
    const { owner, calendar } = await makeOwner();
    const other = await makeCalendar(owner, { provider: "microsoft_365" });
    const shared = eventRecord(hours(1), { uid: "one@google.com", title: "Shared" });
    await store(calendar, [upsert("a", shared)]);
    await store(calendar, [upsert("a", shared)], { calendarId: "team@group" });
    await store(other, [upsert("x", shared), upsert("y", eventRecord(hours(2), { title: "Own" }))]);
    expect(await titlesOf(owner)).toEqual(["Shared", "Own"]);
  });

  test("tells no calendar, a broken one and a disconnected one apart", async () => {
    const nobody = await makeMember(workspace, { role: "user" });
    expect(await upcomingEvents(await nobody.ctx(clock), { limit: 5 })).toEqual({
      events: [],
      more: 0,
      calendars: "none",
      troubled: null,
    });
    const broken = await makeOwner({ status: "needs_attention" });
    await store(broken.calendar, [upsert("a", eventRecord(hours(1), { title: "Still known" }))]);
    expect(await upcomingEvents(await broken.owner.ctx(clock), { limit: 5 })).toMatchObject({
      events: [{ title: "Still known" }],
      calendars: "needs_attention",
      troubled: "google_calendar",
    });
    const left = await makeOwner({ status: "disconnected" });
    await store(left.calendar, [upsert("a", eventRecord(hours(1)))]);
    expect(await upcomingEvents(await left.owner.ctx(clock), { limit: 5 })).toMatchObject({
      events: [],
      calendars: "none",
    });
  });
});

describe("whose events they are", () => {
  test("nobody else sees them: no colleague, no admin, no other workspace", async () => {
    const { owner, calendar } = await makeOwner();
    await store(calendar, [upsert("a", eventRecord(hours(1)))]);
    const colleague = await makeMember(workspace, { role: "manager" });
    const stranger = (await makeWorkspace()).admin;
    for (const other of [colleague, workspace.admin, stranger]) {
      expect(await titlesOf(other)).toEqual([]);
      await expect(eventsOfConnection(await other.ctx(clock), calendar.id)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect(await eventsOfConnection(await owner.ctx(clock), calendar.id)).toHaveLength(1);
  });

  test("a connection that does not exist is not found in the same words", async () => {
    const { owner } = await makeOwner();
    await expect(
      eventsOfConnection(await owner.ctx(clock), "conn_0000000000000000000"),
    ).rejects.toMatchObject({ code: "not_found", message: "Connection not found" });
  });
});
