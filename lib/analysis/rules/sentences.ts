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
  /^(?:(?:and|so|okay|ok|then|well|yes|yeah|yep|yup|aye|sure|great|perfect|also|but|now|right|righto|alright|all right|absolutely|of course|fine|good|thanks|thank you|um|uh|er|oh|ah|hm+|look|listen|actually|lovely|cool|grand|sweet|awesome|totally)\b[,.!]?\s+)+/i;
const SLURRED: readonly (readonly [RegExp, string])[] = [
  [/\bgonna\b/gi, "going to"],
  [/\bgotta\b/gi, "got to"],
  [/\bwanna\b/gi, "want to"],
  [/\bgimme\b/gi, "give me"],
  [/\blemme\b/gi, "let me"],
  // The promise itself comes after it.
  [/\bwhat I(?:'ll| will|'m going to| can) do is,?\s+(?:I(?:'ll| will) )?/gi, "I'll "],
];

/** Splits turns into sentences; titles and common abbreviations do not end one. */
export function splitSentences(turns: readonly Turn[]): Sentence[] {
  return turns.flatMap(({ speaker, text }, turn) =>
    joinAbbreviations(text.split(BOUNDARY))
      .flatMap(cutUnpunctuated)
      .flatMap(cutLong)
      .map((sentence) => ({ text: sentence, turn, speaker })),
  );
}

const wordsWithoutPunctuation = 14;
// Where somebody who does not stop begins anew; not after a word that the new beginning depends on.
const STARTER = `(?:i(?:'ll|'m|'ve)? |we(?:'ll|'re|'ve)? |you(?:'ll|'re)? |it(?:'s|'ll)? |they(?:'re|'ll)? |can you |could you |would you |please |let me |leave (?:it|that|the) |(?:somebody|someone) (?:has|needs|should) |who |okay |um )`;
const DEPENDENT = `(?:if|that|said|says|say|told|tell|think|know|because|cause|whether|when|what|how|where|who|which|unless|before|after|until|till|once|while|than|like|and|so|but|then|or|to|for|of|the|can|could|will|would|should|do|did|does|have|has|are|is|was|were|if|as)`;
const NEW_START = new RegExp(
  String.raw`\s+(?=(?:(?:and|so|but|then) )?${STARTER})(?<!\b${DEPENDENT}\s+)`,
  "i",
);

/** Cuts what a speech engine writes without any mark before each new beginning. */
function cutUnpunctuated(sentence: string): string[] {
  const isUnmarked = !/[.,;:?!]/.test(sentence);
  if (!isUnmarked || sentence.split(" ").length < wordsWithoutPunctuation) return [sentence];
  return sentence.split(NEW_START);
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

/** Straight apostrophes, whole words, and no "okay, so, yes" before the sentence begins. */
export function stripFillers(sentence: string): string {
  const whole = SLURRED.reduce(
    (text, [slurred, words]) => text.replace(slurred, words),
    sentence.replace(/[’ʼ]/g, "'").replace(/,? (?:um|uh|er|erm),?(?= )/gi, ""),
  );
  return whole.replace(FILLER, "").trim();
}
