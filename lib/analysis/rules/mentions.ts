import type { Turn } from "@/lib/transcripts/transcript";
import { stemOf, wordsOf } from "./similar-text";

const extraPartsMax = 2;

/**
 * Indices of the turns in which a term occurs, in any inflection: "price" finds "pricing". Word
 * breaks do not matter ("sign-on", "sign on").
 */
export function turnsWithTerm(turns: readonly Turn[], term: string): number[] {
  const wanted = wordsOf(term).map(stemOf);
  return turnsThatContain(turns, wanted, (text) => wordsOf(text).map(stemOf));
}

/**
 * Indices of the turns in which a proper name occurs: "RouteBeam" finds "Route Beam" but "Notion"
 * does not find "a notion", unless the transcript has no capitals at all.
 */
export function turnsWithName(turns: readonly Turn[], name: string): number[] {
  const hasCapitals = turns.some(({ text }) => /\p{Lu}/u.test(text));
  const needsCapital = hasCapitals && /^\p{Lu}/u.test(name);
  const wanted = wordsOf(name).map((word) => word.toLowerCase());
  return turnsThatContain(turns, wanted, (text) =>
    // A word in lower case cannot be a part of the name, so it stands for nothing.
    wordsOf(text).map((word) => (needsCapital && !/\p{Lu}/u.test(word) ? " " : word.toLowerCase())),
  );
}

function turnsThatContain(
  turns: readonly Turn[],
  wanted: readonly string[],
  read: (text: string) => string[],
): number[] {
  const target = wanted.join("");
  if (target === "") return [];
  return turns.flatMap(({ text }, index) =>
    contains(read(text), target, wanted.length + extraPartsMax) ? [index] : [],
  );
}

function contains(words: readonly string[], target: string, partsMax: number): boolean {
  return words.some((_, from) => {
    let joined = "";
    for (const word of words.slice(from, from + partsMax)) {
      joined += word;
      if (joined.length >= target.length) break;
    }
    return joined === target;
  });
}
