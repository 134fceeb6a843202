import { and, count, eq, max } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { actionItems } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { offerAll } from "@/lib/events/offer";
import type { AddActionItemInput, SetActionItemInput } from "@/lib/meetings/inputs";
import { lockMeeting } from "@/lib/meetings/rights";
import { openUndo, sealUndo } from "@/lib/meetings/sealed-undo";
import { activeMember } from "@/lib/members/service";

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

/** Who a task is given to: an active member of the workspace, by account and by the name of today. */
async function assigneeOf(tx: Tx, ctx: Context, userId: string | null) {
  if (userId === null) return { assigneeUserId: null, assigneeName: null };
  const member = await activeMember(tx, ctx.principal.workspaceId, userId);
  if (!member) {
    throw invalidRequest("This person is no member of the workspace", {
      assigneeUserId: "Choose a member of the workspace.",
    });
  }
  return { assigneeUserId: userId, assigneeName: member.name };
}

/** Action items of one meeting. */
const itemsMax = 500;

/** Adds a task that a person wrote; it stands after the others. */
export async function addActionItem(
  ctx: Context,
  input: AddActionItemInput,
): Promise<{ readonly id: string }> {
  const { workspaceId } = ctx.principal;
  return db().transaction(async (tx) => {
    const { id: meetingId } = await lockMeeting(tx, ctx, input.meetingId, "meetings:update");
    const [known] = await tx
      .select({ n: count(), last: max(actionItems.position) })
      .from(actionItems)
      .where(and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.meetingId, meetingId)));
    if ((known?.n ?? 0) >= itemsMax) {
      throw new AppError("conflict", `A meeting has at most ${itemsMax} action items`, {
        fix: "Delete some that are done, then add this one.",
      });
    }
    const id = newId("actionItem");
    await tx.insert(actionItems).values({
      id,
      workspaceId,
      meetingId,
      position: (known?.last ?? -1) + 1,
      text: input.text,
      dueDate: input.dueDate,
      ...(await assigneeOf(tx, ctx, input.assigneeUserId)),
      source: "manual",
      editedAt: ctx.now(),
    });
    await offerItem(tx, ctx, { id, meetingId });
    return { id };
  });
}

/**
 * Completes, reopens, confirms or rewords an action item, gives it to a member, or moves its day. Any of these makes it
 * a person's own: it is no suggestion any more, and a new analysis leaves it alone.
 */
export async function setActionItem(ctx: Context, input: SetActionItemInput): Promise<void> {
  await db().transaction(async (tx) => {
    const item = await lockItem(tx, ctx, input.id);
    const { status, text, dueDate, assigneeUserId } = input;
    await tx
      .update(actionItems)
      .set({
        editedAt: ctx.now(),
        ...(status === undefined ? {} : { status }),
        ...(text === undefined ? {} : { text }),
        ...(dueDate === undefined ? {} : { dueDate }),
        ...(assigneeUserId === undefined ? {} : await assigneeOf(tx, ctx, assigneeUserId)),
      })
      .where(
        and(eq(actionItems.workspaceId, ctx.principal.workspaceId), eq(actionItems.id, item.id)),
      );
    await offerItem(tx, ctx, item);
  });
}

/** What a sealed undo holds: the row as it was. */
const undoRecord = z.object({
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
    /** ISO 8601; null for one that nobody had touched. */
    editedAt: z.iso.datetime().nullable(),
  }),
});

/**
 * Removes an action item: a suggestion that is none, or a task that is not wanted any more.
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
  const record = { item: { ...item, editedAt: item.editedAt?.toISOString() ?? null } };
  return { undo: sealUndo(ctx, "dismiss", undoRecord, record) };
}

/** Brings back a dismissed item. Safe to repeat. */
export async function restoreActionItem(
  ctx: Context,
  input: { readonly undo: string },
): Promise<void> {
  const { item } = openUndo(ctx, "dismiss", undoRecord, {
    undo: input.undo,
    fix: "Write the task into the notes of the meeting instead.",
  });
  await db().transaction(async (tx) => {
    await lockMeeting(tx, ctx, item.meetingId, "meetings:update");
    const editedAt = item.editedAt === null ? null : new Date(item.editedAt);
    await tx
      .insert(actionItems)
      .values({ ...item, editedAt, workspaceId: ctx.principal.workspaceId })
      .onConflictDoNothing();
    await offerItem(tx, ctx, item);
  });
}
