import { pulledResources, type Target } from "@/lib/sync/target";

// When a connection syncs by itself (handbook D-18).

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dailyHour = 2;
/** Where the tool tells us of changes we look all the same, since a call may be lost. */
const sweepMs = 15 * minuteMs;

const parts = (timeZone: string) =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });

/** The clock on the wall there, as if it were UTC: milliseconds. */
function wallClock(at: Date, timeZone: string): number {
  const found = Object.fromEntries(
    parts(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant at which the clock on the wall shows this. Where it shows it twice (summer time ends) it is the first
 * one; where it never does (summer time begins) it is the moment to which the clock is moved.
 */
function instantOf(wall: number, timeZone: string): Date {
  const offsetAt = (instant: number) => wallClock(new Date(instant), timeZone) - instant;
  // The offsets on both sides of whatever change there may be.
  const before = offsetAt(wall - 24 * hourMs);
  const after = offsetAt(wall + 24 * hourMs);
  const fits = [before, after]
    .map((offset) => wall - offset)
    .filter((instant) => wallClock(new Date(instant), timeZone) === wall);
  if (fits.length > 0) return new Date(Math.min(...fits));
  return new Date(wall - before);
}

/** The next full hour. */
export function nextHour(now: Date): Date {
  return new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs);
}

/** The next 02:00 on the clocks of this time zone. */
export function nextDailySync(now: Date, timeZone: string): Date {
  const wall = new Date(wallClock(now, timeZone));
  const day = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate());
  for (let ahead = 0; ahead < 3; ahead += 1) {
    const at = instantOf(day + (ahead * 24 + dailyHour) * hourMs, timeZone);
    if (at > now) return at;
  }
  throw new Error(`no 02:00 within three days in ${timeZone}`);
}

/** When the connection syncs next by itself; null: only when something happens, or somebody asks. */
export function nextSyncAt(target: Target, now: Date, hasHook: boolean): Date | null {
  switch (target.settings.frequency) {
    case "hourly":
      return nextHour(now);
    case "daily":
      return nextDailySync(now, target.timeZone);
    case "manual":
      return null;
    case "realtime":
      if (pulledResources(target).length === 0) return null;
      return new Date(now.getTime() + (hasHook ? sweepMs : minuteMs));
  }
}
