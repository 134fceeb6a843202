import { randomBytes } from "node:crypto";
import { and, asc, desc, eq, isNull, lte, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { invitations, memberships, roles } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { accountOfSession } from "@/lib/auth/account-of-session";
import { type NewSession, startSession } from "@/lib/auth/new-session";
import { hashPassword } from "@/lib/auth/password";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { type Invitation, isOpen, joinWorkspace } from "@/lib/auth/sign-in-admission";
import { auditSignIn } from "@/lib/auth/sign-in-audit";
import type { Visitor } from "@/lib/auth/sign-in-visitor";
import { sha256 } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { AppError, notFound } from "@/lib/core/errors";
import { invitationMail } from "@/lib/mail/letters";
import { sendMail } from "@/lib/mail/send-mail";
import type { InviteInput } from "@/lib/members/schema";
import { lockWorkspace, requireRole, requireTeams } from "@/lib/members/service";
import { limiter } from "@/lib/rate-limit/limiter";

const invitationDays = 7;
const invitationsMax = 200;

const dayMs = 86_400_000;

/** Neither accepted nor revoked, be it in time or not: what the members page lists. */
const isPending = () => and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly teams: readonly string[];
  readonly inviter: string | null;
  readonly expiresAt: Date;
  readonly isExpired: boolean;
}

/** The workspace's pending invitations, the newest first; expired ones stay until they are resent or revoked. */
export async function listInvitations(ctx: Context): Promise<readonly InvitationRow[]> {
  requirePermission(ctx, "members:read", "all");
  const { workspaceId } = ctx.principal;
  const rows = await db()
    .select({
      id: invitations.id,
      email: invitations.email,
      role: roles.name,
      teams: sql<string[]>`array(select t.name from teams t where t.workspace_id = ${workspaceId}
        and t.id = any(${invitations.teamIds}) order by lower(t.name))`,
      inviter: sql<string | null>`coalesce(${users.name}, ${users.email})`,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .innerJoin(roles, eq(roles.id, invitations.roleId))
    .leftJoin(users, eq(users.id, invitations.invitedBy))
    .where(and(eq(invitations.workspaceId, workspaceId), isPending()))
    .orderBy(desc(invitations.createdAt), asc(invitations.id))
    .limit(invitationsMax);
  return rows.map((row) => ({ ...row, isExpired: row.expiresAt <= ctx.now() }));
}

/** What the person who invites gets back. */
export interface Invited {
  readonly email: string;
  /** The link itself, only where no mail can carry it; it is shown this once. */
  readonly link: string | null;
}

function newToken(): { readonly token: string; readonly tokenHash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: sha256(token) };
}

async function workspaceNameOf(tx: Tx, ctx: Context): Promise<string> {
  const [row] = await tx
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.id, ctx.principal.workspaceId));
  if (!row) throw notFound("Workspace");
  return row.name;
}

async function mailInvitation(
  tx: Tx,
  ctx: Context,
  email: string,
  token: string,
): Promise<Invited> {
  const link = `${env().appUrl}/invite/${token}`;
  const workspace = await workspaceNameOf(tx, ctx);
  await sendMail(tx, invitationMail(email, { workspace, inviter: ctx.principal.label, link }));
  return { email, link: env().mailConfigured ? null : link };
}

async function requireStranger(tx: Tx, ctx: Context, email: string): Promise<void> {
  const { workspaceId } = ctx.principal;
  const [member] = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, workspaceId),
        isNull(memberships.removedAt),
        eq(users.email, email),
      ),
    );
  if (member) {
    throw new AppError("conflict", `${email} is a member of this workspace already`, {
      fix: "Change their role or teams in the list of members.",
    });
  }
  const [pending] = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.workspaceId, workspaceId), eq(invitations.email, email), isOpen()));
  if (pending) {
    throw new AppError("conflict", `${email} is invited already`, {
      fix: "Resend or revoke the pending invitation below.",
    });
  }
}

async function requireRoomForInvitation(tx: Tx, ctx: Context): Promise<void> {
  const pending = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.workspaceId, ctx.principal.workspaceId), isPending()))
    .limit(invitationsMax);
  if (pending.length < invitationsMax) return;
  throw new AppError("quota_exceeded", `${invitationsMax} invitations are pending`, {
    details: { limit: invitationsMax, used: pending.length },
    fix: "Revoke the ones that will not be accepted.",
  });
}

/**
 * Invites somebody by e-mail with a role and teams. The link is random (256 bits), good for 7 days and once;
 * only its SHA-256 is stored.
 */
export async function inviteMember(ctx: Context, input: InviteInput): Promise<Invited> {
  requirePermission(ctx, "members:update", "all");
  await countInvitation(ctx);
  const { workspaceId } = ctx.principal;
  return db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const role = await requireRole(tx, ctx, input.roleId);
    const teamIds = await requireTeams(tx, ctx, input.teamIds);
    await requireStranger(tx, ctx, input.email);
    await requireRoomForInvitation(tx, ctx);
    // A new invitation takes the place of one that ran out.
    await tx
      .update(invitations)
      .set({ revokedAt: ctx.now() })
      .where(
        and(
          eq(invitations.workspaceId, workspaceId),
          eq(invitations.email, input.email),
          isPending(),
          lte(invitations.expiresAt, ctx.now()),
        ),
      );
    const { token, tokenHash } = newToken();
    const [made] = await tx
      .insert(invitations)
      .values({
        workspaceId,
        email: input.email,
        roleId: role.id,
        teamIds,
        tokenHash,
        invitedBy: ctx.principal.userId,
        expiresAt: new Date(ctx.now().getTime() + invitationDays * dayMs),
      })
      .returning({ id: invitations.id });
    if (!made) throw new Error("the invitation was not returned");
    await recordAudit(tx, ctx, {
      category: "members",
      action: "member.invited",
      target: { type: "invitation", id: made.id, label: input.email },
      metadata: { role: role.name, team_ids: teamIds },
    });
    return mailInvitation(tx, ctx, input.email, token);
  });
}

const invitationsPerMinute = 30;

/** Every invitation is a mail to a stranger. */
async function countInvitation(ctx: Context): Promise<void> {
  const taken = await limiter().take(`invite:${ctx.principal.workspaceId}`, invitationsPerMinute);
  if (taken.allowed) return;
  throw new AppError("rate_limited", "Too many invitations in this minute", {
    fix: `Wait ${taken.retryAfterSeconds} s and try again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

interface InvitationIdInput {
  readonly invitationId: string;
}

async function findPending(tx: Tx, ctx: Context, { invitationId }: InvitationIdInput) {
  const [row] = await tx
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, ctx.principal.workspaceId),
        eq(invitations.id, invitationId),
        isPending(),
      ),
    )
    .for("update");
  if (!row) throw notFound("Invitation");
  return row;
}

/** Sends a fresh link for another 7 days; the former link stops working. */
export async function resendInvitation(ctx: Context, input: InvitationIdInput): Promise<Invited> {
  requirePermission(ctx, "members:update", "all");
  await countInvitation(ctx);
  return db().transaction(async (tx) => {
    const found = await findPending(tx, ctx, input);
    await requireRole(tx, ctx, found.roleId);
    const { token, tokenHash } = newToken();
    await tx
      .update(invitations)
      .set({ tokenHash, expiresAt: new Date(ctx.now().getTime() + invitationDays * dayMs) })
      .where(
        and(eq(invitations.workspaceId, ctx.principal.workspaceId), eq(invitations.id, found.id)),
      );
    await recordAudit(tx, ctx, {
      category: "members",
      action: "invitation.resent",
      target: { type: "invitation", id: found.id, label: found.email },
    });
    return mailInvitation(tx, ctx, found.email, token);
  });
}

/** Takes an invitation back; its link stops working at once. */
export async function revokeInvitation(ctx: Context, input: InvitationIdInput): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  await db().transaction(async (tx) => {
    const found = await findPending(tx, ctx, input);
    await tx
      .update(invitations)
      .set({ revokedAt: ctx.now() })
      .where(
        and(eq(invitations.workspaceId, ctx.principal.workspaceId), eq(invitations.id, found.id)),
      );
    await recordAudit(tx, ctx, {
      category: "members",
      action: "invitation.revoked",
      target: { type: "invitation", id: found.id, label: found.email },
    });
  });
}

// --- The invited person's side ----------------------------------------------------------------------------

/** What the page behind an invitation's link shows. */
export interface InvitationView {
  readonly email: string;
  readonly workspace: string;
  readonly inviter: string | null;
  readonly role: string;
  /** True when the address has an account, which then signs in instead of choosing a password. */
  readonly hasAccount: boolean;
}

/** The open invitation behind a link's token; null for wrong, expired, revoked and used ones alike. */
export async function findInvitation(token: string): Promise<InvitationView | null> {
  const [row] = await db()
    .select({
      email: invitations.email,
      workspace: workspaces.name,
      role: roles.name,
      inviter: sql<string | null>`(select coalesce(u.name, u.email) from users u
        where u.id = ${invitations.invitedBy})`,
      accountId: users.id,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .innerJoin(roles, eq(roles.id, invitations.roleId))
    .leftJoin(users, eq(users.email, invitations.email))
    .where(and(eq(invitations.tokenHash, sha256(token)), isOpen()));
  if (!row) return null;
  const { accountId, ...view } = row;
  return { ...view, hasAccount: accountId !== null };
}

/** Locks the open invitation, so that of two acceptances at the same moment one finds it used. */
async function takeInvitation(tx: Tx, token: string): Promise<Invitation> {
  const [invitation] = await tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.tokenHash, sha256(token)), isOpen()))
    .for("update");
  if (!invitation) {
    throw new AppError("not_found", "This invitation is not valid any more", {
      fix: "It was used, revoked or has expired. Ask for a new one.",
    });
  }
  return invitation;
}

/** Makes the invited person's account with a password of their own, joins the workspace and signs in. */
export async function acceptWithNewAccount(
  visitor: Visitor,
  input: { readonly token: string; readonly name: string; readonly password: string },
): Promise<NewSession> {
  return db().transaction(async (tx) => {
    const invitation = await takeInvitation(tx, input.token);
    const [made] = await tx
      .insert(users)
      .values({
        email: invitation.email,
        name: input.name,
        passwordHash: await hashPassword(input.password),
        // Only a mailed link proves the address; without mail an admin handed the link over.
        emailVerified: env().mailConfigured ? new Date() : null,
      })
      .onConflictDoNothing()
      .returning({ id: users.id });
    if (!made) {
      throw new AppError("conflict", `${invitation.email} has an account already`, {
        fix: "Sign in with it, then open the invitation again.",
      });
    }
    const person = { id: made.id, label: input.name };
    await joinWorkspace(tx, visitor, person, invitation);
    await auditSignIn(tx, visitor, person, {
      action: "user.signed_in",
      metadata: { method: "invitation" },
    });
    return startSession(tx, visitor, { userId: made.id, workspaceId: invitation.workspaceId });
  });
}

/** Joins the workspace with the account that is signed in, which must be the invited one. */
export async function acceptSignedIn(
  visitor: Visitor,
  input: { readonly token: string },
): Promise<NewSession> {
  const account = await accountOfSession(visitor.sessionToken);
  return db().transaction(async (tx) => {
    const invitation = await takeInvitation(tx, input.token);
    if (account?.email !== invitation.email) {
      throw new AppError("forbidden", `This invitation is for ${invitation.email}`, {
        fix: "Sign in with that address, then open the invitation again.",
      });
    }
    const person = { id: account.id, label: account.name };
    await joinWorkspace(tx, visitor, person, invitation);
    return startSession(tx, visitor, { userId: account.id, workspaceId: invitation.workspaceId });
  });
}
