import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { FailureCode } from "@/lib/meetings/schema";

export type Meeting = typeof meetings.$inferSelect;

/** Processing cannot succeed; the meeting becomes `failed` with this code and sentence. */
export class MeetingFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Writes progress only while the meeting is still being processed; false when it no longer is. */
export async function advance(
  tx: Tx,
  meeting: Meeting,
  values: Partial<Meeting>,
): Promise<boolean> {
  const moved = await tx
    .update(meetings)
    .set(values)
    .where(
      and(
        eq(meetings.workspaceId, meeting.workspaceId),
        eq(meetings.id, meeting.id),
        eq(meetings.status, "processing"),
      ),
    )
    .returning({ id: meetings.id });
  return moved.length > 0;
}
