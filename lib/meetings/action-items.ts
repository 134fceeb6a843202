import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { actionItems } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { seal, unseal } from "@/lib/core/crypto";
import { AppError, notFound } from "@/lib/core/errors";
import { offerAll } from "@/lib/events/offer";
import type { SetActionItemInput } from "@/lib/meetings/inputs";
import { lockMeeting } from "@/lib/meetings/rights";

type ItemRow = typeof actionItems.$inferSelect;

/** The item of a meeting that the caller may change; its meeting is locked. */
async function lockItem(tx: Tx, ctx: Context, id: string): Promise<ItemRow> {
  const own = and(eq(actionItems.workspaceId, ctx.principal.workspaceId), eq(actionItems.id, id));
  const [found] = await tx
    .select({ meetingId: actionItems.meetingId })
    .from(actionItems)
    .where(own);
  if (!found) throw notFound("Action item");
  await lockMeeting(tx, ctx, found.meetingId, "meetings:update");
  // Read under the meeting's lock: it may have been dismissed meanwhile.
  const [item] = await tx.select().from(actionItems).where(own);
  if (!item) throw notFound("Action item");
  return item;
}

/** Tells connected tools that keep tasks. */
function offerItem(tx: Tx, ctx: Context, item: Pick<ItemRow, "id" | "meetingId">): Promise<void> {
  const { id: objectId, meetingId } = item;
  return offerAll(tx, ctx.principal.workspaceId, [
    { topic: "action_item.changed", objectId, meetingId },
  ]);
}

/**
 * Completes, reopens or confirms an action item. Any of these makes it a person's own: it is no suggestion any
 * more, and a new analysis leaves it alone.
 */
export async function setActionItem(ctx: Context, input: SetActionItemInput): Promise<void> {
  await db().transaction(async (tx) => {
    const item = await lockItem(tx, ctx, input.id);
    await tx
      .update(actionItems)
      .set({ editedAt: ctx.now(), ...(input.status === undefined ? {} : { status: input.status }) })
      .where(
        and(eq(actionItems.workspaceId, ctx.principal.workspaceId), eq(actionItems.id, item.id)),
      );
    await offerItem(tx, ctx, item);
  });
}

/** What a sealed undo holds: the row as it was, and until when it may come back. */
const undoRecord = z.object({
  until: z.number(),
  item: z.object({
    id: z.string(),
    meetingId: z.string(),
    position: z.number(),
    text: z.string(),
    assigneeUserId: z.string().nullable(),
    assigneeName: z.string().nullable(),
    dueDate: z.string().nullable(),
    status: z.enum(["open", "done"]),
    source: z.enum(["ai", "manual"]),
    confidence: z.number().nullable(),
    confident: z.boolean(),
    turn: z.number().nullable(),
  }),
});

const undoMs = 10 * 60_000;

/** Only the person who dismissed it, in the same workspace, can open the seal. */
function sealedFor(ctx: Context): string {
  return `undo-dismiss.${ctx.principal.workspaceId}.${ctx.principal.id}`;
}

/**
 * Removes an action item that is none.
 * @returns `undo`: the item under a seal, for `restoreActionItem` within ten minutes.
 */
export async function dismissActionItem(
  ctx: Context,
  input: { readonly id: string },
): Promise<{ undo: string }> {
  const item = await db().transaction(async (tx) => {
    const locked = await lockItem(tx, ctx, input.id);
    await tx
      .delete(actionItems)
      .where(
        and(eq(actionItems.workspaceId, ctx.principal.workspaceId), eq(actionItems.id, locked.id)),
      );
    return locked;
  });
  const record = undoRecord.parse({ until: ctx.now().getTime() + undoMs, item });
  return { undo: seal(JSON.stringify(record), sealedFor(ctx)) };
}

function openUndo(ctx: Context, undo: string): z.output<typeof undoRecord> {
  try {
    const record = undoRecord.parse(JSON.parse(unseal(undo, sealedFor(ctx))));
    if (record.until >= ctx.now().getTime()) return record;
  } catch {
    // A seal that does not open says no more than one that is too old.
  }
  throw new AppError("conflict", "This can no longer be undone", {
    fix: "Write the task into the notes of the meeting instead.",
  });
}

/** Brings back a dismissed item. Safe to repeat. */
export async function restoreActionItem(
  ctx: Context,
  input: { readonly undo: string },
): Promise<void> {
  const { item } = openUndo(ctx, input.undo);
  await db().transaction(async (tx) => {
    await lockMeeting(tx, ctx, item.meetingId, "meetings:update");
    await tx
      .insert(actionItems)
      .values({ ...item, workspaceId: ctx.principal.workspaceId })
      .onConflictDoNothing();
    await offerItem(tx, ctx, item);
  });
}
