import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { events } from "@/db/schema/activity";
import { meetings } from "@/db/schema/meetings";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import { newId } from "@/lib/core/ids";
import { type EventFacts, eventBody, missOf, wakeDispatcher } from "@/lib/events/fan-out";
import type { EventData, EventType } from "@/lib/events/schema";

interface NewEvent<T extends EventType> {
  readonly workspaceId: string;
  readonly type: T;
  readonly data: EventData[T];
}

const unknownFacts: EventFacts = {
  teamId: null,
  userId: null,
  durationSeconds: null,
  source: null,
};

/** Webhooks of the workspace, each with the facts of the meeting that their filters look at. */
async function subscribers(tx: Tx, workspaceId: string, meetingId: string) {
  const { id, status, events: types, teamIds, userIds, sources, minDurationSeconds } = webhooks;
  const query = tx
    .select({
      webhook: { id, status, events: types, teamIds, userIds, sources, minDurationSeconds },
      facts: {
        // First, since drizzle takes the row for absent when its first column is null.
        id: meetings.id,
        teamId: meetings.teamId,
        userId: meetings.userId,
        durationSeconds: meetings.durationSeconds,
        source: meetings.source,
      },
    })
    .from(webhooks)
    .leftJoin(meetings, and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, meetingId)))
    .where(and(eq(webhooks.workspaceId, workspaceId), isNull(webhooks.deletedAt)));
  // Prepared, here and below: one round trip instead of two, inside transactions that others may wait for.
  return await query.prepare("event_subscribers").execute();
}

/**
 * Writes the fact in the transaction of the change that made it, and with it one delivery for each webhook that
 * receives it: all commit, or none. Paused and disabled webhooks get theirs as `cancelled`, so that the page can
 * count what they missed.
 */
export async function emit<T extends EventType>(tx: Tx, event: NewEvent<T>): Promise<void> {
  const { workspaceId, type } = event;
  const data: Record<string, unknown> = { ...event.data };
  const meetingId = event.data.meeting_id;
  const receivers = (await subscribers(tx, workspaceId, meetingId)).filter(
    ({ webhook, facts }) => missOf(webhook, type, facts ?? unknownFacts) === null,
  );
  const written = { id: newId("event"), workspaceId, type, data, occurredAt: new Date() };
  const writing = tx
    .insert(events)
    .values({ ...written, meetingId })
    .prepare("event")
    .execute();
  await (receivers.length === 0
    ? writing
    : Promise.all([writing, writeDeliveries(tx, written, receivers)]));
}

async function writeDeliveries(
  tx: Tx,
  event: Parameters<typeof eventBody>[0],
  receivers: Awaited<ReturnType<typeof subscribers>>,
): Promise<void> {
  const requestBody = eventBody(event);
  const rows = receivers.map(({ webhook: { id: webhookId, status } }) => ({
    workspaceId: event.workspaceId,
    webhookId,
    eventId: event.id,
    eventType: event.type,
    requestBody,
    ...(status === "active"
      ? { status: "pending" as const, nextAttemptAt: sql`now()` }
      : { status: "cancelled" as const, reason: status, completedAt: sql`now()` }),
  }));
  if (receivers.some(({ webhook }) => webhook.status === "active")) wakeDispatcher(tx);
  await tx.insert(webhookDeliveries).values(rows).prepare("event_deliveries").execute();
}
