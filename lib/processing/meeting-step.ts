import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { emit } from "@/lib/events/emit";
import type { FailureCode } from "@/lib/meetings/schema";
import { notify } from "@/lib/notify/notify";

export type Meeting = typeof meetings.$inferSelect;

/** What names a meeting where its other columns are not at hand. */
type MeetingRef = Pick<Meeting, "id" | "workspaceId" | "title">;

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
  meeting: MeetingRef,
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

/** In whose name a meeting ends; null: nobody did it. */
type EndedBy = string | null;

async function tellOwner(tx: Tx, meeting: MeetingRef, why: string, by: EndedBy): Promise<void> {
  const { workspaceId, id, title } = meeting;
  const [row] = await tx
    .select({ userId: meetings.userId })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, id)));
  if (!row?.userId || row.userId === by) return;
  await notify(tx, {
    workspaceId,
    to: { userIds: [row.userId] },
    type: "meeting_failed",
    severity: "error",
    title: `“${title}” could not be processed`,
    body: why,
    link: `/meetings/${id}`,
    now: new Date(),
  });
}

/** Writes what follows from a meeting that has just become `failed`: its event, and word to its owner. */
export async function tellFailure(
  tx: Tx,
  meeting: MeetingRef,
  error: { readonly code: FailureCode; readonly message: string },
  by: EndedBy = null,
): Promise<void> {
  await emit(tx, {
    workspaceId: meeting.workspaceId,
    type: "meeting.failed",
    data: { meeting_id: meeting.id, title: meeting.title, error },
  });
  await tellOwner(tx, meeting, error.message, by);
}

/** Ends the processing of a meeting with a code and a remedy; nothing happens when it is no longer being processed. */
export async function failMeeting(
  meeting: MeetingRef,
  code: FailureCode,
  message: string,
): Promise<void> {
  await db().transaction(async (tx) => {
    const changed = await advance(tx, meeting, {
      status: "failed",
      stage: null,
      failureCode: code,
      failureMessage: message,
    });
    if (changed) await tellFailure(tx, meeting, { code, message });
  });
}
