import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { meetings, uploadSessions } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { log } from "@/lib/core/log";
import { cancelDeliveriesOfMeeting } from "@/lib/events/cancel-deliveries";
import { withdrawOffersOfMeeting } from "@/lib/events/offer";
import { removeFiles } from "@/lib/meetings/remove-files";
import { lockMeeting } from "@/lib/meetings/rights";
import { storage } from "@/lib/storage/storage";

/** Forgets the upload that became the meeting; returns where its pieces were, should any be left. */
async function deleteUpload(tx: Tx, workspaceId: string, meetingId: string): Promise<string[]> {
  const rows = await tx
    .delete(uploadSessions)
    .where(
      and(eq(uploadSessions.workspaceId, workspaceId), eq(uploadSessions.meetingId, meetingId)),
    )
    .returning({ key: uploadSessions.storageKey });
  return rows.map(({ key }) => key);
}

/**
 * Deletes a meeting with everything made from it (handbook D-64): the API answers 404 at once. A job that is
 * working on it finds no row and ends, and nothing that waits to be sent about it is sent. The files go after the
 * commit; where that fails, the hourly sweep of files without a row removes them.
 */
export async function deleteMeeting(ctx: Context, input: { readonly id: string }): Promise<void> {
  const { workspaceId } = ctx.principal;
  const { meeting, uploads } = await db().transaction(async (tx) => {
    const locked = await lockMeeting(tx, ctx, input.id, "meetings:delete");
    const withdrawn = await withdrawOffersOfMeeting(tx, workspaceId, locked.id);
    const pieces = await deleteUpload(tx, workspaceId, locked.id);
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
    return { meeting: locked, uploads: pieces };
  });
  await removeFiles(meeting);
  for (const key of uploads) {
    await storage()
      .dropParts(key)
      .catch((error: unknown) =>
        log().warn({ meeting: meeting.id, err: error }, "pieces of an upload stay for the sweep"),
      );
  }
}
