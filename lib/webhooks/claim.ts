import { enginePool } from "@/db/client";

/** A delivery that this worker may attempt until its claim runs out. */
export interface Claimed {
  readonly id: string;
  readonly workspace_id: string;
  readonly webhook_id: string;
  readonly event_type: string;
  readonly request_body: string;
  readonly is_test: boolean;
  readonly attempts_count: number;
  readonly url: string;
  readonly secret_sealed: string;
  readonly next_secret_sealed: string | null;
  /** ISO 8601. */
  readonly rotation_ends_at: string | null;
  /** How many this claim could take at most for the webhook: with that many, more are probably due. */
  readonly room: number;
}

/**
 * How long a claim holds. An attempt begins at once and takes ten seconds at most; what a killed worker held is due
 * again when this has passed.
 */
export const claimSeconds = 15;

/**
 * Takes due deliveries, each webhook no more than it has room for, and never more than its share of `total`, so that
 * a webhook with a long queue does not hold up the others. The names of the waiting webhooks come from a loose scan
 * of the queue's index: its cost grows with them, not with the length of their queues.
 * @param rooms how many more attempts a webhook may have under way here; `freshRoom` for one not named.
 * @param options.now null for the database's own clock, which also wrote when deliveries are due.
 */
export async function claimDue(
  rooms: ReadonlyMap<string, number>,
  options: { readonly freshRoom: number; readonly total: number; readonly now: Date | null },
): Promise<Claimed[]> {
  const sql = enginePool();
  const { freshRoom, total } = options;
  const now = options.now ? sql`${options.now.toISOString()}::timestamptz` : sql`now()`;
  return await sql<Claimed[]>`
    with recursive waiting as (
      (select webhook_id from webhook_deliveries where next_attempt_at is not null
        order by webhook_id limit 1)
      union all
      select (select d.webhook_id from webhook_deliveries d
        where d.next_attempt_at is not null and d.webhook_id > w.webhook_id order by d.webhook_id limit 1)
      from waiting w where w.webhook_id is not null),
    receivers as (
      select w.id, w.status, w.url, w.secret_sealed, w.next_secret_sealed, w.rotation_ends_at,
        least(coalesce(r.room, ${freshRoom}::int), greatest(1, ${total}::int / count(*) over ()::int)) as room
      from waiting join webhooks w on w.id = waiting.webhook_id and w.deleted_at is null
      left join unnest(${[...rooms.keys()]}::text[], ${[...rooms.values()]}::int[]) r (id, room)
        on r.id = w.id),
    picked as (
      select d.id, r.id as webhook_id from receivers r, lateral (
        select d.id from webhook_deliveries d
        where d.webhook_id = r.id and d.next_attempt_at <= ${now}
          and (d.claimed_until is null or d.claimed_until <= ${now})
          and (r.status = 'active' or d.is_test)
        order by d.next_attempt_at limit greatest(r.room, 0)
        for update skip locked) d
      order by random() limit ${total}::int)
    update webhook_deliveries d
    set status = 'delivering', claimed_until = ${now} + ${claimSeconds}::int * interval '1 second'
    from picked, receivers r
    where d.id = picked.id and r.id = picked.webhook_id
    returning d.id, d.workspace_id, d.webhook_id, d.event_type, d.request_body, d.is_test, d.attempts_count,
      r.url, r.secret_sealed, r.next_secret_sealed, r.rotation_ends_at::text, r.room`;
}
