import { setTimeout as delay } from "node:timers/promises";

const pollMs = 20;

/** Polls until `probe` gives something other than null or false; throws when `timeoutMs` is over or `signal` aborts. */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | null | false> | T | null | false,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  while (Date.now() < deadline) {
    options.signal?.throwIfAborted();
    const found = await probe();
    if (found !== null && found !== false) return found;
    await delay(pollMs);
  }
  throw new Error(`waited ${options.timeoutMs / 1000} s in vain for ${what}`);
}
