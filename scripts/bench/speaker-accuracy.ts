export interface Spoken {
  readonly speaker: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Milliseconds that each found speaker (rows) shares with each true one (columns). */
function overlaps(found: readonly Spoken[], spoken: readonly Spoken[]): number[][] {
  const names = (list: readonly Spoken[]) => [...new Set(list.map(({ speaker }) => speaker))];
  return names(found).map((row) =>
    names(spoken).map((column) => {
      let ms = 0;
      for (const a of found.filter(({ speaker }) => speaker === row)) {
        for (const b of spoken.filter(({ speaker }) => speaker === column)) {
          ms += Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
        }
      }
      return ms;
    }),
  );
}

/** The most that can be right when each found speaker is one true speaker at most, and the other way round. */
function bestMatch(rows: readonly (readonly number[])[], taken: ReadonlySet<number>): number {
  const [row, ...rest] = rows;
  if (row === undefined) return 0;
  let best = bestMatch(rest, taken);
  for (const [column, ms] of row.entries()) {
    if (!taken.has(column))
      best = Math.max(best, ms + bestMatch(rest, new Set([...taken, column])));
  }
  return best;
}

/**
 * Share of the recognised speech that is on the right speaker, names aside: 0 to 1. For up to some eight speakers; what
 * was not recognised at all does not count.
 */
export function speakerAccuracy(found: readonly Spoken[], spoken: readonly Spoken[]): number {
  const rows = overlaps(found, spoken);
  const all = rows.flat().reduce((sum, ms) => sum + ms, 0);
  return all === 0 ? 0 : bestMatch(rows, new Set()) / all;
}
