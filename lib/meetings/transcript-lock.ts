import { and, eq, gte, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import {
  meetings,
  participants,
  type StoredSpeaker,
  type StoredTurn,
  transcripts,
} from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { AppError, notFound } from "@/lib/core/errors";
import { lockMeeting, type MeetingRow } from "@/lib/meetings/rights";
import { talkOf } from "@/lib/meetings/talk-facts";
import { countWords } from "@/lib/transcripts/transcript";

// Reading a transcript to correct it, and writing the correction with all that is counted from it.

export type ParticipantRow = typeof participants.$inferSelect;

/** A transcript under its meeting's lock. */
export interface LockedTranscript {
  readonly meeting: MeetingRow;
  readonly speakers: readonly StoredSpeaker[];
  readonly turns: readonly StoredTurn[];
  readonly timing: "exact" | "estimated";
  readonly version: number;
  /**
   * In the order of their positions. A speaker's position is their index, with a gap where no turn is theirs; behind
   * the speakers stand those who were invited and said nothing.
   */
  readonly people: readonly ParticipantRow[];
}

/** Who changed a transcript last, for those who were about to. */
export interface TranscriptChange {
  readonly version: number;
  readonly editedBy: string | null;
  /** ISO 8601; null when nobody did. */
  readonly editedAt: string | null;
}

/** Participants of a meeting; speakers beyond are only in the transcript. */
const participantsMax = 500;

/**
 * The transcript of a meeting that the caller may change, locked until the transaction ends. `not_found` without one,
 * `conflict` while the meeting is being processed.
 */
export async function lockTranscript(
  tx: Tx,
  ctx: Context,
  meetingId: string,
): Promise<LockedTranscript & TranscriptChange> {
  const { workspaceId } = ctx.principal;
  const meeting = await lockMeeting(tx, ctx, meetingId, "meetings:update");
  if (meeting.status !== "processed") {
    throw new AppError("conflict", "This meeting is not processed, so it cannot be corrected yet", {
      details: { status: meeting.status },
      fix: "Wait until it is processed, then try again.",
    });
  }
  const [row] = await tx
    .select({
      transcript: transcripts,
      editedBy: sql<string>`coalesce(${users.name}, ${users.email})`,
    })
    .from(transcripts)
    .leftJoin(users, eq(users.id, transcripts.editedBy))
    .where(and(eq(transcripts.workspaceId, workspaceId), eq(transcripts.meetingId, meeting.id)));
  if (!row) throw notFound("Transcript");
  const people = await tx
    .select()
    .from(participants)
    .where(and(eq(participants.workspaceId, workspaceId), eq(participants.meetingId, meeting.id)))
    .orderBy(participants.position);
  const { speakers, turns, timing, version, editedAt } = row.transcript;
  return {
    meeting,
    speakers,
    turns,
    timing,
    version,
    people,
    editedBy: row.editedBy,
    editedAt: editedAt?.toISOString() ?? null,
  };
}

/** `conflict` with who changed it and when, and what else the page needs to show both sides. */
export function changedMeanwhile(
  { version, editedBy, editedAt }: TranscriptChange,
  details: Readonly<Record<string, unknown>> = {},
): AppError {
  return new AppError("conflict", "This transcript was changed while you were at it", {
    details: { reason: "transcript_changed", version, editedBy, editedAt, ...details },
    fix: "Look at what it says now, then decide again.",
  });
}

/** What a correction was, for the audit trail: never names, never text. */
export type CorrectionKind = "speaker_renamed" | "speakers_merged" | "turn_edited" | "undone";

/**
 * Writes a corrected transcript: the next version, its words, the participants' share of the talk. Turns keep their
 * places, so that what cites them stays right. Speakers without a turn stay in the transcript, where their index may
 * be used again, and are no participants.
 */
export async function storeCorrection(
  tx: Tx,
  ctx: Context,
  locked: LockedTranscript,
  next: {
    readonly kind: CorrectionKind;
    readonly speakers: readonly StoredSpeaker[];
    readonly turns: readonly StoredTurn[];
  },
): Promise<{ readonly version: number }> {
  const { workspaceId, userId } = ctx.principal;
  const { meeting } = locked;
  const version = locked.version + 1;
  const now = ctx.now();
  await tx
    .update(transcripts)
    .set({
      speakers: [...next.speakers],
      turns: [...next.turns],
      wordCount: next.turns.reduce((sum, turn) => sum + countWords(turn.text), 0),
      version,
      editedBy: userId,
      editedAt: now,
    })
    .where(and(eq(transcripts.workspaceId, workspaceId), eq(transcripts.meetingId, meeting.id)));
  await countTalk(tx, locked, next);
  await tx
    .update(meetings)
    .set({ updatedAt: now })
    .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, meeting.id)));
  await recordAudit(tx, ctx, {
    category: "meetings",
    action: "meeting.transcript_corrected",
    target: { type: "meeting", id: meeting.id, label: meeting.title },
    metadata: { correction: next.kind, version },
  });
  return { version };
}

/** Participants say what the transcript says: one for each speaker with a turn, with their words and time. */
async function countTalk(
  tx: Tx,
  { meeting, speakers: before }: LockedTranscript,
  { speakers, turns }: { speakers: readonly StoredSpeaker[]; turns: readonly StoredTurn[] },
): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  const ours = and(
    eq(participants.workspaceId, workspaceId),
    eq(participants.meetingId, meetingId),
  );
  if (speakers.length > before.length) await makeRoom(tx, ours, before.length, speakers.length);
  const rows = await tx.select().from(participants).where(ours);
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  const talks = talkOf(turns, speakers.length).slice(0, participantsMax);
  for (const [position, talk] of talks.entries()) {
    const row = byPosition.get(position);
    const isHeard = talk.words > 0 || talk.talkMs > 0;
    if (row === undefined) {
      if (!isHeard) continue;
      const name = speakers[position]?.name ?? "Speaker";
      const own = { workspaceId, meetingId, position, name, type: "external" as const };
      await tx.insert(participants).values({ ...own, ...talk });
      continue;
    }
    if (isHeard && row.words === talk.words && row.talkMs === talk.talkMs) continue;
    const one = and(ours, eq(participants.id, row.id));
    if (isHeard) await tx.update(participants).set(talk).where(one);
    else await tx.delete(participants).where(one);
  }
}

/** Moves those who said nothing behind the new speakers. By way of places that nobody has: each is unique. */
async function makeRoom(tx: Tx, ours: ReturnType<typeof and>, from: number, to: number) {
  const away = 10_000;
  await tx
    .update(participants)
    .set({ position: sql`${participants.position} + ${away}` })
    .where(and(ours, gte(participants.position, from)));
  await tx
    .update(participants)
    .set({ position: sql`${participants.position} - ${away - (to - from)}` })
    .where(and(ours, gte(participants.position, away)));
}
