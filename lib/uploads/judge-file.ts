import { fileTypeFromBuffer } from "file-type";
import { AppError } from "@/lib/core/errors";
import type { Staged } from "@/lib/storage/storage";
import { detectTranscript, parseTranscript } from "@/lib/transcripts/parse-transcript";
import { TranscriptFileError } from "@/lib/transcripts/transcript-file-error";

export interface JudgedFile {
  readonly kind: "transcript" | "audio" | "video";
  readonly contentType: string;
}

/** Larger transcripts are accepted as they are and judged by the job, so that no request blocks the others. */
const judgedAtOnceBytes = 2 * 1_048_576;

const transcriptTypes = {
  vtt: "text/vtt",
  srt: "application/x-subrip",
  txt: "text/plain",
  json: "application/json",
} as const;

/** A transcript file's refusal as the API says it. */
function asAppError(error: TranscriptFileError): AppError {
  const code = error.code === "corrupt_file" ? "invalid_request" : error.code;
  return new AppError(code, error.message, {
    details: {
      ...error.details,
      ...(code === "invalid_request"
        ? { fields: { file: error.message }, reason: error.code }
        : {}),
    },
    fix: remedy,
  });
}

const remedy = "Please upload an audio or video file, or a transcript (VTT, SRT, TXT, JSON).";

/** Says what the file is instead; the transcript reader knows web pages, tables and documents by name. */
function refusal(file: Staged, fileName: string, mime: string | null): AppError {
  if (mime !== null) {
    return new AppError("unsupported_media_type", `The file is of type ${mime}`, {
      details: { detected: mime },
      fix: remedy,
    });
  }
  try {
    parseTranscript(file.head, fileName);
  } catch (error) {
    if (error instanceof TranscriptFileError) return asAppError(error);
    throw error;
  }
  return new AppError(
    "unsupported_media_type",
    "The file is neither audio, video nor a transcript",
    { details: { detected: null }, fix: remedy },
  );
}

/** Reads a transcript once, so that a broken one is refused before it becomes a meeting. */
async function checkTranscript(file: Staged, fileName: string): Promise<void> {
  if (file.bytes > judgedAtOnceBytes) return;
  try {
    parseTranscript(await file.readAll(judgedAtOnceBytes), fileName);
  } catch (error) {
    throw error instanceof TranscriptFileError ? asAppError(error) : error;
  }
}

function mediaKind(mime: string): "audio" | "video" | null {
  if (mime.startsWith("audio/") || mime === "application/ogg") return "audio";
  return mime.startsWith("video/") ? "video" : null;
}

const gsmFrameBytes = 33;
const gsmFramesMin = 50;

/** Bare GSM 06.10 has no header: every frame of 33 bytes (20 ms) starts with the four bits 1101 (RFC 3551, 4.5.8.1). */
function isGsm(head: Buffer): boolean {
  const frames = Math.floor(head.length / gsmFrameBytes);
  if (frames < gsmFramesMin) return false;
  for (let at = 0; at < frames; at += 1) {
    if ((head[at * gsmFrameBytes] ?? 0) >> 4 !== 0xd) return false;
  }
  return true;
}

/**
 * Tells by content, never by name, what was uploaded.
 * @throws `unsupported_media_type` for anything else than audio, video or a transcript; `invalid_request` for a
 * transcript that cannot be read.
 */
export async function judgeFile(file: Staged, fileName: string): Promise<JudgedFile> {
  const found = await fileTypeFromBuffer(file.head);
  const kind = found ? mediaKind(found.mime) : null;
  if (found && kind) return { kind, contentType: found.mime };
  if (!found && isGsm(file.head)) return { kind: "audio", contentType: "audio/gsm" };
  const format = detectTranscript(file.head, fileName);
  if (!format) throw refusal(file, fileName, found?.mime ?? null);
  await checkTranscript(file, fileName);
  return { kind: "transcript", contentType: transcriptTypes[format] };
}
