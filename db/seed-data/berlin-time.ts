export const demoTimeZone = "Europe/Berlin";

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: demoTimeZone,
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
});

/** Milliseconds that the clocks of Berlin are ahead of UTC at an instant. */
function aheadMs(at: Date): number {
  const read = Object.fromEntries(
    parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at.getTime() / 60_000) * 60_000;
}

const dayMs = 86_400_000;

/**
 * A working day's instant by the clock of Berlin, `daysAgo` calendar days before `now`; a Saturday or Sunday
 * becomes the Friday before.
 */
export function workingTime(now: Date, daysAgo: number, hour: number, minute: number): Date {
  const local = new Date(now.getTime() + aheadMs(now) - daysAgo * dayMs);
  const back = { 0: 2, 6: 1 }[local.getUTCDay()] ?? 0;
  const wall = new Date(local.getTime() - back * dayMs).setUTCHours(hour, minute, 0, 0);
  return new Date(wall - aheadMs(new Date(wall)));
}
