import { setTimeout as delay } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { db, executePrepared } from "@/db/client";
import { providerBudgets } from "@/db/schema/integrations";
import { ProviderError } from "@/lib/integrations/contract";

// A tool's rate limit as a budget that every process and connection draws on (GCRA, one row of `provider_budgets` a
// key, on the database's clock). A call reserves its place in time and waits for it, so nobody polls.

export interface Budget {
  /** Provider, account, and the group of calls that the tool counts together. */
  readonly key: string;
  readonly calls: number;
  readonly perMs: number;
}

export type Priority = 0 | 1 | 2;

/**
 * How a limit of `calls` in any `perMs` is kept: a burst `b` at once, then one each `intervalMs`. In any window of
 * length w at most `b + floor(w / intervalMs)` calls begin; with these numbers that is never more than `calls`, also
 * when the way to the tool brings two of them a hundredth of the window closer together than they began.
 */
export function paceOf({ calls, perMs }: Pick<Budget, "calls" | "perMs">): {
  readonly burst: number;
  readonly intervalMs: number;
} {
  const burst = Math.max(1, Math.floor(calls * 0.03));
  return { burst, intervalMs: (perMs * 1.01) / (calls - burst + 1) };
}

/** What a priority leaves of the burst to those before it. The pace is the same for all: nothing is lost. */
function reserveOf(burst: number, priority: Priority): number {
  if (priority === 0) return 0;
  return Math.min(burst - 1, Math.ceil(burst * (priority === 1 ? 0.2 : 0.5)));
}

/**
 * How many places ahead somebody may reserve: enough for those who work side by side, and the fewer the less it matters,
 * so that one who comes later and matters more is not far behind.
 */
const placesAhead: Readonly<Record<Priority, number>> = { 0: 12, 1: 6, 2: 3 };
/** Where places are close together it is a time that counts: a round trip must not cost any. */
const horizonMs = 250;
/** A person is told sooner that the tool lets nobody in; a job is put off rather than kept waiting. */
const patienceMs: Readonly<Record<Priority, number>> = { 0: 5_000, 1: 20_000, 2: 20_000 };

interface Taken extends Record<string, unknown> {
  /** Whether the place is ours; else when it is worth to ask again. */
  readonly is_taken: boolean;
  readonly wait_ms: number;
}

async function reserve(budget: Budget, priority: Priority): Promise<Taken> {
  const { burst, intervalMs } = paceOf(budget);
  const aheadMs = (burst - reserveOf(burst, priority)) * intervalMs;
  const lookMs = Math.max(horizonMs, placesAhead[priority] * intervalMs);
  const [taken] = await executePrepared<Taken>(
    db(),
    sql`
    with known as (
      select key, paid_back_at_ms, blocked_until from provider_budgets where key = ${budget.key} for update),
    plan as (
      select key, greatest(paid_back_at_ms, ms) + ${intervalMs}::float8 as after_ms,
        greatest(0, extract(epoch from blocked_until)::float8 * 1000 - ms) as blocked_ms,
        greatest(0, greatest(paid_back_at_ms, ms) + ${intervalMs}::float8 - ms - ${aheadMs}::float8) as pace_ms
      -- Read after the lock was waited for.
      from (select *, extract(epoch from clock_timestamp())::float8 * 1000 as ms from known) locked),
    put as (
      update provider_budgets b set paid_back_at_ms = p.after_ms, updated_at = clock_timestamp()
      from plan p where b.key = p.key and coalesce(p.blocked_ms, 0) = 0 and p.pace_ms <= ${lookMs}::float8
      returning b.key)
    select exists (select 1 from put) as is_taken, greatest(coalesce(blocked_ms, 0), pace_ms) as wait_ms
    from plan`,
  );
  if (taken) return taken;
  await db().insert(providerBudgets).values({ key: budget.key }).onConflictDoNothing();
  return { is_taken: false, wait_ms: 0 };
}

/**
 * Waits until a call fits into the budget.
 * @throws ProviderError `rate_limited` when that takes too long to wait for; the signal's reason when it ends.
 */
export async function takeFromBudget(
  provider: string,
  budget: Budget,
  priority: Priority,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { is_taken: isTaken, wait_ms: waitMs } = await reserve(budget, priority);
    if (isTaken) {
      if (waitMs >= 1) await delay(waitMs, undefined, { signal });
      return;
    }
    if (performance.now() - startedAt + waitMs > patienceMs[priority]) {
      const retryAfterMs = Math.ceil(waitMs);
      throw new ProviderError(provider, { kind: "rate_limited", retryAfterMs });
    }
    // Not all of those who wait come back at the same moment.
    if (waitMs > 0) await delay(waitMs * (0.25 + Math.random() / 4), undefined, { signal });
  }
}

const unsaidMs = 1_000;

/** The tool refused a call: nobody calls before its time has passed. */
export async function blockBudget(key: string, retryAfterMs: number | null): Promise<void> {
  const seconds = (retryAfterMs ?? unsaidMs) / 1000;
  await db().execute(sql`
    insert into provider_budgets as b (key, blocked_until)
    values (${key}, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (key) do update
      set blocked_until = greatest(b.blocked_until, excluded.blocked_until), updated_at = clock_timestamp()`);
}
