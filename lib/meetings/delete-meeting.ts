import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { log } from "@/lib/core/log";
import { cancelDeliveriesOfMeeting } from "@/lib/events/cancel-deliveries";
import { withdrawOffersOfMeeting } from "@/lib/events/offer";
import { lockMeeting } from "@/lib/meetings/rights";
import { storage } from "@/lib/storage/storage";

/**
 * Deletes a meeting with everything made from it (handbook D-64): the API answers 404 at once. A job that is
 * working on it finds no row and ends, and nothing that waits to be sent about it is sent. The file goes after the
 * commit; where that fails, the hourly sweep of files without a row removes it.
 */
export async function deleteMeeting(ctx: Context, input: { readonly id: string }): Promise<void> {
  const { workspaceId } = ctx.principal;
  const meeting = await db().transaction(async (tx) => {
    const locked = await lockMeeting(tx, ctx, input.id, "meetings:delete");
    const withdrawn = await withdrawOffersOfMeeting(tx, workspaceId, locked.id);
    await tx
      .delete(meetings)
      .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, locked.id)));
    const cancelled = await cancelDeliveriesOfMeeting(tx, workspaceId, locked.id);
    await recordAudit(tx, ctx, {
      category: "meetings",
      action: "meeting.deleted",
      target: { type: "meeting", id: locked.id, label: locked.title },
      metadata: { cancelled_deliveries: cancelled, withdrawn_from_tools: withdrawn },
    });
    return locked;
  });
  if (meeting.recordingKey === null) return;
  try {
    await storage().remove(meeting.recordingKey);
  } catch (error) {
    log().warn(
      { meeting: meeting.id, err: error },
      "the file of a deleted meeting stays for the sweep",
    );
  }
}
