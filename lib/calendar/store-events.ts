import { and, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { calendarEvents, type connections } from "@/db/schema/integrations";
import { findConference } from "@/lib/calendar/conference-key";
import type { Change, EventRecord, Page } from "@/lib/integrations/contract";

type ConnectionRef = Pick<typeof connections.$inferSelect, "id" | "workspaceId">;
type EventRow = typeof calendarEvents.$inferInsert;
type Upsert = Extract<Change<"event">, { kind: "upsert" }>;

/** What became of one change of a page. */
export interface StoredEvent {
  readonly externalId: string;
  readonly outcome: "created" | "updated" | "unchanged" | "removed" | "unreadable";
  /** Ours; null where there is none (any more). */
  readonly id: string | null;
  readonly url: string | null;
  /** Of an unreadable one. */
  readonly reason: string | null;
}

/** Text as PostgreSQL takes it: without NUL and half characters. */
function storable(text: string, max: number): string {
  return text
    .replaceAll("\u0000", "")
    .slice(0, max)
    .replace(/[\ud800-\udfff]/gu, "");
}

const storableOrNull = (text: string | null, max: number) =>
  text === null ? null : storable(text, max);

function columnsOf(record: EventRecord) {
  const conference = findConference(record.linkCandidates);
  return {
    uid: storableOrNull(record.uid, 1000),
    occurrence: record.occurrence,
    title: storable(record.title, 500),
    startsAt: record.startsAt,
    endsAt: record.endsAt < record.startsAt ? record.startsAt : record.endsAt,
    isAllDay: record.isAllDay,
    isDeclined: record.isDeclined,
    isPrivate: record.isPrivate,
    organizerEmail: storableOrNull(record.organizerEmail, 320),
    attendees: record.attendees.map((attendee) => ({
      ...attendee,
      email: storable(attendee.email, 320),
      name: storableOrNull(attendee.name, 200),
      response: storable(attendee.response, 40),
    })),
    meetingUrl: conference === null ? null : storable(conference.url, 2000),
    platform: conference?.platform ?? ("none" as const),
    conferenceKey: conference?.key ?? null,
    status: record.status,
  };
}

const ofCalendar = (connection: ConnectionRef, calendarId: string) =>
  and(
    eq(calendarEvents.workspaceId, connection.workspaceId),
    eq(calendarEvents.connectionId, connection.id),
    eq(calendarEvents.calendarId, calendarId),
  );

async function knownOf(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  externalIds: readonly string[],
) {
  if (externalIds.length === 0) return new Map<string, { id: string; version: string | null }>();
  const rows = await tx
    .select({
      id: calendarEvents.id,
      externalId: calendarEvents.externalId,
      version: calendarEvents.version,
    })
    .from(calendarEvents)
    .where(
      and(ofCalendar(connection, calendarId), inArray(calendarEvents.externalId, [...externalIds])),
    );
  return new Map(rows.map(({ externalId, ...row }) => [externalId, row]));
}

async function write(tx: Tx, rows: readonly EventRow[], now: Date) {
  if (rows.length === 0) return new Map<string, string>();
  const excluded = (column: string) => sql.raw(`excluded.${column}`);
  const written = await tx
    .insert(calendarEvents)
    .values([...rows])
    .onConflictDoUpdate({
      target: [calendarEvents.connectionId, calendarEvents.calendarId, calendarEvents.externalId],
      set: {
        uid: excluded("uid"),
        occurrence: excluded("occurrence"),
        title: excluded("title"),
        startsAt: excluded("starts_at"),
        endsAt: excluded("ends_at"),
        isAllDay: excluded("is_all_day"),
        isDeclined: excluded("is_declined"),
        isPrivate: excluded("is_private"),
        organizerEmail: excluded("organizer_email"),
        attendees: excluded("attendees"),
        meetingUrl: excluded("meeting_url"),
        platform: excluded("platform"),
        conferenceKey: excluded("conference_key"),
        status: excluded("status"),
        version: excluded("version"),
        updatedAt: now,
      },
    })
    .returning({ id: calendarEvents.id, externalId: calendarEvents.externalId });
  return new Map(written.map((row) => [row.externalId, row.id]));
}

/** `updated_at` is also when the event was met last: what a whole reading does not touch is gone. */
async function touch(tx: Tx, connection: ConnectionRef, ids: readonly string[], now: Date) {
  if (ids.length === 0) return;
  await tx
    .update(calendarEvents)
    .set({ updatedAt: now })
    .where(
      and(
        eq(calendarEvents.workspaceId, connection.workspaceId),
        inArray(calendarEvents.id, [...ids]),
      ),
    );
}

async function remove(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  externalIds: readonly string[],
) {
  if (externalIds.length === 0) return new Map<string, string>();
  const rows = await tx
    .delete(calendarEvents)
    .where(
      and(ofCalendar(connection, calendarId), inArray(calendarEvents.externalId, [...externalIds])),
    )
    .returning({ id: calendarEvents.id, externalId: calendarEvents.externalId });
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

/** The last word about each event: a page may name one twice. */
function lastOfEach(changes: readonly Change<"event">[]): readonly Change<"event">[] {
  return [...new Map(changes.map((change) => [change.externalId, change])).values()];
}

/**
 * Keeps a page of a calendar's events: new and changed ones are written in one statement, those of the same version are
 * not, removed ones go. Returns what became of each, and the rows that were written.
 */
export async function storeEvents(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  page: Pick<Page<"event">, "changes" | "isWhole">,
  now: Date,
): Promise<{ readonly stored: readonly StoredEvent[]; readonly written: readonly EventRow[] }> {
  const changes = lastOfEach(page.changes);
  const upserts = changes.filter((change): change is Upsert => change.kind === "upsert");
  const known = await knownOf(
    tx,
    connection,
    calendarId,
    upserts.map(({ externalId }) => externalId),
  );
  const isUnchanged = ({ externalId, version }: Upsert) =>
    version !== null && known.get(externalId)?.version === version;
  const rows = upserts
    .filter((change) => !isUnchanged(change))
    .map(({ externalId, version, record }) => ({
      ...columnsOf(record),
      workspaceId: connection.workspaceId,
      connectionId: connection.id,
      calendarId,
      externalId,
      version,
      updatedAt: now,
    }));
  const writtenIds = await write(tx, rows, now);
  if (page.isWhole) {
    const met = upserts
      .filter(isUnchanged)
      .flatMap(({ externalId }) => known.get(externalId)?.id ?? []);
    await touch(tx, connection, met, now);
  }
  const gone = changes.filter(({ kind }) => kind === "delete").map(({ externalId }) => externalId);
  const removed = await remove(tx, connection, calendarId, gone);
  const stored = changes.map((change): StoredEvent => {
    const { externalId } = change;
    const base = { externalId, url: null, reason: null };
    if (change.kind === "unreadable") {
      return { ...base, outcome: "unreadable", id: null, reason: change.reason };
    }
    if (change.kind === "delete") {
      const id = removed.get(externalId) ?? null;
      return { ...base, outcome: id === null ? "unchanged" : "removed", id };
    }
    const before = known.get(externalId);
    if (isUnchanged(change)) {
      return { ...base, outcome: "unchanged", id: before?.id ?? null, url: change.url };
    }
    const outcome = before ? "updated" : "created";
    return { ...base, outcome, id: writtenIds.get(externalId) ?? null, url: change.url };
  });
  return { stored, written: rows };
}

/** Removes what a whole reading of the calendar did not meet since it began; all of it without `seenSince`. */
export async function removeUnseen(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  seenSince: Date | null,
): Promise<number> {
  const rows = await tx
    .delete(calendarEvents)
    .where(
      and(
        ofCalendar(connection, calendarId),
        seenSince === null ? undefined : lt(calendarEvents.updatedAt, seenSince),
      ),
    )
    .returning({ id: calendarEvents.id });
  return rows.length;
}

/** Providers read at least this far back; what ended before may be missing only because the window moved on. */
const windowBackMs = 30 * 86_400_000;

/**
 * How many of the calendar's events there are, and how many of them such a reading should have met and did not: those
 * that have only left its window are no loss.
 */
export async function countUnseen(
  tx: Tx,
  connection: ConnectionRef,
  calendarId: string,
  seenSince: Date,
): Promise<{ readonly known: number; readonly unseen: number }> {
  const [row] = await tx
    .select({
      known: sql<number>`count(*)::int`,
      unseen: sql<number>`(count(*) filter (where ${and(
        lt(calendarEvents.updatedAt, seenSince),
        gte(calendarEvents.endsAt, new Date(seenSince.getTime() - windowBackMs)),
      )}))::int`,
    })
    .from(calendarEvents)
    .where(ofCalendar(connection, calendarId));
  return row ?? { known: 0, unseen: 0 };
}
