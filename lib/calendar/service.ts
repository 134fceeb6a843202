import { and, asc, eq, gt, gte, inArray, lt, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { calendarEvents, connections, meetingEvents, syncSettings } from "@/db/schema/integrations";
import { meetings } from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import type { Context } from "@/lib/auth/principal";
import { distinctEvents } from "@/lib/calendar/distinct-events";
import {
  type Candidate,
  chooseEvent,
  earlyMs,
  lateMs,
  type Match,
} from "@/lib/calendar/match-meeting";
import {
  calendarSlugs,
  type DecideMatchInput,
  type EventView,
  type ProposalView,
  type UpcomingView,
  upcomingDays,
} from "@/lib/calendar/schema";
import {
  countUnseen,
  removeUnseen,
  type StoredEvent,
  storeEvents,
} from "@/lib/calendar/store-events";
import { takeAttendees } from "@/lib/calendar/take-attendees";
import { AppError, notFound } from "@/lib/core/errors";
import type { Page } from "@/lib/integrations/contract";
import { lockForUpdate } from "@/lib/meetings/service";

// Events of connected calendars (handbook 8, D-26). They belong to the person whose calendar they are in: nobody else,
// admins included, reads them here. They are not meetings; a recorded meeting may be found to have been one of them.

type ConnectionRef = Pick<typeof connections.$inferSelect, "id" | "workspaceId">;

const dayMs = 86_400_000;

// --- What the sync engine brings -------------------------------------------------------------------------------

/**
 * Keeps a page of a calendar, in the transaction of its cursor. Meetings that were recorded before their event was
 * known are matched then. Returns what became of each change, in the page's order.
 */
export async function storeEventPage(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  page: Pick<Page<"event">, "changes" | "isWhole">,
  now: Date = new Date(),
): Promise<readonly StoredEvent[]> {
  const { stored, written } = await storeEvents(tx, connection, calendarId, page, now);
  const past = written.filter((row) => row.startsAt.getTime() - earlyMs < now.getTime());
  await matchLateComers(tx, connection.workspaceId, past);
  return stored;
}

/**
 * Removes what a whole reading that began at `exceptSeenSince` did not meet; without it the whole calendar, for one that
 * is not chosen any more. Returns how many events went.
 */
export async function dropCalendar(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  exceptSeenSince: Date | null = null,
): Promise<number> {
  return await removeUnseen(tx, connection, calendarId, exceptSeenSince);
}

/**
 * For the engine's deletion brake: how many events are known, and how many of them such a `dropCalendar` would remove
 * although they should still be there. Events that ended a month ago leave by themselves.
 */
export async function countMissing(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  seenSince: Date,
): Promise<{ readonly known: number; readonly unseen: number }> {
  return await countUnseen(tx, connection, calendarId, seenSince);
}

// --- What people see -------------------------------------------------------------------------------------------

function personOf(ctx: Context): string {
  const { kind, userId } = ctx.principal;
  if (kind === "session" && userId !== null) return userId;
  throw new AppError("forbidden", "Only a signed-in person has calendars");
}

const viewColumns = {
  id: calendarEvents.id,
  title: calendarEvents.title,
  startsAt: calendarEvents.startsAt,
  endsAt: calendarEvents.endsAt,
  uid: calendarEvents.uid,
  conferenceKey: calendarEvents.conferenceKey,
  attendeeCount: sql<number>`jsonb_array_length(${calendarEvents.attendees})`,
  platform: calendarEvents.platform,
  meetingUrl: calendarEvents.meetingUrl,
  isPrivate: calendarEvents.isPrivate,
};

/** More than anybody has in two weeks; a calendar full of generated events ends here. */
const upcomingMax = 500;

/** The person's own events of the coming days, each meeting once. */
async function readUpcoming(
  ctx: Context,
  connectionId: string | null,
): Promise<readonly EventView[]> {
  const now = ctx.now();
  const rows = await db()
    .select(viewColumns)
    .from(calendarEvents)
    .innerJoin(
      connections,
      and(
        eq(connections.id, calendarEvents.connectionId),
        eq(connections.workspaceId, calendarEvents.workspaceId),
      ),
    )
    .where(
      and(
        eq(calendarEvents.workspaceId, ctx.principal.workspaceId),
        eq(connections.ownerUserId, personOf(ctx)),
        ne(connections.status, "disconnected"),
        connectionId === null ? undefined : eq(connections.id, connectionId),
        eq(calendarEvents.status, "confirmed"),
        eq(calendarEvents.isAllDay, false),
        eq(calendarEvents.isDeclined, false),
        gt(calendarEvents.endsAt, now),
        lt(calendarEvents.startsAt, new Date(now.getTime() + upcomingDays * dayMs)),
      ),
    )
    .orderBy(asc(calendarEvents.startsAt), asc(calendarEvents.id))
    .limit(upcomingMax);
  return distinctEvents(rows).map(
    ({ uid: _uid, conferenceKey: _key, startsAt, endsAt, ...row }) => ({
      ...row,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
    }),
  );
}

/** What is coming up for the caller in the next 14 days, over all of their calendars. */
export async function upcomingEvents(
  ctx: Context,
  { limit }: { readonly limit: number },
): Promise<UpcomingView> {
  const [own, events] = await Promise.all([
    db()
      .select({ provider: connections.provider, status: connections.status })
      .from(connections)
      .where(
        and(
          eq(connections.workspaceId, ctx.principal.workspaceId),
          eq(connections.ownerUserId, personOf(ctx)),
          inArray(connections.provider, [...calendarSlugs]),
          ne(connections.status, "disconnected"),
        ),
      )
      .orderBy(asc(connections.provider)),
    readUpcoming(ctx, null),
  ]);
  const troubled = own.find(({ status }) => status === "needs_attention")?.provider ?? null;
  const working = troubled === null ? "connected" : "needs_attention";
  return {
    events: events.slice(0, limit),
    more: Math.max(0, events.length - limit),
    calendars: own.length === 0 ? "none" : working,
    troubled,
  };
}

/** The coming 14 days of one calendar connection; `not_found` for everybody but its owner. */
export async function eventsOfConnection(
  ctx: Context,
  connectionId: string,
): Promise<readonly EventView[]> {
  const [own] = await db()
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, ctx.principal.workspaceId),
        eq(connections.id, connectionId),
        eq(connections.ownerUserId, personOf(ctx)),
      ),
    );
  if (!own) throw notFound("Connection");
  return await readUpcoming(ctx, connectionId);
}

// --- Recorded meetings and their events ------------------------------------------------------------------------

interface MeetingFacts {
  readonly id: string;
  readonly workspaceId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly conferenceKey: string | null;
  readonly ownerUserId: string | null;
  readonly ownerEmail: string | null;
}

async function factsOf(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
): Promise<MeetingFacts | null> {
  const [row] = await tx
    .select({
      id: meetings.id,
      workspaceId: meetings.workspaceId,
      title: meetings.title,
      startsAt: meetings.date,
      durationSeconds: meetings.durationSeconds,
      ownerUserId: meetings.userId,
      ownerEmail: users.email,
      // Written by imports of recordings, in the form of conference-key.ts.
      conferenceKey: sql<string | null>`${meetings.attributes} ->> 'conference_key'`,
    })
    .from(meetings)
    .leftJoin(users, eq(users.id, meetings.userId))
    .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, meetingId)));
  if (!row) return null;
  const { durationSeconds, ...facts } = row;
  return { ...facts, endsAt: new Date(row.startsAt.getTime() + durationSeconds * 1000) };
}

type FoundEvent = Candidate & {
  readonly attendees: (typeof calendarEvents.$inferSelect)["attendees"];
  readonly takesAttendees: boolean;
};

const candidateColumns = {
  id: calendarEvents.id,
  title: calendarEvents.title,
  startsAt: calendarEvents.startsAt,
  endsAt: calendarEvents.endsAt,
  uid: calendarEvents.uid,
  conferenceKey: calendarEvents.conferenceKey,
  organizerEmail: calendarEvents.organizerEmail,
  isPrivate: calendarEvents.isPrivate,
  attendees: calendarEvents.attendees,
  ownerUserId: connections.ownerUserId,
  takesAttendees: sql<boolean>`coalesce(${syncSettings.contacts}, true)`,
};

const candidatesMax = 200;
const longestEventMs = dayMs;

function candidateQuery(tx: Tx) {
  return tx
    .select(candidateColumns)
    .from(calendarEvents)
    .innerJoin(
      connections,
      and(
        eq(connections.id, calendarEvents.connectionId),
        eq(connections.workspaceId, calendarEvents.workspaceId),
      ),
    )
    .leftJoin(syncSettings, eq(syncSettings.connectionId, connections.id));
}

/** Events near the meeting, of all calendars of the workspace that are still connected. */
async function eventsNear(tx: Tx, meeting: MeetingFacts): Promise<readonly FoundEvent[]> {
  return await candidateQuery(tx)
    .where(
      and(
        eq(calendarEvents.workspaceId, meeting.workspaceId),
        ne(connections.status, "disconnected"),
        eq(calendarEvents.status, "confirmed"),
        eq(calendarEvents.isAllDay, false),
        // The first two bounds are one range of the index.
        gte(
          calendarEvents.startsAt,
          new Date(meeting.startsAt.getTime() - lateMs - longestEventMs),
        ),
        lt(calendarEvents.startsAt, new Date(meeting.endsAt.getTime() + earlyMs)),
        gt(calendarEvents.endsAt, new Date(meeting.startsAt.getTime() - lateMs)),
      ),
    )
    .orderBy(
      sql`${calendarEvents.conferenceKey} is not distinct from ${meeting.conferenceKey} desc`,
      asc(calendarEvents.startsAt),
      asc(calendarEvents.id),
    )
    .limit(candidatesMax);
}

async function keepMatch(tx: Tx, meeting: MeetingFacts, match: Match): Promise<void> {
  if (match.kind === "none") return;
  const isLinked = match.kind === "linked";
  const rows = (isLinked ? [match.event] : match.events).map(({ id, score }) => ({
    workspaceId: meeting.workspaceId,
    meetingId: meeting.id,
    calendarEventId: id,
    state: isLinked ? ("linked" as const) : ("proposed" as const),
    score,
  }));
  const insert = tx.insert(meetingEvents).values(rows);
  if (isLinked) {
    await insert.onConflictDoUpdate({
      target: [meetingEvents.workspaceId, meetingEvents.meetingId, meetingEvents.calendarEventId],
      set: { state: "linked", score: sql`excluded.score` },
    });
  } else {
    await insert.onConflictDoNothing();
  }
}

/**
 * Finds out which event a processed meeting was, in the transaction that ends its processing: linked with its attendees
 * where the call and the time agree, proposed where less speaks for it. Once linked it stays; what somebody dismissed is
 * not proposed again. Safe to repeat.
 */
export async function matchMeeting(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
): Promise<"linked" | "proposed" | "none"> {
  const meeting = await factsOf(tx, workspaceId, meetingId);
  if (!meeting) return "none";
  const decided = await tx
    .select({ eventId: meetingEvents.calendarEventId, state: meetingEvents.state })
    .from(meetingEvents)
    .where(and(eq(meetingEvents.workspaceId, workspaceId), eq(meetingEvents.meetingId, meetingId)));
  const near = await eventsNear(tx, meeting);
  const linkedId = decided.find(({ state }) => state === "linked")?.eventId;
  const dismissed = new Set(
    decided.filter(({ state }) => state === "dismissed").map(({ eventId }) => eventId),
  );
  const match: Match =
    linkedId === undefined
      ? chooseEvent(
          meeting,
          near.filter(({ id }) => !dismissed.has(id)),
        )
      : { kind: "linked", event: { id: linkedId, score: 1 } };
  if (linkedId === undefined) await keepMatch(tx, meeting, match);
  if (match.kind === "linked") {
    const event = near.find(({ id }) => id === match.event.id);
    if (event?.takesAttendees) await takeAttendees(tx, meeting, event);
  }
  return match.kind;
}

const lateComersMax = 50;

/** Meetings that were processed before their event arrived: those near the events that have none yet. */
async function matchLateComers(
  tx: Tx,
  workspaceId: string,
  events: readonly { readonly startsAt: Date; readonly endsAt: Date }[],
): Promise<void> {
  if (events.length === 0) return;
  const from = Math.min(...events.map(({ startsAt }) => startsAt.getTime())) - earlyMs - dayMs;
  const to = Math.max(...events.map(({ endsAt }) => endsAt.getTime())) + lateMs;
  const open = await tx
    .select({ id: meetings.id })
    .from(meetings)
    .where(
      and(
        eq(meetings.workspaceId, workspaceId),
        eq(meetings.status, "processed"),
        gte(meetings.date, new Date(from)),
        lt(meetings.date, new Date(to)),
        sql`not exists (select 1 from ${meetingEvents} me where me.workspace_id = ${workspaceId}
          and me.meeting_id = ${meetings.id} and me.state in ('linked', 'proposed'))`,
      ),
    )
    // Locked in one order, so that two calendars that arrive at once do not wait for each other in a circle.
    .orderBy(asc(meetings.id))
    .limit(lateComersMax)
    .for("update");
  for (const { id } of open) await matchMeeting(tx, workspaceId, id);
}

/** Events that may have been this meeting, from the caller's own calendars. */
export async function listProposals(
  ctx: Context,
  meetingId: string,
): Promise<readonly ProposalView[]> {
  const rows = await db()
    .select({
      eventId: calendarEvents.id,
      title: calendarEvents.title,
      startsAt: calendarEvents.startsAt,
      attendeeCount: viewColumns.attendeeCount,
    })
    .from(meetingEvents)
    .innerJoin(
      calendarEvents,
      and(
        eq(calendarEvents.id, meetingEvents.calendarEventId),
        eq(calendarEvents.workspaceId, meetingEvents.workspaceId),
      ),
    )
    .innerJoin(connections, eq(connections.id, calendarEvents.connectionId))
    .where(
      and(
        eq(meetingEvents.workspaceId, ctx.principal.workspaceId),
        eq(meetingEvents.meetingId, meetingId),
        eq(meetingEvents.state, "proposed"),
        eq(connections.ownerUserId, personOf(ctx)),
        ne(connections.status, "disconnected"),
      ),
    )
    .orderBy(sql`${meetingEvents.score} desc`, asc(calendarEvents.startsAt))
    .limit(3);
  return rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString() }));
}

/**
 * "Use its attendees" or "Not this one": only for the owner of the calendar, who may also change the meeting. The same
 * answer again changes nothing.
 */
export async function decideMatch(ctx: Context, input: DecideMatchInput): Promise<void> {
  const userId = personOf(ctx);
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const meeting = await lockForUpdate(tx, ctx, input.meetingId);
    const ofMeeting = and(
      eq(meetingEvents.workspaceId, workspaceId),
      eq(meetingEvents.meetingId, meeting.id),
    );
    const [event] = await candidateQuery(tx)
      .innerJoin(
        meetingEvents,
        and(ofMeeting, eq(meetingEvents.calendarEventId, calendarEvents.id)),
      )
      .where(
        and(
          eq(calendarEvents.workspaceId, workspaceId),
          eq(calendarEvents.id, input.eventId),
          eq(connections.ownerUserId, userId),
        ),
      );
    if (!event) throw notFound("Calendar event");
    const state = input.decision === "use" ? "linked" : "dismissed";
    await tx
      .update(meetingEvents)
      .set({ state, decidedBy: userId })
      .where(and(ofMeeting, eq(meetingEvents.calendarEventId, event.id)));
    if (state === "dismissed") return;
    // A meeting was one event: choosing it says no to the others.
    await tx
      .update(meetingEvents)
      .set({ state: "dismissed", decidedBy: userId })
      .where(
        and(
          ofMeeting,
          ne(meetingEvents.calendarEventId, event.id),
          eq(meetingEvents.state, "proposed"),
        ),
      );
    const endsAt = new Date(meeting.date.getTime() + meeting.durationSeconds * 1000);
    await takeAttendees(tx, { workspaceId, id: meeting.id, endsAt }, event);
  });
}
