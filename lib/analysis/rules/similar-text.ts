const STOP_WORDS = new Set(
  `a about after all also am an and any are as at be because been before but by can could did do does
  for from get going had has have he her here him his how i if in into is it its just know like me
  more my need no not of on one or our out please really she should so some that the their them then
  there these they thing this those to too up us very was we well were what when where which who will
  with would yes you your`.split(/\s+/),
);

/** The words of a text as written, without punctuation and without "'s". */
export function wordsOf(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [];
  return words.map((word) => word.replace(/['’]s$/i, ""));
}

/** A word without its commonest English endings, so that "prices" and "pricing" meet. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase();
  const singular = lower.length > 3 ? lower.replace(/(?<![sui])s$/, "") : lower;
  const base = singular.length > 4 ? singular.replace(/(?:ing|ed)$/, "") : singular;
  const short = base.length > 3 ? base.replace(/e$/, "") : base;
  return short.length > 3 ? short.replace(/([^aeiouls])\1$/, "$1") : short;
}

/** The stems of the words that carry meaning. */
export function contentWords(text: string): Set<string> {
  const words = wordsOf(text.toLowerCase());
  return new Set(words.filter((word) => word.length > 1 && !STOP_WORDS.has(word)).map(stemOf));
}

/** The share of the smaller set that is in the larger one, 0 to 1. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const shared = [...small].filter((word) => large.has(word)).length;
  return small.size === 0 ? 0 : shared / small.size;
}

/** The text with its first letter in upper case. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
