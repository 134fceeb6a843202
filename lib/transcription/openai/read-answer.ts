import { z } from "zod";
import type { RecognisedWord } from "@/db/schema/meetings";
import { cleanText } from "@/lib/transcripts/clean-text";
import { TranscriberError } from "../transcriber";

/** What is said without a break by one speaker; times count from the start of the recording. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  /** As the endpoint calls them within this answer; null when it does not tell. */
  readonly speaker: string | null;
  readonly words: readonly RecognisedWord[];
}

export interface Answer {
  readonly segments: readonly Segment[];
  readonly hasConfidence: boolean;
}

const segmentSchema = z.object({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  speaker: z.string().nullish(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
});
/** `verbose_json` and `diarized_json`; what both have beside this is not needed. */
const answerSchema = z.object({
  segments: z.array(segmentSchema).nullish(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).nullish(),
  text: z.string().nullish(),
});
type RawAnswer = z.output<typeof answerSchema>;
type RawSegment = z.output<typeof segmentSchema>;

/** Whisper's own rule for segments that are a guess about silence. */
const noSpeechFrom = 0.6;
const guessBelow = -1;

/**
 * Reads the answer about a stretch that begins at `startMs` and ends at `endMs`. Segments that Whisper itself takes for
 * silence are left out.
 * @throws TranscriberError when it has another shape, or text without times.
 */
export function readAnswer(text: string, startMs: number, endMs: number): Answer {
  const answer = parse(text);
  const segments = answer.segments ?? [];
  if (segments.length === 0 && (answer.text ?? "").trim() !== "") throw withoutTimes();
  const spoken = segments.filter(
    ({ no_speech_prob: silence, avg_logprob: sure }) =>
      (silence ?? 0) <= noSpeechFrom || (sure ?? 0) >= guessBelow,
  );
  const clamp = (seconds: number) =>
    Math.round(Math.min(Math.max(startMs + seconds * 1000, startMs), endMs));
  return {
    segments: spoken.map((segment) => toSegment(segment, answer, clamp)).filter(isSaid),
    hasConfidence: spoken.some(({ avg_logprob: sure }) => typeof sure === "number"),
  };
}

function parse(text: string): RawAnswer {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    throw new TranscriberError(
      "permanent",
      "The transcription endpoint answered with something else than a transcript in JSON. Check TRANSCRIBE_URL and TRANSCRIBE_MODEL, then press Retry.",
    );
  }
}

function withoutTimes(): TranscriberError {
  return new TranscriberError(
    "permanent",
    "The transcription endpoint gives text without times. Choose a model that tells them (TRANSCRIBE_MODEL), such as whisper-1 or gpt-4o-transcribe-diarize, then press Retry.",
  );
}

const isSaid = ({ words }: Segment) => words.length > 0;

function toSegment(
  raw: RawSegment,
  answer: RawAnswer,
  clamp: (seconds: number) => number,
): Segment {
  const startMs = clamp(raw.start);
  const endMs = Math.max(clamp(raw.end), startMs);
  const texts = cleanText(raw.text).split(/\s+/).filter(Boolean);
  const confidence = Math.exp(Math.min(raw.avg_logprob ?? 0, 0));
  // The words of the list have no punctuation, the text has: the two agree where they are equally many.
  const timed = (answer.words ?? []).filter(({ start, end }) => {
    const middle = (start + end) / 2;
    return middle >= raw.start && middle < raw.end;
  });
  const times =
    timed.length === texts.length
      ? timed.map(({ start, end }) => ({ startMs: clamp(start), endMs: clamp(end) }))
      : spread(texts, startMs, endMs);
  const words = texts.map((text, index) => ({
    text,
    confidence: Math.round(confidence * 1000) / 1000,
    ...(times[index] ?? { startMs, endMs }),
  }));
  return { startMs, endMs, speaker: raw.speaker ?? null, words };
}

/** Times of words in a segment that only has times itself: each as long as it has letters. */
function spread(texts: readonly string[], startMs: number, endMs: number) {
  const letters = texts.reduce((sum, text) => sum + text.length, 0) || 1;
  let said = 0;
  const at = () => Math.round(startMs + ((endMs - startMs) * said) / letters);
  return texts.map((text) => {
    const from = at();
    said += text.length;
    return { startMs: from, endMs: at() };
  });
}
