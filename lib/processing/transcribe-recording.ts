import { rm } from "node:fs/promises";
import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings, transcripts } from "@/db/schema/meetings";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { enqueue } from "@/lib/jobs/enqueue";
import type { JobPayloads } from "@/lib/jobs/queues";
import { MediaError } from "@/lib/media/media";
import type { FailureCode } from "@/lib/meetings/schema";
import { failMeeting, type Meeting, MeetingFailure } from "@/lib/processing/meeting-step";
import { prepareRecording } from "@/lib/processing/prepare-recording";
import { progressFrom, recogniseParts } from "@/lib/processing/recognise-parts";
import { enqueueTranscription, isRecording } from "@/lib/processing/recordings";
import { storeTranscript } from "@/lib/processing/store-transcript";
import { MeetingGone, type MeetingWatch, watchMeeting } from "@/lib/processing/watch-meeting";
import { makeWorkFile } from "@/lib/processing/work-files";
import { selectTranscriber } from "@/lib/transcription/select-transcriber";
import { type Transcriber, TranscriberError } from "@/lib/transcription/transcriber";

// The media worker's job: fetch → decode → hear part by part → tell speakers apart → store the transcript, which sends
// the meeting on to the ordinary worker. What has been heard is kept part by part, so the job can be killed anywhere.

type Target = JobPayloads["meeting.transcribe"];

/** Brings the recording of a meeting from its address into storage; the row says what it is when it is there. */
export type FetchRecording = (meeting: Meeting, signal: AbortSignal) => Promise<unknown>;

const firstPauseSeconds = 5;
const failuresMax = 5;

const openMeeting = ({ workspaceId, meetingId }: Target) =>
  and(
    eq(meetings.workspaceId, workspaceId),
    eq(meetings.id, meetingId),
    inArray(meetings.status, ["queued", "processing"]),
  );

async function claim(target: Target): Promise<Meeting | null> {
  const [meeting] = await db()
    .update(meetings)
    .set({
      status: "processing",
      stage: sql`coalesce(${meetings.stage}, 'transcribing')`,
      progress: sql`greatest(${meetings.progress}, 5)`,
    })
    .where(openMeeting(target))
    .returning();
  return meeting ?? null;
}

async function hasTranscript({ id, workspaceId }: Meeting): Promise<boolean> {
  const [row] = await db()
    .select({ meetingId: transcripts.meetingId })
    .from(transcripts)
    .where(and(eq(transcripts.workspaceId, workspaceId), eq(transcripts.meetingId, id)));
  return row !== undefined;
}

/** Fetches what is still elsewhere. Null: what came is a transcript file, or the meeting is gone. */
async function fetched(
  meeting: Meeting,
  target: Target,
  fetchRecording: FetchRecording,
  signal: AbortSignal,
): Promise<Meeting | null> {
  if (meeting.sourceUrlSealed === null) return meeting;
  await fetchRecording(meeting, signal);
  const [row] = await db().select().from(meetings).where(openMeeting(target));
  if (!row) throw new MeetingGone();
  return isRecording(row) ? row : null;
}

async function requireReady(transcriber: Transcriber): Promise<void> {
  const state = await transcriber.probe();
  if (!state.ready) throw new MeetingFailure("transcription_error", state.reason);
}

async function hear(meeting: Meeting, watch: MeetingWatch): Promise<void> {
  const { signal } = watch;
  const pcmPath = await makeWorkFile(meeting.id);
  try {
    const audio = await prepareRecording(meeting, pcmPath, signal);
    watch.report(progressFrom);
    const transcriber = selectTranscriber(env());
    await requireReady(transcriber);
    const parts = await recogniseParts(meeting, audio, transcriber, watch);
    const speakers = meeting.speakersExpected;
    const turns = await transcriber.assemble(parts, { speakers, signal });
    if (turns.length === 0) throw nothingSaid();
    const { engine } = transcriber;
    const { durationMs } = audio;
    const { workspaceId, id: meetingId } = meeting;
    await db().transaction(async (tx) => {
      const transcript = {
        turns,
        durationMs,
        timing: "exact",
        format: "recording",
        engine,
      } as const;
      if (!(await storeTranscript(tx, meeting, transcript))) throw new MeetingGone();
      await enqueue(tx, "meeting.process", { workspaceId, meetingId });
    });
  } finally {
    await rm(pcmPath, { force: true });
  }
}

function nothingSaid(): MeetingFailure {
  return new MeetingFailure(
    "no_speech",
    "No speech was found in the recording. Check that the right file was uploaded and that its microphone was on.",
  );
}

/** How the meeting ends for this reason; null when the same work may succeed later. */
function finalFailure(error: unknown): { code: FailureCode; message: string } | null {
  if (error instanceof MeetingFailure || error instanceof MediaError) return error;
  if (error instanceof TranscriberError && error.kind === "permanent") return error;
  return null;
}

/** Ends the meeting, or puts its job off: 5 s, then twice as long each time, five times in all. */
async function settle(meeting: Meeting, target: Target, error: unknown): Promise<void> {
  const final = finalFailure(error);
  if (final) return failMeeting(meeting, final.code, final.message);
  const failures = target.failures ?? 0;
  log().error({ meeting: meeting.id, failures: failures + 1, err: error }, "a recording failed");
  if (failures < failuresMax) {
    const pause = firstPauseSeconds * 2 ** failures;
    const { workspaceId, meetingId } = target;
    const next = { workspaceId, meetingId, failures: failures + 1 };
    await db().transaction((tx) => enqueueTranscription(tx, next, pause));
    return;
  }
  if (error instanceof TranscriberError) return failMeeting(meeting, error.code, error.message);
  const message = "Processing failed on our side. Press Retry; if it stays, write to support.";
  await failMeeting(meeting, "internal_error", message);
}

/**
 * Makes the transcript of one recording. A cancelled or deleted meeting ends it in silence within two seconds. What
 * cannot succeed leaves the meeting `failed` with a code and a remedy; what may succeed later puts the job off.
 * Rejects when the job itself was aborted, so that the queue repeats it.
 */
export async function transcribeRecording(
  target: Target,
  job: { readonly signal: AbortSignal },
  fetchRecording: FetchRecording,
): Promise<void> {
  const meeting = await claim(target);
  if (!meeting) return;
  const watch = watchMeeting(meeting, job.signal);
  try {
    const here = (await hasTranscript(meeting))
      ? null
      : await fetched(meeting, target, fetchRecording, watch.signal);
    if (here) await hear(here, watch);
    else await db().transaction((tx) => enqueue(tx, "meeting.process", targetOf(meeting)));
  } catch (error) {
    job.signal.throwIfAborted();
    if (error instanceof MeetingGone || watch.signal.aborted) return;
    await settle(meeting, target, error);
  } finally {
    await watch.stop();
  }
}

function targetOf({ workspaceId, id }: Meeting): JobPayloads["meeting.process"] {
  return { workspaceId, meetingId: id };
}
