/** A pull that would remove more than this many, and more than this share of what is known, stops first. */
const countMax = 20;
const shareMax = 0.2;

/** Whether so many removals at once are more likely a mistake over there, or of ours, than what somebody wanted. */
export function isBraked(removed: number, known: number): boolean {
  return removed > Math.max(countMax, shareMax * known);
}
