import { and, asc, count, eq, gt, gte, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { newId } from "@/lib/core/ids";
import type { Target } from "@/lib/sync/target";

// "Sync past meetings" (handbook D-19): items like those of meetings that were processed just now, behind all of them.

const dayMs = 86_400_000;
const batchRows = 1000;

const past = ({ connection }: Target, days: number, now: Date) =>
  and(
    eq(meetings.workspaceId, connection.workspaceId),
    eq(meetings.status, "processed"),
    gte(meetings.date, new Date(now.getTime() - days * dayMs)),
    connection.ownerUserId === null ? undefined : eq(meetings.userId, connection.ownerUserId),
  );

/** How many meetings that is. */
export async function countPast(tx: Tx, target: Target, days: number, now: Date): Promise<number> {
  const [row] = await tx
    .select({ n: count() })
    .from(meetings)
    .where(past(target, days, now));
  return row?.n ?? 0;
}

/** Offers past meetings at the lowest priority. What waits already keeps its place. @returns how many. */
export async function offerPast(tx: Tx, target: Target, days: number, now: Date): Promise<number> {
  const { id: connectionId, workspaceId } = target.connection;
  const at = sql`${now.toISOString()}::timestamptz`;
  let offered = 0;
  let after = "";
  for (;;) {
    const rows = await tx
      .select({ id: meetings.id })
      .from(meetings)
      .where(and(past(target, days, now), gt(meetings.id, after)))
      .orderBy(asc(meetings.id))
      .limit(batchRows);
    const items = rows.map(({ id }) => ({ id: newId("syncItem"), object_id: id }));
    await tx.execute(sql`
      insert into sync_items as i (id, workspace_id, connection_id, topic, object_id, priority, idempotency_key,
        next_attempt_at)
      select r.id, ${workspaceId}, ${connectionId}, 'meeting.processed', r.object_id, 2, r.id, ${at}
      from jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb) as r (id text, object_id text)
      on conflict (connection_id, topic, object_id) do update set
        state = 'pending', priority = 2, revision = i.revision + 1, attempts = 0, next_attempt_at = ${at},
        error_code = null, error_message = null, done_at = null, updated_at = ${at}
      where i.state not in ('pending', 'sending')`);
    offered += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < batchRows) return offered;
    after = last.id;
  }
}

/** Ends catching up: what has not gone out stays here. @returns how many records that are. */
export async function cancelPast(tx: Tx, target: Target, now: Date): Promise<number> {
  const { id: connectionId, workspaceId } = target.connection;
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await tx.execute(sql`
    update sync_items set state = 'cancelled', next_attempt_at = null, done_at = ${at}, updated_at = ${at}
    where connection_id = ${connectionId} and workspace_id = ${workspaceId} and priority = 2 and state = 'pending'
    returning id`);
  await tx.execute(sql`
    update sync_runs set status = 'cancelled', finished_at = ${at}
    where connection_id = ${connectionId} and workspace_id = ${workspaceId} and progress_total is not null
      and status in ('queued', 'running')`);
  return rows.length;
}
