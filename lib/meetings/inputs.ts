import { z } from "zod";

// What the meeting page's actions take.

const idText = z.string().min(1).max(60);

/** Characters of a meeting's notes. */
export const notesMax = 50_000;

export const meetingIdInput = z.strictObject({ id: idText });

export const saveNotesInput = z.strictObject({
  meetingId: idText,
  markdown: z
    .string()
    .max(notesMax, `Notes have at most ${notesMax.toLocaleString("en")} characters.`),
  /** The version that was edited; 0 where there were no notes yet. */
  version: z.int().min(0),
});

export const setActionItemInput = z.strictObject({
  id: idText,
  status: z.enum(["open", "done"]).optional(),
  confirm: z.literal(true).optional(),
});

export const dismissActionItemInput = z.strictObject({ id: idText });
export const restoreActionItemInput = z.strictObject({ undo: z.string().min(1).max(20_000) });

export type SaveNotesInput = z.output<typeof saveNotesInput>;
export type SetActionItemInput = z.output<typeof setActionItemInput>;
