import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import {
  type EngineRecord,
  meetingContacts,
  participants,
  transcriptionParts,
  transcripts,
} from "@/db/schema/meetings";
import { memberships } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { matchPeople } from "@/lib/processing/match-people";
import { advance, type Meeting } from "@/lib/processing/meeting-step";
import { countWords, type Turn } from "@/lib/transcripts/transcript";

/** A transcript as a file or an engine gives it. */
export interface NewTranscript {
  /** Ordered by `startMs`; `confidence` where an engine heard them. */
  readonly turns: readonly (Turn & { readonly confidence?: number })[];
  readonly durationMs: number;
  readonly timing: "exact" | "estimated";
  /** The kind of file, or `recording`. */
  readonly format: string;
  readonly language?: string;
  readonly engine: EngineRecord;
}

async function peopleOf(tx: Tx, workspaceId: string) {
  const members = await tx
    .select({ id: users.id, name: users.name, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.workspaceId, workspaceId), isNull(memberships.removedAt)))
    .limit(5000);
  return members.map((member) => ({ ...member, name: member.name ?? member.email }));
}

/** Contacts that a speaker may be: those whose name is spoken for, and the one named at the upload. */
async function contactsOf(tx: Tx, meeting: Meeting, labels: readonly string[]) {
  const columns = { id: contacts.id, name: contacts.name, email: contacts.email };
  const [named] = await tx
    .select(columns)
    .from(meetingContacts)
    .innerJoin(contacts, eq(contacts.id, meetingContacts.contactId))
    .where(eq(meetingContacts.meetingId, meeting.id))
    .limit(1);
  const lowered = labels.map((label) => label.toLowerCase());
  const byName = await tx
    .select(columns)
    .from(contacts)
    .where(
      and(
        eq(contacts.workspaceId, meeting.workspaceId),
        inArray(sql`lower(${contacts.name})`, lowered),
      ),
    )
    .limit(500);
  return { named: named ?? null, byName };
}

/**
 * Ends step one: the transcript with its speakers, matched to members and contacts. What was kept of a recording on the
 * way goes. Nothing changes where a transcript stands already. False when the meeting is no longer being processed.
 */
export async function storeTranscript(
  tx: Tx,
  meeting: Meeting,
  transcript: NewTranscript,
): Promise<boolean> {
  const { workspaceId, id: meetingId } = meeting;
  const labels = [...new Set(transcript.turns.map((turn) => turn.speaker))];
  const members = await peopleOf(tx, workspaceId);
  const known = await contactsOf(tx, meeting, labels);
  const people = matchPeople(transcript, members, known.byName, known.named);
  const indexOf = new Map(people.map((person, index) => [person.label, index]));
  const [stored] = await tx
    .insert(transcripts)
    .values({
      meetingId,
      workspaceId,
      speakers: people.map(({ label, name }) => ({ label, name })),
      turns: transcript.turns.map((turn) => ({ ...turn, speaker: indexOf.get(turn.speaker) ?? 0 })),
      timing: transcript.timing,
      format: transcript.format,
      wordCount: transcript.turns.reduce((sum, turn) => sum + countWords(turn.text), 0),
      engine: transcript.engine,
    })
    .onConflictDoNothing()
    .returning({ meetingId: transcripts.meetingId });
  if (!stored) return true;
  await tx.delete(participants).where(eq(participants.meetingId, meetingId));
  if (people.length > 0) {
    await tx.insert(participants).values(
      people.slice(0, 500).map(({ label: _label, ...person }, position) => ({
        ...person,
        workspaceId,
        meetingId,
        position,
      })),
    );
  }
  const contactIds = [...new Set(people.flatMap((person) => person.contactId ?? []))];
  for (const contactId of contactIds) {
    await tx
      .insert(meetingContacts)
      .values({ workspaceId, meetingId, contactId })
      .onConflictDoNothing();
  }
  await tx.execute(sql`update contacts c set name = p.name from participants p
    where p.meeting_id = ${meetingId} and c.id = p.contact_id and c.workspace_id = ${workspaceId}
      and c.name = c.email and p.name <> c.name`);
  const end = new Date(meeting.date.getTime() + transcript.durationMs).toISOString();
  await tx.execute(sql`update contacts c set last_interaction_at = greatest(c.last_interaction_at, ${end}::timestamptz)
    from meeting_contacts mc where mc.meeting_id = ${meetingId} and c.id = mc.contact_id
      and c.workspace_id = ${workspaceId}`);
  await tx
    .delete(transcriptionParts)
    .where(
      and(
        eq(transcriptionParts.workspaceId, workspaceId),
        eq(transcriptionParts.meetingId, meetingId),
      ),
    );
  return advance(tx, meeting, {
    stage: "summarizing",
    progress: 60,
    durationSeconds: Math.ceil(transcript.durationMs / 1000),
    ...(meeting.language === null && transcript.language ? { language: transcript.language } : {}),
  });
}
