"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { Markdown } from "@/components/ui/markdown";
import { decideMatchInput } from "@/lib/calendar/schema";
import * as calendar from "@/lib/calendar/service";
import { action } from "@/lib/http/action";
import * as items from "@/lib/meetings/action-items";
import { deleteMeeting as deleteForGood } from "@/lib/meetings/delete-meeting";
import {
  addActionItemInput,
  dismissActionItemInput,
  editTurnInput,
  findPeopleInput,
  meetingContactInput,
  meetingIdInput,
  mergeSpeakersInput,
  notesMax,
  renameSpeakerInput,
  restoreActionItemInput,
  restoreMeetingContactInput,
  saveNotesInput,
  setActionItemInput,
  undoCorrectionInput,
} from "@/lib/meetings/inputs";
import * as contacts from "@/lib/meetings/meeting-contacts";
import { saveMeetingNotes } from "@/lib/meetings/notes";
import { findPeople as peopleLike } from "@/lib/meetings/people-choices";
import { retryMeeting as putBack } from "@/lib/meetings/retry-meeting";
import * as corrections from "@/lib/meetings/transcript-corrections";
import { undoCorrection as takeBack } from "@/lib/meetings/transcript-undo";
import { cancelProcessing as endProcessing } from "@/lib/processing/cancel-processing";

const permission = ["meetings:update", "own"] as const;

export const saveNotes = action({
  permission,
  input: saveNotesInput,
  run: async (ctx, input) => {
    const notes = await saveMeetingNotes(ctx, input);
    refresh();
    return notes;
  },
});

/** The text as it will look; made here, since the parser is too large for the browser. */
export const previewNotes = action({
  permission,
  input: z.strictObject({ markdown: z.string().max(notesMax) }),
  run: async (_ctx, { markdown }) => <Markdown>{markdown}</Markdown>,
});

export const addActionItem = action({
  permission,
  input: addActionItemInput,
  run: async (ctx, input) => {
    const added = await items.addActionItem(ctx, input);
    refresh();
    return added;
  },
});

export const setActionItem = action({
  permission,
  input: setActionItemInput,
  run: async (ctx, input) => {
    await items.setActionItem(ctx, input);
    refresh();
    return null;
  },
});

export const dismissActionItem = action({
  permission,
  input: dismissActionItemInput,
  run: async (ctx, input) => {
    const dismissed = await items.dismissActionItem(ctx, input);
    refresh();
    return dismissed;
  },
});

export const restoreActionItem = action({
  permission,
  input: restoreActionItemInput,
  run: async (ctx, input) => {
    await items.restoreActionItem(ctx, input);
    refresh();
    return null;
  },
});

export const renameSpeaker = action({
  permission,
  input: renameSpeakerInput,
  run: async (ctx, input) => {
    const renamed = await corrections.renameSpeaker(ctx, input);
    refresh();
    return renamed;
  },
});

export const mergeSpeakers = action({
  permission,
  input: mergeSpeakersInput,
  run: async (ctx, input) => {
    const merged = await corrections.mergeSpeakers(ctx, input);
    refresh();
    return merged;
  },
});

export const editTurn = action({
  permission,
  input: editTurnInput,
  run: async (ctx, input) => {
    const edited = await corrections.editTurn(ctx, input);
    refresh();
    return edited;
  },
});

export const undoCorrection = action({
  permission,
  input: undoCorrectionInput,
  run: async (ctx, input) => {
    const undone = await takeBack(ctx, input);
    refresh();
    return undone;
  },
});

/** Only reads: members and contacts for whoever may correct a meeting. */
export const findPeople = action({
  permission,
  input: findPeopleInput,
  run: (ctx, input) => peopleLike(ctx, input),
});

export const addMeetingContact = action({
  permission,
  input: meetingContactInput,
  run: async (ctx, input) => {
    await contacts.addMeetingContact(ctx, input);
    refresh();
    return null;
  },
});

export const removeMeetingContact = action({
  permission,
  input: meetingContactInput,
  run: async (ctx, input) => {
    const removed = await contacts.removeMeetingContact(ctx, input);
    refresh();
    return removed;
  },
});

export const restoreMeetingContact = action({
  permission,
  input: restoreMeetingContactInput,
  run: async (ctx, input) => {
    await contacts.restoreMeetingContact(ctx, input);
    refresh();
    return null;
  },
});

export const decideMatch = action({
  permission,
  input: decideMatchInput,
  run: async (ctx, input) => {
    await calendar.decideMatch(ctx, input);
    refresh();
    return null;
  },
});

export const retryMeeting = action({
  permission,
  input: meetingIdInput,
  run: async (ctx, input) => {
    await putBack(ctx, input);
    refresh();
    return null;
  },
});

export const cancelProcessing = action({
  permission,
  input: meetingIdInput,
  run: async (ctx, input) => {
    await endProcessing(ctx, input);
    refresh();
    return null;
  },
});

export const deleteMeeting = action({
  permission: ["meetings:delete", "own"],
  input: meetingIdInput,
  run: async (ctx, input) => {
    await deleteForGood(ctx, input);
    return null;
  },
});
