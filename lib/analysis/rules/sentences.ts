import type { Turn } from "@/lib/transcripts/transcript";

const sentenceLengthMax = 600;

export interface Sentence {
  readonly text: string;
  readonly turn: number;
  readonly speaker: string;
}

const BOUNDARY = /(?<=[.?!…]["'”’)]?)\s+(?=["'“(¿]?[\p{Lu}\p{N}])/u;
const ABBREVIATION = /\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e|etc|approx|No|Inc|Ltd|Co)\.$/;

const FILLER =
  /^(?:(?:and|so|okay|ok|then|well|yes|yeah|yep|yup|sure|great|perfect|also|but|now|right|alright|all right|absolutely|of course|fine|good|thanks|thank you|um|uh|er|actually|lovely|cool)\b[,.!]?\s+)+/i;

/** Splits turns into sentences; titles and common abbreviations do not end one. */
export function splitSentences(turns: readonly Turn[]): Sentence[] {
  return turns.flatMap(({ speaker, text }, turn) =>
    joinAbbreviations(text.split(BOUNDARY))
      .flatMap(cutLong)
      .map((sentence) => ({ text: sentence, turn, speaker })),
  );
}

/** Speech without punctuation has no sentences; the rules only look near a verb anyway. */
function cutLong(sentence: string): string[] {
  return sentence.length <= sentenceLengthMax
    ? [sentence]
    : (sentence.match(/.{1,500}(?:\s|$)|.{1,500}/gsu) ?? [sentence]).map((part) => part.trim());
}

function joinAbbreviations(parts: readonly string[]): string[] {
  const sentences: string[] = [];
  for (const part of parts) {
    const last = sentences.at(-1);
    if (last !== undefined && ABBREVIATION.test(last)) sentences.push(`${sentences.pop()} ${part}`);
    else if (part.trim() !== "") sentences.push(part.trim());
  }
  return sentences;
}

/** Straight apostrophes, and no "okay, so, yes" before the sentence begins. */
export function stripFillers(sentence: string): string {
  return sentence.replace(/[’ʼ]/g, "'").replace(FILLER, "").trim();
}
