import { LRUCache } from "lru-cache";
import { type Limiter, toTaken, windowMs } from "@/lib/rate-limit/window";

/** For one web process. Windows are lost with it; at most 100,000 are kept. */
export function memoryLimiter(nowMs: () => number = Date.now): Limiter {
  const windows = new LRUCache<string, { startedAtMs: number; count: number }>({ max: 100_000 });
  return {
    async take(key, limit) {
      const now = nowMs();
      let window = windows.get(key);
      if (!window || now >= window.startedAtMs + windowMs) {
        window = { startedAtMs: now, count: 0 };
        windows.set(key, window);
      }
      if (window.count >= limit) return toTaken(limit, limit + 1, window.startedAtMs, now);
      window.count += 1;
      return toTaken(limit, window.count, window.startedAtMs, now);
    },
  };
}
