import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { executePrepared, type Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { webhooks } from "@/db/schema/webhooks";
import { newId } from "@/lib/core/ids";
import { type EventFacts, eventBody, missOf, wakeDispatcher } from "@/lib/events/fan-out";
import { type Offer, offerTo, takersOf } from "@/lib/events/offer";
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

/** Webhooks of the workspace, deleted ones left out. Prepared: one round trip instead of two. */
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

/** An event with the text that its deliveries send, and these; no text where nobody receives it. */
function fanOut(
  event: Parameters<typeof eventBody>[0] & { readonly type: EventType },
  subscribers: readonly Subscriber[],
  facts: EventFacts,
) {
  const receivers = subscribers.filter((webhook) => missOf(webhook, event.type, facts) === null);
  const deliveries = receivers.map(({ id, status }) => ({
    id: newId("delivery"),
    event_id: event.id,
    webhook_id: id,
    // Cancelled ones say why: the webhook is paused or disabled.
    reason: status === "active" ? null : status,
  }));
  return { deliveries, body: receivers.length === 0 ? null : eventBody(event) };
}

/** What connected tools are told of the same facts: an answer by its own id, everything else by its meeting. */
function offerOf(fact: NewEvent): Offer {
  const meetingId = fact.data.meeting_id;
  const objectId = "result_id" in fact.data ? fact.data.result_id : meetingId;
  return { topic: fact.type, objectId, meetingId };
}

/**
 * Writes facts of one workspace in the transaction of the change that made them, and with each one delivery for
 * every webhook that receives it and one item for every connected tool that wants it: all commit, or none. Paused and disabled webhooks get theirs as `cancelled`, so
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
  const offers = facts.map(offerOf);
  // Sent together.
  const [subscribers, takers] = await Promise.all([
    webhooksOf(tx, workspaceId),
    takersOf(tx, workspaceId, offers),
  ]);
  const meetingIds = [...new Set(facts.map(({ data }) => data.meeting_id))];
  const known = subscribers.some(hasFilter)
    ? await factsOf(tx, workspaceId, meetingIds)
    : new Map<string, EventFacts>();
  const occurredAt = new Date();
  const written = facts.map(({ type, data }) => {
    const event = { id: newId("event"), workspaceId, type, data: { ...data }, occurredAt };
    const meetingId = data.meeting_id;
    return {
      event,
      meetingId,
      ...fanOut(event, subscribers, known.get(meetingId) ?? unknownFacts),
    };
  });
  const deliveries = written.flatMap((one) => one.deliveries);
  if (deliveries.some(({ reason }) => reason === null)) wakeDispatcher(tx);
  const rows = written.map(({ event: { id, type, data }, meetingId, body }) => ({
    id,
    type,
    meeting_id: meetingId,
    data,
    body,
  }));
  await executePrepared(
    tx,
    sql`
    with f as materialized (select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as f (
      id text, type text, meeting_id text, data jsonb, body text)),
    written as (
      insert into events (id, workspace_id, type, meeting_id, data, occurred_at)
      select id, ${workspaceId}, type, meeting_id, data, ${occurredAt.toISOString()}::timestamptz from f)
    insert into webhook_deliveries (id, workspace_id, webhook_id, event_id, event_type, request_body,
      status, reason, next_attempt_at, completed_at)
    select d.id, ${workspaceId}, d.webhook_id, f.id, f.type, f.body,
      case when d.reason is null then 'pending' else 'cancelled' end, d.reason,
      case when d.reason is null then now() end, case when d.reason is not null then now() end
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::text::jsonb) as d (
      id text, event_id text, webhook_id text, reason text) join f on f.id = d.event_id`,
  );
  await offerTo(tx, workspaceId, offers, takers);
}

/** One fact; see `emitAll`. */
export function emit(tx: Tx, fact: NewEvent): Promise<void> {
  return emitAll(tx, [fact]);
}
