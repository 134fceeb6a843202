import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import type { calendarEvents } from "@/db/schema/integrations";
import { meetingContacts, participants, transcripts } from "@/db/schema/meetings";
import { memberships } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { findOrCreateContact } from "@/lib/contacts/service";

// Attendees of an event become participants of the meeting that it was (handbook 7.5): members by their address,
// everybody else as a contact that is found by address or made. Safe to repeat.

type Attendee = (typeof calendarEvents.$inferSelect)["attendees"][number];
type Participant = typeof participants.$inferSelect;

interface Guest {
  readonly email: string;
  readonly name: string | null;
  /** Set for members of the workspace. */
  readonly member: { readonly id: string; readonly name: string } | null;
}

const guestsMax = 200;
const participantsMax = 500;

function folded(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase().replace(/\s+/g, " ");
}

/** Those who were expected: without the ones who declined, each address once. */
function expected(attendees: readonly Attendee[]): readonly Attendee[] {
  const byEmail = new Map<string, Attendee>();
  for (const attendee of attendees) {
    const email = attendee.email.trim().toLowerCase();
    if (email.length > 320 || !/^[^@\s]+@[^@\s]+$/.test(email)) continue;
    if (attendee.response !== "declined" && !byEmail.has(email)) {
      byEmail.set(email, { ...attendee, email });
    }
  }
  return [...byEmail.values()].slice(0, guestsMax);
}

async function membersAmong(
  tx: Tx,
  workspaceId: string,
  emails: readonly string[],
  ownerUserId: string | null,
) {
  const rows = await tx
    .select({ id: users.id, name: users.name, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, workspaceId),
        isNull(memberships.removedAt),
        sql`(${inArray(sql`lower(${users.email})`, [...emails])} or ${users.id} = ${ownerUserId})`,
      ),
    );
  return rows.map((row) => ({ ...row, name: row.name ?? row.email }));
}

async function guestsOf(
  tx: Tx,
  workspaceId: string,
  attendees: readonly Attendee[],
  ownerUserId: string | null,
): Promise<readonly Guest[]> {
  const people = expected(attendees);
  if (people.length === 0) return [];
  const emails = people.map(({ email }) => email);
  const members = await membersAmong(tx, workspaceId, emails, ownerUserId);
  const byEmail = new Map(members.map((member) => [member.email.toLowerCase(), member]));
  const owner = members.find((member) => member.id === ownerUserId);
  return people.map(({ email, name, isSelf }) => ({
    email,
    name: name?.trim() || null,
    // The calendar's owner may sign in to Harmony with another address than to the calendar.
    member: byEmail.get(email) ?? (isSelf === true ? owner : undefined) ?? null,
  }));
}

/** The participant that the guest is already: by account, by address, or by a full name that has no address yet. */
function knownAs(people: readonly Participant[], guest: Guest): Participant | undefined {
  const { member, name } = guest;
  return (
    people.find((person) => member !== null && person.userId === member.id) ??
    people.find((person) => person.email?.toLowerCase() === guest.email) ??
    people.find(
      (person) =>
        person.email === null &&
        person.userId === null &&
        person.contactId === null &&
        name !== null &&
        folded(person.name) === folded(name),
    )
  );
}

async function contactOf(tx: Tx, workspaceId: string, meetingId: string, guest: Guest) {
  const contact = await findOrCreateContact(tx, workspaceId, guest.email);
  const isUnnamed = contact.name === contact.email;
  if (isUnnamed && guest.name !== null) {
    await tx
      .update(contacts)
      .set({ name: guest.name })
      .where(and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, contact.id)));
  }
  await tx
    .insert(meetingContacts)
    .values({ workspaceId, meetingId, contactId: contact.id })
    .onConflictDoNothing();
  return { id: contact.id, name: isUnnamed ? (guest.name ?? contact.name) : contact.name };
}

/**
 * The contacts of guests from outside, by address. Made in the order of their addresses, so that two meetings with the
 * same guests that are processed at once do not wait for each other in a circle.
 */
async function contactsOf(
  tx: Tx,
  workspaceId: string,
  meetingId: string,
  guests: readonly Guest[],
) {
  const outside = guests
    .filter(({ member }) => member === null)
    .sort((left, right) => (left.email < right.email ? -1 : 1));
  const found = new Map<string, { readonly id: string; readonly name: string }>();
  for (const guest of outside) {
    found.set(guest.email, await contactOf(tx, workspaceId, meetingId, guest));
  }
  return found;
}

/** What the participant's row says about who it is. */
function identityOf(
  { member, email, name }: Guest,
  contact: { id: string; name: string } | undefined,
) {
  return {
    name: member?.name ?? contact?.name ?? name ?? email,
    email,
    type: member === null ? ("external" as const) : ("internal" as const),
    userId: member?.id ?? null,
    contactId: contact?.id ?? null,
  };
}

/** Makes the event's attendees participants and contacts of the meeting, without doubling anybody. */
export async function takeAttendees(
  tx: Tx,
  meeting: { readonly workspaceId: string; readonly id: string; readonly endsAt: Date },
  event: { readonly attendees: readonly Attendee[]; readonly ownerUserId: string | null },
): Promise<void> {
  const { workspaceId, id: meetingId, endsAt } = meeting;
  const guests = await guestsOf(tx, workspaceId, event.attendees, event.ownerUserId);
  const contactsByEmail = await contactsOf(tx, workspaceId, meetingId, guests);
  const ours = and(
    eq(participants.workspaceId, workspaceId),
    eq(participants.meetingId, meetingId),
  );
  const people = await tx.select().from(participants).where(ours);
  const [heard] = await tx
    .select({ n: sql<number>`jsonb_array_length(${transcripts.speakers})` })
    .from(transcripts)
    .where(and(eq(transcripts.workspaceId, workspaceId), eq(transcripts.meetingId, meetingId)));
  // Behind the speakers, whose positions are theirs also while nothing is said by them.
  const speakersEnd = (heard?.n ?? 0) - 1;
  let position = people.reduce((last, person) => Math.max(last, person.position), speakersEnd);
  for (const guest of guests) {
    const known = knownAs(people, guest);
    const identity = identityOf(guest, contactsByEmail.get(guest.email));
    if (known) {
      if (known.userId === null && known.contactId === null) {
        const { name: _, ...found } = identity;
        await tx
          .update(participants)
          .set(found)
          .where(and(ours, eq(participants.id, known.id)));
      }
      continue;
    }
    if (position + 1 >= participantsMax) break;
    position += 1;
    const [made] = await tx
      .insert(participants)
      .values({ workspaceId, meetingId, position, ...identity })
      .returning();
    if (made) people.push(made);
  }
  await tx.execute(sql`update contacts c
    set last_interaction_at = greatest(c.last_interaction_at, ${endsAt.toISOString()}::timestamptz)
    from meeting_contacts mc where mc.workspace_id = ${workspaceId} and mc.meeting_id = ${meetingId}
      and c.id = mc.contact_id and c.workspace_id = ${workspaceId}
      and (c.last_interaction_at is null or c.last_interaction_at < ${endsAt.toISOString()}::timestamptz)`);
}
