import { and, asc, desc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { memberships } from "@/db/schema/members";
import { sessions, users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { accountOfSession } from "@/lib/auth/account-of-session";
import { forgetProviderSessions } from "@/lib/auth/end-app-access";
import { endSession } from "@/lib/auth/new-session";
import { hashPassword, verifyPassword } from "@/lib/auth/password";
import type { Context } from "@/lib/auth/principal";
import { auditSignIn } from "@/lib/auth/sign-in-audit";
import { countAccountTry, type Visitor } from "@/lib/auth/sign-in-visitor";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { PLANS } from "@/lib/plans/plans";

// What people do with their own account. `ctx.principal.id` is the signed-in user.

const sessionsMax = 100;

/** Ends sessions of the person except the one behind `keepToken`; null keeps none. Returns how many ended. */
async function endSessions(tx: Tx, userId: string, keepToken: string | null): Promise<number> {
  const ended = await tx
    .delete(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        keepToken === null ? undefined : ne(sessions.sessionToken, sha256(keepToken)),
      ),
    )
    .returning({ userId: sessions.userId });
  await forgetProviderSessions(tx, userId);
  return ended.length;
}

export interface MyProfile {
  readonly name: string;
  readonly email: string;
  /** False for people who only sign in with Google or a mailed link. */
  readonly hasPassword: boolean;
}

/** The signed-in person's own account. */
export async function readProfile(ctx: Context): Promise<MyProfile> {
  const [row] = await db()
    .select({
      name: users.name,
      email: users.email,
      hasPassword: sql<boolean>`${users.passwordHash} is not null`,
    })
    .from(users)
    .where(eq(users.id, ctx.principal.id));
  if (!row) throw notFound("Account");
  return { ...row, name: row.name ?? "" };
}

/** Changes the name that others see. */
export async function renameMyself(ctx: Context, input: { readonly name: string }): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.update(users).set({ name: input.name }).where(eq(users.id, ctx.principal.id));
    await recordAudit(tx, ctx, {
      category: "members",
      action: "member.renamed",
      target: { type: "member", id: ctx.principal.id, label: input.name },
      metadata: { former_name: ctx.principal.label },
    });
  });
}

/**
 * Sets a new password after checking the current one, and ends every other session of the person, since a
 * password is often changed because somebody else may know it.
 * @returns how many other sessions ended.
 */
export async function changePassword(
  ctx: Context,
  input: {
    readonly current: string;
    readonly next: string;
    readonly sessionToken: string | null;
  },
): Promise<{ readonly ended: number }> {
  const userId = ctx.principal.id;
  const [user] = await db()
    .select({ email: users.email, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId));
  if (!user) throw notFound("Account");
  await countAccountTry(user.email);
  if (!(await verifyPassword(user.passwordHash, input.current))) {
    const sentence = "This is not your current password.";
    throw invalidRequest("The current password is not right", { current: sentence });
  }
  const passwordHash = await hashPassword(input.next);
  return db().transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
    const ended = await endSessions(tx, userId, input.sessionToken);
    await recordAudit(tx, ctx, {
      category: "sign_in",
      action: "user.password_changed",
      metadata: { sessions_ended: ended },
    });
    return { ended };
  });
}

export interface MySession {
  readonly isCurrent: boolean;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly startedAt: Date;
}

/** Where the person is signed in: this browser first, then the newest (100 at most). */
export async function listMySessions(
  ctx: Context,
  sessionToken: string | null,
): Promise<readonly MySession[]> {
  const current = sha256(sessionToken ?? "");
  return db()
    .select({
      isCurrent: sql<boolean>`${sessions.sessionToken} = ${current}`,
      userAgent: sessions.userAgent,
      ip: sessions.ip,
      startedAt: sessions.createdAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, ctx.principal.id), gt(sessions.expires, ctx.now())))
    .orderBy(desc(sql`${sessions.sessionToken} = ${current}`), desc(sessions.createdAt))
    .limit(sessionsMax);
}

/** Signs out every other browser of the person. */
export async function endOtherSessions(
  ctx: Context,
  sessionToken: string | null,
): Promise<{ readonly ended: number }> {
  return db().transaction(async (tx) => {
    const ended = await endSessions(tx, ctx.principal.id, sessionToken);
    await recordAudit(tx, ctx, {
      category: "sign_in",
      action: "user.signed_out_elsewhere",
      metadata: { sessions_ended: ended },
    });
    return { ended };
  });
}

/** Signs out everywhere, this browser included; holds on the next request of each. */
export async function endAllSessions(ctx: Context): Promise<void> {
  await db().transaction(async (tx) => {
    const ended = await endSessions(tx, ctx.principal.id, null);
    await recordAudit(tx, ctx, {
      category: "sign_in",
      action: "user.signed_out_everywhere",
      metadata: { sessions_ended: ended },
    });
  });
}

/** Ends this browser's session, also that of somebody who is in no workspace. */
export async function signOut(visitor: Visitor): Promise<void> {
  const account = await accountOfSession(visitor.sessionToken);
  await db().transaction(async (tx) => {
    await endSession(tx, visitor.sessionToken);
    if (!account) return;
    const person = { id: account.id, label: account.name };
    await auditSignIn(tx, visitor, person, { action: "user.signed_out" });
  });
}

export interface MyWorkspace {
  readonly id: string;
  readonly name: string;
  /** The plan's name as shown: "Max". */
  readonly plan: string;
}

/** The workspaces that the person can switch between, in the order they joined (100 at most). */
export async function listMyWorkspaces(ctx: Context): Promise<readonly MyWorkspace[]> {
  const rows = await db()
    .select({ id: workspaces.id, name: workspaces.name, plan: workspaces.plan })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(and(eq(memberships.userId, ctx.principal.id), isNull(memberships.removedAt)))
    .orderBy(asc(memberships.createdAt))
    .limit(100);
  return rows.map((row) => ({ ...row, plan: PLANS[row.plan].label }));
}

/** Shows another workspace in this browser; the person must be a member of it. */
export async function switchWorkspace(
  ctx: Context,
  input: { readonly workspaceId: string; readonly sessionToken: string | null },
): Promise<void> {
  const [membership] = await db()
    .select({ id: memberships.id })
    .from(memberships)
    .where(
      and(
        eq(memberships.workspaceId, input.workspaceId),
        eq(memberships.userId, ctx.principal.id),
        isNull(memberships.removedAt),
      ),
    );
  if (!membership) throw notFound("Workspace");
  const changed = await db()
    .update(sessions)
    .set({ workspaceId: input.workspaceId })
    .where(
      and(
        eq(sessions.userId, ctx.principal.id),
        eq(sessions.sessionToken, sha256(input.sessionToken ?? "")),
      ),
    )
    .returning({ userId: sessions.userId });
  if (changed.length === 0) {
    throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  }
}
