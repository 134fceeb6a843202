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

const itemText = z
  .string()
  .trim()
  .min(1, "Say what is to be done.")
  .max(1000, "A task has at most 1,000 characters.");
const dueDate = z.iso.date("Choose a day.").nullable();

export const addActionItemInput = z.strictObject({
  meetingId: idText,
  text: itemText,
  assigneeUserId: idText.nullable(),
  dueDate,
});

/** What is left out stays as it is. */
export const setActionItemInput = z.strictObject({
  id: idText,
  status: z.enum(["open", "done"]).optional(),
  confirm: z.literal(true).optional(),
  text: itemText.optional(),
  assigneeUserId: idText.nullable().optional(),
  dueDate: dueDate.optional(),
});

export const dismissActionItemInput = z.strictObject({ id: idText });
export const restoreActionItemInput = z.strictObject({ undo: z.string().min(1).max(20_000) });

export const meetingContactInput = z.strictObject({ meetingId: idText, contactId: idText });
/** A person can be several speakers of a meeting. */
export const restoreMeetingContactInput = z.strictObject({ undo: z.string().min(1).max(100_000) });

export const findPeopleInput = z.strictObject({
  q: z.string().max(100),
  kinds: z.array(z.enum(["member", "contact"])).min(1),
});

// --- Corrections of the transcript ----------------------------------------------------------------------------

const version = z.int().min(1);
const speakerIndex = z.int().min(0).max(10_000);

export const renameSpeakerInput = z.strictObject({
  meetingId: idText,
  /** The version that the page showed. */
  version,
  speaker: speakerIndex,
  person: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("member"), id: idText }),
    z.strictObject({ kind: z.literal("contact"), id: idText }),
    z.strictObject({ kind: z.literal("name"), name: z.string().max(500) }),
  ]),
});

export const mergeSpeakersInput = z.strictObject({
  meetingId: idText,
  version,
  from: speakerIndex,
  into: speakerIndex,
});

/** Characters of one turn. */
const turnMax = 20_000;

export const editTurnInput = z.strictObject({
  meetingId: idText,
  turn: z.int().min(0).max(1_000_000),
  text: z.string().max(turnMax, `A turn has at most ${turnMax.toLocaleString("en")} characters.`),
  /** Somebody of the transcript, or somebody it does not know yet. */
  speaker: z.union([speakerIndex, z.literal("new")]),
  version,
  /** The turn as it was edited: when only other turns changed since, the correction still holds. */
  was: z.strictObject({ text: z.string().max(100_000), speaker: speakerIndex }),
});

/** A sealed record of a long meeting names each turn that moved. */
export const undoCorrectionInput = z.strictObject({ undo: z.string().min(1).max(800_000) });

export type AddActionItemInput = z.output<typeof addActionItemInput>;
export type FindPeopleInput = z.output<typeof findPeopleInput>;
export type MeetingContactInput = z.output<typeof meetingContactInput>;
export type RenameSpeakerInput = z.output<typeof renameSpeakerInput>;
export type MergeSpeakersInput = z.output<typeof mergeSpeakersInput>;
export type EditTurnInput = z.output<typeof editTurnInput>;
export type SaveNotesInput = z.output<typeof saveNotesInput>;
export type SetActionItemInput = z.output<typeof setActionItemInput>;
