import { z } from "zod";

const bareDate = /^\d{4}-\d{2}-\d{2}$/;
const isoInstant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** `new Date` rolls 31 February over into March; such a day does not exist. */
function isCalendarDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

/**
 * Parses `YYYY-MM-DD` or a full ISO 8601 instant (UTC when it names no offset) of the years 1900 to 9999; null when
 * it is neither.
 */
export function parseIso(text: string): { at: Date; isDay: boolean } | null {
  const isDay = bareDate.test(text);
  if (!isDay && !isoInstant.test(text)) return null;
  if (!isCalendarDay(text.slice(0, 10))) return null;
  const zoned = isDay || /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const at = new Date(zoned.replace(" ", "T"));
  const year = at.getUTCFullYear();
  return year >= 1900 && year <= 9999 ? { at, isDay } : null;
}

const dateMessage = "must be a date (2026-01-31) or an ISO 8601 time (2026-01-31T09:00:00Z)";

/** A date filter as the API takes it: a day or an instant. */
export const dateText = z
  .string()
  .max(40)
  .refine((text) => parseIso(text) !== null, dateMessage);

/**
 * How much time an inclusive end covers: a day, or the whole second, since the API writes instants to the second
 * and the row that was shown must be found by its own date.
 */
function lengthOf(end: { at: Date; isDay: boolean }): number {
  if (end.isDay) return 86_400_000;
  return end.at.getUTCMilliseconds() === 0 ? 1000 : 1;
}

/**
 * The instants that `date_from` and `date_to` enclose, both ends inclusive; a bare `date_to` covers its day.
 * `isEmpty` when they are upside down.
 */
export function dateRange(
  from: string | undefined,
  to: string | undefined,
): { from: string | null; before: string | null; isEmpty: boolean } {
  const start = from === undefined ? null : parseIso(from);
  const end = to === undefined ? null : parseIso(to);
  const before = end ? new Date(end.at.getTime() + lengthOf(end)) : null;
  const lastMoment = end?.isDay && before ? before.getTime() - 1 : end?.at.getTime();
  return {
    from: start?.at.toISOString() ?? null,
    // The day after 31 December 9999 cannot be written; nothing lies behind it either.
    before: before && before.getUTCFullYear() <= 9999 ? before.toISOString() : null,
    isEmpty: start !== null && lastMoment !== undefined && start.at.getTime() > lastMoment,
  };
}

/** `HH:MM:SS` of a position in a recording. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** An instant as the API writes it: UTC, whole seconds. */
export function isoSeconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
