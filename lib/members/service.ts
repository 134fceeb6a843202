import { and, asc, count, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { db, type Tx } from "@/db/client";
import { likePattern } from "@/db/fragments";
import { apiKeys } from "@/db/schema/api-keys";
import { memberships, roles, teamMembers, teams } from "@/db/schema/members";
import { sessions, users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { endGrantsOfMember, forgetProviderSessions } from "@/lib/auth/end-app-access";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { type Grants, grantsOfRole, hasGrant, permissions, type RoleKey } from "@/lib/auth/roles";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { disconnectMember } from "@/lib/integrations/service";
import type { UpdateMemberInput } from "@/lib/members/schema";
import { notify } from "@/lib/notify/notify";

export const membersPerPage = 50;
const choicesMax = 500;

export interface MemberRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: { readonly id: string; readonly key: RoleKey | null; readonly name: string };
  readonly manager: { readonly userId: string; readonly name: string } | null;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly hasSeat: boolean;
  readonly joinedAt: Date;
}

const isActive = () => isNull(memberships.removedAt);
const managers = alias(users, "managers");
const shownName = sql<string>`coalesce(${users.name}, ${users.email})`;

function inWorkspace(ctx: Context, query: string) {
  const words = query.trim();
  const pattern = likePattern(words);
  return and(
    eq(memberships.workspaceId, ctx.principal.workspaceId),
    isActive(),
    words === ""
      ? undefined
      : or(sql`lower(${users.name}) like ${pattern}`, sql`${users.email} like ${pattern}`),
  );
}

async function teamsOf(ctx: Context, userIds: readonly string[]) {
  if (userIds.length === 0) return [];
  return db()
    .select({ userId: teamMembers.userId, id: teams.id, name: teams.name })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(
      and(
        eq(teamMembers.workspaceId, ctx.principal.workspaceId),
        inArray(teamMembers.userId, [...userIds]),
      ),
    )
    .orderBy(asc(sql`lower(${teams.name})`));
}

/** One page (50) of the workspace's members by name, filtered by words of name or address. */
export async function listMembers(
  ctx: Context,
  input: { readonly query: string; readonly page: number },
): Promise<{ readonly rows: readonly MemberRow[]; readonly total: number }> {
  requirePermission(ctx, "members:read", "all");
  const where = inWorkspace(ctx, input.query.slice(0, 200));
  const [counted] = await db()
    .select({ total: count() })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(where);
  const rows = await db()
    .select({
      id: memberships.id,
      userId: users.id,
      name: shownName,
      email: users.email,
      role: { id: roles.id, key: roles.key, name: roles.name },
      managerId: managers.id,
      managerName: sql<string | null>`coalesce(${managers.name}, ${managers.email})`,
      hasSeat: memberships.hasSeat,
      joinedAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .innerJoin(roles, eq(roles.id, memberships.roleId))
    .leftJoin(managers, eq(managers.id, memberships.managerId))
    .where(where)
    .orderBy(asc(sql`lower(${shownName})`), asc(memberships.id))
    .limit(membersPerPage)
    .offset((Math.max(1, input.page) - 1) * membersPerPage);
  const teamRows = await teamsOf(
    ctx,
    rows.map((row) => row.userId),
  );
  return {
    total: counted?.total ?? 0,
    rows: rows.map(({ managerId, managerName, ...row }) => ({
      ...row,
      manager: managerId === null ? null : { userId: managerId, name: managerName ?? managerId },
      teams: teamRows
        .filter((team) => team.userId === row.userId)
        .map(({ id, name }) => ({ id, name })),
    })),
  };
}

/** The people whom one can choose, as a manager or for a team: the first 500 by name. */
export async function listPeople(
  ctx: Context,
): Promise<readonly { readonly userId: string; readonly name: string }[]> {
  requirePermission(ctx, "members:read", "all");
  return db()
    .select({ userId: users.id, name: shownName })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.workspaceId, ctx.principal.workspaceId), isActive()))
    .orderBy(asc(sql`lower(${shownName})`), asc(users.id))
    .limit(choicesMax);
}

/** The workspace's roles with what they allow, the built-in ones first. */
export async function listRoles(ctx: Context) {
  requirePermission(ctx, "roles:read", "all");
  const rows = await db()
    .select({ id: roles.id, key: roles.key, name: roles.name, stored: roles.permissions })
    .from(roles)
    .where(eq(roles.workspaceId, ctx.principal.workspaceId))
    .orderBy(
      sql`array_position(array['admin','manager','user'], ${roles.key}) nulls last`,
      asc(sql`lower(${roles.name})`),
    )
    .limit(100);
  return rows.map(({ stored, ...role }) => ({
    ...role,
    grants: grantsOfRole({ key: role.key, permissions: stored }),
  }));
}

/** A person while they are a member, by the name of today; null otherwise. */
export async function activeMember(tx: Tx, workspaceId: string, userId: string) {
  const [person] = await tx
    .select({ id: users.id, name: shownName, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(eq(memberships.workspaceId, workspaceId), eq(memberships.userId, userId), isActive()),
    );
  return person ?? null;
}

// --- Changes ----------------------------------------------------------------------------------------------

/** Serialises changes of who may do what, so that two admins cannot remove each other at the same moment. */
export async function lockWorkspace(tx: Tx, ctx: Context): Promise<void> {
  await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.id, ctx.principal.workspaceId))
    // Leaves foreign keys to the workspace alone: other writes into it do not wait.
    .for("no key update");
}

interface Target {
  readonly id: string;
  readonly userId: string;
  readonly label: string;
  readonly role: { readonly id: string; readonly key: RoleKey | null; readonly grants: Grants };
}

async function findMember(tx: Tx, ctx: Context, memberId: string): Promise<Target> {
  const [row] = await tx
    .select({
      id: memberships.id,
      userId: users.id,
      label: shownName,
      roleId: roles.id,
      key: roles.key,
      stored: roles.permissions,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .innerJoin(roles, eq(roles.id, memberships.roleId))
    .where(
      and(
        eq(memberships.workspaceId, ctx.principal.workspaceId),
        eq(memberships.id, memberId),
        isActive(),
      ),
    );
  if (!row) throw notFound("Member");
  const grants = grantsOfRole({ key: row.key, permissions: row.stored });
  return {
    id: row.id,
    userId: row.userId,
    label: row.label,
    role: { id: row.roleId, key: row.key, grants },
  };
}

/** Nobody gives, takes or touches rights that they do not hold themselves. */
function requireNotAbove(ctx: Context, grants: Grants): void {
  const above = permissions.some((permission) => {
    const reach = grants[permission];
    return reach !== undefined && !hasGrant(ctx.principal.grants, permission, reach);
  });
  if (!above) return;
  throw new AppError("forbidden", "This role may do more than yours", {
    fix: "Ask somebody with that role to make the change.",
  });
}

/** The role, when the caller's workspace has it and the caller may give it. */
export async function requireRole(tx: Tx, ctx: Context, roleId: string) {
  const [role] = await tx
    .select({ id: roles.id, key: roles.key, name: roles.name, permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.workspaceId, ctx.principal.workspaceId), eq(roles.id, roleId)));
  if (!role) throw notFound("Role");
  requireNotAbove(ctx, grantsOfRole(role));
  return role;
}

/** Throws `not_found` unless every id is a team of the caller's workspace. */
export async function requireTeams(tx: Tx, ctx: Context, teamIds: readonly string[]) {
  const wanted = [...new Set(teamIds)];
  if (wanted.length === 0) return wanted;
  const found = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspaceId, ctx.principal.workspaceId), inArray(teams.id, wanted)));
  if (found.length !== wanted.length) throw notFound("Team");
  return wanted;
}

/** A workspace without an Admin could never get one again. */
async function requireAnotherAdmin(tx: Tx, ctx: Context, target: Target): Promise<void> {
  if (target.role.key !== "admin") return;
  const [others] = await tx
    .select({ n: count() })
    .from(memberships)
    .innerJoin(roles, eq(roles.id, memberships.roleId))
    .where(
      and(
        eq(memberships.workspaceId, ctx.principal.workspaceId),
        isActive(),
        eq(roles.key, "admin"),
        ne(memberships.id, target.id),
      ),
    );
  if ((others?.n ?? 0) > 0) return;
  throw new AppError("conflict", `${target.label} is the only Admin of this workspace`, {
    details: { reason: "last_admin" },
    fix: "Make somebody else an Admin first.",
  });
}

/** Walks up from the wanted manager; meeting the person on the way would be a circle. */
async function requireManager(
  tx: Tx,
  ctx: Context,
  target: Target,
  managerId: string | null,
): Promise<void> {
  if (managerId === null) return;
  const { workspaceId } = ctx.principal;
  const [manager] = await tx
    .select({ name: shownName })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(eq(memberships.workspaceId, workspaceId), eq(memberships.userId, managerId), isActive()),
    );
  if (!manager) throw notFound("Manager");
  // `union` ends the walk even if older rows already hold a circle.
  const [above] = await tx.execute<{ found: boolean }>(sql`
    with recursive chain as (
      select ${managerId}::text as user_id
      union
      select m.manager_id from chain c join memberships m on m.user_id = c.user_id
        and m.workspace_id = ${workspaceId} and m.removed_at is null
      where m.manager_id is not null)
    select exists (select 1 from chain where user_id = ${target.userId}) as found`);
  if (!above?.found) return;
  const self = managerId === target.userId;
  const message = self
    ? "Nobody can report to themselves"
    : `${manager.name} already reports to ${target.label}, directly or through others`;
  throw invalidRequest(message, { managerId: `${message}.` }, "Choose somebody else.");
}

async function replaceTeams(tx: Tx, ctx: Context, userId: string, teamIds: readonly string[]) {
  const { workspaceId } = ctx.principal;
  const kept = [...teamIds];
  await tx
    .delete(teamMembers)
    .where(
      and(
        eq(teamMembers.workspaceId, workspaceId),
        eq(teamMembers.userId, userId),
        kept.length === 0 ? undefined : sql`not (${inArray(teamMembers.teamId, kept)})`,
      ),
    );
  if (kept.length === 0) return;
  await tx
    .insert(teamMembers)
    .values(kept.map((teamId) => ({ workspaceId, teamId, userId })))
    .onConflictDoNothing();
}

/**
 * Sets a member's role, manager, teams and seat. Refused: taking the last Admin's role, a circle of managers,
 * and rights that the caller does not hold. In force from the member's next request on.
 */
export async function updateMember(ctx: Context, input: UpdateMemberInput): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  await db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const target = await findMember(tx, ctx, input.memberId);
    requireNotAbove(ctx, target.role.grants);
    const role = await requireRole(tx, ctx, input.roleId);
    const teamIds = await requireTeams(tx, ctx, input.teamIds);
    await requireManager(tx, ctx, target, input.managerId);
    if (role.key !== "admin") await requireAnotherAdmin(tx, ctx, target);
    await tx
      .update(memberships)
      .set({ roleId: role.id, managerId: input.managerId, hasSeat: input.hasSeat })
      .where(
        and(eq(memberships.workspaceId, ctx.principal.workspaceId), eq(memberships.id, target.id)),
      );
    await replaceTeams(tx, ctx, target.userId, teamIds);
    await recordAudit(tx, ctx, {
      category: "members",
      action: "member.updated",
      target: { type: "member", id: target.userId, label: target.label },
      metadata: {
        role: role.name,
        manager_id: input.managerId,
        team_ids: teamIds,
        has_seat: input.hasSeat,
      },
    });
  });
}

/**
 * Freezes the teams of the keys that somebody made before they go, so that a key bound to their teams keeps
 * its reach (handbook 14.2). Returns how many keys that can still be used they leave behind.
 */
async function freezeKeys(tx: Tx, ctx: Context, userId: string): Promise<number> {
  const { workspaceId } = ctx.principal;
  const frozen = await tx
    .update(apiKeys)
    .set({
      frozenTeamIds: sql`array(select ${teamMembers.teamId} from ${teamMembers}
        where ${teamMembers.workspaceId} = ${workspaceId} and ${teamMembers.userId} = ${userId})`,
    })
    .where(
      and(
        eq(apiKeys.workspaceId, workspaceId),
        eq(apiKeys.createdBy, userId),
        isNull(apiKeys.frozenTeamIds),
      ),
    )
    .returning({ revokedAt: apiKeys.revokedAt, expiresAt: apiKeys.expiresAt });
  const now = ctx.now();
  return frozen.filter(
    ({ revokedAt, expiresAt }) =>
      (revokedAt === null || revokedAt > now) && (expiresAt === null || expiresAt > now),
  ).length;
}

async function tellAdmins(tx: Tx, ctx: Context, target: Target, keys: number): Promise<void> {
  if (keys === 0) return;
  const { workspaceId } = ctx.principal;
  const made = keys === 1 ? "1 API key was" : `${keys} API keys were`;
  await notify(tx, {
    workspaceId,
    to: { permission: "api-keys:delete:all" },
    type: "api_key_creator_removed",
    severity: "warning",
    title: `${made} generated by ${target.label}, who was removed`,
    body: "The keys keep working. Rotate or revoke the ones that only this person knew about.",
    link: "/settings/integrations/api",
    now: ctx.now(),
  });
}

/** Ends the sessions of somebody who has no workspace left; otherwise they fall back to another one. */
async function leaveSessions(tx: Tx, ctx: Context, userId: string): Promise<void> {
  const [other] = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), isActive()))
    .limit(1);
  if (!other) {
    await tx.delete(sessions).where(eq(sessions.userId, userId));
    return;
  }
  await tx
    .update(sessions)
    .set({ workspaceId: null })
    .where(and(eq(sessions.userId, userId), eq(sessions.workspaceId, ctx.principal.workspaceId)));
}

/**
 * Removes a member (handbook 22.3, D-60): their access ends with their next request, the seat is free, what
 * they made stays. Their personal connections and the apps that they authorised end; workspace connections and API keys that they made keep working, and
 * admins are told about keys.
 */
export async function removeMember(
  ctx: Context,
  input: { readonly memberId: string },
): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const target = await findMember(tx, ctx, input.memberId);
    requireNotAbove(ctx, target.role.grants);
    await requireAnotherAdmin(tx, ctx, target);
    const keys = await freezeKeys(tx, ctx, target.userId);
    const ended = await disconnectMember(tx, ctx, target.userId);
    const apps = await endGrantsOfMember(tx, workspaceId, target.userId);
    await replaceTeams(tx, ctx, target.userId, []);
    await tx
      .update(memberships)
      .set({ removedAt: ctx.now(), hasSeat: false })
      .where(and(eq(memberships.workspaceId, workspaceId), eq(memberships.id, target.id)));
    await tx
      .update(memberships)
      .set({ managerId: null })
      .where(
        and(eq(memberships.workspaceId, workspaceId), eq(memberships.managerId, target.userId)),
      );
    await leaveSessions(tx, ctx, target.userId);
    await forgetProviderSessions(tx, target.userId);
    await tellAdmins(tx, ctx, target, keys);
    await recordAudit(tx, ctx, {
      category: "members",
      action: "member.removed",
      target: { type: "member", id: target.userId, label: target.label },
      metadata: { api_keys_left: keys, personal_connections_ended: ended, apps_ended: apps },
    });
  });
}
