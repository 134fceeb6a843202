import { and, asc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { meetingContacts, transcriptionParts } from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import { endOfPart } from "@/lib/media/cut-parts";
import type { DecodedRecording } from "@/lib/media/decode";
import { advance, type Meeting } from "@/lib/processing/meeting-step";
import { MeetingGone, type MeetingWatch } from "@/lib/processing/watch-meeting";
import type {
  RecognisedPart,
  RecogniseOptions,
  Transcriber,
} from "@/lib/transcription/transcriber";

/** Progress of a meeting when its sound is decoded, and when all of it has been heard. */
export const progressFrom = 10;
const progressTo = 58;
const partsMax = 10_000;

interface KeptPart extends RecognisedPart {
  readonly endMs: number;
}

/** What an earlier run of the same engine has heard, in order; what another engine heard goes. */
async function keptParts(meeting: Meeting, { engine }: Transcriber): Promise<KeptPart[]> {
  const own = and(
    eq(transcriptionParts.workspaceId, meeting.workspaceId),
    eq(transcriptionParts.meetingId, meeting.id),
  );
  const rows = await db()
    .select()
    .from(transcriptionParts)
    .where(own)
    .orderBy(asc(transcriptionParts.position))
    .limit(partsMax);
  const isSame = rows.every(
    (row, index) =>
      row.position === index &&
      row.engine.id === engine.id &&
      row.engine.model === engine.model &&
      row.engine.version === engine.version,
  );
  if (isSame) return rows;
  await db().delete(transcriptionParts).where(own);
  return [];
}

async function keepPart(
  meeting: Meeting,
  position: number,
  part: KeptPart & { readonly startMs: number },
  { engine }: Transcriber,
): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  await db().transaction(async (tx) => {
    // Locks the meeting as well, so that it cannot be deleted between the two.
    if (!(await advance(tx, meeting, { stage: "transcribing" }))) throw new MeetingGone();
    const { startMs, endMs, voices } = part;
    const row = { startMs, endMs, words: [...part.words], voices, engine };
    await tx
      .insert(transcriptionParts)
      .values({ workspaceId, meetingId, position, ...row })
      .onConflictDoNothing();
  });
}

/** Names that are likely to be spoken: of the owner and of the contacts of the meeting. */
async function vocabularyOf(meeting: Meeting): Promise<string[]> {
  const people = await db()
    .select({ name: contacts.name })
    .from(meetingContacts)
    .innerJoin(contacts, eq(contacts.id, meetingContacts.contactId))
    .where(
      and(
        eq(meetingContacts.workspaceId, meeting.workspaceId),
        eq(meetingContacts.meetingId, meeting.id),
      ),
    )
    .limit(20);
  const owners =
    meeting.userId === null
      ? []
      : await db().select({ name: users.name }).from(users).where(eq(users.id, meeting.userId));
  const names = [...owners, ...people].map(({ name }) => name);
  return names.filter((name): name is string => name !== null && !name.includes("@"));
}

/** Hears a decoded recording part by part. Each part is kept when it is done, so that a later run goes on after it. */
export async function recogniseParts(
  meeting: Meeting,
  audio: DecodedRecording,
  transcriber: Transcriber,
  watch: MeetingWatch,
): Promise<readonly RecognisedPart[]> {
  const options: RecogniseOptions = {
    language: meeting.language,
    vocabulary: await vocabularyOf(meeting),
  };
  const report = (heardMs: number) => {
    const share = Math.min(1, heardMs / audio.durationMs);
    watch.report(progressFrom + share * (progressTo - progressFrom));
  };
  const parts: KeptPart[] = await keptParts(meeting, transcriber);
  for (;;) {
    const startMs = parts.at(-1)?.endMs ?? 0;
    report(startMs);
    if (startMs >= audio.durationMs) return parts;
    watch.signal.throwIfAborted();
    const endMs = endOfPart(audio.levels, startMs, transcriber.partMs, audio.durationMs);
    const { pcmPath, channels } = audio;
    const heard = await transcriber.recognise({ pcmPath, channels, startMs, endMs }, options, {
      signal: watch.signal,
      onProgress: (heardMs) => report(startMs + heardMs),
      earlier: parts,
    });
    await keepPart(meeting, parts.length, { ...heard, startMs, endMs }, transcriber);
    parts.push({ ...heard, endMs });
  }
}
