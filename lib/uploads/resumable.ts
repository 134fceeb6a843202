import { and, eq, sql } from "drizzle-orm";
import { db, pool } from "@/db/client";
import { allOf, utcText } from "@/db/fragments";
import { uploadSessions } from "@/db/schema/meetings";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { singleton } from "@/lib/core/singleton";
import { within } from "@/lib/core/within";
import { PLANS } from "@/lib/plans/plans";
import { storage } from "@/lib/storage/storage";
import { checkFields } from "@/lib/uploads/create-meeting";
import { judgeBeginning, judgeFile } from "@/lib/uploads/judge-file";
import { appendPiece, headBytes, type Piece } from "@/lib/uploads/piece";
import { tooLarge } from "@/lib/uploads/read-form";
import { type UploadFields, uploadFields } from "@/lib/uploads/schema";
import { takeFile } from "@/lib/uploads/take-file";
import {
  asOnlyWriter,
  deleteSession,
  inUse,
  keptMs,
  noteReceived,
  requireRoomForSession,
  requireSession,
  type UploadSession,
} from "@/lib/uploads/upload-session";

// A file that arrives in pieces. What storage holds is the truth about how far it is; the row says whose it is and what
// becomes of it. Every step may be repeated, and the process may be killed between any two.

/** An earlier meeting out of the same bytes: "ask" refuses with its name, "create" makes another meeting. */
export type Duplicates = "ask" | "create";

export interface WantedUpload {
  readonly length: number;
  readonly fileName: string;
  readonly fields: UploadFields;
  readonly source: "api" | "upload" | "transcript_paste";
  readonly duplicates: Duplicates;
}

export interface UploadState {
  readonly id: string;
  readonly length: number;
  /** Bytes that are safe: the next piece begins here. */
  readonly offset: number;
  readonly expiresAt: Date;
  /** The meeting that it became; null while bytes are missing. */
  readonly meetingId: string | null;
}

function stateOf(session: UploadSession): UploadState {
  const { id, length, received: offset, expiresAt, meetingId } = session;
  return { id, length, offset, expiresAt, meetingId };
}

/**
 * Announces a file. Fields that cannot be used are refused now rather than after the transfer.
 * @throws `payload_too_large`, `invalid_request`, `conflict` (`too_many_uploads`), `forbidden`.
 */
export async function beginUpload(ctx: Context, wanted: WantedUpload): Promise<UploadState> {
  requirePermission(ctx, "meetings:create");
  const { workspaceId, kind, id: principalId, plan } = ctx.principal;
  if (wanted.length > PLANS[plan].uploadBytesMax) throw tooLarge();
  if (wanted.length === 0) {
    throw invalidRequest("The file is empty", { "upload-length": "Is 0." }, "Choose another file.");
  }
  const id = newId("uploadSession");
  const storageKey = `uploads/${workspaceId}/${id}`;
  const { source, duplicates, fields } = wanted;
  const session = await db().transaction(async (tx) => {
    await requireRoomForSession(tx, ctx);
    await checkFields(tx, ctx, fields);
    const [row] = await tx
      .insert(uploadSessions)
      .values({
        id,
        workspaceId,
        principalType: kind,
        principalId,
        length: wanted.length,
        fileName: wanted.fileName,
        fields: { ...withoutGaps(fields), source, duplicates },
        storageKey,
        expiresAt: new Date(ctx.now().getTime() + keptMs),
      })
      .returning();
    await storage().beginParts(storageKey);
    return row;
  });
  if (!session) throw new Error("an upload was inserted but not returned");
  return stateOf(session);
}

function withoutGaps(fields: UploadFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The `details.reason` of an expected failure. */
function reasonOf(error: unknown): unknown {
  return error instanceof AppError ? error.details.reason : undefined;
}

/** Who writes to which upload in this process. A client that asks again has lost its connection: its writer ends. */
interface Writer {
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}
const writers = () => singleton("upload-writers", () => new Map<string, Writer>());

async function endWriterHere(id: string): Promise<void> {
  const writer = writers().get(id);
  if (!writer) return;
  writer.abort.abort();
  await within(10_000, writer.ended, "the writer of an upload did not end").catch(() => {
    throw inUse();
  });
}

/** Bytes that are safe. Those of a file that has just become a meeting are all of them. */
function sizeSoFar({ storageKey, length }: UploadSession): Promise<number> {
  return storage()
    .partsSize(storageKey)
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found") return length;
      throw error;
    });
}

/**
 * How far the upload is. Of a file that is complete but did not become a meeting, because the process ended in
 * between, the meeting is made now.
 */
export async function readUpload(ctx: Context, id: string): Promise<UploadState> {
  const session = await requireSession(ctx, id);
  if (session.meetingId) return stateOf(session);
  await endWriterHere(id);
  const received = await sizeSoFar(session);
  if (received < session.length) return stateOf({ ...session, received });
  const complete = { ...session, received };
  const finishing = asOnlyWriter(session, async (current) =>
    current.meetingId ? stateOf(current) : finish(ctx, complete, null),
  );
  return finishing.catch((error: unknown) => {
    // Whoever only asks how far it is gets no choice to make; the next piece, even an empty one, does.
    if (reasonOf(error) === "already_uploaded") return stateOf(complete);
    throw error;
  });
}

/**
 * Adds a piece; the last one makes the meeting. `duplicates` overrides what the upload began with.
 * @throws `conflict`: another offset (`details.offset`), another writer (`upload_in_use`), or the same file as an earlier
 * meeting (`already_uploaded`, `details.meeting`; the bytes stay for an answer to that). What is refused for its
 * content is removed.
 */
export async function appendToUpload(
  ctx: Context,
  id: string,
  piece: Piece,
  duplicates: Duplicates | null = null,
): Promise<UploadState> {
  requirePermission(ctx, "meetings:create");
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const writer: Writer = { abort: new AbortController(), ended };
  try {
    return await asOnlyWriter(await requireSession(ctx, id), async (session) => {
      if (session.meetingId) {
        if (piece.offset === session.length) return stateOf(session);
        throw wrongOffset(session.length);
      }
      writers().set(id, writer);
      const after = await append(ctx, session, piece, writer.abort.signal);
      if (after.received < session.length) return stateOf(after);
      return finish(ctx, after, duplicates);
    });
  } finally {
    // The lock is free by now: whoever waited for the end can write.
    if (writers().get(id) === writer) writers().delete(id);
    end();
  }
}

const wrongOffset = (offset: number) =>
  new AppError("conflict", `The next piece begins at byte ${offset}`, {
    details: { offset },
    fix: "Ask for the offset with HEAD, and go on from there.",
  });

async function append(
  ctx: Context,
  session: UploadSession,
  piece: Piece,
  signal: AbortSignal,
): Promise<UploadSession> {
  const { storageKey, length, fileName } = session;
  if (piece.offset > length) throw wrongOffset(await storage().partsSize(storageKey));
  const { size, head } = await appendPiece(storageKey, piece, length - piece.offset, signal);
  if (piece.offset === 0 && head.length === headBytes) {
    await orRemove(session, () => judgeBeginning(head, fileName));
  }
  return noteReceived(ctx, session, size);
}

/** Runs a judgement of the content; a refusal leaves nothing of the upload. */
async function orRemove<T>(session: UploadSession, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    if (error instanceof AppError && error.status < 500) await remove(session);
    throw error;
  }
}

async function remove(session: UploadSession): Promise<void> {
  await storage().dropParts(session.storageKey);
  await deleteSession(session);
}

/** The first meeting out of the same bytes that the caller may read. */
async function findEarlier(ctx: Context, sha256: string) {
  const query = pool();
  const { principal } = ctx;
  const [meeting] = await query<{ id: string; title: string; date: string }[]>`
    select m.id, m.title, ${utcText(query`m.date`)} as date from meetings m
    where m.workspace_id = ${principal.workspaceId} and m.recording_sha256 = ${sha256}
      and ${allOf(visibleMeetings(meetingVisibility(principal)))}
    order by m.created_at, m.id limit 1`;
  return meeting ?? null;
}

async function refuseTwice(ctx: Context, session: UploadSession, sha256: string): Promise<void> {
  const meeting = await findEarlier(ctx, sha256);
  if (!meeting) return;
  throw new AppError("conflict", `This file was uploaded before, as “${meeting.title}”`, {
    details: {
      reason: "already_uploaded",
      meeting,
      upload: session.id,
    },
    fix: "Open that meeting, or upload the file once more on purpose.",
  });
}

async function finish(
  ctx: Context,
  session: UploadSession,
  asked: Duplicates | null,
): Promise<UploadState> {
  const { workspaceId, id, fileName } = session;
  const fields = uploadFields.parse(session.fields);
  const file = await storage().finishParts(session.storageKey);
  const judged = await orRemove(session, () => judgeFile(file, fileName));
  if ((asked ?? session.fields.duplicates) === "ask") await refuseTwice(ctx, session, file.sha256);
  const source = session.fields.source as WantedUpload["source"];
  const row = and(eq(uploadSessions.workspaceId, workspaceId), eq(uploadSessions.id, id));
  const answer = await orRemove(session, () =>
    takeFile(
      ctx,
      { source, fields, fileName, file, judged },
      {
        before: async (tx) => {
          const [known] = await tx.select().from(uploadSessions).where(row).for("update");
          return known?.meetingId ? JSON.stringify({ id: known.meetingId }) : null;
        },
        after: async (tx, made) => {
          await tx
            .update(uploadSessions)
            .set({ meetingId: made.id, received: sql`${uploadSessions.length}` })
            .where(row);
        },
      },
    ),
  );
  const { id: meetingId } = JSON.parse(answer.text) as { id: string };
  return stateOf({ ...session, received: session.length, meetingId });
}

/** Gives an upload up; what has arrived is removed. A meeting that it became stays. */
export async function dropUpload(ctx: Context, id: string): Promise<void> {
  const session = await requireSession(ctx, id);
  if (session.meetingId) return deleteSession(session);
  await endWriterHere(id);
  await asOnlyWriter(session, (current) =>
    current.meetingId ? deleteSession(current) : remove(current),
  );
}
