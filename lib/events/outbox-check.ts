import type postgres from "postgres";

// The invariant of the outbox, asked of the rows themselves and in words of its own (not through missOf), so that it
// also finds a mistake in the code that writes them.

/** Something that is missing in the outbox. */
export interface OutboxGap {
  readonly what: "change_without_event" | "event_without_delivery";
  readonly workspace_id: string;
  /** The meeting or the event. */
  readonly id: string;
  readonly webhook_id: string | null;
}

/**
 * No change without its event, no event without its deliveries: what the last 30 days lack, at most 100 gaps. Changes
 * are meetings with a file of their own that ended; seeded ones have none. A webhook is asked only about events since
 * its settings were last changed, and its filters only about meetings that have not changed since.
 */
export async function outboxGaps(
  sql: postgres.Sql,
  workspaceId: string | null = null,
): Promise<OutboxGap[]> {
  return await sql<OutboxGap[]>`
    select 'change_without_event' as what, m.workspace_id, m.id, null as webhook_id
    from meetings m
    where m.recording_key is not null and m.status in ('processed', 'failed')
      and m.updated_at > now() - interval '30 days'
      and (${workspaceId}::text is null or m.workspace_id = ${workspaceId})
      and not exists (select 1 from events e
        where e.meeting_id = m.id and e.workspace_id = m.workspace_id and e.type = 'meeting.' || m.status)
    union all
    select 'event_without_delivery', e.workspace_id, e.id, w.id
    from webhooks w
    join events e on e.workspace_id = w.workspace_id and e.type = any (w.events)
      and e.occurred_at > greatest(w.created_at, w.updated_at)
      and e.occurred_at > now() - interval '30 days'
    left join meetings m on m.id = e.meeting_id and m.workspace_id = e.workspace_id
    where w.deleted_at is null and (${workspaceId}::text is null or w.workspace_id = ${workspaceId})
      and case
        when cardinality(w.team_ids || w.user_ids || w.sources) = 0 and w.min_duration_seconds is null then true
        when m.updated_at is null or m.updated_at > e.occurred_at + interval '2 seconds' then false
        else (cardinality(w.team_ids) = 0 or m.team_id = any (w.team_ids))
          and (cardinality(w.user_ids) = 0 or m.user_id = any (w.user_ids))
          and (cardinality(w.sources) = 0 or m.source = any (w.sources))
          and (w.min_duration_seconds is null or m.duration_seconds = 0
            or m.duration_seconds >= w.min_duration_seconds)
      end
      and not exists (select 1 from webhook_deliveries d where d.event_id = e.id and d.webhook_id = w.id)
    limit 100`;
}
