import type postgres from "postgres";
import { db, pool } from "@/db/client";
import { enqueue } from "@/lib/jobs/enqueue";

const portion = 5000;
const portionsMax = 200;

/** Removes a portion at a time, each in a statement of its own, so that no row is locked for long. */
async function inPortions(remove: () => Promise<postgres.RowList<postgres.Row[]>>): Promise<void> {
  for (let n = 0; n < portionsMax; n += 1) if ((await remove()).count < portion) return;
}

/** A switch holds without its job, but what is behind it has to end as well: a job that gave up gets a successor. */
async function resumeKills(): Promise<void> {
  const stuck = await pool()<{ id: string; workspace_id: string }[]>`
    select id, workspace_id from oauth_kills
    where finished_at is null and created_at < now() - interval '1 hour' order by created_at limit 100`;
  for (const { id, workspace_id: workspaceId } of stuck)
    await enqueue(db(), "oauth.kill", { workspaceId, killId: id });
}

/**
 * Removes what the authorization server does not need any more: whatever has expired, answers to refreshes whose thirty
 * seconds are over, kill switches that are through. Safe to run twice at once.
 */
export async function sweepOauth(): Promise<void> {
  await resumeKills();
  const sql = pool();
  await inPortions(
    () => sql`delete from oauth_payloads where (model, key) in (
    select model, key from oauth_payloads where expires_at < now() limit ${portion} for update skip locked)`,
  );
  await inPortions(
    () => sql`delete from oauth_refresh_answers where token_hash in (
    select token_hash from oauth_refresh_answers where answered_at < now() - interval '1 minute'
    limit ${portion} for update skip locked)`,
  );
  await inPortions(
    () => sql`delete from oauth_kills where id in (
    select id from oauth_kills where finished_at < now() - interval '30 days'
    limit ${portion} for update skip locked)`,
  );
}
