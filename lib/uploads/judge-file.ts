import { fileTypeFromBuffer } from "file-type";
import { AppError } from "@/lib/core/errors";
import type { Staged } from "@/lib/storage/storage";
import { detectTranscript, parseTranscript } from "@/lib/transcripts/parse-transcript";
import { TranscriptFileError } from "@/lib/transcripts/transcript-file-error";
import { hasSoundOnly, lesserKnownSound } from "@/lib/uploads/media-head";

export interface JudgedFile {
  readonly kind: "transcript" | "audio" | "video";
  readonly contentType: string;
}

/** A file that carries sound. */
export interface Recording extends JudgedFile {
  readonly kind: "audio" | "video";
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
function refusal(head: Buffer, fileName: string, mime: string | null): AppError {
  if (mime !== null) {
    return new AppError("unsupported_media_type", `The file is of type ${mime}`, {
      details: { detected: mime },
      fix: remedy,
    });
  }
  try {
    parseTranscript(head, fileName);
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

/** Notes for instruments: they carry no sound, and nobody speaks in them. */
const soundless = new Set(["audio/midi", "audio/x-it", "audio/x-xm", "audio/x-s3m"]);

function mediaKind(mime: string, head: Buffer): "audio" | "video" | null {
  if (soundless.has(mime)) return null;
  if (mime.startsWith("audio/") || mime === "application/ogg") return "audio";
  if (mime === "application/mxf") return "video";
  if (!mime.startsWith("video/")) return null;
  return hasSoundOnly(mime, head) ? "audio" : "video";
}

/** The recording that a file is, by its first 64 KiB; null when it is none. */
export async function judgeRecording(head: Buffer): Promise<Recording | null> {
  const found = await fileTypeFromBuffer(head);
  if (found) {
    const kind = mediaKind(found.mime, head);
    const contentType = kind === "audio" ? found.mime.replace(/^video\//, "audio/") : found.mime;
    return kind && { kind, contentType };
  }
  const contentType = lesserKnownSound(head);
  return contentType === null ? null : { kind: "audio", contentType };
}

/**
 * Refuses, by the first bytes of a file that is still arriving, what no recording and no transcript begins with.
 * @throws `unsupported_media_type` as `judgeFile` does.
 */
export async function judgeBeginning(head: Buffer, fileName: string): Promise<void> {
  if ((await judgeRecording(head)) || detectTranscript(head, fileName)) return;
  throw refusal(head, fileName, (await fileTypeFromBuffer(head))?.mime ?? null);
}

/**
 * Tells by content, never by name, what was uploaded.
 * @throws `unsupported_media_type` for anything else than audio, video or a transcript; `invalid_request` for a
 * transcript that cannot be read.
 */
export async function judgeFile(file: Staged, fileName: string): Promise<JudgedFile> {
  const recording = await judgeRecording(file.head);
  if (recording) return recording;
  const format = detectTranscript(file.head, fileName);
  if (!format) {
    throw refusal(file.head, fileName, (await fileTypeFromBuffer(file.head))?.mime ?? null);
  }
  await checkTranscript(file, fileName);
  return { kind: "transcript", contentType: transcriptTypes[format] };
}
