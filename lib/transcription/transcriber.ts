import type { EngineRecord, RecognisedWord } from "@/db/schema/meetings";
import type { Turn } from "@/lib/transcripts/transcript";

/** A stretch of a decoded recording: a file of signed 16-bit little-endian samples, 16,000 a second for each channel. */
export interface AudioPart {
  readonly pcmPath: string;
  /** 1, or 2 when each side of a call has a channel of its own; samples are interleaved. */
  readonly channels: 1 | 2;
  /** Milliseconds from the start of the recording. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What was heard in a part. Times of words count from the start of the recording, not of the part. */
export interface RecognisedPart {
  readonly words: readonly RecognisedWord[];
  /** What the engine needs later to tell speakers apart; JSON, its own business. */
  readonly voices: unknown;
}

export interface RecognisedTurn extends Turn {
  /** 0 to 1; absent when the engine gives none. */
  readonly confidence?: number;
}

export interface RecogniseOptions {
  /** BCP-47; null: the engine finds out, or assumes its own. */
  readonly language: string | null;
  /** Names and terms that are likely to be spoken. */
  readonly vocabulary: readonly string[];
}

interface RecogniseContext {
  readonly signal: AbortSignal;
  /** Milliseconds of the part that are done. */
  readonly onProgress: (heardMs: number) => void;
  /** What was heard before this part, for engines that know a voice again by it. */
  readonly earlier?: readonly RecognisedPart[];
}

/** Turns decoded sound into words, and words into turns of speakers. Rejects with `TranscriberError`. */
export interface Transcriber {
  /** Who made a transcript; stored with it and shown beside it. */
  readonly engine: EngineRecord;
  /** About how long a part should be; parts are cut at a pause near it. */
  readonly partMs: number;
  /** Says what is missing, and how to get it, without doing any work. */
  readonly probe: () => Promise<
    { readonly ready: true } | { readonly ready: false; readonly reason: string }
  >;
  readonly recognise: (
    part: AudioPart,
    options: RecogniseOptions,
    context: RecogniseContext,
  ) => Promise<RecognisedPart>;
  /**
   * Tells the speakers of a whole recording apart. Turns are in order; people nobody named are "Speaker A", …
   * @param options.speakers how many people speak, where somebody said so.
   */
  readonly assemble: (
    parts: readonly RecognisedPart[],
    options: { readonly speakers: number | null; readonly signal: AbortSignal },
  ) => Promise<readonly RecognisedTurn[]>;
}

/**
 * An engine could not do its work. `retryable`: the same request may succeed later; `permanent`: somebody must change
 * the recording, its language or the configuration first. The message is safe to show: it says what to do, and holds
 * no key and no text of an answer.
 */
export class TranscriberError extends Error {
  override readonly name = "TranscriberError";
  readonly kind: "retryable" | "permanent";
  /** How the meeting fails when it comes to that. */
  readonly code: "transcription_error" | "unsupported_language";

  constructor(
    kind: "retryable" | "permanent",
    message: string,
    code: "transcription_error" | "unsupported_language" = "transcription_error",
  ) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
