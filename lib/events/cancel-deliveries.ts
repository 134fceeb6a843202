import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { events } from "@/db/schema/activity";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";

/**
 * Ends the deliveries about a meeting that are still to be sent, in the transaction that deletes it (handbook D-64):
 * nothing about it leaves the product any more. @returns how many.
 */
export async function cancelDeliveriesOfMeeting(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
): Promise<number> {
  const ofMeeting = tx
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.workspaceId, workspaceId), eq(events.meetingId, meetingId)));
  const open = and(
    eq(webhookDeliveries.workspaceId, workspaceId),
    inArray(webhookDeliveries.eventId, ofMeeting),
    isNotNull(webhookDeliveries.nextAttemptAt),
  );
  // Webhooks before their deliveries and in one order, as the engine locks them: nobody waits in a circle.
  await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.workspaceId, workspaceId),
        inArray(
          webhooks.id,
          tx.select({ id: webhookDeliveries.webhookId }).from(webhookDeliveries).where(open),
        ),
      ),
    )
    .orderBy(webhooks.id)
    .for("no key update");
  const cancelled = await tx
    .update(webhookDeliveries)
    .set({
      status: "cancelled",
      reason: "meeting_deleted",
      nextAttemptAt: null,
      claimedUntil: null,
      completedAt: sql`now()`,
    })
    .where(open)
    .returning({ id: webhookDeliveries.id });
  return cancelled.length;
}
