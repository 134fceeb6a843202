import { cleanText } from "@/lib/transcripts/clean-text";

const lengthMax = 255;

/** At most `max` UTF-16 units, without half a character at the end. */
export function cutText(text: string, max: number): string {
  return text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
}

/**
 * The name that a file is shown under, of what a form, a header or an address calls it: no folders, no control
 * characters and nothing that turns the direction of what follows, at most 255 characters; "" where nothing is left.
 */
export function fileNameOf(given: string): string {
  const last = given.split(/[\\/]/).findLast((part) => cleanText(part) !== "") ?? "";
  return cutText(cleanText(last), lengthMax);
}
