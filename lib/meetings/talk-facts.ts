import type { StoredTurn } from "@/db/schema/meetings";

// What can be counted about who talked. Pure, so that the page, the corrections and their tests count alike.

/** Turns of one speaker that follow each other within this are one stretch of talk. */
const pauseMsMax = 2000;

/** How much one speaker talked. */
export interface Talk {
  readonly words: number;
  /** Milliseconds of their turns. */
  readonly talkMs: number;
}

export interface SpeakerFacts extends Talk {
  /** Index into the transcript's speakers. */
  readonly speaker: number;
  readonly turns: number;
  /** 0 to 1: of the time, or of the words where the file has no times. */
  readonly share: number;
  /** Null where they talked for less than five seconds: a pace of so little says nothing. */
  readonly wordsPerMinute: number | null;
  /** Their longest stretch without anybody else's turn between. */
  readonly longest: { readonly turn: number; readonly startMs: number; readonly ms: number };
  /** Sentences that end with a question mark; recognised speech without punctuation has none. */
  readonly questions: number;
}

/** A stretch of talk on the time line. */
export interface Stretch {
  readonly speaker: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The turn that begins it. */
  readonly turn: number;
}

function wordsOf(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

const lengthOf = ({ startMs, endMs }: Pick<StoredTurn, "startMs" | "endMs">) =>
  Math.max(0, endMs - startMs);

/** Words and talk of each of `count` speakers, by index; zero for those who have no turn. */
export function talkOf(turns: readonly StoredTurn[], count: number): Talk[] {
  const talks = Array.from({ length: count }, () => ({ words: 0, talkMs: 0 }));
  for (const turn of turns) {
    const talk = talks[turn.speaker];
    if (talk === undefined) continue;
    talk.words += wordsOf(turn.text);
    talk.talkMs += lengthOf(turn);
  }
  return talks;
}

/** Neighbouring turns of one speaker as one stretch each, in order. */
export function stretchesOf(turns: readonly StoredTurn[]): Stretch[] {
  const stretches: { speaker: number; startMs: number; endMs: number; turn: number }[] = [];
  for (const [turn, { speaker, startMs, endMs }] of turns.entries()) {
    const last = stretches.at(-1);
    if (last?.speaker === speaker && startMs - last.endMs <= pauseMsMax) {
      last.endMs = Math.max(last.endMs, endMs);
    } else stretches.push({ speaker, startMs, endMs: Math.max(startMs, endMs), turn });
  }
  return stretches;
}

/** Shares of the talking time, or of the words where the file had no times; in the order of `talks`. */
export function sharesOf(talks: readonly Talk[]): number[] {
  const totalMs = talks.reduce((sum, { talkMs }) => sum + talkMs, 0);
  const totalWords = talks.reduce((sum, { words }) => sum + words, 0);
  return talks.map(({ talkMs, words }) =>
    totalMs > 0 ? talkMs / totalMs : words / Math.max(1, totalWords),
  );
}

const paceMsMin = 5000;

/**
 * The facts of every speaker who has a turn, those who talked most first.
 * @param stretches of the same turns.
 */
export function speakerFacts(
  turns: readonly StoredTurn[],
  count: number,
  stretches: readonly Stretch[],
): SpeakerFacts[] {
  const talks = talkOf(turns, count);
  const shares = sharesOf(talks);
  return talks
    .map((talk, speaker) => {
      const own = turns.filter((turn) => turn.speaker === speaker);
      const longest = stretches
        .filter((stretch) => stretch.speaker === speaker)
        .map(({ turn, startMs, endMs }) => ({ turn, startMs, ms: endMs - startMs }))
        .reduce((best, next) => (next.ms > best.ms ? next : best), { turn: 0, startMs: 0, ms: -1 });
      return {
        ...talk,
        speaker,
        turns: own.length,
        share: shares[speaker] ?? 0,
        wordsPerMinute:
          talk.talkMs < paceMsMin ? null : Math.round((talk.words * 60_000) / talk.talkMs),
        longest,
        questions: own.reduce((sum, { text }) => sum + (text.match(/\?+/g)?.length ?? 0), 0),
      };
    })
    .filter((facts) => facts.turns > 0)
    .sort((left, right) => right.share - left.share || left.speaker - right.speaker);
}
