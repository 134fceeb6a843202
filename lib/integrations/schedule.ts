import type { Frequency } from "@/lib/integrations/contract";

const hourMs = 3_600_000;
const dailyHour = 2;

/** The wall clock of a zone at an instant, as if it were UTC. */
function wallClock(at: Date, timeZone: string): Date {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return new Date(
    Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    ),
  );
}

/** Every zone's offset is a multiple of this. */
const stepMs = hourMs / 4;

/**
 * The first instant from `from` on at which the zone's clock comes to the hour. On the day that skips the hour it is the
 * hour after; on the day that has it twice, the first.
 */
function nextAtHour(from: Date, timeZone: string, hour: number): Date {
  const shown = (at: number) => wallClock(new Date(at), timeZone);
  const first = Math.ceil(from.getTime() / stepMs) * stepMs;
  for (let at = first; at < first + 26 * hourMs; at += stepMs) {
    const now = shown(at);
    const isHour = now.getUTCHours() === hour && now.getUTCMinutes() === 0;
    const isRepeat = shown(at - hourMs).getTime() === now.getTime();
    const skipsHour = now.getUTCHours() > hour && shown(at - stepMs).getUTCHours() < hour;
    if ((isHour && !isRepeat) || skipsHour) return new Date(at);
  }
  throw new Error(`no ${hour}:00 within a day in ${timeZone}`);
}

/**
 * When a connection syncs next by itself (handbook D-18): hourly at minute 0, daily at 02:00 of the workspace's zone;
 * null where no clock decides. Always after `now`.
 */
export function nextSyncAt(frequency: Frequency, timeZone: string, now: Date): Date | null {
  if (frequency === "hourly") return new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs);
  if (frequency !== "daily") return null;
  return nextAtHour(new Date(now.getTime() + 1), timeZone, dailyHour);
}
