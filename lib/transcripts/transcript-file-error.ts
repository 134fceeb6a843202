/**
 * Why a file was refused. `unsupported_media_type`: it is something else than a transcript;
 * `invalid_request`: a transcript without usable content; `corrupt_file`: cut off or damaged;
 * `payload_too_large`: beyond `transcriptBytesMax`.
 */
export type TranscriptFileErrorCode =
  | "unsupported_media_type"
  | "invalid_request"
  | "corrupt_file"
  | "payload_too_large";

/** An expected refusal; `message` is written for the person who uploaded the file. */
export class TranscriptFileError extends Error {
  readonly code: TranscriptFileErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: TranscriptFileErrorCode,
    message: string,
    details: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
    this.name = "TranscriptFileError";
    this.code = code;
    this.details = details;
  }
}
