import type { RecognisedWord } from "@/db/schema/meetings";
import { speakerLetters } from "@/lib/transcripts/speaker-name";
import { diarize, type VoiceSample } from "../diarize";
import type { RecognisedPart, RecognisedTurn, Transcriber } from "../transcriber";
import { decodeVoice, voices as voicesSchema } from "./voices";

/** Words of one speaker without a pause. */
interface Piece {
  readonly speaker: number;
  readonly words: readonly RecognisedWord[];
}

/** Speech after such a pause is a new turn; a long turn ends at the next breath. */
const turnPauseMs = 2_000;
const longTurnMs = 30_000;
const breathMs = 400;
/** Of one side of a call: what is closer belongs together, whoever talks on the other side. */
const channelPauseMs = 800;

const startOf = ({ words }: Piece) => words[0]?.startMs ?? 0;
const endOf = ({ words }: Piece) => words.at(-1)?.endMs ?? 0;

interface Stretch extends VoiceSample {
  readonly words: readonly RecognisedWord[];
}

function stretchesOf(part: RecognisedPart): Stretch[] {
  let from = 0;
  return voicesSchema.parse(part.voices).map((stretch) => {
    const words = part.words.slice(from, from + stretch.words);
    from += stretch.words;
    const ms = (words.at(-1)?.endMs ?? 0) - (words[0]?.startMs ?? 0);
    return { words, ms, voice: stretch.voice === null ? null : decodeVoice(stretch.voice) };
  });
}

async function piecesByVoice(
  parts: readonly RecognisedPart[],
  options: Parameters<Transcriber["assemble"]>[1],
): Promise<Piece[]> {
  const stretches = parts.flatMap(stretchesOf);
  const speakers = await diarize(stretches, options);
  return stretches.map(({ words }, i) => ({ speaker: speakers[i] ?? 0, words }));
}

function piecesByChannel(words: readonly RecognisedWord[]): Piece[] {
  const pieces: { speaker: number; words: RecognisedWord[] }[] = [];
  const latest = new Map<number, RecognisedWord[]>();
  for (const word of words) {
    const channel = word.channel ?? 0;
    const current = latest.get(channel);
    if (current && word.startMs - (current.at(-1)?.endMs ?? 0) < channelPauseMs) {
      current.push(word);
      continue;
    }
    const begun = [word];
    latest.set(channel, begun);
    pieces.push({ speaker: channel, words: begun });
  }
  return pieces;
}

function goesOn(turn: Piece, piece: Piece): boolean {
  if (turn.speaker !== piece.speaker) return false;
  const pause = startOf(piece) - endOf(turn);
  if (pause >= turnPauseMs) return false;
  return pause < breathMs || endOf(turn) - startOf(turn) < longTurnMs;
}

function joinPieces(pieces: readonly Piece[]): Piece[] {
  const turns: { speaker: number; words: RecognisedWord[] }[] = [];
  for (const piece of pieces) {
    const last = turns.at(-1);
    if (last && goesOn(last, piece)) last.words.push(...piece.words);
    else turns.push({ speaker: piece.speaker, words: [...piece.words] });
  }
  return turns;
}

/** Vosk knows no capitals and no full stops; the first letter and "I" are certain, the rest would be invented. */
function spell(words: readonly RecognisedWord[]): string {
  const text = words.map(({ text }) => text.replace(/^i(?=$|')/, "I")).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toTurn(turn: Piece, label: string): RecognisedTurn {
  const sum = turn.words.reduce((total, { confidence }) => total + confidence, 0);
  return {
    speaker: label,
    text: spell(turn.words),
    startMs: startOf(turn),
    endMs: Math.max(...turn.words.map(({ endMs }) => endMs)),
    confidence: Math.round((sum / turn.words.length) * 1000) / 1000,
  };
}

/** Turns of a whole recording: by channel where each speaker has one, else by voice. */
export const assembleTurns: Transcriber["assemble"] = async (parts, options) => {
  const words = parts.flatMap((part) => part.words);
  const byChannel = words.some(({ channel }) => channel !== undefined);
  const pieces = byChannel ? piecesByChannel(words) : await piecesByVoice(parts, options);
  const labels = new Map<number, string>();
  return joinPieces(pieces).map((turn) => {
    const label = labels.get(turn.speaker) ?? speakerLetters(labels.size);
    labels.set(turn.speaker, label);
    return toTurn(turn, label);
  });
};
