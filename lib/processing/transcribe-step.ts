import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import {
  type EngineRecord,
  meetingContacts,
  participants,
  transcripts,
} from "@/db/schema/meetings";
import { memberships } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { AppError } from "@/lib/core/errors";
import { PLANS } from "@/lib/plans/plans";
import { matchPeople } from "@/lib/processing/match-people";
import { advance, type Meeting, MeetingFailure } from "@/lib/processing/meeting-step";
import { storage } from "@/lib/storage/storage";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";
import { countWords, type Transcript, transcriptBytesMax } from "@/lib/transcripts/transcript";
import { TranscriptFileError } from "@/lib/transcripts/transcript-file-error";

const builtInEngine: EngineRecord = {
  id: "file",
  name: "Transcript file",
  model: null,
  version: "1",
};

async function readTranscriptFile(meeting: Meeting): Promise<Transcript> {
  if (meeting.recordingKind !== "transcript" || !meeting.recordingKey) {
    throw new MeetingFailure(
      "transcription_error",
      "No transcription engine is installed. The recording is kept: press Retry once one is configured.",
    );
  }
  try {
    const bytes = await storage().readAll(meeting.recordingKey, transcriptBytesMax);
    return parseTranscript(bytes, meeting.recordingName ?? "");
  } catch (error) {
    if (error instanceof TranscriptFileError)
      throw new MeetingFailure("corrupt_file", error.message);
    if (error instanceof AppError) throw new MeetingFailure("corrupt_file", error.message);
    throw error;
  }
}

async function checkDuration(meeting: Meeting, transcript: Transcript): Promise<void> {
  const [workspace] = await db()
    .select({ plan: workspaces.plan })
    .from(workspaces)
    .where(eq(workspaces.id, meeting.workspaceId));
  if (!workspace) return;
  const plan = PLANS[workspace.plan];
  const seconds = Math.ceil(transcript.durationMs / 1000);
  if (plan.recordingSecondsMax === null || seconds <= plan.recordingSecondsMax) return;
  throw new MeetingFailure(
    "duration_exceeds_plan",
    `The recording is ${Math.ceil(seconds / 60)} minutes long; the ${plan.label} plan takes up to ${plan.recordingSecondsMax / 60}. Split it or change the plan, then retry.`,
  );
}

/** Step one: the transcript with its speakers, matched to members and contacts. */
export async function transcribe(meeting: Meeting): Promise<Transcript> {
  const stored = await readStored(meeting);
  if (stored) return stored;
  const transcript = await readTranscriptFile(meeting);
  await checkDuration(meeting, transcript);
  await db().transaction((tx) => storeTranscript(tx, meeting, transcript));
  return (await readStored(meeting)) ?? transcript;
}

/** The transcript as it stands, speakers by name; null while there is none. */
export async function readStored(
  meeting: Pick<Meeting, "id" | "workspaceId">,
): Promise<Transcript | null> {
  const [row] = await db()
    .select()
    .from(transcripts)
    .where(
      and(eq(transcripts.meetingId, meeting.id), eq(transcripts.workspaceId, meeting.workspaceId)),
    );
  if (!row) return null;
  const turns = row.turns.map((turn) => ({
    ...turn,
    speaker: row.speakers[turn.speaker]?.name ?? "Speaker",
  }));
  return {
    turns,
    durationMs: turns.reduce((end, turn) => Math.max(end, turn.endMs), 0),
    timing: row.timing,
    format: "json",
  };
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

async function storeTranscript(tx: Tx, meeting: Meeting, transcript: Transcript): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  const labels = [...new Set(transcript.turns.map((turn) => turn.speaker))];
  const members = await peopleOf(tx, workspaceId);
  const known = await contactsOf(tx, meeting, labels);
  const people = matchPeople(transcript, members, known.byName, known.named);
  const indexOf = new Map(people.map((person, index) => [person.label, index]));
  await tx
    .insert(transcripts)
    .values({
      meetingId,
      workspaceId,
      speakers: people.map(({ label, name }) => ({ label, name })),
      turns: transcript.turns.map((turn) => ({ ...turn, speaker: indexOf.get(turn.speaker) ?? 0 })),
      timing: transcript.timing,
      format: transcript.format,
      wordCount: transcript.turns.reduce((sum, turn) => sum + countWords(turn.text), 0),
      engine: builtInEngine,
    })
    .onConflictDoNothing();
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
  await advance(tx, meeting, {
    stage: "summarizing",
    progress: 40,
    durationSeconds: Math.ceil(transcript.durationMs / 1000),
    ...(meeting.language === null && transcript.language ? { language: transcript.language } : {}),
  });
}
