// Control characters, direction overrides, zero-width characters and tag characters: they let a
// text look different from what it is, and PostgreSQL refuses NUL. Joiners stay, because Persian,
// Hindi and emoji need them.
const INVISIBLE =
  /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** One line of plain text: white space collapsed, invisible and malformed characters removed. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s+/g, " ")
    .replace(INVISIBLE, "")
    .replace(/ {2,}/g, " ")
    .trim();
}
