import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { enqueue } from "@/lib/jobs/enqueue";
import type { JobPayloads } from "@/lib/jobs/queues";
import type { Meeting } from "@/lib/processing/meeting-step";

/** A meeting whose transcript has to be heard first, or whose file is still to be fetched. */
export function isRecording({ recordingKind, sourceUrlSealed }: Meeting): boolean {
  return recordingKind === "audio" || recordingKind === "video" || sourceUrlSealed !== null;
}

/**
 * Puts a recording into the media worker's queue. One job of a meeting waits at a time; one that was put off for later
 * makes way.
 */
export async function enqueueTranscription(
  tx: Tx,
  target: JobPayloads["meeting.transcribe"],
  startAfterSeconds = 0,
): Promise<void> {
  const { meetingId } = target;
  await tx.execute(sql`delete from pgboss.job where name = 'meeting.transcribe'
    and state = 'created' and singleton_key = ${meetingId}`);
  await enqueue(tx, "meeting.transcribe", target, {
    singletonKey: meetingId,
    ...(startAfterSeconds > 0 ? { startAfter: startAfterSeconds } : {}),
  });
}
