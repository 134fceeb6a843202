/** A time of day or an offset: "1:02:03.5", "02:03", "100:00:00,250". */
export const clockPattern = String.raw`(?:\d{1,4}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?`;

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?$/;

/** Milliseconds of a clock string, or null when it is not one. Hours may exceed 99. */
export function parseClock(value: string): number | null {
  const match = CLOCK.exec(value.trim());
  if (match === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
  if (Number(seconds) > 59 || (match[1] !== undefined && Number(minutes) > 59)) return null;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, "0"));
}
