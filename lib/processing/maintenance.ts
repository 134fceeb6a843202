import { sql } from "drizzle-orm";
import { db, pool } from "@/db/client";
import { enqueue } from "@/lib/jobs/enqueue";
import { failMeeting } from "@/lib/processing/meeting-step";
import { ownerlessKeys } from "@/lib/storage/ownerless";
import { storage } from "@/lib/storage/storage";

const day = 86_400_000;
const givenUp =
  "Processing stopped without a result several times. Press Retry; if it stays, write to support.";

interface StuckMeeting extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly title: string;
  readonly is_given_up: boolean;
}

/**
 * Finds meetings that wait for work without a job (a crash between two systems, a lost queue) and gives them one.
 * One whose job used up its attempts without a word, because it took the worker down each time, is ended instead.
 * @returns how many got a job.
 */
export async function requeueStuckMeetings(): Promise<number> {
  const rows = await db().execute<StuckMeeting>(sql`
    select m.id, m.workspace_id, m.title, m.status = 'processing' and exists (
        select 1 from pgboss.job j where j.name in ('meeting.process', 'meeting.transcribe') and j.state = 'failed'
          and j.data ->> 'meetingId' = m.id and j.completed_on >= m.updated_at) as is_given_up
    from meetings m
    where m.status in ('queued', 'processing') and m.updated_at < now() - interval '1 minute'
      and not exists (select 1 from pgboss.job j where j.name in ('meeting.process', 'meeting.transcribe')
        and j.data ->> 'meetingId' = m.id and j.state in ('created', 'retry', 'active'))
    order by m.updated_at limit 500`);
  let requeued = 0;
  for (const row of rows) {
    const { id, workspace_id: workspaceId, title } = row;
    if (row.is_given_up) {
      await failMeeting({ id, workspaceId, title }, "internal_error", givenUp);
      continue;
    }
    await enqueue(db(), "meeting.process", { workspaceId, meetingId: id });
    requeued += 1;
  }
  return requeued;
}

const keysAtOnce = 500;
const uploadsAtOnce = 500;

/** Uploads in pieces that nobody finished in time: the row goes first, so that nobody adds to what is being removed. */
async function dropExpiredUploads(now: Date): Promise<number> {
  const rows = await db().execute<{ storage_key: string }>(sql`
    delete from upload_sessions where id in (
      select id from upload_sessions where expires_at < ${now.toISOString()}::timestamptz
        and coalesce(locked_until, '-infinity') < ${now.toISOString()}::timestamptz
      order by expires_at limit ${uploadsAtOnce} for update skip locked)
    returning storage_key`);
  for (const { storage_key: key } of rows) await storage().dropParts(key);
  return rows.length;
}

async function removeOwnerless(keys: readonly string[]): Promise<number> {
  const ownerless = await ownerlessKeys(pool(), keys);
  for (const key of ownerless) {
    // Beside files in pieces lie single objects: pieces that were set aside.
    if (key.startsWith("uploads/")) await storage().dropParts(key);
    await storage().remove(key);
  }
  return ownerless.length;
}

/**
 * Removes what no row refers to and a crash may have left: recordings, copies for browsers and pieces of uploads, all
 * at least a day old; staged bytes of a day ago; and uploads that were not finished in time.
 */
export async function sweepStorage(now: Date): Promise<number> {
  const before = new Date(now.getTime() - day);
  let removed = await dropExpiredUploads(now);
  removed += await storage().sweepStaged(before);
  let keys: string[] = [];
  for await (const { key, modifiedAt } of storage().list()) {
    if (modifiedAt < before) keys.push(key);
    if (keys.length < keysAtOnce) continue;
    removed += await removeOwnerless(keys);
    keys = [];
  }
  return removed + (await removeOwnerless(keys));
}

/** Ends what has run out: sessions, sign-in links, stored answers, old rate windows, old counts of use, read notices. */
export async function sweepRows(): Promise<void> {
  await db().execute(sql`delete from sessions where expires < now()`);
  await db().execute(sql`delete from verification_tokens where expires < now()`);
  await db().execute(
    sql`delete from idempotency_records where created_at < now() - interval '24 hours'`,
  );
  await db().execute(
    sql`delete from rate_windows where started_at < now() - interval '10 minutes'`,
  );
  await db().execute(sql`delete from api_usage where day < (now() at time zone 'UTC')::date - 30`);
  await db().execute(sql`delete from notifications where created_at < now() - interval '180 days'`);
  await db().execute(sql`delete from incidents where resolved_at < now() - interval '180 days'`);
  await db().execute(sql`delete from mail_messages where created_at < now() - interval '30 days'`);
  await db().execute(
    sql`select ensure_month_partitions(parent, 3)
      from unnest(array['audit_events', 'webhook_attempts', 'sync_log_entries']) parent`,
  );
}
