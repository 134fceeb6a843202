import type { RecognisedWord } from "@/db/schema/meetings";
import { speakerLetters } from "@/lib/transcripts/speaker-name";
import type { RecognisedPart, RecognisedTurn, Transcriber } from "../transcriber";
import { voicesOf } from "./voices";

interface Piece {
  readonly speaker: string | null;
  readonly hasConfidence: boolean;
  readonly startMs: number;
  endMs: number;
  readonly words: RecognisedWord[];
}

/** Speech after such a pause is a new turn; so is a sentence after so long a turn. */
const pauseMs = 2_000;
const longTurnMs = 60_000;

function piecesOf(part: RecognisedPart): Piece[] {
  const { segments, hasConfidence } = voicesOf(part);
  let from = 0;
  return segments.map(({ words: count, startMs, endMs, speaker }) => {
    const words = part.words.slice(from, from + count);
    from += count;
    return { speaker, hasConfidence, startMs, endMs, words };
  });
}

function goesOn(turn: Piece, next: Piece): boolean {
  return (
    turn.speaker === next.speaker &&
    turn.hasConfidence === next.hasConfidence &&
    next.startMs - turn.endMs < pauseMs &&
    next.startMs - turn.startMs < longTurnMs
  );
}

function toTurn({ words, startMs, endMs, hasConfidence }: Piece, speaker: string): RecognisedTurn {
  const sum = words.reduce((total, { confidence }) => total + confidence, 0);
  return {
    speaker,
    text: words.map(({ text }) => text).join(" "),
    startMs,
    endMs,
    ...(hasConfidence ? { confidence: Math.round((sum / words.length) * 1000) / 1000 } : {}),
  };
}

/**
 * Turns of a whole recording. Where the endpoint does not tell speakers apart, all of it is said by "Speaker", unless
 * somebody said that only one person speaks.
 */
export const assembleSegments: Transcriber["assemble"] = async (parts, { speakers }) => {
  const turns: Piece[] = [];
  const pieces = parts.flatMap(piecesOf).sort((a, b) => a.startMs - b.startMs);
  for (const piece of pieces) {
    const last = turns.at(-1);
    if (last && goesOn(last, piece)) {
      last.words.push(...piece.words);
      last.endMs = Math.max(last.endMs, piece.endMs);
    } else turns.push({ ...piece, words: [...piece.words] });
  }
  const letters = new Map<string, string>();
  const labelOf = (speaker: string | null) => {
    if (speaker === null) return speakers === 1 ? speakerLetters(0) : "Speaker";
    const label = letters.get(speaker) ?? speakerLetters(letters.size);
    letters.set(speaker, label);
    return label;
  };
  return turns.map((turn) => toTurn(turn, labelOf(turn.speaker)));
};
