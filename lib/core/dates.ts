import { z } from "zod";

const bareDate = /^\d{4}-\d{2}-\d{2}$/;
const isoInstant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Parses `YYYY-MM-DD` or a full ISO 8601 instant (UTC when it names no offset); null when it is neither. */
export function parseIso(text: string): { at: Date; isDay: boolean } | null {
  const isDay = bareDate.test(text);
  if (!isDay && !isoInstant.test(text)) return null;
  const zoned = isDay || /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const at = new Date(zoned.replace(" ", "T"));
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1900) return null;
  // `new Date` rolls 31 February over into March; such a day does not exist.
  if (isDay && at.toISOString().slice(0, 10) !== text) return null;
  return { at, isDay };
}

const dateMessage = "must be a date (2026-01-31) or an ISO 8601 time (2026-01-31T09:00:00Z)";

/** A date filter as the API takes it: a day or an instant. */
export const dateText = z
  .string()
  .max(40)
  .refine((text) => parseIso(text) !== null, dateMessage);

/** The instants that `date_from` and `date_to` enclose, both ends inclusive; a bare `date_to` covers its day. */
export function dateRange(
  from: string | undefined,
  to: string | undefined,
): { from: string | null; before: string | null; isEmpty: boolean } {
  const start = from === undefined ? null : parseIso(from);
  const end = to === undefined ? null : parseIso(to);
  const before = end ? new Date(end.at.getTime() + (end.isDay ? 86_400_000 : 1)) : null;
  return {
    from: start?.at.toISOString() ?? null,
    before: before?.toISOString() ?? null,
    isEmpty: start !== null && before !== null && start.at >= before,
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
