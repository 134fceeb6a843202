import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { newId } from "@/lib/core/ids";
import type { Resource } from "@/lib/integrations/contract";
import type { Item } from "@/lib/sync/items";
import { messageBuilders } from "@/lib/sync/records/messages";
import { objectBuilders } from "@/lib/sync/records/objects";
import type { Builder, Built, Nothing, Parcel } from "@/lib/sync/records/parcel";
import { isPushed, type Target } from "@/lib/sync/target";

// From what happened to what a tool is told: one item becomes one record. A processed meeting is several things to a
// tool that keeps tasks or contacts; those become items of their own, so that each is tried, failed and logged alone.

const resourceOf: Readonly<Record<string, Resource>> = {
  "meeting.processed": "meeting",
  "action_item.changed": "action_item",
  "contact.changed": "contact",
  "note.changed": "note",
};

const notChosen: Nothing = { nothing: "Its kind is not selected to sync." };

function builderOf(target: Target, topic: string): Builder | null {
  if (isPushed(target, "message")) return messageBuilders[topic] ?? null;
  const resource = resourceOf[topic];
  if (resource === undefined || !isPushed(target, resource)) return null;
  return objectBuilders[topic] ?? null;
}

/** The records of these items as they are now; an item without one is about something that is gone. */
export async function buildParcels(tx: Tx, target: Target, items: readonly Item[]): Promise<Built> {
  const built = new Map<string, Parcel | Nothing>();
  for (const topic of new Set(items.map((item) => item.topic))) {
    const ofTopic = items.filter((item) => item.topic === topic);
    const builder = builderOf(target, topic);
    if (builder === null) {
      for (const item of ofTopic) built.set(item.id, notChosen);
      continue;
    }
    for (const [id, parcel] of await builder(tx, target, ofTopic)) built.set(id, parcel);
  }
  return built;
}

/**
 * Makes the other records of processed meetings items of their own: action items, external people, notes. Safe to
 * repeat: each thing stays one item.
 */
export async function spreadMeetings(
  tx: Tx,
  target: Target,
  items: readonly Item[],
  now: Date,
): Promise<void> {
  const spread = items.filter(
    ({ topic, attempts }) => topic === "meeting.processed" && attempts === 0,
  );
  if (spread.length === 0 || isPushed(target, "message")) return;
  const { id: connectionId, workspaceId } = target.connection;
  const kinds = (["action_item", "contact", "note"] as const).filter((one) =>
    isPushed(target, one),
  );
  if (kinds.length === 0) return;
  const meetings = JSON.stringify(spread.map(({ objectId: id, priority }) => ({ id, priority })));
  const found = await tx.execute<{ topic: string; object_id: string; priority: number }>(sql`
    with m as materialized (select * from jsonb_to_recordset(${meetings}::text::jsonb) as m (id text, priority smallint))
    select 'action_item.changed' as topic, a.id as object_id, m.priority from m
      join action_items a on a.workspace_id = ${workspaceId} and a.meeting_id = m.id
      where ${kinds.includes("action_item")}
    union all select 'contact.changed', c.contact_id, min(m.priority) from m
      join meeting_contacts c on c.workspace_id = ${workspaceId} and c.meeting_id = m.id
      where ${kinds.includes("contact")} group by c.contact_id
    union all select 'note.changed', n.meeting_id, m.priority from m
      join meeting_notes n on n.workspace_id = ${workspaceId} and n.meeting_id = m.id
      where ${kinds.includes("note")}`);
  if (found.length === 0) return;
  const rows = JSON.stringify(found.map((row) => ({ ...row, id: newId("syncItem") })));
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    insert into sync_items as i (id, workspace_id, connection_id, topic, object_id, priority, idempotency_key,
      next_attempt_at)
    select r.id, ${workspaceId}, ${connectionId}, r.topic, r.object_id, r.priority, r.id, ${at}
    from jsonb_to_recordset(${rows}::text::jsonb) as r (id text, topic text, object_id text, priority smallint)
    on conflict (connection_id, topic, object_id) do update set
      state = case when i.state = 'sending' then i.state else 'pending' end,
      revision = i.revision + 1, priority = least(i.priority, excluded.priority), attempts = 0,
      next_attempt_at = case when i.state = 'sending' then i.next_attempt_at else ${at} end, error_code = null, error_message = null, done_at = null, updated_at = ${at}
    where i.state not in ('pending')`);
}
