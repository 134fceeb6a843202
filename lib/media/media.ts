/** What a file of sound or pictures is, as far as its container tells. */
export interface MediaFacts {
  /** Of the container; null when it does not say (recorders in browsers). Never trusted: decoded bytes count. */
  readonly claimedDurationMs: number | null;
  /** Name of the container format as ffmpeg calls it. */
  readonly container: string;
  readonly audio: { readonly codec: string; readonly channels: number } | null;
  readonly video: { readonly codec: string } | null;
  /** What browsers play as it is; null when a copy has to be made. */
  readonly playableAs: string | null;
}

export interface DecodedAudio {
  readonly pcmPath: string;
  readonly channels: 1 | 2;
  readonly durationMs: number;
}

/** A file cannot be used as a recording. The message says why and what to do. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: "unsupported_format" | "corrupt_file" | "no_speech" | "transcription_error";

  constructor(code: MediaError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
