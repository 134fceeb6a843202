import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { memoryLimiter } from "@/lib/rate-limit/memory-limiter";
import { postgresLimiter } from "@/lib/rate-limit/postgres-limiter";
import { redisLimiter } from "@/lib/rate-limit/redis-limiter";
import type { Limiter } from "@/lib/rate-limit/window";

/** Memory with the embedded database (one web process), Redis with REDIS_URL, the database otherwise. */
export function limiter(): Limiter {
  return singleton("limiter", () => {
    const { REDIS_URL, embedded } = env();
    if (REDIS_URL) return redisLimiter(REDIS_URL);
    return embedded ? memoryLimiter() : postgresLimiter();
  });
}
