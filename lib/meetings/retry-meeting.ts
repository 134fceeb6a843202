import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { lockMeeting } from "@/lib/meetings/rights";

/** Puts a failed meeting back into the queue, with its job in the same transaction. `conflict` unless it failed. */
export async function retryMeeting(ctx: Context, input: { readonly id: string }): Promise<void> {
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const meeting = await lockMeeting(tx, ctx, input.id, "meetings:update");
    if (meeting.status !== "failed") {
      throw new AppError("conflict", "Only a failed meeting can be retried", {
        details: { status: meeting.status },
        fix: "Reload the page to see how this one is doing.",
      });
    }
    await tx
      .update(meetings)
      .set({ status: "queued", stage: null, progress: 0, failureCode: null, failureMessage: null })
      .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, meeting.id)));
    await enqueue(tx, "meeting.process", { workspaceId, meetingId: meeting.id });
    await recordAudit(tx, ctx, {
      category: "meetings",
      action: "meeting.retried",
      target: { type: "meeting", id: meeting.id, label: meeting.title },
    });
  });
}
