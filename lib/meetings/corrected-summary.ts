import { and, asc, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { actionItems, type StoredSpeaker, type StoredTurn, summaries } from "@/db/schema/meetings";
import { isEnglish } from "@/lib/analysis/rules/english";
import { composeSummary } from "@/lib/analysis/rules/outline";
import type { Context } from "@/lib/auth/principal";
import { offerAll } from "@/lib/events/offer";
import { endOfTurns, type Transcript, withNames } from "@/lib/transcripts/transcript";

// What follows from a correction of who spoke: the summary and the tasks name the right people.

type SummaryTexts = Pick<typeof summaries.$inferSelect, "overview" | "decisions" | "nextSteps">;

/** Who a task is given to. */
export interface Assignee {
  readonly name: string;
  readonly userId: string | null;
}

interface Heard {
  readonly workspaceId: string;
  readonly meetingId: string;
  readonly speakers: readonly StoredSpeaker[];
  readonly turns: readonly StoredTurn[];
  readonly timing: "exact" | "estimated";
}

/**
 * Whether a name can be found in running text: "Speaker A" and full names can, a single word ("Will", "Mark") may be
 * a word of its own.
 */
const isFindable = (name: string) => /\s/.test(name.trim());

/** A text with one name in place of another, where it stands as whole words. */
export function withName(text: string, from: string, to: string): string {
  if (!isFindable(from)) return text;
  const escaped = from.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "gu"),
    () => to,
  );
}

function asTranscript({ speakers, turns, timing }: Heard): Transcript {
  return {
    turns: withNames(turns, speakers),
    durationMs: endOfTurns(turns),
    timing,
    format: "json",
  };
}

/**
 * Puts the summary right after a correction. The built-in outline is put together anew from what is stored; in the
 * words of a language model names are replaced. Call it after `renameAssignee`. @returns the texts as they were, or
 * null without a summary.
 */
export async function correctSummary(
  tx: Tx,
  heard: Heard,
  renamed: { readonly from: string; readonly to: string } | null,
): Promise<SummaryTexts | null> {
  const ours = and(
    eq(summaries.workspaceId, heard.workspaceId),
    eq(summaries.meetingId, heard.meetingId),
  );
  const [row] = await tx.select().from(summaries).where(ours);
  if (!row) return null;
  const { overview, decisions, nextSteps } = row;
  const before = { overview, decisions, nextSteps };
  const named = (text: string) =>
    renamed === null ? text : withName(text, renamed.from, renamed.to);
  let after: SummaryTexts = {
    overview: named(overview),
    decisions: decisions.map((decision) => ({ ...decision, text: named(decision.text) })),
    nextSteps: nextSteps.map(named),
  };
  if (row.engine.id === "rules") after = await outlineAgain(tx, heard, row.topics, after);
  await tx.update(summaries).set(after).where(ours);
  return before;
}

async function outlineAgain(
  tx: Tx,
  heard: Heard,
  topics: readonly string[],
  { decisions }: SummaryTexts,
): Promise<SummaryTexts> {
  const items = await tx
    .select()
    .from(actionItems)
    .where(
      and(
        eq(actionItems.workspaceId, heard.workspaceId),
        eq(actionItems.meetingId, heard.meetingId),
        eq(actionItems.source, "ai"),
      ),
    )
    .orderBy(asc(actionItems.position))
    .limit(500);
  const transcript = asTranscript(heard);
  const summary = composeSummary({
    transcript,
    topics,
    decisions,
    actionItems: items.map((item) => ({
      text: item.text,
      assignee: item.assigneeName,
      dueDate: item.dueDate,
      confidence: item.confidence ?? 1,
      confident: item.confident,
      turn: item.turn ?? 0,
    })),
    understood: isEnglish(transcript),
  });
  return { overview: summary.overview, decisions, nextSteps: [...summary.nextSteps] };
}

/** A task as it was before a correction. */
export interface ItemBefore {
  readonly id: string;
  readonly text: string;
  readonly assigneeName: string | null;
  readonly assigneeUserId: string | null;
}

/**
 * Gives the tasks of one speaker to whom they have become, and names them in tasks that nobody has worded himself.
 * Connected tools are told. @returns the changed tasks as they were.
 */
export async function renameAssignee(
  tx: Tx,
  ctx: Context,
  meetingId: string,
  from: Assignee,
  to: Assignee,
): Promise<ItemBefore[]> {
  const { workspaceId } = ctx.principal;
  const ours = and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.meetingId, meetingId));
  const items = await tx.select().from(actionItems).where(ours).limit(1000);
  const changed: ItemBefore[] = [];
  for (const { id, text, assigneeName, assigneeUserId, editedAt, source } of items) {
    const isTheirs =
      assigneeName === from.name && (assigneeUserId === null || assigneeUserId === from.userId);
    const isWorded = source === "manual" || editedAt !== null;
    const next = {
      text: isWorded ? text : withName(text, from.name, to.name),
      assigneeName: isTheirs ? to.name : assigneeName,
      assigneeUserId: isTheirs ? to.userId : assigneeUserId,
    };
    const isSame =
      next.text === text &&
      next.assigneeName === assigneeName &&
      next.assigneeUserId === assigneeUserId;
    if (isSame) continue;
    await tx
      .update(actionItems)
      .set(next)
      .where(and(ours, eq(actionItems.id, id)));
    changed.push({ id, text, assigneeName, assigneeUserId });
  }
  await offerItems(tx, workspaceId, meetingId, changed);
  return changed;
}

/** Puts tasks back as they were; what somebody has worded or given to somebody else since stays as it is. */
export async function restoreItems(
  tx: Tx,
  ctx: Context,
  meetingId: string,
  given: { readonly to: string; readonly items: readonly ItemBefore[] },
): Promise<void> {
  const { workspaceId } = ctx.principal;
  const ours = and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.meetingId, meetingId));
  for (const { id, text, assigneeName, assigneeUserId } of given.items) {
    await tx
      .update(actionItems)
      .set({ assigneeName, assigneeUserId })
      .where(and(ours, eq(actionItems.id, id), eq(actionItems.assigneeName, given.to)));
    await tx
      .update(actionItems)
      .set({ text })
      .where(and(ours, eq(actionItems.id, id), isNull(actionItems.editedAt)));
  }
  await offerItems(tx, workspaceId, meetingId, given.items);
}

function offerItems(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
  items: readonly { readonly id: string }[],
): Promise<void> {
  return offerAll(
    tx,
    workspaceId,
    items.map(({ id: objectId }) => ({ topic: "action_item.changed", objectId, meetingId })),
  );
}
