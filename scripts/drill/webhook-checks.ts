import type postgres from "postgres";
import { outboxGaps } from "@/lib/events/outbox-check";
import { type Finding, none } from "./drill-part";
import type { Receiver } from "./receivers";

// What must hold after everything: asked of the receivers and of the rows, not of the code that wrote them.

const duplicatesMax = 0.005;

interface Delivered {
  readonly lost: number;
  readonly arrivals: number;
  readonly repeated: number;
  /** Repeats that came under another webhook-id. */
  readonly renamed: number;
}

function compare(receiver: Receiver, wanted: readonly string[]): Delivered {
  const all = [...receiver.events.values()];
  const arrivals = all.reduce((sum, { times }) => sum + times.length, 0);
  return {
    lost: wanted.filter((id) => !receiver.events.has(id)).length,
    arrivals,
    repeated: arrivals - all.length,
    renamed: all.filter(({ webhookIds }) => webhookIds.size > 1).length,
  };
}

const sum = (parts: readonly Delivered[], of: keyof Delivered) =>
  parts.reduce((total, part) => total + part[of], 0);

/** The most repeats that lie around one kill: first received before it, and again after it. */
function mostAtOnce(receivers: readonly Receiver[], kills: readonly Date[]): number {
  const repeated = receivers
    .flatMap((receiver) => [...receiver.events.values()])
    .filter(({ times }) => times.length > 1);
  const counts = kills.map((kill) => {
    const at = kill.getTime();
    return repeated.filter(({ times: [first = 0, second = 0] }) => first <= at && at < second)
      .length;
  });
  return Math.max(0, ...counts);
}

/** Every event in the database against what each subscribed receiver got. */
export async function deliveryFindings(
  sql: postgres.Sql,
  workspaceId: string,
  webhooks: readonly { readonly id: string; readonly receiver: Receiver }[],
  kills: readonly Date[],
): Promise<Finding[]> {
  const parts: Delivered[] = [];
  for (const { id, receiver } of webhooks) {
    const rows = await sql<
      { id: string }[]
    >`select e.id from events e join webhooks w on w.id = ${id}
      where e.workspace_id = ${workspaceId} and e.type = any (w.events)`;
    parts.push(
      compare(
        receiver,
        rows.map((row) => row.id),
      ),
    );
  }
  const arrivals = sum(parts, "arrivals");
  const repeated = sum(parts, "repeated");
  const share = arrivals === 0 ? 0 : repeated / arrivals;
  const most = mostAtOnce(
    webhooks.map(({ receiver }) => receiver),
    kills,
  );
  const invalid = webhooks.reduce((total, { receiver }) => total + receiver.invalid.count, 0);
  const why = webhooks.map(({ receiver }) => receiver.invalid.first).find((text) => text !== "");
  return [
    none("events that a subscribed receiver did not get", sum(parts, "lost")),
    {
      name: "received more than once",
      promised: `≤ ${duplicatesMax * 100} %`,
      seen: `${(share * 100).toFixed(2)} % (${repeated} of ${arrivals}; at most ${most} at one kill)`,
      isKept: arrivals > 0 && share <= duplicatesMax,
    },
    none("repeats under another webhook-id", sum(parts, "renamed")),
    none("signatures that did not hold", invalid, why),
  ];
}

/** What the confirmed changes left in the database. */
export async function outboxFindings(
  sql: postgres.Sql,
  workspaceId: string,
  meetingIds: readonly string[],
): Promise<Finding[]> {
  const [row] = await sql<{ missing: number }[]>`select count(*)::int as missing
    from unnest(${meetingIds}::text[]) as confirmed (id)
    where not exists (select 1 from events e
      where e.workspace_id = ${workspaceId} and e.meeting_id = confirmed.id)`;
  const [extra] = await sql<{ count: number }[]>`select count(*)::int as count from meetings
    where workspace_id = ${workspaceId} and id <> all (${meetingIds}::text[])`;
  const gaps = await outboxGaps(sql, workspaceId);
  const [open] = await sql<{ open: number; unlogged: number }[]>`select
    count(*) filter (where d.status <> 'succeeded')::int as open,
    count(*) filter (where not exists (select 1 from webhook_attempts a
      where a.delivery_id = d.id and a.number = d.attempts_count and a.response_status = 204))::int as unlogged
    from webhook_deliveries d where d.workspace_id = ${workspaceId}`;
  return [
    none("confirmed changes without their event", row?.missing ?? -1),
    none("changes and uploads that were taken in twice", extra?.count ?? -1),
    none("gaps in the outbox", gaps.length, gaps[0] && JSON.stringify(gaps[0])),
    none("deliveries that did not end well", open?.open ?? -1),
    none("deliveries whose attempt is not logged", open?.unlogged ?? -1),
  ];
}

/**
 * Seconds from each kill of a worker or the database until deliveries went on, the longest of each kind: `next` until
 * the first attempt of something committed after the kill, `stuck` until everything that was due at the kill had its
 * attempt.
 */
export async function resumedWithin(
  sql: postgres.Sql,
  workspaceId: string,
  kills: readonly Date[],
): Promise<{ readonly next: number; readonly stuck: number }> {
  const times = kills.map((at) => at.toISOString());
  const [row] = await sql<{ next: number; stuck: number }[]>`
    with a as materialized (
      select d.created_at, w.started_at from webhook_deliveries d
      join webhook_attempts w on w.delivery_id = d.id and w.number = d.attempts_count
      where d.workspace_id = ${workspaceId})
    select coalesce(max(extract(epoch from gap.next - k.at)), 0)::float8 as next,
      coalesce(max(extract(epoch from gap.stuck - k.at)), 0)::float8 as stuck
    from unnest(${times}::timestamptz[]) as k (at), lateral (
      select min(started_at) filter (where created_at > k.at) as next,
        max(started_at) filter (where created_at <= k.at and started_at > k.at) as stuck
      from a) gap`;
  return row ?? { next: Number.POSITIVE_INFINITY, stuck: Number.POSITIVE_INFINITY };
}
