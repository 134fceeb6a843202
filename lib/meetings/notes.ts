import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetingNotes } from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { offerAll } from "@/lib/events/offer";
import type { SaveNotesInput } from "@/lib/meetings/inputs";
import { lockMeeting } from "@/lib/meetings/rights";

/** The notes of a meeting as they are stored; version 0 with empty text where nobody has written any. */
export interface MeetingNotes {
  readonly markdown: string;
  readonly version: number;
  readonly updatedBy: string | null;
  /** ISO 8601; null for version 0. */
  readonly updatedAt: string | null;
}

export const noNotes: MeetingNotes = { markdown: "", version: 0, updatedBy: null, updatedAt: null };

/**
 * Saves the notes (Markdown, handbook D-67). `conflict` when somebody saved meanwhile, with their text in
 * `details.current`, so that the page can show both and nobody's text is overwritten. Saving the same text again
 * changes nothing.
 */
export async function saveMeetingNotes(ctx: Context, input: SaveNotesInput): Promise<MeetingNotes> {
  const { workspaceId, userId } = ctx.principal;
  return db().transaction(async (tx) => {
    const meeting = await lockMeeting(tx, ctx, input.meetingId, "meetings:update");
    const [stored] = await tx
      .select({
        markdown: meetingNotes.markdown,
        version: meetingNotes.version,
        updatedBy: users.name,
        updatedAt: meetingNotes.updatedAt,
      })
      .from(meetingNotes)
      .leftJoin(users, eq(users.id, meetingNotes.updatedBy))
      .where(
        and(eq(meetingNotes.workspaceId, workspaceId), eq(meetingNotes.meetingId, meeting.id)),
      );
    const current: MeetingNotes = stored
      ? { ...stored, updatedAt: stored.updatedAt.toISOString() }
      : noNotes;
    if (current.markdown === input.markdown) return current;
    if (current.version !== input.version) throw changedMeanwhile(current);
    const now = ctx.now();
    const row = {
      markdown: input.markdown,
      version: current.version + 1,
      updatedBy: userId,
      updatedAt: now,
    };
    await tx
      .insert(meetingNotes)
      .values({ meetingId: meeting.id, workspaceId, ...row })
      .onConflictDoUpdate({ target: meetingNotes.meetingId, set: row });
    const { id: meetingId } = meeting;
    await offerAll(tx, workspaceId, [{ topic: "note.changed", objectId: meetingId, meetingId }]);
    return {
      markdown: row.markdown,
      version: row.version,
      updatedBy: ctx.principal.label,
      updatedAt: now.toISOString(),
    };
  });
}

function changedMeanwhile(current: MeetingNotes): AppError {
  return new AppError("conflict", "These notes were changed while you were writing", {
    details: { reason: "notes_changed", current },
    fix: "Compare the two texts below and choose one, or copy what you want to keep.",
  });
}
