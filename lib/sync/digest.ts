import { and, eq, inArray, lte } from "drizzle-orm";
import { db } from "@/db/client";
import { syncItems } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import type { Item } from "@/lib/sync/items";
import type { RunState } from "@/lib/sync/run-state";
import { buildParcels } from "@/lib/sync/topics";

const digestTopics = ["meeting.processed"];
const itemsMax = 500;

type ItemRow = typeof syncItems.$inferSelect;

const itemOf = (row: ItemRow): Item => ({
  ...row,
  priority: row.priority as 0 | 1 | 2,
  idempotencyKey: row.idempotencyKey ?? row.id,
  ...{ wasSending: false, mayHaveLeft: false },
});

/** Which meetings go to which channel. Meetings that are gone are in no digest. */
async function byPlace(state: RunState, rows: readonly ItemRow[]) {
  const built = await buildParcels(db(), state.target, rows.map(itemOf));
  const places = new Map<string, string[]>();
  for (const row of rows) {
    const parcel = built.get(row.id);
    if (!parcel || "nothing" in parcel) continue;
    const place = parcel.place ?? "";
    places.set(place, [...(places.get(place) ?? []), row.objectId]);
  }
  return places;
}

/**
 * At tools with channels, `daily` means one message a day: what waits becomes one digest for each channel, in one
 * transaction, so that no meeting is in two of them or in none.
 */
export async function gatherDigest(state: RunState): Promise<void> {
  const { target, run } = state;
  if (target.settings.frequency !== "daily" || !target.provider.capabilities.message?.push) return;
  const { id: connectionId, workspaceId } = target.connection;
  const now = state.now();
  const rows = await db()
    .select()
    .from(syncItems)
    .where(
      and(
        eq(syncItems.connectionId, connectionId),
        eq(syncItems.workspaceId, workspaceId),
        eq(syncItems.state, "pending"),
        eq(syncItems.attempts, 0),
        inArray(syncItems.topic, digestTopics),
        lte(syncItems.nextAttemptAt, now),
      ),
    )
    .orderBy(syncItems.createdAt)
    .limit(itemsMax);
  if (rows.length === 0) return;
  const places = await byPlace(state, rows);
  await db().transaction(async (tx) => {
    const taken = await tx
      .update(syncItems)
      .set({ state: "done", doneAt: now, updatedAt: now, nextAttemptAt: null, runId: run.id })
      .where(
        and(
          eq(syncItems.workspaceId, workspaceId),
          inArray(
            syncItems.id,
            rows.map(({ id }) => id),
          ),
          eq(syncItems.state, "pending"),
        ),
      )
      .returning({ objectId: syncItems.objectId });
    const mine = new Set(taken.map(({ objectId }) => objectId));
    const digests = [...places].flatMap(([place, meetingIds]) => {
      const kept = meetingIds.filter((id) => mine.has(id));
      if (kept.length === 0) return [];
      const id = newId("syncItem");
      const channel = place === "" ? null : place;
      const item = { id, workspaceId, connectionId, topic: "digest", objectId: id };
      return [
        { ...item, data: { channel, meetingIds: kept }, idempotencyKey: id, nextAttemptAt: now },
      ];
    });
    if (digests.length > 0) await tx.insert(syncItems).values(digests);
  });
}
