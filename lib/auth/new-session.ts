import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { sessions } from "@/db/schema/users";
import { forgetProviderSessions } from "@/lib/auth/end-app-access";
import type { Visitor } from "@/lib/auth/sign-in-visitor";
import { sha256 } from "@/lib/core/crypto";

/** A session ends 30 days after the person was last seen; being seen is recorded once a day. */
export const sessionSeconds = 30 * 24 * 3600;
export const sessionRenewSeconds = 24 * 3600;

/** A session as the browser gets it: the only place where its token exists in the clear. */
export interface NewSession {
  readonly token: string;
  readonly expires: Date;
}

/** 256 random bits for the session cookie. */
export function newSessionToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Ends the session behind a token; an unknown one is nothing to do. */
export async function endSession(tx: Tx, token: string | null): Promise<void> {
  if (token === null) return;
  const [ended] = await tx
    .delete(sessions)
    .where(eq(sessions.sessionToken, sha256(token)))
    .returning({ userId: sessions.userId });
  if (ended) await forgetProviderSessions(tx, ended.userId);
}

/**
 * Opens a session under a new token and ends the one that the browser came with, so that a token planted
 * before the sign-in is worth nothing after it. Only the token's SHA-256 is stored.
 */
export async function startSession(
  tx: Tx,
  visitor: Visitor,
  owner: {
    readonly userId: string;
    /** The workspace to show first; null for the one joined first. */
    readonly workspaceId?: string | null;
  },
  token: string = newSessionToken(),
): Promise<NewSession> {
  await endSession(tx, visitor.sessionToken);
  const expires = new Date(Date.now() + sessionSeconds * 1000);
  await tx.insert(sessions).values({
    sessionToken: sha256(token),
    userId: owner.userId,
    workspaceId: owner.workspaceId ?? null,
    expires,
    ip: visitor.ip,
    userAgent: visitor.userAgent?.slice(0, 300) ?? null,
  });
  return { token, expires };
}

/** True when a session was last renewed more than a day ago; the browser then asks for its renewal. */
export async function isRenewalDue(token: string | null): Promise<boolean> {
  if (token === null) return false;
  const [row] = await db()
    .select({ expires: sessions.expires })
    .from(sessions)
    .where(eq(sessions.sessionToken, sha256(token)));
  const renewedBefore = Date.now() + (sessionSeconds - sessionRenewSeconds) * 1000;
  return row !== undefined && row.expires.getTime() <= renewedBefore;
}
