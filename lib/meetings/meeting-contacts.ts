import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { db } from "@/db/client";
import { meetingContacts, meetings, participants } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { requireContact } from "@/lib/contacts/service";
import { AppError } from "@/lib/core/errors";
import type { MeetingContactInput } from "@/lib/meetings/inputs";
import { lockMeeting, type MeetingRow } from "@/lib/meetings/rights";

/** Contacts of one meeting. */
const contactsMax = 200;

async function tellOfChange(
  tx: Tx,
  ctx: Context,
  meeting: MeetingRow,
  change: "added" | "removed",
) {
  await tx
    .update(meetings)
    .set({ updatedAt: ctx.now() })
    .where(and(eq(meetings.workspaceId, ctx.principal.workspaceId), eq(meetings.id, meeting.id)));
  await recordAudit(tx, ctx, {
    category: "meetings",
    action: "meeting.contacts_changed",
    target: { type: "meeting", id: meeting.id, label: meeting.title },
    metadata: { change },
  });
}

/** Links a contact, who was spoken with then at the latest. @returns false when it was linked already. */
export async function linkContact(
  tx: Tx,
  { workspaceId, id: meetingId, date, durationSeconds }: MeetingRow,
  contactId: string,
): Promise<boolean> {
  const added = await tx
    .insert(meetingContacts)
    .values({ workspaceId, meetingId, contactId })
    .onConflictDoNothing()
    .returning({ contactId: meetingContacts.contactId });
  if (added.length === 0) return false;
  const end = new Date(date.getTime() + durationSeconds * 1000).toISOString();
  await tx.execute(sql`update contacts set
      last_interaction_at = greatest(last_interaction_at, ${end}::timestamptz)
    where workspace_id = ${workspaceId} and id = ${contactId}`);
  return true;
}

/** Links a contact that the caller may see to a meeting that they may change. Safe to repeat. */
export async function addMeetingContact(ctx: Context, input: MeetingContactInput): Promise<void> {
  const { workspaceId } = ctx.principal;
  await requireContact(ctx, input.contactId);
  await db().transaction(async (tx) => {
    const meeting = await lockMeeting(tx, ctx, input.meetingId, "meetings:update");
    const ours = and(
      eq(meetingContacts.workspaceId, workspaceId),
      eq(meetingContacts.meetingId, meeting.id),
    );
    if ((await tx.$count(meetingContacts, ours)) >= contactsMax) {
      throw new AppError("conflict", `A meeting has at most ${contactsMax} contacts`, {
        fix: "Remove one that was not there, then add this one.",
      });
    }
    if (await linkContact(tx, meeting, input.contactId)) {
      await tellOfChange(tx, ctx, meeting, "added");
    }
  });
}

/**
 * Takes a contact out of a meeting. A speaker who was them keeps the name and is a person without a contact. Safe to
 * repeat.
 */
export async function removeMeetingContact(
  ctx: Context,
  { meetingId, contactId }: MeetingContactInput,
): Promise<void> {
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const meeting = await lockMeeting(tx, ctx, meetingId, "meetings:update");
    const removed = await tx
      .delete(meetingContacts)
      .where(
        and(
          eq(meetingContacts.workspaceId, workspaceId),
          eq(meetingContacts.meetingId, meeting.id),
          eq(meetingContacts.contactId, contactId),
        ),
      )
      .returning({ contactId: meetingContacts.contactId });
    if (removed.length === 0) return;
    await tx
      .update(participants)
      .set({ contactId: null, email: null })
      .where(
        and(
          eq(participants.workspaceId, workspaceId),
          eq(participants.meetingId, meeting.id),
          eq(participants.contactId, contactId),
        ),
      );
    await tellOfChange(tx, ctx, meeting, "removed");
  });
}
