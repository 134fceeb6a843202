import { expect, test } from "vitest";
import { attemptDelaysSeconds, nextAttemptAt, retryAfterSeconds } from "@/lib/webhooks/schedule";

const now = new Date("2026-02-01T15:30:00Z");
const none = { retryAfterSeconds: null, random: 0 };

test("ten attempts, the last no earlier than 71.6 hours after the first, whatever the jitter", () => {
  expect(attemptDelaysSeconds).toHaveLength(10);
  for (const random of [0, 0.5, 0.999]) {
    let at = now;
    for (let attempts = 1; attempts < 10; attempts += 1) {
      at = nextAttemptAt(attempts, at, { ...none, random }) ?? at;
    }
    const hours = (at.getTime() - now.getTime()) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(71.6);
    expect(hours).toBeLessThanOrEqual(71.7 * 1.1);
    expect(nextAttemptAt(10, at, { ...none, random })).toBeNull();
  }
});

test("Retry-After delays an attempt and never hurries it", () => {
  const at = (seconds: number | null) =>
    nextAttemptAt(1, now, { retryAfterSeconds: seconds, random: 0 })?.getTime();
  expect(at(120)).toBe(now.getTime() + 120_000);
  expect(at(1)).toBe(now.getTime() + 5_000);
});

test.each([
  ["0", 0],
  ["120", 120],
  ["999999999", 86_400],
  ["Sun, 01 Feb 2026 15:40:00 GMT", 600],
  ["Sun, 01 Feb 2026 15:00:00 GMT", 0],
  ["", null],
  ["-5", null],
  ["1.5", null],
  ["soon", null],
  ["2026", 2026],
  ["2026-02-01T15:40:00Z", null],
])("a Retry-After of %j asks for %s seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});
