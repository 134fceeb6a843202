import { and, eq, inArray, or } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { participants, summaries } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { restoreItems } from "@/lib/meetings/corrected-summary";
import { unlinkSilent } from "@/lib/meetings/meeting-contacts";
import { openUndo, sealUndo, undoTooLate } from "@/lib/meetings/sealed-undo";
import { lockTranscript, storeCorrection } from "@/lib/meetings/transcript-lock";

// Taking back a rename or a merge.

const person = z.object({
  id: z.string(),
  position: z.number(),
  name: z.string(),
  email: z.string().nullable(),
  type: z.enum(["internal", "external"]),
  userId: z.string().nullable(),
  contactId: z.string().nullable(),
  words: z.number(),
  talkMs: z.number(),
});

const undoRecord = z.object({
  meetingId: z.string(),
  /** What the correction made; another one since makes taking it back impossible. */
  version: z.number(),
  speakers: z.array(z.object({ index: z.number(), label: z.string(), name: z.string() })),
  /** These turns were the speaker's. */
  moved: z.object({ turns: z.array(z.number()), speaker: z.number() }),
  people: z.array(person),
  /** The contact that the correction linked to the meeting. */
  linked: z.string().nullable().default(null),
  given: z.object({
    to: z.string(),
    items: z.array(
      z.object({
        id: z.string(),
        text: z.string(),
        assigneeName: z.string().nullable(),
        assigneeUserId: z.string().nullable(),
      }),
    ),
  }),
  summary: z
    .object({
      overview: z.string(),
      decisions: z.array(z.object({ text: z.string(), turn: z.number() })),
      nextSteps: z.array(z.string()),
    })
    .nullable(),
});

type UndoRecord = z.output<typeof undoRecord>;

const byHand =
  "The transcript was corrected again, or too much time has passed. Correct it by hand.";

export const sealCorrection = (ctx: Context, record: z.input<typeof undoRecord>): string =>
  sealUndo(ctx, "correction", undoRecord, record);

/** Takes back a rename or a merge. `conflict` after ten minutes and after any other correction. */
export async function undoCorrection(
  ctx: Context,
  input: { readonly undo: string },
): Promise<{ readonly version: number }> {
  const record = openUndo(ctx, "correction", undoRecord, { undo: input.undo, fix: byHand });
  return db().transaction(async (tx) => {
    const locked = await lockTranscript(tx, ctx, record.meetingId);
    if (locked.version !== record.version) throw undoTooLate(byHand);
    const named = new Map(record.speakers.map(({ index, ...speaker }) => [index, speaker]));
    const moved = new Set(record.moved.turns);
    await restorePeople(tx, ctx, record);
    if (record.linked !== null) await unlinkSilent(tx, locked.meeting, record.linked);
    await restoreItems(tx, ctx, record.meetingId, record.given);
    const corrected = await storeCorrection(tx, ctx, locked, {
      kind: "undone",
      speakers: locked.speakers.map((speaker, index) => named.get(index) ?? speaker),
      turns: locked.turns.map((turn, index) =>
        moved.has(index) ? { ...turn, speaker: record.moved.speaker } : turn,
      ),
    });
    if (record.summary) {
      await tx
        .update(summaries)
        .set(record.summary)
        .where(
          and(
            eq(summaries.workspaceId, ctx.principal.workspaceId),
            eq(summaries.meetingId, record.meetingId),
          ),
        );
    }
    return corrected;
  });
}

/** Whoever stands where they stood makes way. */
async function restorePeople(tx: Tx, ctx: Context, { meetingId, people }: UndoRecord) {
  if (people.length === 0) return;
  const { workspaceId } = ctx.principal;
  await tx.delete(participants).where(
    and(
      eq(participants.workspaceId, workspaceId),
      eq(participants.meetingId, meetingId),
      or(
        inArray(
          participants.id,
          people.map(({ id }) => id),
        ),
        inArray(
          participants.position,
          people.map(({ position }) => position),
        ),
      ),
    ),
  );
  await tx.insert(participants).values(people.map((row) => ({ ...row, workspaceId, meetingId })));
}
