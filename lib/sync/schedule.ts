import { type SQL, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { log } from "@/lib/core/log";
import type { Frequency } from "@/lib/integrations/contract";
import { enqueue } from "@/lib/jobs/enqueue";
import { nextSyncAt } from "@/lib/sync/due-times";
import { retryMinutes } from "@/lib/sync/judge";
import { queueRun } from "@/lib/sync/runs";
import { loadTarget } from "@/lib/sync/target";

// What no event starts: the hour of a connection, repeats, and work that a crash left without a job. Everything here is
// safe to run at any time and twice at once.

const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
const connectionsMax = 500;

interface Due extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly frequency: Frequency;
}

/** Looks at one connection whose time has come: the run is put in line and the next time set, or neither. */
async function startOne(tx: Tx, due: Due, now: Date): Promise<void> {
  const target = await loadTarget(tx, due.workspace_id, due.id);
  const next = target ? nextSyncAt(target, now, false) : null;
  await tx.execute(sql`update connections set next_sync_at = ${next === null ? null : at(next)}
    where id = ${due.id} and workspace_id = ${due.workspace_id}`);
  if (!target) return;
  if (due.frequency === "hourly" || due.frequency === "daily") {
    await queueRun(tx, target, { trigger: due.frequency, now });
    return;
  }
  await wake(tx, { workspaceId: due.workspace_id, connectionId: due.id });
}

async function wake(
  tx: Tx,
  { workspaceId, connectionId }: { readonly workspaceId: string; readonly connectionId: string },
): Promise<void> {
  await enqueue(
    tx,
    "sync.run",
    { workspaceId, connectionId, trigger: "realtime" },
    { singletonKey: connectionId },
  );
}

async function startByClock(now: Date): Promise<number> {
  let started = 0;
  while (started < connectionsMax) {
    const found = await db().transaction(async (tx) => {
      const [due] = await tx.execute<Due>(sql`
        select c.id, c.workspace_id, s.frequency from connections c
        join sync_settings s on s.connection_id = c.id
        where c.next_sync_at <= ${at(now)} and c.status <> 'disconnected'
        order by c.next_sync_at limit 1 for update of c skip locked`);
      if (due) await startOne(tx, due, now);
      return due !== undefined;
    });
    if (!found) break;
    started += 1;
  }
  return started;
}

/** A tool that does not answer is left alone for 1, 5 and then 30 minutes, whatever waits for it. */
function isRested(now: Date): SQL {
  const [first, second, third] = retryMinutes;
  return sql`(c.failing_since is null or (c.last_error ->> 'at')::timestamptz <= ${at(now)} - make_interval(
    mins => case when c.failures < 3 then ${first}::int when c.failures < 6 then ${second}::int else ${third}::int end))`;
}

/**
 * Connections with records that are due and that no job takes: repeats, what was offered while the worker was away, and
 * runs that wait or were left in the middle.
 */
async function startWaiting(now: Date): Promise<number> {
  const rows = await db().execute<{ id: string; workspace_id: string }>(sql`
    select c.id, c.workspace_id from connections c join sync_settings s on s.connection_id = c.id
    where c.status = 'connected' and ${isRested(now)} and (
      exists (select 1 from sync_items i where i.connection_id = c.id
        and ((i.state = 'pending' and i.next_attempt_at <= ${at(now)}) or (i.state = 'sending' and i.claimed_until < ${at(now)}))
        and (s.frequency = 'realtime' or i.priority <> 1 or i.attempts > 0 or i.state = 'sending'))
      or exists (select 1 from sync_runs r where r.connection_id = c.id and r.status in ('queued', 'running')))
    order by c.id limit ${connectionsMax}`);
  for (const { id, workspace_id: workspaceId } of rows) {
    await wake(db(), { workspaceId, connectionId: id });
  }
  return rows.length;
}

/**
 * Starts the runs of connections whose hour has come, and of those with records that are due.
 * @returns how many connections got a run.
 */
export async function scheduleDueSyncs(now: Date): Promise<number> {
  const byClock = await startByClock(now);
  return byClock + (await startWaiting(now));
}

const dayMs = 86_400_000;
const keptDays = { entries: 90, items: 30, receipts: 2 } as const;
const batchRows = 5000;

/** Log entries go by whole months; a partition that is in use waits for the next time. */
async function dropEntries(before: Date): Promise<void> {
  try {
    await db().transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '3s'`);
      await tx.execute(sql`select drop_month_partitions('sync_log_entries', ${at(before)})`);
    });
  } catch (error) {
    log().warn({ err: error }, "old sync log entries could not be dropped; it is tried again");
  }
}

const removals = (now: Date): readonly SQL[] => {
  const before = (days: number) => at(new Date(now.getTime() - days * dayMs));
  return [
    // What was cancelled or dismissed ends like what was done; failures stay until somebody decides, or the log ends.
    sql`delete from sync_items where id in (select id from sync_items
      where done_at < ${before(keptDays.items)} and state in ('done', 'cancelled', 'dismissed') limit ${batchRows})`,
    sql`delete from sync_items where id in (select id from sync_items
      where done_at < ${before(keptDays.entries)} and state in ('failed', 'unknown', 'quarantined') limit ${batchRows})`,
    sql`delete from sync_runs where id in (select id from sync_runs
      where finished_at < ${before(keptDays.entries)} limit ${batchRows})`,
    sql`delete from hook_receipts where (provider, external_id) in (select provider, external_id from hook_receipts
      where received_at < ${before(keptDays.receipts)} limit ${batchRows})`,
    sql`delete from connect_states where expires_at < ${before(1)}`,
  ];
};

/**
 * Removes what is too old to be kept (handbook D-64): entries and runs after 90 days, what was sent after 30, receipts
 * of hooks after two, and Connects that nobody finished. Bounded batches; the next hour goes on.
 */
export async function sweepSync(now: Date): Promise<void> {
  for (const removal of removals(now)) await db().execute(removal);
  await dropEntries(new Date(now.getTime() - (keptDays.entries + 1) * dayMs));
}
