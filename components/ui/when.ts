/** How the viewer reads a clock. `now` is null when "today" is not known yet (server render). */
export interface Clock {
  readonly timeZone: string;
  readonly now: Date | null;
}

function part(date: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(date);
}

/** The calendar day in a zone, as a number of days, so that "yesterday" survives clock changes. */
function dayNumber(date: Date, timeZone: string): number {
  const iso = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(date);
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);
}

function relativeDay(date: Date, now: Date, timeZone: string): string | null {
  const distance = dayNumber(date, timeZone) - dayNumber(now, timeZone);
  if (distance === 0) return "Today";
  if (distance === -1) return "Yesterday";
  if (distance === 1) return "Tomorrow";
  return null;
}

/**
 * `Today 14:05`, `Yesterday 09:12`, otherwise `3 Feb 2026`; `style: "datetime"` adds the time to
 * that too. Without a known `now` only the absolute form is used.
 */
export function formatWhen(
  date: Date,
  { timeZone, now }: Clock,
  style: "short" | "date" | "datetime" = "short",
): string {
  const day = part(date, timeZone, { day: "numeric", month: "short", year: "numeric" });
  const near = now === null ? null : relativeDay(date, now, timeZone);
  if (style === "date") return near ?? day;
  const time = part(date, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (near !== null) return `${near} ${time}`;
  return style === "datetime" ? `${day}, ${time}` : day;
}

/** The full moment for a tooltip: `Sun 22 Nov 2026, 14:05:09 UTC`. */
export function formatUtc(date: Date): string {
  const day = part(date, "UTC", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).replace(",", "");
  const time = part(date, "UTC", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return `${day}, ${time} UTC`;
}
