import type { PageTurn } from "@/lib/meetings/page-queries";

/** The turn that is spoken at a moment: the last that began by then; null before the first. Turns are in order. */
export function turnAt(turns: readonly Pick<PageTurn, 0 | 1>[], ms: number): number | null {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle]?.[1] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : low - 1;
}
