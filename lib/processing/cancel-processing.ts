import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { lockForUpdate } from "@/lib/meetings/service";
import { tellFailure } from "@/lib/processing/meeting-step";

/**
 * Ends the processing of a meeting that waits or is being worked on; who works on it notices within two seconds. What
 * has been heard of a recording is kept for a retry. `conflict` when it is not being processed.
 */
export async function cancelProcessing(
  ctx: Context,
  input: { readonly id: string },
): Promise<void> {
  const { workspaceId, label, userId } = ctx.principal;
  await db().transaction(async (tx) => {
    const meeting = await lockForUpdate(tx, ctx, input.id);
    if (meeting.status !== "queued" && meeting.status !== "processing") {
      throw new AppError("conflict", "Only a meeting that is being processed can be cancelled", {
        details: { status: meeting.status },
        fix: "Reload the page to see how this one is doing.",
      });
    }
    const error = {
      code: "transcription_error",
      message: `Processing was cancelled by ${label}. Press Retry to start again.`,
    } as const;
    await tx
      .update(meetings)
      .set({
        status: "failed",
        stage: null,
        failureCode: error.code,
        failureMessage: error.message,
      })
      .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, meeting.id)));
    await tellFailure(tx, meeting, error, userId);
    await recordAudit(tx, ctx, {
      category: "meetings",
      action: "meeting.cancelled",
      target: { type: "meeting", id: meeting.id, label: meeting.title },
    });
  });
}
