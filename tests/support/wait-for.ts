import { setTimeout as delay } from "node:timers/promises";

/**
 * Polls until `probe` answers with something other than null, undefined or false, and returns that. Throws when
 * `timeoutMs` (default 30 s) is over, naming `what` was awaited and the last error that the probe threw.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown = null;
  do {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      lastError = null;
    } catch (error) {
      lastError = error;
    }
    await delay(25);
  } while (Date.now() < deadline);
  throw new Error(
    `Waited ${timeoutMs / 1000} s in vain for ${what}${lastError ? `: ${lastError}` : ""}`,
    { cause: lastError },
  );
}
