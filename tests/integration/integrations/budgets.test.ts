import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, expect, inject, test } from "vitest";
import { randomBase62 } from "@/lib/core/ids";
import { blockBudget, paceOf, takeFromBudget } from "@/lib/integrations/budgets";
import { ProviderError } from "@/lib/integrations/contract";
import { waitFor } from "../../support/wait-for";

const never = () => AbortSignal.timeout(60_000);
const newKey = () => `budget-test:${randomBase62(8)}`;

/** The most calls in any window of this length. */
function mostWithin(moments: readonly number[], perMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + perMs).length),
  );
}

async function drawTogether(args: readonly (readonly string[])[]): Promise<number[][]> {
  const askers = args.map((own) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "tests/support/stand-in-tool/draw-on-budget.ts", ...own],
      {
        env: { NODE_ENV: "production", ...inject("serverEnv") },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, next: async () => (await lines.next()).value as string };
  });
  for (const { next } of askers) expect(await next()).toBe("ready");
  for (const { child } of askers) child.stdin.write("go\n");
  return await Promise.all(askers.map(async ({ next }) => JSON.parse(await next()) as number[]));
}

describe("the pace", () => {
  test.for([
    [1, 1000],
    [2, 1000],
    [20, 60_000],
    [50, 60_000],
    [100, 10_000],
    [600, 60_000],
    [10_000, 86_400_000],
  ] as const)(
    "of %i in %i ms never lets more through, and loses less than a tenth",
    ([calls, perMs]) => {
      const { burst, intervalMs } = paceOf({ calls, perMs });
      const windowed = burst + Math.floor(perMs / intervalMs);
      expect(windowed).toBeLessThanOrEqual(calls);
      expect(perMs / intervalMs).toBeGreaterThan(calls / 1.1);
    },
  );
});

describe("two processes on one budget", () => {
  test("use nearly all of it together, and never more in any window", async () => {
    const key = newKey();
    const own = [key, "100", "2000", "2", "150"];
    const moments = (await drawTogether([own, own])).flat();
    const tookMs = Math.max(...moments) - Math.min(...moments);
    expect(moments).toHaveLength(300);
    // 300 calls at 50 a second are 6 s.
    expect(tookMs).toBeLessThan(6000 * 1.1);
    // A busy machine may hand two of them over a little closer than they were let through.
    expect(mostWithin(moments, 1950)).toBeLessThanOrEqual(100);
  });
});

describe("a budget", () => {
  test("lets what a person waits for go before a backfill that uses it up", async () => {
    const key = newKey();
    const budget = { key, calls: 100, perMs: 10_000 };
    const stop = new AbortController();
    let taken = 0;
    const backfill = (async () => {
      for (;;) {
        await takeFromBudget("x", budget, 2, stop.signal);
        taken += 1;
      }
    })();
    const stopped = expect(backfill).rejects.toThrow();
    // It has used up what it may and waits for each place.
    await waitFor("five calls of the backfill", () => taken >= 5);
    const before = taken;
    await takeFromBudget("x", budget, 0, never());
    // The three places that the backfill may have reserved, less what of the burst was left.
    expect(taken - before).toBeLessThanOrEqual(3);
    stop.abort();
    await stopped;
  });

  test("that the tool has closed is closed for everybody, until its time has passed", async () => {
    const key = newKey();
    const budget = { key, calls: 1000, perMs: 1000 };
    await takeFromBudget("x", budget, 1, never());
    await blockBudget(key, 400);
    await blockBudget(key, 100);
    const startedAt = performance.now();
    await takeFromBudget("x", budget, 0, never());
    expect(performance.now() - startedAt).toBeGreaterThan(300);
  });

  test("says how long rather than keeping somebody waiting for minutes", async () => {
    const key = newKey();
    await blockBudget(key, 90_000);
    const error: unknown = await takeFromBudget(
      "x",
      { key, calls: 10, perMs: 10 },
      0,
      never(),
    ).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProviderError);
    expect(error instanceof ProviderError && error.fault).toEqual({
      kind: "rate_limited",
      retryAfterMs: expect.closeTo(90_000, -4),
    });
  });

  test("stops waiting when its caller gives up", async () => {
    const key = newKey();
    await blockBudget(key, 3_000);
    const signal = AbortSignal.timeout(50);
    await expect(takeFromBudget("x", { key, calls: 10, perMs: 10 }, 2, signal)).rejects.toThrow();
  });
});
