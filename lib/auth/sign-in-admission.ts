import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { invitations, memberships, teamMembers, teams } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { contextAtTheDoor, type Person, type Visitor } from "@/lib/auth/sign-in-visitor";

export type Invitation = typeof invitations.$inferSelect;

/** Conditions of an invitation that can still be accepted. */
export function isOpen() {
  return and(
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, new Date()),
  );
}

/** Who an address belongs to, as far as the door cares. */
export interface Admission {
  readonly person: Person | null;
  /** "member" of some workspace, else "invited" to one, else "unknown". */
  readonly standing: "member" | "invited" | "unknown";
}

/** Looks up a proven or claimed e-mail address, in lower case. */
export async function admissionOf(email: string): Promise<Admission> {
  const [user] = await db()
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(eq(users.email, email));
  const person = user ? { id: user.id, label: user.name ?? email } : null;
  if (user) {
    const [membership] = await db()
      .select({ id: memberships.id })
      .from(memberships)
      .where(and(eq(memberships.userId, user.id), isNull(memberships.removedAt)))
      .limit(1);
    if (membership) return { person, standing: "member" };
  }
  const [invitation] = await db()
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.email, email), isOpen()))
    .limit(1);
  return { person, standing: invitation ? "invited" : "unknown" };
}

/**
 * Makes a person a member as an invitation says and uses the invitation up. Teams that were deleted meanwhile
 * are left out; somebody who is a member already keeps their role. The caller holds a lock on the invitation.
 */
export async function joinWorkspace(
  tx: Tx,
  visitor: Visitor,
  person: Person,
  invitation: Invitation,
): Promise<void> {
  const { workspaceId, roleId } = invitation;
  await tx
    .insert(memberships)
    .values({ workspaceId, userId: person.id, roleId })
    .onConflictDoNothing();
  if (invitation.teamIds.length > 0) {
    const present = await tx
      .select({ teamId: teams.id })
      .from(teams)
      .where(and(eq(teams.workspaceId, workspaceId), inArray(teams.id, invitation.teamIds)));
    const rows = present.map(({ teamId }) => ({ workspaceId, teamId, userId: person.id }));
    if (rows.length > 0) await tx.insert(teamMembers).values(rows).onConflictDoNothing();
  }
  await tx
    .update(invitations)
    .set({ acceptedAt: new Date() })
    .where(and(eq(invitations.workspaceId, workspaceId), eq(invitations.id, invitation.id)));
  const [workspace] = await tx
    .select({ id: workspaces.id, plan: workspaces.plan })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  if (!workspace) throw new Error("the invitation's workspace is gone");
  await recordAudit(tx, contextAtTheDoor(visitor, person, workspace), {
    category: "members",
    action: "member.joined",
    target: { type: "member", id: person.id, label: person.label },
    metadata: { invitation_id: invitation.id },
  });
}

/**
 * Accepts every open invitation that names an address which the person has just proven (a mailed link, or
 * Google's word for it): for them the proof is worth as much as the link in the invitation.
 * @returns how many workspaces they joined.
 */
export async function joinInvitedWorkspaces(
  tx: Tx,
  visitor: Visitor,
  person: Person,
  email: string,
): Promise<number> {
  const open = await tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email), isOpen()))
    .orderBy(asc(invitations.createdAt))
    .limit(20)
    .for("update");
  for (const invitation of open) await joinWorkspace(tx, visitor, person, invitation);
  return open.length;
}
