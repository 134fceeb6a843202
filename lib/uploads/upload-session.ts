import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { uploadSessions } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { AppError, notFound } from "@/lib/core/errors";

// The rows of uploads that arrive in pieces: who may go on, who is writing, and when they end.

export type UploadSession = typeof uploadSessions.$inferSelect;

/** An upload that nobody goes on with for this long is removed. */
export const keptMs = 24 * 3_600_000;
/** Open uploads of one person or key. */
const openMax = 20;
/** A writer who was killed is forgotten after this long; one who lives renews three times within it. */
const leaseMs = 15_000;

/** `not_found` for whatever is not the caller's own, in the words for what is not there. */
export async function requireSession(ctx: Context, id: string): Promise<UploadSession> {
  const { workspaceId, kind, id: principalId } = ctx.principal;
  const [session] = await db()
    .select()
    .from(uploadSessions)
    .where(
      and(
        eq(uploadSessions.workspaceId, workspaceId),
        eq(uploadSessions.id, id),
        eq(uploadSessions.principalType, kind),
        eq(uploadSessions.principalId, principalId),
        gt(uploadSessions.expiresAt, ctx.now()),
      ),
    );
  if (!session) throw notFound("Upload");
  return session;
}

/** Refuses one more while the caller has too many open; counts one after another, so that none slips through. */
export async function requireRoomForSession(tx: Tx, ctx: Context): Promise<void> {
  const { workspaceId, kind, id } = ctx.principal;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`uploads:${id}`}, 0))`);
  const open = await tx
    .select({ id: uploadSessions.id })
    .from(uploadSessions)
    .where(
      and(
        eq(uploadSessions.workspaceId, workspaceId),
        eq(uploadSessions.principalType, kind),
        eq(uploadSessions.principalId, id),
        isNull(uploadSessions.meetingId),
        gt(uploadSessions.expiresAt, ctx.now()),
      ),
    )
    .limit(openMax);
  if (open.length < openMax) return;
  throw new AppError("conflict", `You have ${openMax} uploads that are not complete`, {
    details: { reason: "too_many_uploads", limit: openMax },
    fix: "Finish or cancel one of them first. What is left alone is removed after 24 hours.",
  });
}

export const inUse = () =>
  new AppError("conflict", "Another request is writing to this upload", {
    details: { reason: "upload_in_use" },
    fix: "Wait a few seconds, ask for the offset with HEAD, and go on from there.",
    retryAfterSeconds: 2,
  });

const leaseEnd = () => sql`now() + ${`${leaseMs} milliseconds`}::interval`;

/**
 * Runs `work` as the only writer of the upload, in every process, with its row as the writer before left it. `conflict`
 * (`upload_in_use`) while somebody else is writing, `not_found` once it was given up.
 */
export async function asOnlyWriter<T>(
  session: UploadSession,
  work: (current: UploadSession) => Promise<T>,
): Promise<T> {
  const row = and(
    eq(uploadSessions.workspaceId, session.workspaceId),
    eq(uploadSessions.id, session.id),
  );
  const [claimed] = await db()
    .update(uploadSessions)
    .set({ lockedUntil: leaseEnd() })
    .where(
      and(row, or(isNull(uploadSessions.lockedUntil), lt(uploadSessions.lockedUntil, sql`now()`))),
    )
    .returning();
  if (!claimed) throw (await db().$count(uploadSessions, row)) === 0 ? notFound("Upload") : inUse();
  let renewed: Promise<unknown> = Promise.resolve();
  const renewal = setInterval(() => {
    const renewing = db().update(uploadSessions).set({ lockedUntil: leaseEnd() }).where(row);
    renewed = renewing.then(
      () => undefined,
      () => undefined,
    );
  }, leaseMs / 3);
  try {
    return await work(claimed);
  } finally {
    clearInterval(renewal);
    // One that is still on its way would lock it anew.
    await renewed;
    await db().update(uploadSessions).set({ lockedUntil: null }).where(row);
  }
}

/** Notes what is safe in storage, and keeps the upload for another day. */
export async function noteReceived(
  ctx: Context,
  session: UploadSession,
  received: number,
): Promise<UploadSession> {
  const expiresAt = new Date(ctx.now().getTime() + keptMs);
  await db()
    .update(uploadSessions)
    .set({ received, expiresAt })
    .where(
      and(eq(uploadSessions.workspaceId, session.workspaceId), eq(uploadSessions.id, session.id)),
    );
  return { ...session, received, expiresAt };
}

export async function deleteSession(session: UploadSession): Promise<void> {
  await db()
    .delete(uploadSessions)
    .where(
      and(eq(uploadSessions.workspaceId, session.workspaceId), eq(uploadSessions.id, session.id)),
    );
}
