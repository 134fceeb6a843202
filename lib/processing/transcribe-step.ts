import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { type EngineRecord, transcripts } from "@/db/schema/meetings";
import { AppError } from "@/lib/core/errors";
import { type Meeting, MeetingFailure } from "@/lib/processing/meeting-step";
import { planLimit } from "@/lib/processing/plan-limit";
import { storeTranscript } from "@/lib/processing/store-transcript";
import { storage } from "@/lib/storage/storage";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";
import {
  endOfTurns,
  type Transcript,
  transcriptBytesMax,
  withNames,
} from "@/lib/transcripts/transcript";
import { TranscriptFileError } from "@/lib/transcripts/transcript-file-error";

const fileEngine: EngineRecord = {
  id: "file",
  name: "Transcript file",
  model: null,
  version: "1",
};

async function readTranscriptFile(meeting: Meeting): Promise<Transcript> {
  if (meeting.recordingKind !== "transcript" || !meeting.recordingKey) {
    throw new MeetingFailure(
      "corrupt_file",
      "There is no file to process. Upload the recording or the transcript again.",
    );
  }
  try {
    const bytes = await storage().readAll(meeting.recordingKey, transcriptBytesMax);
    return parseTranscript(bytes, meeting.recordingName ?? "");
  } catch (error) {
    if (error instanceof TranscriptFileError)
      throw new MeetingFailure("corrupt_file", error.message);
    if (error instanceof AppError) throw new MeetingFailure("corrupt_file", error.message);
    throw error;
  }
}

async function checkDuration(meeting: Meeting, transcript: Transcript): Promise<void> {
  const limit = await planLimit(meeting.workspaceId);
  const seconds = Math.ceil(transcript.durationMs / 1000);
  if (seconds <= limit.planSeconds) return;
  throw limit.failure(`The recording is ${Math.ceil(seconds / 60)} minutes long`);
}

/** Step one: the transcript that an earlier run or the media worker stored, else that of the uploaded file. */
export async function transcribe(meeting: Meeting): Promise<Transcript> {
  const stored = await readStored(meeting);
  if (stored) return stored;
  const transcript = await readTranscriptFile(meeting);
  await checkDuration(meeting, transcript);
  await db().transaction((tx) =>
    storeTranscript(tx, meeting, { ...transcript, engine: fileEngine }),
  );
  return (await readStored(meeting)) ?? transcript;
}

/** The transcript as it stands, speakers by name; null while there is none. */
export async function readStored(
  meeting: Pick<Meeting, "id" | "workspaceId">,
): Promise<Transcript | null> {
  const [row] = await db()
    .select()
    .from(transcripts)
    .where(
      and(eq(transcripts.meetingId, meeting.id), eq(transcripts.workspaceId, meeting.workspaceId)),
    );
  if (!row) return null;
  return {
    turns: withNames(row.turns, row.speakers),
    durationMs: endOfTurns(row.turns),
    timing: row.timing,
    format: "json",
  };
}
