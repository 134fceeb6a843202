/** The transcript files we read. Audio and video are recognised elsewhere. */
export const transcriptFormats = ["vtt", "srt", "txt", "json"] as const;
export type TranscriptFormat = (typeof transcriptFormats)[number];

/** One block of speech by one speaker (handbook 18.2). Times are milliseconds from the start. */
export interface Turn {
  /** Always a display string; people nobody named are "Speaker A", "Speaker B", … */
  readonly speaker: string;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Transcript {
  /** Ordered by `startMs`; never empty. */
  readonly turns: readonly Turn[];
  readonly durationMs: number;
  /** "estimated" when the file gives no time for every turn (handbook D-68). */
  readonly timing: "exact" | "estimated";
  readonly format: TranscriptFormat;
  /** BCP-47, only when the file itself says so. */
  readonly language?: string;
}

/** Stored turns, which tell speakers by number, as people read them. */
export function withNames<T extends { readonly speaker: number }>(
  turns: readonly T[],
  speakers: readonly { readonly name: string }[],
): (Omit<T, "speaker"> & { readonly speaker: string })[] {
  return turns.map((turn) => ({ ...turn, speaker: speakers[turn.speaker]?.name ?? "Speaker" }));
}

/** Where the last of the turns ends, in milliseconds; 0 without any. */
export function endOfTurns(turns: readonly { readonly endMs: number }[]): number {
  return turns.reduce((end, turn) => Math.max(end, turn.endMs), 0);
}

/**
 * Parsing holds the whole file in memory and takes about three seconds at this size. Ten hours of
 * talk are about 1.5 MiB as WebVTT and 10 MiB as JSON with a time for every word.
 */
export const transcriptBytesMax = 16 * 1024 * 1024;

/** No real recording is longer, and a duration beyond it is a sign of broken timestamps. */
export const timestampMsMax = 1000 * 3_600_000;

const wordsPerMinute = 150;
const charactersPerWordMax = 15;

/**
 * Counts words by white space. Scripts written without spaces count one word per fifteen
 * characters, so that a page of Japanese is not a single word long.
 */
export function countWords(text: string): number {
  const tokens = text.match(/\S+/g)?.length ?? 0;
  return Math.max(tokens, Math.ceil(text.length / charactersPerWordMax));
}

/** How long it takes to say `text`, in milliseconds, at 150 words a minute (handbook D-68). */
export function estimateSpeechMs(text: string): number {
  return Math.round((countWords(text) * 60_000) / wordsPerMinute);
}
