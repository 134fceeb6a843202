import { setTimeout as delay } from "node:timers/promises";
import { askTool, messageOf, type Stage, startStage } from "../drill/sync-stage";
import { waitUntil } from "../drill/wait-until";

// What the sync measurements run on, the same as the drills: a database of their own that syncs its commits to disk, the
// product's worker process, and the reference tool in a process of its own.

const deadlineMs = 15 * 60_000;
/** Looking whether everything is settled must not cost what is measured. */
const lookMs = 100;

/** What the tool counted since it was started. */
export interface ToolStats {
  readonly calls: number;
  /** Of the calls, those that make or change something. */
  readonly writes: number;
  /** Of the calls, those that were over the limit: answered 429 and not done. */
  readonly limited: number;
  /** When the last call came that was not: Unix milliseconds. */
  readonly acceptedAt: number;
}

export interface Place {
  readonly workspaceId: string;
  readonly connectionId: string;
}

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface SyncStack {
  /** A workspace of contacts that is connected to the reference tool. */
  readonly make: (provider: string, contacts: number) => Promise<Place>;
  /** Offers all contacts; returns when that was committed: Unix milliseconds. */
  readonly offer: (place: Place) => Promise<number>;
  /** Waits until nothing is open; returns when that was seen. */
  readonly settled: (place: Place) => Promise<number>;
  /** What the runs of the connection did so far. */
  readonly counts: (place: Place) => Promise<Counts>;
  readonly stats: () => Promise<ToolStats>;
  /** The tool refuses what comes over so many calls in any window of that length. */
  readonly limit: (calls: number, perMs: number) => Promise<void>;
}

const stopping = new AbortController();
let stage: Promise<Stage> | null = null;
let shared: Promise<SyncStack> | null = null;

/** One for all cases of a run. */
export function syncStack(): Promise<SyncStack> {
  shared ??= startSyncStack();
  return shared;
}

/** Ends and removes what `syncStack` started, if it did. */
export async function stopSyncStage(): Promise<void> {
  stopping.abort();
  const started = await stage?.catch(() => null);
  await started?.stop();
}

async function startSyncStack(): Promise<SyncStack> {
  const { signal } = stopping;
  stage = startStage(signal);
  const on = await stage;
  const bulk = on.start("bulk");
  on.start("worker");
  const isUp = async () => {
    const rows = await on.sql`select 1 from pg_stat_activity
      where application_name = 'harmony-webhooks' and datname = current_database()`;
    return rows.length > 0;
  };
  await waitUntil("the worker to be up", isUp, { timeoutMs: 120_000, signal });
  const ask = <T>(order: Readonly<Record<string, unknown>>): Promise<T> => {
    const answer = messageOf<T>(bulk, signal);
    bulk.send(order);
    return answer;
  };
  return {
    make: (provider, contacts) => ask<Place>({ kind: "make", provider, contacts }),
    offer: async (place) => (await ask<{ at: number }>({ kind: "offer", ...place })).at,
    settled: async ({ connectionId }) => {
      const isSettled = async () => {
        await delay(lookMs);
        const [row] = await on.sql<{ open: boolean }[]>`select exists (
          select 1 from sync_items where connection_id = ${connectionId} and state in ('pending', 'sending'))
          or exists (select 1 from sync_runs where connection_id = ${connectionId}
            and status in ('queued', 'running')) as open`;
        return row?.open === false;
      };
      await waitUntil("everything to be settled", isSettled, { timeoutMs: deadlineMs, signal });
      return Date.now();
    },
    counts: async ({ connectionId }) => {
      const [row] = await on.sql<Counts[]>`select coalesce(sum(created_count), 0)::int as created,
        coalesce(sum(updated_count), 0)::int as updated, coalesce(sum(skipped_count), 0)::int as skipped,
        coalesce(sum(failed_count), 0)::int as failed from sync_runs where connection_id = ${connectionId}`;
      if (!row) throw new Error("the runs were not counted");
      return row;
    },
    stats: () => askTool<ToolStats>(on, "stats"),
    limit: async (calls, perMs) => {
      await askTool(on, "limit", { calls, perMs });
    },
  };
}
