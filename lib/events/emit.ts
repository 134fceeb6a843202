import type { Tx } from "@/db/client";
import { events } from "@/db/schema/activity";

/** The four events of the seed and the `data` that each one carries (handbook 21.2). */
export interface EventData {
  "meeting.started": { meeting_id: string; title: string; started_at: string };
  "meeting.processed": { meeting_id: string; title: string; duration: number };
  "meeting.failed": {
    meeting_id: string;
    title: string;
    error: { code: string; message: string };
  };
  "insight.generated": {
    insight_id: string;
    result_id: string;
    meeting_id: string;
    name: string;
    type: string;
  };
}

export type EventType = keyof EventData;

/** Writes the fact in the transaction of the change that made it: both commit, or neither. */
export async function emit<T extends EventType>(
  tx: Tx,
  event: { readonly workspaceId: string; readonly type: T; readonly data: EventData[T] },
): Promise<void> {
  await tx.insert(events).values({
    workspaceId: event.workspaceId,
    type: event.type,
    meetingId: event.data.meeting_id,
    data: { ...event.data },
  });
}
