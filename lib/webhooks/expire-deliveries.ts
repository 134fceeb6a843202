import { type SQL, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { log } from "@/lib/core/log";
import { logRetentionDays } from "@/lib/webhooks/schema";

const dayMs = 86_400_000;
const batchRows = 5000;
/** With the size of a batch the most that one run removes of a table; the next hour goes on. */
const batchesMax = 200;

/** Runs a statement that removes at most a batch until nothing is left to remove. @returns rows removed. */
async function inBatches(removal: SQL): Promise<number> {
  let removed = 0;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const rows = await db().execute<{ n: number }>(
      sql`with gone as (${removal} returning 1) select count(*)::int as n from gone`,
    );
    const n = rows[0]?.n ?? 0;
    removed += n;
    if (n < batchRows) break;
  }
  return removed;
}

/** Rows are found through the index of each owner: there is none by time alone, and none is worth its writes. */
const oldDeliveries = (before: string) => sql`delete from webhook_deliveries where id in (
  select old.id from webhooks w cross join lateral (
    select d.id from webhook_deliveries d
    where d.webhook_id = w.id and d.created_at < ${before}::timestamptz
    order by d.created_at, d.id limit ${batchRows}) old
  limit ${batchRows})`;

const oldEvents = (before: string) => sql`delete from events where id in (
  select old.id from workspaces w cross join lateral (
    select e.id from events e
    where e.workspace_id = w.id and e.occurred_at < ${before}::timestamptz
    order by e.occurred_at limit ${batchRows}) old
  limit ${batchRows})`;

/** A deleted webhook stays while its log does. */
const oldWebhooks = (before: string) => sql`delete from webhooks where id in (
  select w.id from webhooks w where w.deleted_at < ${before}::timestamptz
    and not exists (select 1 from webhook_deliveries d where d.webhook_id = w.id)
  limit ${batchRows})`;

/**
 * Attempts go by whole months. Dropping a partition waits for its readers and makes writers wait behind it, so it
 * gives up after seconds; the next hour tries again.
 */
async function dropAttempts(before: string): Promise<void> {
  try {
    await db().transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '3s'`);
      await tx.execute(
        sql`select drop_month_partitions('webhook_attempts', ${before}::timestamptz)`,
      );
    });
  } catch (error) {
    log().warn(
      { err: error },
      "old webhook attempts could not be dropped; the next hour tries again",
    );
  }
}

/**
 * The hourly end of what is older than 30 days (handbook 21.5, D-64): deliveries, events, months of attempts that
 * are wholly older, and webhooks deleted before that. Bounded batches, safe to run twice and to be killed.
 */
export async function expireDeliveries(now: Date): Promise<void> {
  const before = new Date(now.getTime() - logRetentionDays * dayMs).toISOString();
  const deliveries = await inBatches(oldDeliveries(before));
  const events = await inBatches(oldEvents(before));
  const webhooks = await inBatches(oldWebhooks(before));
  await dropAttempts(new Date(now.getTime() - (logRetentionDays + 1) * dayMs).toISOString());
  if (deliveries + events + webhooks > 0) {
    log().info({ deliveries, events, webhooks }, "expired deliveries were removed");
  }
}
