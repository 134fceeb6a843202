import type { Cited } from "../analyst";
import { type Sentence, stripFillers } from "./sentences";
import { capitalize, contentWords, overlap } from "./similar-text";

const decisionsMax = 50;
const sameDecisionOverlap = 0.8;

const DECIDED = new RegExp(
  [
    String.raw`\b(?:we|i|they)(?:'ve| have)? (?:all |both |just |finally |already )?(?:agreed|decided|settled on|concluded|approved|opted)\b`,
    String.raw`\b(?:it|that)(?:'s| is| was) (?:decided|agreed|settled|approved)\b`,
    String.raw`\b(?:the|our|final) decision (?:is|was)\b`,
    String.raw`\bdecision:`,
    String.raw`\blet's (?:go with|go ahead with|stick with|keep|drop|use|postpone|move ahead with)\b`,
    String.raw`\bwe(?:'re| are) (?:going with|going ahead with|sticking with|not going to|dropping|keeping|switching to|moving to)\b`,
    String.raw`\bwe(?:'ll| will| are going to) (?:go with|go ahead|stick with|keep|drop|move|postpone|start|launch|use|adopt|switch|cancel|stop|hire|buy)\b`,
  ].join("|"),
  "i",
);
const NOT_DECIDED =
  /\b(?:if|unless|whether|should we|could we|before we|until we|haven't|have not|not (?:yet )?(?:decided|agreed)|need(?:s)? to|have to|had to|want(?:s)? to|let's decide|who decide[sd]?|when we|once we|maybe|perhaps|probably|hopefully)\b/i;

/** Whether a sentence says that something is settled: no question, wish or condition. */
export function isDecision(statement: string): boolean {
  const match = DECIDED.exec(statement);
  if (match === null || statement.endsWith("?")) return false;
  return !NOT_DECIDED.test(statement.slice(0, match.index + match[0].length));
}

/** Finds the decisions in the order they were said, each once. */
export function findDecisions(sentences: readonly Sentence[]): Cited[] {
  const decisions: { readonly cited: Cited; readonly words: ReadonlySet<string> }[] = [];
  for (const { text, turn } of sentences) {
    const statement = stripFillers(text);
    if (!isDecision(statement)) continue;
    const words = contentWords(statement);
    const isNew = decisions.every((known) => overlap(words, known.words) < sameDecisionOverlap);
    if (isNew) decisions.push({ cited: { text: capitalize(statement), turn }, words });
    if (decisions.length === decisionsMax) break;
  }
  return decisions.map(({ cited }) => cited);
}
