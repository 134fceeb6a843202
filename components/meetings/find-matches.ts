import type { PageTranscript } from "@/lib/meetings/page-queries";

export interface Match {
  readonly turn: number;
  /** Which occurrence within the turn, from 0 on. */
  readonly nth: number;
}

const matchesMax = 5000;

/** What finds a text as it was typed, without regard to capitals; null for an empty one. */
export function matchPattern(text: string): RegExp | null {
  if (text === "") return null;
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
}

/** Every occurrence in order, at most 5000. */
export function findMatches(
  turns: PageTranscript["turns"],
  pattern: RegExp | null,
  max = matchesMax,
): Match[] {
  if (pattern === null) return [];
  const matches: Match[] = [];
  for (const [turn, [, , text]] of turns.entries()) {
    let nth = 0;
    for (const _ of text.matchAll(pattern)) {
      matches.push({ turn, nth });
      nth += 1;
      if (matches.length >= max) return matches;
    }
  }
  return matches;
}
