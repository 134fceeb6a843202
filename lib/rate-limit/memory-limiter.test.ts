import { expect, test } from "vitest";
import { memoryLimiter } from "@/lib/rate-limit/memory-limiter";
import { toTaken } from "@/lib/rate-limit/window";

test("a window lasts exactly 60 s from its first request", async () => {
  let now = 1_000_000_500;
  const limiter = memoryLimiter(() => now);
  expect(await limiter.take("k", 1)).toEqual({
    allowed: true,
    limit: 1,
    remaining: 0,
    resetAt: 1_000_061,
    retryAfterSeconds: 60,
  });
  now += 59_999;
  expect(await limiter.take("k", 1)).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
  now += 1;
  expect(await limiter.take("k", 1)).toMatchObject({ allowed: true, resetAt: 1_000_121 });
});

test("the reset is rounded up to whole seconds, and waiting is never zero", () => {
  expect(toTaken(5, 6, 1_000_001, 1_060_001)).toEqual({
    allowed: false,
    limit: 5,
    remaining: 0,
    resetAt: 1061,
    retryAfterSeconds: 1,
  });
});
