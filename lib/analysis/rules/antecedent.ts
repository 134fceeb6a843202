import type { People } from "../people";
import type { NounReader } from "./nouns";
import type { Sentence } from "./sentences";

const sentencesBack = 8;
const turnsBack = 4;
const nounsMax = 3;
/** How much of its worth a sentence keeps with each turn, and with each sentence, that lies between. */
const fading = { turn: 0.65, sentence: 0.95 };
const contextLengthMax = 160;

/**
 * What "that" stands for in "I'll do that": the words before it in its own sentence, or the sentence not far before that
 * names most things. Null when nothing does.
 */
export function antecedentOf(
  sentences: readonly Sentence[],
  { index, before }: { readonly index: number; readonly before: string },
  { nouns, people }: { readonly nouns: NounReader; readonly people: People },
): string | null {
  const current = sentences[index];
  if (current === undefined) return null;
  const earlier = sentences
    .slice(Math.max(0, index - sentencesBack), index)
    .reverse()
    .filter(({ turn }) => current.turn - turn <= turnsBack);
  let best: { readonly text: string; readonly worth: number } | null = null;
  for (const [distance, { text, turn }] of [{ ...current, text: before }, ...earlier].entries()) {
    const named = [...nouns(text)].filter((noun) => people.find(noun) === null).length;
    const fresh = fading.turn ** (current.turn - turn) * fading.sentence ** distance;
    const worth = Math.min(named, nounsMax) * fresh;
    if (worth > (best?.worth ?? 0)) best = { text, worth };
  }
  return best === null ? null : shortened(best.text.trim());
}

function shortened(text: string): string {
  if (text.length <= contextLengthMax) return text;
  return `${text.slice(0, contextLengthMax).replace(/\s+\S*$/, "")}…`;
}
