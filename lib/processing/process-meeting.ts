import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings, transcripts } from "@/db/schema/meetings";
import { AnalystError } from "@/lib/analysis/analyst-error";
import { selectAnalyst } from "@/lib/analysis/select-analyst";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { analysisInput } from "@/lib/processing/analysis-input";
import { answerQuestions, finish } from "@/lib/processing/answers-step";
import { failMeeting, type Meeting, MeetingFailure } from "@/lib/processing/meeting-step";
import { storeOutline } from "@/lib/processing/outline-step";
import { enqueueTranscription, isRecording } from "@/lib/processing/recordings";
import { transcribe } from "@/lib/processing/transcribe-step";

// Takes a meeting through queued → processing (transcribing, summarizing, generating_insights) → processed or
// failed. Each step ends in one transaction and is skipped when an earlier run got past it, so the job can be
// killed anywhere and run twice. A recording goes to the media worker first, and comes back with its transcript.

async function claim(workspaceId: string, meetingId: string): Promise<Meeting | null> {
  const [meeting] = await db()
    .update(meetings)
    .set({
      status: "processing",
      stage: sql`coalesce(${meetings.stage}, 'transcribing')`,
      progress: sql`greatest(${meetings.progress}, 5)`,
    })
    .where(
      and(
        eq(meetings.workspaceId, workspaceId),
        eq(meetings.id, meetingId),
        inArray(meetings.status, ["queued", "processing"]),
      ),
    )
    .returning();
  return meeting ?? null;
}

/** True for a recording that has no transcript yet: that is the media worker's part. */
async function handToMediaWorker(workspaceId: string, meetingId: string): Promise<boolean> {
  return db().transaction(async (tx) => {
    const [meeting] = await tx
      .select()
      .from(meetings)
      .where(
        and(
          eq(meetings.workspaceId, workspaceId),
          eq(meetings.id, meetingId),
          inArray(meetings.status, ["queued", "processing"]),
        ),
      )
      .for("update");
    if (!meeting || !isRecording(meeting)) return false;
    const [transcript] = await tx
      .select({ meetingId: transcripts.meetingId })
      .from(transcripts)
      .where(and(eq(transcripts.workspaceId, workspaceId), eq(transcripts.meetingId, meetingId)));
    if (transcript) return false;
    await enqueueTranscription(tx, { workspaceId, meetingId });
    return true;
  });
}

async function run(meeting: Meeting, job: { signal: AbortSignal; isLastAttempt: boolean }) {
  const transcript = await transcribe(meeting);
  const analyst = selectAnalyst({ llm: env().llm });
  const engine = { ...analyst.engine };
  const input = await analysisInput(meeting, transcript);
  if (meeting.stage !== "generating_insights") {
    const outline = await analyst.summarize(input, { signal: job.signal });
    await db().transaction((tx) => storeOutline(tx, meeting, outline, engine));
  }
  const found = await answerQuestions(analyst, input, job.signal, job.isLastAttempt);
  await finish(meeting, input, found, engine);
}

/**
 * Processes one meeting. Retryable trouble is thrown, so that the queue tries again later; what cannot succeed, and
 * the last failed attempt, leave the meeting `failed` with a code and a remedy.
 */
export async function processMeeting(
  target: { readonly workspaceId: string; readonly meetingId: string },
  job: { readonly signal: AbortSignal; readonly isLastAttempt: boolean },
): Promise<void> {
  if (await handToMediaWorker(target.workspaceId, target.meetingId)) return;
  const meeting = await claim(target.workspaceId, target.meetingId);
  if (!meeting) return;
  try {
    await run(meeting, job);
  } catch (error) {
    if (error instanceof MeetingFailure) return failMeeting(meeting, error.code, error.message);
    const isFinal =
      job.isLastAttempt || (error instanceof AnalystError && error.kind === "permanent");
    if (!isFinal) throw error;
    log().error({ meeting: meeting.id, err: error }, "processing was given up");
    const message =
      error instanceof AnalystError
        ? error.message
        : "Processing failed on our side. Press Retry; if it stays, write to support.";
    await failMeeting(meeting, "internal_error", message);
  }
}
