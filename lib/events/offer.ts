import { sql } from "drizzle-orm";
import { executePrepared, type Tx } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { enqueue } from "@/lib/jobs/enqueue";

/** Something that connected tools may want to know of. */
export interface Offer {
  /** A topic of lib/integrations/contract.ts; connections list theirs in `wants`. */
  readonly topic: string;
  /** What it is about; the same object again while the first waits stays one item. */
  readonly objectId: string;
  /** Personal connections of its owner and of those who have an action item in it are told. */
  readonly meetingId?: string;
  /** People whose personal connections are told as well. */
  readonly userIds?: readonly string[];
  /** This connection only. */
  readonly connectionId?: string;
  /** Somebody asked for this very thing: it is told whatever the connection's settings list. */
  readonly isAsked?: boolean;
  /** Facts that the topic needs beside the object; never texts of a transcript. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** 0 a person waits, 1 something just happened, 2 backfill. */
  readonly priority?: 0 | 1 | 2;
}

interface Taker extends Record<string, unknown> {
  readonly position: number;
  readonly connection_id: string;
  readonly is_now: boolean;
}

/** Which connections want what; one query, so that it can share a round trip. Given to `offerTo`. */
export async function takersOf(tx: Tx, workspaceId: string, offers: readonly Offer[]) {
  const asked = offers.map(({ topic, meetingId, userIds, connectionId, isAsked }, position) => ({
    position,
    topic,
    meeting_id: meetingId ?? null,
    user_ids: userIds ?? [],
    connection_id: connectionId ?? null,
    is_asked: isAsked ?? false,
  }));
  return await executePrepared<Taker>(
    tx,
    sql`
    select o.position, c.id as connection_id, c.status = 'connected' and s.frequency = 'realtime' as is_now
    from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as o (
      position integer, topic text, meeting_id text, user_ids text[], connection_id text,
      is_asked boolean)
    join connections c on c.workspace_id = ${workspaceId} and c.status <> 'disconnected'
      and (c.wants @> array[o.topic] or o.is_asked) and c.id = coalesce(o.connection_id, c.id)
    join sync_settings s on s.connection_id = c.id
    where c.scope = 'workspace' or c.owner_user_id = any(o.user_ids)
      or exists (select 1 from meetings m where m.workspace_id = ${workspaceId} and m.id = o.meeting_id
        and m.user_id = c.owner_user_id)
      or exists (select 1 from action_items a where a.workspace_id = ${workspaceId} and a.meeting_id = o.meeting_id
        and a.assignee_user_id = c.owner_user_id)`,
  );
}

/**
 * Tells the workspace's connected tools of things, in the transaction of the change that made them: one row of
 * `sync_items` for each connection that wants the topic, and the job that sends it for those that sync in real time.
 * The others, and those that need attention, find their rows at their next run. What is being sent right now is
 * marked as changed and sent again.
 */
export async function offerAll(
  tx: Tx,
  workspaceId: string,
  offers: readonly Offer[],
): Promise<void> {
  if (offers.length === 0) return;
  await offerTo(tx, workspaceId, offers, await takersOf(tx, workspaceId, offers));
}

/** The second half of `offerAll`, for those who know the takers already. */
export async function offerTo(
  tx: Tx,
  workspaceId: string,
  offers: readonly Offer[],
  takers: readonly Taker[],
): Promise<void> {
  if (takers.length === 0) return;
  const rows = takers.map(({ position, connection_id: connectionId }) => {
    const offer = offers[position];
    return {
      id: newId("syncItem"),
      connection_id: connectionId,
      topic: offer?.topic,
      object_id: offer?.objectId,
      data: offer?.data ?? {},
      priority: offer?.priority ?? 1,
    };
  });
  await executePrepared(
    tx,
    sql`
    insert into sync_items as i (id, workspace_id, connection_id, topic, object_id, data, priority, idempotency_key,
      next_attempt_at)
    select r.id, ${workspaceId}, r.connection_id, r.topic, r.object_id, r.data, r.priority, r.id, now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r (
      id text, connection_id text, topic text, object_id text, data jsonb, priority smallint)
    on conflict (connection_id, topic, object_id) do update set
      state = case when i.state = 'sending' then i.state else 'pending' end,
      revision = i.revision + 1, idempotency_key = excluded.id, data = excluded.data,
      priority = least(i.priority, excluded.priority), attempts = 0,
      next_attempt_at = case when i.state = 'sending' then i.next_attempt_at else now() end,
      error_code = null, error_message = null, done_at = null, updated_at = now()`,
  );
  for (const connectionId of new Set(
    takers.filter((taker) => taker.is_now).map((taker) => taker.connection_id),
  )) {
    await enqueue(
      tx,
      "sync.run",
      { workspaceId, connectionId, trigger: "realtime" },
      { singletonKey: connectionId },
    );
  }
}

/**
 * Takes back what is still to be told of a meeting and of its action items, in the transaction that deletes it and
 * before it does (handbook D-64): nothing about it leaves the product any more. @returns how many items.
 */
export async function withdrawOffersOfMeeting(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
): Promise<number> {
  const withdrawn = await executePrepared<{ id: string }>(
    tx,
    sql`
    update sync_items set state = 'cancelled', next_attempt_at = null, claimed_until = null, updated_at = now()
    where workspace_id = ${workspaceId} and state in ('pending', 'held', 'failed', 'unknown', 'quarantined')
      and (object_id = ${meetingId} or starts_with(object_id, ${meetingId} || ':')
        or object_id in (select id from action_items
          where workspace_id = ${workspaceId} and meeting_id = ${meetingId})
        or object_id in (select id from insight_results
          where workspace_id = ${workspaceId} and meeting_id = ${meetingId}))
    returning id`,
  );
  return withdrawn.length;
}
