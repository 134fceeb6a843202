import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { participants, type StoredSpeaker, type StoredTurn } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { requireContact } from "@/lib/contacts/service";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { correctSummary, renameAssignee } from "@/lib/meetings/corrected-summary";
import type { EditTurnInput, MergeSpeakersInput, RenameSpeakerInput } from "@/lib/meetings/inputs";
import { linkContact } from "@/lib/meetings/meeting-contacts";
import {
  changedMeanwhile,
  type LockedTranscript,
  lockTranscript,
  type ParticipantRow,
  storeCorrection,
  type TranscriptChange,
} from "@/lib/meetings/transcript-lock";
import { sealCorrection } from "@/lib/meetings/transcript-undo";
import { activeMember } from "@/lib/members/service";
import { cleanText } from "@/lib/transcripts/clean-text";
import { normalizeSpeaker, speakerLetters } from "@/lib/transcripts/speaker-name";

// Corrections of who spoke and of what was said (handbook D-50: the API answers with the corrected text). Each is one
// transaction under the meeting's lock and names the version that it was made on.

export interface Corrected {
  readonly version: number;
  /** For `undoCorrection`, within ten minutes and until the next correction. */
  readonly undo: string;
}

interface Identity {
  readonly name: string;
  readonly email: string | null;
  readonly type: "internal" | "external";
  readonly userId: string | null;
  readonly contactId: string | null;
}

const folded = (name: string) => name.normalize("NFKC").trim().toLowerCase();

function speakerAt({ speakers, turns }: LockedTranscript, index: number): StoredSpeaker {
  const speaker = speakers[index];
  if (!speaker || !turns.some((turn) => turn.speaker === index)) throw notFound("Speaker");
  return speaker;
}

/** Who a speaker is; nobody while no turn is theirs. */
const personAt = ({ people }: LockedTranscript, index: number) =>
  people.find(({ position }) => position === index);

function requireVersion(locked: TranscriptChange, version: number): void {
  if (locked.version !== version) throw changedMeanwhile(locked);
}

// --- Renaming -------------------------------------------------------------------------------------------------

async function memberIdentity(tx: Tx, workspaceId: string, id: string): Promise<Identity> {
  const member = await activeMember(tx, workspaceId, id);
  if (!member) throw notFound("Member");
  const { name, email } = member;
  return { name, email, type: "internal", userId: id, contactId: null };
}

async function contactIdentity(tx: Tx, workspaceId: string, id: string): Promise<Identity> {
  const [row] = await tx
    .select({ name: contacts.name, email: contacts.email })
    .from(contacts)
    .where(and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, id)));
  if (!row) throw notFound("Contact");
  return { ...row, type: "external", userId: null, contactId: id };
}

function namedIdentity(typed: string): Identity {
  const name = normalizeSpeaker(typed);
  if (name === null) {
    throw invalidRequest("A speaker needs a name", { name: "Type a name of at least one letter." });
  }
  return { name, email: null, type: "external", userId: null, contactId: null };
}

function identityOf(tx: Tx, workspaceId: string, person: RenameSpeakerInput["person"]) {
  if (person.kind === "member") return memberIdentity(tx, workspaceId, person.id);
  if (person.kind === "contact") return contactIdentity(tx, workspaceId, person.id);
  return namedIdentity(person.name);
}

const isSamePerson = (row: ParticipantRow | undefined, identity: Identity) =>
  row !== undefined &&
  ((identity.userId !== null && row.userId === identity.userId) ||
    (identity.contactId !== null && row.contactId === identity.contactId));

/** Two speakers of one name could not be told apart any more: they are merged instead. */
function refuseTwice(locked: LockedTranscript, index: number, identity: Identity): void {
  const spoken = new Set(locked.turns.map((turn) => turn.speaker));
  const twin = locked.speakers.findIndex(
    (speaker, other) =>
      other !== index &&
      spoken.has(other) &&
      (folded(speaker.name) === folded(identity.name) ||
        isSamePerson(personAt(locked, other), identity)),
  );
  const known = locked.speakers[twin];
  if (known === undefined) return;
  throw new AppError("conflict", `${known.name} is a speaker of this meeting already`, {
    details: { reason: "same_speaker", speaker: twin },
    fix: "Merge the two speakers, if they are the same person.",
  });
}

/**
 * Gives a speaker another name, everywhere in the meeting: a member, a contact that the caller may see, or a name as
 * typed. Their tasks go with them. `conflict` when the transcript changed (`transcript_changed`) or when somebody else
 * in it is that person already (`same_speaker`, with the index of that speaker).
 */
export async function renameSpeaker(ctx: Context, input: RenameSpeakerInput): Promise<Corrected> {
  const { workspaceId } = ctx.principal;
  if (input.person.kind === "contact") await requireContact(ctx, input.person.id);
  return db().transaction(async (tx) => {
    const locked = await lockTranscript(tx, ctx, input.meetingId);
    requireVersion(locked, input.version);
    const before = speakerAt(locked, input.speaker);
    const identity = await identityOf(tx, workspaceId, input.person);
    refuseTwice(locked, input.speaker, identity);
    const speakers = locked.speakers.with(input.speaker, { ...before, name: identity.name });
    const own = personAt(locked, input.speaker);
    const silent = locked.people.filter(
      (row) => row.position >= locked.speakers.length && isSamePerson(row, identity),
    );
    const linked = await takeIdentity(tx, locked, own, identity, silent);
    const from = { name: before.name, userId: own?.userId ?? null };
    const items = await renameAssignee(tx, ctx, locked.meeting.id, from, identity);
    const { version } = await storeCorrection(tx, ctx, locked, {
      kind: "speaker_renamed",
      speakers,
      turns: locked.turns,
    });
    const summary = await correctSummary(tx, heardIn(locked, { speakers, turns: locked.turns }), {
      from: before.name,
      to: identity.name,
    });
    return {
      version,
      undo: sealCorrection(ctx, {
        meetingId: locked.meeting.id,
        version,
        speakers: [{ index: input.speaker, ...before }],
        moved: { turns: [], speaker: input.speaker },
        people: [...(own ? [own] : []), ...silent],
        linked,
        given: { to: identity.name, items },
        summary,
      }),
    };
  });
}

const heardIn = (
  { meeting: { workspaceId, id: meetingId }, timing }: LockedTranscript,
  now: { readonly speakers: readonly StoredSpeaker[]; readonly turns: readonly StoredTurn[] },
) => ({ workspaceId, meetingId, timing, ...now });

/**
 * The participant becomes that person; whoever was listed as silent and is them is listed once. @returns the contact
 * that was not linked to the meeting before.
 */
async function takeIdentity(
  tx: Tx,
  { meeting }: LockedTranscript,
  own: ParticipantRow | undefined,
  identity: Identity,
  silent: readonly ParticipantRow[],
): Promise<string | null> {
  const { workspaceId, id: meetingId } = meeting;
  const one = (id: string) =>
    and(
      eq(participants.workspaceId, workspaceId),
      eq(participants.meetingId, meetingId),
      eq(participants.id, id),
    );
  for (const row of silent) await tx.delete(participants).where(one(row.id));
  if (own) await tx.update(participants).set(identity).where(one(own.id));
  const { contactId } = identity;
  return contactId !== null && (await linkContact(tx, meeting, contactId)) ? contactId : null;
}

// --- Merging --------------------------------------------------------------------------------------------------

/** Makes two speakers one: what the first said was said by the second. The turns stay as they are cut. */
export async function mergeSpeakers(ctx: Context, input: MergeSpeakersInput): Promise<Corrected> {
  if (input.from === input.into) {
    throw invalidRequest("A speaker cannot be merged with themselves", {
      into: "Choose another speaker.",
    });
  }
  return db().transaction(async (tx) => {
    const locked = await lockTranscript(tx, ctx, input.meetingId);
    requireVersion(locked, input.version);
    const from = speakerAt(locked, input.from);
    const into = speakerAt(locked, input.into);
    const moved: number[] = [];
    const turns = locked.turns.map((turn, index) => {
      if (turn.speaker !== input.from) return turn;
      moved.push(index);
      return { ...turn, speaker: input.into };
    });
    const gone = personAt(locked, input.from);
    const given = { name: into.name, userId: personAt(locked, input.into)?.userId ?? null };
    const taken = { name: from.name, userId: gone?.userId ?? null };
    const items = await renameAssignee(tx, ctx, locked.meeting.id, taken, given);
    const { speakers } = locked;
    const kind = "speakers_merged";
    const { version } = await storeCorrection(tx, ctx, locked, { kind, speakers, turns });
    const renamed = { from: from.name, to: into.name };
    const summary = await correctSummary(tx, heardIn(locked, { speakers, turns }), renamed);
    return {
      version,
      undo: sealCorrection(ctx, {
        meetingId: locked.meeting.id,
        version,
        speakers: [],
        moved: { turns: moved, speaker: input.from },
        people: gone ? [gone] : [],
        given: { to: into.name, items },
        summary,
      }),
    };
  });
}

// --- One turn -------------------------------------------------------------------------------------------------

/** The first "Speaker A", "Speaker B", … that nobody in the transcript is called. */
function nextLabel(speakers: readonly StoredSpeaker[]): string {
  const taken = new Set(speakers.flatMap(({ label, name }) => [folded(label), folded(name)]));
  let letter = 0;
  while (taken.has(folded(speakerLetters(letter)))) letter += 1;
  return speakerLetters(letter);
}

/** Somebody of the transcript, or one more speaker. */
function speakersWith(locked: LockedTranscript, wanted: EditTurnInput["speaker"]) {
  if (wanted !== "new") {
    if (locked.speakers[wanted] === undefined) throw notFound("Speaker");
    return { speakers: locked.speakers, speaker: wanted };
  }
  const label = nextLabel(locked.speakers);
  return {
    speakers: [...locked.speakers, { label, name: label }],
    speaker: locked.speakers.length,
  };
}

/**
 * Corrects the words of one turn, or who said them. A turn whose words a person corrected is not uncertain any more.
 * `conflict` with the turn as it is now in `details.turn` when somebody changed this very turn meanwhile; changes of
 * other turns do no harm.
 */
export async function editTurn(
  ctx: Context,
  input: EditTurnInput,
): Promise<{ readonly version: number }> {
  const text = cleanText(input.text);
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw invalidRequest("A turn needs words", {
      text: "Type what was said. To give it to somebody else, change the speaker.",
    });
  }
  return db().transaction(async (tx) => {
    const locked = await lockTranscript(tx, ctx, input.meetingId);
    const stored = locked.turns[input.turn];
    if (!stored) throw notFound("Turn");
    const isAsSeen = stored.text === input.was.text && stored.speaker === input.was.speaker;
    if (locked.version !== input.version && !isAsSeen) {
      const name = locked.speakers[stored.speaker]?.name ?? "Speaker";
      throw changedMeanwhile(locked, {
        turn: { text: stored.text, speaker: stored.speaker, name },
      });
    }
    const { speakers, speaker } = speakersWith(locked, input.speaker);
    if (stored.text === text && stored.speaker === speaker) return { version: locked.version };
    const { confidence, ...rest } = stored;
    const isReworded = stored.text !== text;
    const turn = {
      ...rest,
      text,
      speaker,
      ...(isReworded || confidence === undefined ? {} : { confidence }),
    };
    const turns = locked.turns.with(input.turn, turn);
    const { version } = await storeCorrection(tx, ctx, locked, {
      kind: "turn_edited",
      speakers,
      turns,
    });
    if (speaker !== stored.speaker) {
      await correctSummary(tx, heardIn(locked, { speakers, turns }), null);
    }
    return { version };
  });
}
