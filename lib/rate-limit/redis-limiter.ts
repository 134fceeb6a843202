import { Redis } from "ioredis";
import { log } from "@/lib/core/log";
import { memoryLimiter } from "@/lib/rate-limit/memory-limiter";
import { type Limiter, toTaken } from "@/lib/rate-limit/window";

// Runs whole inside Redis: a refused request neither counts nor extends the window.
const script = `
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count >= tonumber(ARGV[1]) then return {count + 1, redis.call('PTTL', KEYS[1])} end
count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {count, redis.call('PTTL', KEYS[1])}`;

/** For many web processes. While Redis does not answer, each process counts for itself. */
export function redisLimiter(url: string): Limiter {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 2000,
    enableOfflineQueue: false,
  });
  redis.on("error", (error) =>
    log().warn({ reason: error.message }, "rate limits: redis is unreachable"),
  );
  const fallback = memoryLimiter();
  return {
    async take(key, limit) {
      try {
        const answer = await redis.eval(script, 1, `harmony:rate:${key}`, limit, 60_000);
        const [count, ttlMs] = answer as [number, number];
        const now = Date.now();
        return toTaken(limit, count, now + ttlMs - 60_000, now);
      } catch (error) {
        log().warn({ reason: String(error) }, "rate limits: counting in this process only");
        return fallback.take(key, limit);
      }
    },
  };
}
