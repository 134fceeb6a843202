import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { Audience as StoredAudience } from "@/db/schema/activity";
import { memberships, roles } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { grantsOfRole, hasGrant, type Permission, type Reach, reaches } from "@/lib/auth/roles";

/** Who is told: members whose role holds the permission, and these people. Former members never are. */
export interface Audience extends StoredAudience {
  readonly permission?: `${Permission}:${Reach}`;
}

export interface Recipient {
  readonly userId: string;
  readonly email: string;
}

const rolesMax = 500;
const recipientsMax = 500;

async function rolesWith(tx: Tx, workspaceId: string, permission: string): Promise<string[]> {
  const cut = permission.lastIndexOf(":");
  const name = permission.slice(0, cut) as Permission;
  const reach = reaches.find((known) => known === permission.slice(cut + 1)) ?? "all";
  const known = await tx
    .select({ id: roles.id, key: roles.key, permissions: roles.permissions })
    .from(roles)
    .where(eq(roles.workspaceId, workspaceId))
    .limit(rolesMax);
  return known.filter((role) => hasGrant(grantsOfRole(role), name, reach)).map(({ id }) => id);
}

/** The people of an audience as it is now, each once, at most 500. */
export async function findRecipients(
  tx: Tx,
  workspaceId: string,
  audience: StoredAudience,
): Promise<readonly Recipient[]> {
  const { permission, userIds = [] } = audience;
  const roleIds = permission === undefined ? [] : await rolesWith(tx, workspaceId, permission);
  if (roleIds.length === 0 && userIds.length === 0) return [];
  return await tx
    .select({ userId: users.id, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, workspaceId),
        isNull(memberships.removedAt),
        or(inArray(memberships.roleId, roleIds), inArray(users.id, [...userIds])),
      ),
    )
    .orderBy(asc(users.id))
    .limit(recipientsMax);
}
