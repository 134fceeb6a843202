import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { type DecodedRecording, decodeAudio } from "@/lib/media/decode";
import type { MediaFacts } from "@/lib/media/media";
import { makePlaybackCopy, playbackType } from "@/lib/media/playback";
import { type MediaSource, probeMedia } from "@/lib/media/probe";
import { advance, type Meeting, MeetingFailure } from "@/lib/processing/meeting-step";
import { planLimit } from "@/lib/processing/plan-limit";
import { MeetingGone } from "@/lib/processing/watch-meeting";
import { storage } from "@/lib/storage/storage";

/**
 * Decodes the recording of a meeting into `pcmPath`, and makes a copy for browsers where they need one. The length
 * that counts is the decoded one; decoding stops where the plan does.
 * @throws MediaError and MeetingFailure for what cannot be used.
 */
export async function prepareRecording(
  meeting: Meeting,
  pcmPath: string,
  signal: AbortSignal,
): Promise<DecodedRecording> {
  const limit = await planLimit(meeting.workspaceId);
  const audio = await withRecording(meeting, signal, async (source) => {
    const facts = await probeMedia(source, signal);
    const target = { pcmPath, maxMs: limit.seconds * 1000 };
    const decoded = await decodeAudio(source, facts, target, signal);
    if (decoded.isCut) {
      const minutes = Math.floor(limit.seconds / 60);
      throw limit.failure(`The recording is longer than ${minutes} minutes`);
    }
    if (facts.playableAs === null) await keepPlaybackCopy(meeting, source, facts, signal);
    return decoded;
  });
  const durationSeconds = Math.ceil(audio.durationMs / 1000);
  if (!(await advance(db(), meeting, { durationSeconds }))) throw new MeetingGone();
  return audio;
}

async function withRecording<T>(
  { recordingKey, recordingType }: Meeting,
  signal: AbortSignal,
  use: (source: MediaSource) => Promise<T>,
): Promise<T> {
  const missing = new MeetingFailure(
    "corrupt_file",
    "The recording is no longer stored. Upload it again.",
  );
  if (recordingKey === null) throw missing;
  try {
    return await storage().withLocalFile(recordingKey, signal, (path) =>
      use({ path, contentType: recordingType }),
    );
  } catch (error) {
    throw error instanceof AppError && error.code === "not_found" ? missing : error;
  }
}

/** Without a copy the player cannot play the recording, which is no reason to give up its transcript. */
async function keepPlaybackCopy(
  meeting: Meeting,
  source: MediaSource,
  facts: MediaFacts,
  signal: AbortSignal,
): Promise<void> {
  const { workspaceId, id } = meeting;
  if (meeting.playbackKey !== null) return;
  const { stored, failure } = await makePlaybackCopy(source, facts, signal, (copy) =>
    storage().stage(copy, signal),
  );
  if (failure) {
    log().warn({ meeting: id, code: failure.code }, "no copy for browsers could be made");
    return stored.discard();
  }
  const playbackKey = `playback/${workspaceId}/${id}`;
  await stored.keep(playbackKey);
  const [row] = await db()
    .update(meetings)
    .set({ playbackKey, playbackType })
    .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, id)))
    .returning({ id: meetings.id });
  if (row) return;
  // Deleted meanwhile. A crash before this line leaves a file without a row, which the sweep removes.
  await storage().remove(playbackKey);
  throw new MeetingGone();
}
