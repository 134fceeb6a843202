import { cleanText } from "./clean-text";
import { isGenericSpeaker, normalizeSpeaker, speakerLetters } from "./speaker-name";
import {
  endOfTurns,
  estimateSpeechMs,
  type Transcript,
  type TranscriptFormat,
  type Turn,
  timestampMsMax,
} from "./transcript";
import { TranscriptFileError } from "./transcript-file-error";

/** What a format reader found, in file order. `null` means that the file does not say. */
export interface Utterance {
  readonly speaker: string | null;
  readonly text: string;
  readonly startMs: number | null;
  readonly endMs: number | null;
}

interface TranscriptFacts {
  readonly format: TranscriptFormat;
  readonly language?: string | undefined;
  /** The meeting's length when the file states it. */
  readonly durationMs?: number | undefined;
}

interface Timed {
  readonly speaker: string | null;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number | null;
}

const mergeGapMsMax = 1500;
const mergedMsMax = 60_000;
const mergedLengthMax = 700;

/**
 * Makes a transcript of what a reader found: cleans names and text, fills in missing times, sorts,
 * repairs ends and merges consecutive cues of one speaker into turns.
 * Throws `TranscriptFileError` when nobody says anything or a time is absurd.
 */
export function assembleTranscript(
  utterances: readonly Utterance[],
  facts: TranscriptFacts,
): Transcript {
  const spoken = utterances
    .map((utterance) => ({ ...utterance, text: cleanText(utterance.text) }))
    .filter((utterance) => /[\p{L}\p{N}]/u.test(utterance.text));
  if (spoken.length === 0) {
    throw new TranscriptFileError(
      "invalid_request",
      "This transcript contains no words, so there is nothing to make a meeting of. Export the " +
        "transcript again and upload that file.",
    );
  }
  const untimed = spoken.every((utterance) => utterance.startMs === null);
  const timed = fillTimes(untimed ? spoken.flatMap(splitLongText) : spoken);
  const turns = mergeTurns(nameSpeakers(repairEnds(timed)));
  const lastMs = endOfTurns(turns);
  const statedMs = facts.durationMs ?? 0;
  return {
    turns,
    durationMs: statedMs <= timestampMsMax ? Math.max(lastMs, statedMs) : lastMs,
    timing: spoken.some((utterance) => utterance.startMs === null) ? "estimated" : "exact",
    format: facts.format,
    ...(facts.language === undefined ? {} : { language: facts.language }),
  };
}

/** An untimed page of prose becomes several turns, so that a citation points near its words. */
function splitLongText(utterance: Utterance): Utterance[] {
  if (utterance.text.length <= mergedLengthMax) return [utterance];
  const pieces: string[] = [];
  let piece = "";
  for (const sentence of sentencesOf(utterance.text)) {
    if (piece !== "" && piece.length + sentence.length > mergedLengthMax) {
      pieces.push(piece);
      piece = "";
    }
    piece += sentence;
  }
  pieces.push(piece);
  return pieces.map((text) => ({ ...utterance, text: text.trim() }));
}

function sentencesOf(text: string): string[] {
  const sentences = text.match(/[^.!?。！？]+[.!?。！？]*\s*|[.!?。！？]+\s*/g) ?? [text];
  return sentences.flatMap((sentence) =>
    sentence.length <= mergedLengthMax
      ? [sentence]
      : (sentence.match(/.{1,600}(?:\s|$)|.{1,600}/gsu) ?? [sentence]),
  );
}

/**
 * Gives every utterance a start. Between two known times the untimed ones follow each other at
 * 150 words a minute, faster only when they would not fit.
 */
function fillTimes(utterances: readonly Utterance[]): Timed[] {
  const timed: Timed[] = [];
  let index = 0;
  let fromMs = 0;
  while (index < utterances.length) {
    const first = utterances[index];
    if (first === undefined) break;
    fromMs = first.startMs ?? fromMs;
    let next = index + 1;
    while (next < utterances.length && utterances[next]?.startMs === null) next += 1;
    const run = utterances.slice(index, next);
    if (run.length === 1 && first.startMs !== null) {
      timed.push({ ...first, startMs: first.startMs });
    } else {
      const placed = placeRun(run, fromMs, utterances[next]?.startMs ?? null);
      timed.push(...placed);
      fromMs = placed.at(-1)?.endMs ?? fromMs;
    }
    index = next;
  }
  for (const { startMs } of timed) assertPlausible(startMs);
  return timed;
}

function placeRun(run: readonly Utterance[], fromMs: number, untilMs: number | null) {
  const lengths = run.map((utterance) => estimateSpeechMs(utterance.text));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const room = untilMs === null || untilMs <= fromMs ? total : untilMs - fromMs;
  const pace = total > room ? room / total : 1;
  let at = fromMs;
  return run.map((utterance, index) => {
    const startMs = Math.round(at);
    at += (lengths[index] ?? 0) * pace;
    return { ...utterance, startMs, endMs: Math.round(at) };
  });
}

function assertPlausible(startMs: number): void {
  if (startMs <= timestampMsMax) return;
  throw new TranscriptFileError(
    "invalid_request",
    "A timestamp in this transcript lies more than 1,000 hours after its start, so its times " +
      "cannot be right. Export the transcript again, or correct the timestamps, and upload it.",
  );
}

/** Sorts by start (stable) and gives a missing or impossible end the length of its words. */
function repairEnds(timed: readonly Timed[]): (Timed & { readonly endMs: number })[] {
  const sorted = timed.toSorted((a, b) => a.startMs - b.startMs);
  return sorted.map((utterance, index) => {
    const { startMs, endMs } = utterance;
    if (endMs !== null && endMs > startMs && endMs <= timestampMsMax)
      return { ...utterance, endMs };
    const spokenMs = startMs + estimateSpeechMs(utterance.text);
    const nextMs = sorted[index + 1]?.startMs ?? spokenMs;
    return { ...utterance, endMs: nextMs > startMs ? Math.min(nextMs, spokenMs) : spokenMs };
  });
}

/** Names everybody; those without a name become Speaker A, B, … by order of detection. */
function nameSpeakers(utterances: readonly (Timed & { readonly endMs: number })[]): Turn[] {
  const known = utterances.map(({ speaker }) =>
    speaker === null ? null : normalizeSpeaker(speaker),
  );
  const taken = new Set(known.filter((name) => name !== null && !isGenericSpeaker(name)));
  const letters = new Map<string, string>();
  let next = 0;
  const letterFor = (key: string): string => {
    const given = letters.get(key);
    if (given !== undefined) return given;
    while (taken.has(speakerLetters(next))) next += 1;
    const name = speakerLetters(next);
    next += 1;
    letters.set(key, name);
    return name;
  };
  return utterances.map(({ text, startMs, endMs }, index) => {
    const name = known[index] ?? null;
    const anonymous = name === null || isGenericSpeaker(name);
    const speaker = anonymous ? letterFor(name?.toLowerCase() ?? "") : name;
    return { speaker, text, startMs, endMs };
  });
}

function mergeTurns(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last !== undefined && belongTogether(last, turn)) {
      const endMs = Math.max(last.endMs, turn.endMs);
      merged[merged.length - 1] = { ...last, text: `${last.text} ${turn.text}`, endMs };
    } else {
      merged.push(turn);
    }
  }
  return merged;
}

function belongTogether(last: Turn, turn: Turn): boolean {
  return (
    last.speaker === turn.speaker &&
    turn.startMs - last.endMs < mergeGapMsMax &&
    Math.max(last.endMs, turn.endMs) - last.startMs < mergedMsMax &&
    last.text.length + turn.text.length < mergedLengthMax
  );
}
