import { and, count, eq, isNull, notExists, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { meetingContacts, meetings, participants } from "@/db/schema/meetings";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { requireContact } from "@/lib/contacts/service";
import { AppError } from "@/lib/core/errors";
import type { MeetingContactInput } from "@/lib/meetings/inputs";
import { lockMeeting, type MeetingRow } from "@/lib/meetings/rights";
import { openUndo, sealUndo, undoTooLate } from "@/lib/meetings/sealed-undo";

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

/** Takes a link back with which nobody in the meeting is connected any more. */
export async function unlinkSilent(
  tx: Tx,
  { workspaceId, id: meetingId }: Pick<MeetingRow, "workspaceId" | "id">,
  contactId: string,
): Promise<void> {
  const isThem = tx
    .select({ id: participants.id })
    .from(participants)
    .where(
      and(
        eq(participants.workspaceId, workspaceId),
        eq(participants.meetingId, meetingId),
        eq(participants.contactId, contactId),
      ),
    );
  await tx
    .delete(meetingContacts)
    .where(
      and(
        eq(meetingContacts.workspaceId, workspaceId),
        eq(meetingContacts.meetingId, meetingId),
        eq(meetingContacts.contactId, contactId),
        notExists(isThem),
      ),
    );
}

/** Links a contact that the caller may see to a meeting that they may change. Safe to repeat. */
export async function addMeetingContact(ctx: Context, input: MeetingContactInput): Promise<void> {
  await requireContact(ctx, input.contactId);
  await db().transaction((tx) => linkToMeeting(tx, ctx, input));
}

async function linkToMeeting(tx: Tx, ctx: Context, input: MeetingContactInput): Promise<void> {
  const { workspaceId } = ctx.principal;
  const meeting = await lockMeeting(tx, ctx, input.meetingId, "meetings:update");
  const ours = and(
    eq(meetingContacts.workspaceId, workspaceId),
    eq(meetingContacts.meetingId, meeting.id),
  );
  const [linked] = await tx.select({ n: count() }).from(meetingContacts).where(ours);
  if ((linked?.n ?? 0) >= contactsMax) {
    throw new AppError("conflict", `A meeting has at most ${contactsMax} contacts`, {
      fix: "Remove one that was not there, then add this one.",
    });
  }
  if (await linkContact(tx, meeting, input.contactId)) {
    await tellOfChange(tx, ctx, meeting, "added");
  }
}

const removedContact = z.object({
  meetingId: z.string(),
  contactId: z.string(),
  /** The speakers who were them. */
  people: z.array(z.object({ id: z.string(), name: z.string(), email: z.string().nullable() })),
});

/**
 * Takes a contact out of a meeting. A speaker who was them keeps the name and is a person without a contact. Safe to
 * repeat. @returns for `restoreMeetingContact`; null where it was not linked.
 */
export async function removeMeetingContact(
  ctx: Context,
  { meetingId, contactId }: MeetingContactInput,
): Promise<{ readonly undo: string | null }> {
  const { workspaceId } = ctx.principal;
  return db().transaction(async (tx) => {
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
    if (removed.length === 0) return { undo: null };
    const isThem = and(
      eq(participants.workspaceId, workspaceId),
      eq(participants.meetingId, meeting.id),
      eq(participants.contactId, contactId),
    );
    const { id, name, email } = participants;
    const people = await tx.select({ id, name, email }).from(participants).where(isThem);
    await tx.update(participants).set({ contactId: null, email: null }).where(isThem);
    await tellOfChange(tx, ctx, meeting, "removed");
    return { undo: sealUndo(ctx, "contact", removedContact, { meetingId, contactId, people }) };
  });
}

/**
 * Puts a contact back that was taken out, with the speakers who were them; one who has another name or has become
 * somebody since stays so. `conflict` after ten minutes.
 */
export async function restoreMeetingContact(
  ctx: Context,
  { undo }: { readonly undo: string },
): Promise<void> {
  const fix = "Add the contact again, and name the speaker by hand.";
  const record = openUndo(ctx, "contact", removedContact, { undo, fix });
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    // Not `requireContact`: this meeting may have been the only one that showed them the contact.
    const isIt = and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, record.contactId));
    const [known] = await tx
      .select({ id: contacts.id })
      .from(contacts)
      .where(isIt)
      .for("key share");
    if (!known) throw undoTooLate("The contact was deleted meanwhile.");
    await linkToMeeting(tx, ctx, record);
    for (const { id, name, email } of record.people) {
      await tx
        .update(participants)
        .set({ contactId: record.contactId, email })
        .where(
          and(
            eq(participants.workspaceId, workspaceId),
            eq(participants.meetingId, record.meetingId),
            ...[eq(participants.id, id), eq(participants.name, name)],
            ...[isNull(participants.contactId), isNull(participants.userId)],
          ),
        );
    }
  });
}
