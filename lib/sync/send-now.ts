import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { externalLinks, syncItems, syncRuns } from "@/db/schema/integrations";
import type { Clock } from "@/lib/core/clock";
import { newId } from "@/lib/core/ids";
import type { Item } from "@/lib/sync/items";
import { readLinks } from "@/lib/sync/links";
import { hashOfParcel, pushItem } from "@/lib/sync/push-item";
import { RunState } from "@/lib/sync/run-state";
import type { RunRow } from "@/lib/sync/runs";
import type { SentView } from "@/lib/sync/schema";
import type { Target } from "@/lib/sync/target";
import { buildParcels } from "@/lib/sync/topics";

// A message that somebody waits for: it is an item like any other, tried at once by the process that was asked. Should
// that process end in the middle, the worker finds the item as it finds every other.

/** The worker leaves a new item to its own process for so long. */
const handsOffMs = 15_000;
/** How long somebody is kept waiting. */
const patienceMs = 10_000;
/** Pressed twice within this time is pressed once. A test is asked for again sooner than a share. */
const doublePressMs = { share: 60_000, test: 5_000 } as const;

export interface Message {
  readonly topic: "share" | "test";
  /** The same for what counts as the same message. */
  readonly objectId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly initiatedBy: string | null;
  /** What is written in the transaction of the message; not again for one that was pressed twice. */
  readonly alongside?: (tx: Tx) => Promise<void>;
}

interface Put {
  readonly item: Item;
  /** It was asked for a moment ago already. */
  readonly isRepeat: boolean;
}

type ItemRow = typeof syncItems.$inferSelect;

const itemOf = (row: ItemRow): Item => ({
  ...row,
  priority: 0,
  idempotencyKey: row.idempotencyKey ?? row.id,
  ...{ wasSending: false, mayHaveLeft: false },
});

async function put(tx: Tx, target: Target, message: Message, now: Date): Promise<Put> {
  const { id: connectionId, workspaceId } = target.connection;
  const [known] = await tx
    .select()
    .from(syncItems)
    .where(
      and(
        eq(syncItems.connectionId, connectionId),
        eq(syncItems.workspaceId, workspaceId),
        eq(syncItems.topic, message.topic),
        eq(syncItems.objectId, message.objectId),
      ),
    )
    .for("update");
  const isOpen = known?.state === "pending" || known?.state === "sending";
  if (
    known &&
    (isOpen || now.getTime() - known.updatedAt.getTime() < doublePressMs[message.topic])
  ) {
    if (known.state !== "failed") return { item: itemOf(known), isRepeat: true };
  }
  const next = new Date(now.getTime() + handsOffMs);
  if (known) {
    const [row] = await tx
      .update(syncItems)
      .set({
        data: { ...message.data, again: known.revision },
        state: "pending",
        revision: known.revision + 1,
        attempts: 0,
        priority: 0,
        nextAttemptAt: next,
        errorCode: null,
        errorMessage: null,
        doneAt: null,
        updatedAt: now,
      })
      .where(and(eq(syncItems.id, known.id), eq(syncItems.workspaceId, workspaceId)))
      .returning();
    if (!row) throw new Error("the item was not returned");
    return { item: itemOf(row), isRepeat: false };
  }
  const id = newId("syncItem");
  const [row] = await tx
    .insert(syncItems)
    .values({
      ...{ id, workspaceId, connectionId, topic: message.topic, objectId: message.objectId },
      ...{ data: message.data, priority: 0, idempotencyKey: id, nextAttemptAt: next },
      ...{ createdAt: now, updatedAt: now },
    })
    .onConflictDoNothing()
    .returning();
  if (row) return { item: itemOf(row), isRepeat: false };
  // Two presses in the same moment: the other one has it.
  return await put(tx, target, message, now);
}

async function viewOf(target: Target, itemId: string): Promise<SentView> {
  const { workspaceId, id: connectionId } = target.connection;
  const { name } = target.provider;
  const [row] = await db()
    .select({ item: syncItems, url: externalLinks.externalUrl })
    .from(syncItems)
    .leftJoin(
      externalLinks,
      and(
        eq(externalLinks.connectionId, connectionId),
        eq(externalLinks.objectId, syncItems.objectId),
        eq(externalLinks.externalType, sql`'message:' || ${syncItems.topic}`),
      ),
    )
    .where(and(eq(syncItems.id, itemId), eq(syncItems.workspaceId, workspaceId)));
  switch (row?.item.state) {
    case "done":
      return { state: "sent", url: row.url, message: `Posted to ${name}.` };
    case "unknown": {
      const message = `${name} did not say whether it arrived. Look there before you post it again.`;
      return { state: "unknown", url: null, message };
    }
    case "pending":
    case "sending": {
      const why = row.item.errorMessage === null ? "" : ` ${row.item.errorMessage}`;
      return {
        state: "waiting",
        url: null,
        message: `It goes out as soon as ${name} takes it.${why}`,
      };
    }
    default: {
      const message = row?.item.errorMessage ?? "It was not posted.";
      return { state: "failed", url: null, message };
    }
  }
}

/** The log line of a message that was tried at once: a run of one record, which no other run keeps waiting. */
async function openRun(target: Target, initiatedBy: string | null, now: Date): Promise<RunRow> {
  const [run] = await db()
    .insert(syncRuns)
    .values({
      workspaceId: target.connection.workspaceId,
      connectionId: target.connection.id,
      trigger: "manual",
      direction: target.settings.direction,
      // Not `running`, of which there is one for each connection: this one stands beside it.
      status: "succeeded",
      startedAt: now,
      finishedAt: now,
      initiatedBy,
      createdAt: now,
    })
    .returning();
  if (!run) throw new Error("the run was not returned");
  return run;
}

async function closeRun(run: RunRow, now: Date): Promise<void> {
  const { id, workspaceId } = run;
  await db().execute(sql`
    update sync_runs set finished_at = ${now.toISOString()}::timestamptz,
      status = case when failed_count > 0 then 'failed' else 'succeeded' end,
      error_code = (select i.error_code from sync_items i where i.run_id = ${id} and i.workspace_id = ${workspaceId} limit 1),
      error_message = (select i.error_message from sync_items i where i.run_id = ${id}
        and i.workspace_id = ${workspaceId} limit 1)
    where id = ${id} and workspace_id = ${workspaceId}`);
}

/** Sends a message while somebody waits, and says how it ended. */
export async function sendNow(target: Target, message: Message, now: Clock): Promise<SentView> {
  const { item, isRepeat } = await db().transaction(async (tx) => {
    const done = await put(tx, target, message, now());
    if (!done.isRepeat) await message.alongside?.(tx);
    return done;
  });
  if (isRepeat) return await viewOf(target, item.id);
  const run = await openRun(target, message.initiatedBy, now());
  const state = new RunState({
    ...{ target, run, now, sliceMs: handsOffMs, tryMs: patienceMs },
    signal: new AbortController().signal,
  });
  const built = await buildParcels(db(), target, [item]);
  const parcel = built.get(item.id) ?? null;
  const isParcel = parcel !== null && "resource" in parcel;
  const links = isParcel ? await readLinks(db(), target, [parcel]) : null;
  await pushItem(state, {
    item: { ...item, isAskedFor: true },
    parcel,
    link: isParcel ? (links?.linkOf(parcel) ?? null) : null,
    hash: isParcel ? hashOfParcel(parcel) : "",
  });
  await closeRun(run, now());
  return await viewOf(target, item.id);
}
