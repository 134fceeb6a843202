/**
 * Seconds between an attempt and the one before: ten attempts over three days (handbook 21.4). The first is made
 * at once.
 */
export const attemptDelaysSeconds: readonly number[] = [
  0, 5, 60, 300, 1800, 7200, 21_600, 54_000, 86_400, 86_400,
];

/** Longest wait that a receiver's Retry-After can ask for. */
const retryAfterMaxSeconds = 86_400;

/** Seconds that a `Retry-After` header asks for: a number, or a date (RFC 9110, 10.2.3); null when it is neither. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), retryAfterMaxSeconds);
  // Only the forms of RFC 9110 begin with the name of a day; Date.parse would read much else as a date.
  const at = /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return null;
  const seconds = Math.ceil((at - now.getTime()) / 1000);
  return Math.min(Math.max(seconds, 0), retryAfterMaxSeconds);
}

/**
 * When the next attempt is due after `attempts` of them, or null when they are used up. The jitter of 0 to +10 %
 * only ever delays, so that the last attempt comes no earlier than 71.6 hours after the first.
 * @param random from 0 up to 1.
 */
export function nextAttemptAt(
  attempts: number,
  now: Date,
  options: { readonly retryAfterSeconds: number | null; readonly random: number },
): Date | null {
  const delay = attemptDelaysSeconds[attempts];
  if (delay === undefined) return null;
  const seconds = Math.max(delay * (1 + options.random * 0.1), options.retryAfterSeconds ?? 0);
  return new Date(now.getTime() + Math.round(seconds * 1000));
}
