import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { events } from "@/db/schema/activity";
import { meetings } from "@/db/schema/meetings";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import { newId } from "@/lib/core/ids";
import { type EventFacts, eventBody, missOf, wakeDispatcher } from "@/lib/events/fan-out";
import type { EventData, EventType } from "@/lib/events/schema";

/** A fact, its type and the data of that type. */
export type NewEvent = {
  readonly [T in EventType]: {
    readonly workspaceId: string;
    readonly type: T;
    readonly data: EventData[T];
  };
}[EventType];

const unknownFacts: EventFacts = {
  teamId: null,
  userId: null,
  durationSeconds: null,
  source: null,
};

// Statements here are prepared: one round trip instead of two, inside transactions that others may wait for. A
// connection keeps one for each number of rows, so that long ones are not.
const preparedRowsMax = 64;
/** PostgreSQL takes 65,535 parameters in a statement, and a delivery has nine. */
const statementRowsMax = 1000;

/** Webhooks of the workspace, deleted ones left out. */
async function webhooksOf(tx: Tx, workspaceId: string) {
  const { id, status, events: types, teamIds, userIds, sources, minDurationSeconds } = webhooks;
  return await tx
    .select({ id, status, events: types, teamIds, userIds, sources, minDurationSeconds })
    .from(webhooks)
    .where(and(eq(webhooks.workspaceId, workspaceId), isNull(webhooks.deletedAt)))
    .prepare("event_webhooks")
    .execute();
}

type Subscriber = Awaited<ReturnType<typeof webhooksOf>>[number];

function hasFilter(webhook: Subscriber): boolean {
  const { teamIds, userIds, sources, minDurationSeconds } = webhook;
  return teamIds.length + userIds.length + sources.length > 0 || minDurationSeconds !== null;
}

/** What filters look at, meeting by meeting. */
async function factsOf(
  tx: Tx,
  workspaceId: string,
  meetingIds: readonly string[],
): Promise<Map<string, EventFacts>> {
  const rows = await tx
    .select({
      id: meetings.id,
      teamId: meetings.teamId,
      userId: meetings.userId,
      durationSeconds: meetings.durationSeconds,
      source: meetings.source,
    })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, workspaceId), inArray(meetings.id, [...meetingIds])))
    .prepare("event_meetings")
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The rows of an event's deliveries, one for each webhook that receives it. */
function deliveryRows(
  event: Parameters<typeof eventBody>[0] & { readonly type: EventType },
  subscribers: readonly Subscriber[],
  facts: EventFacts,
) {
  const receivers = subscribers.filter((webhook) => missOf(webhook, event.type, facts) === null);
  if (receivers.length === 0) return [];
  const requestBody = eventBody(event);
  return receivers.map(({ id: webhookId, status }) => ({
    workspaceId: event.workspaceId,
    webhookId,
    eventId: event.id,
    eventType: event.type,
    requestBody,
    ...(status === "active"
      ? { status: "pending" as const, nextAttemptAt: sql`now()` }
      : { status: "cancelled" as const, reason: status, completedAt: sql`now()` }),
  }));
}

function batchesOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / statementRowsMax);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * statementRowsMax, (index + 1) * statementRowsMax),
  );
}

/** Runs the statement that inserts the rows, as a prepared one when they are few. */
async function insertPrepared(
  rows: readonly unknown[],
  statement: PromiseLike<unknown> & { prepare(name: string): { execute(): Promise<unknown> } },
): Promise<void> {
  await (rows.length > preparedRowsMax ? statement : statement.prepare("event_rows").execute());
}

/**
 * Writes facts of one workspace in the transaction of the change that made them, and with each one delivery for
 * every webhook that receives it: all commit, or none. Paused and disabled webhooks get theirs as `cancelled`, so
 * that the page can count what they missed. Facts of the same change are best written together: they share their
 * round trips.
 */
export async function emitAll(tx: Tx, facts: readonly NewEvent[]): Promise<void> {
  const [first] = facts;
  if (!first) return;
  const { workspaceId } = first;
  if (facts.some((fact) => fact.workspaceId !== workspaceId)) {
    throw new Error("events of several workspaces cannot be written together");
  }
  const subscribers = await webhooksOf(tx, workspaceId);
  const meetingIds = [...new Set(facts.map(({ data }) => data.meeting_id))];
  const known = subscribers.some(hasFilter)
    ? await factsOf(tx, workspaceId, meetingIds)
    : new Map<string, EventFacts>();
  const occurredAt = new Date();
  const rows = facts.map(({ type, data }) => ({
    id: newId("event"),
    workspaceId,
    type,
    meetingId: data.meeting_id,
    data: { ...data },
    occurredAt,
  }));
  const deliveries = rows.flatMap((event) =>
    deliveryRows(event, subscribers, known.get(event.meetingId) ?? unknownFacts),
  );
  if (deliveries.some(({ status }) => status === "pending")) wakeDispatcher(tx);
  await Promise.all([
    ...batchesOf(rows).map((batch) => insertPrepared(batch, tx.insert(events).values(batch))),
    ...batchesOf(deliveries).map((batch) =>
      insertPrepared(batch, tx.insert(webhookDeliveries).values(batch)),
    ),
  ]);
}

/** One fact; see `emitAll`. */
export function emit(tx: Tx, fact: NewEvent): Promise<void> {
  return emitAll(tx, [fact]);
}
