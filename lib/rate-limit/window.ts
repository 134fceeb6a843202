export interface Taken {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** When the window ends, Unix seconds rounded up. */
  readonly resetAt: number;
  readonly retryAfterSeconds: number;
}

/**
 * Fixed windows of 60 s that start at the first counted request (handbook D-44); a refused request neither
 * counts nor extends the window.
 */
export interface Limiter {
  take(key: string, limit: number): Promise<Taken>;
}

export const windowMs = 60_000;

/** Turns a window's start and count (this request included) into the answer. */
export function toTaken(limit: number, count: number, startedAtMs: number, nowMs: number): Taken {
  const endMs = startedAtMs + windowMs;
  return {
    allowed: count <= limit,
    limit,
    remaining: Math.max(0, limit - count),
    resetAt: Math.ceil(endMs / 1000),
    retryAfterSeconds: Math.max(1, Math.ceil((endMs - nowMs) / 1000)),
  };
}
