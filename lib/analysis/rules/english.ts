import type { Transcript } from "@/lib/transcripts/transcript";

const FUNCTION_WORDS =
  /\b(?:the|and|to|of|a|in|is|that|it|you|i|we|for|on|this|have|are|was|with|not|be|do|so|but|what)\b/gi;
const wordsToJudge = 60;
const englishShareMin = 0.12;
const sampleTurns = 400;

/**
 * Whether the rules can read a transcript. Its stated language decides; without one, the share of
 * the commonest English words does (a quarter of English speech, next to nothing elsewhere).
 */
export function isEnglish({ language, turns }: Transcript): boolean {
  if (language !== undefined) return /^en(?:-|$)/i.test(language);
  const text = turns
    .slice(0, sampleTurns)
    .map((turn) => turn.text)
    .join(" ");
  const words = text.match(/\p{L}+/gu)?.length ?? 0;
  const known = text.match(FUNCTION_WORDS)?.length ?? 0;
  return words < wordsToJudge || known / words >= englishShareMin;
}
