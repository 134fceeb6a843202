import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { memberships, roles } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { hashPassword } from "@/lib/auth/password";
import { BUILT_IN_ROLES, type RoleKey } from "@/lib/auth/roles";
import { AppError } from "@/lib/core/errors";
import type { PlanName } from "@/lib/plans/plans";

function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return slug === "" ? "workspace" : slug;
}

async function freeSlug(tx: Tx, name: string): Promise<string> {
  const wanted = slugOf(name);
  const taken = await tx
    .select({ slug: workspaces.slug })
    .from(workspaces)
    .where(sql`${workspaces.slug} = ${wanted} or ${workspaces.slug} like ${`${wanted}-%`}`);
  const used = new Set(taken.map((row) => row.slug));
  if (!used.has(wanted)) return wanted;
  for (let n = 2; ; n += 1) if (!used.has(`${wanted}-${n}`)) return `${wanted}-${n}`;
}

export interface NewWorkspace {
  readonly name: string;
  readonly plan: PlanName;
  readonly rateLimitPerMinute?: number;
  readonly timeZone?: string;
}

export interface MadeWorkspace {
  readonly id: string;
  readonly slug: string;
  readonly roleIds: Record<RoleKey, string>;
}

/** Makes a workspace with its three built-in roles. The slug follows the name and is made unique. */
export async function createWorkspace(input: NewWorkspace): Promise<MadeWorkspace> {
  return db().transaction((tx) => createWorkspaceIn(tx, input));
}

/** The same within a transaction of the caller. */
export async function createWorkspaceIn(tx: Tx, input: NewWorkspace): Promise<MadeWorkspace> {
  const slug = await freeSlug(tx, input.name);
  const [workspace] = await tx
    .insert(workspaces)
    .values({
      name: input.name,
      slug,
      plan: input.plan,
      rateLimitPerMinute: input.rateLimitPerMinute ?? null,
      timeZone: input.timeZone ?? "UTC",
    })
    .returning({ id: workspaces.id });
  if (!workspace) throw new Error("the workspace was not returned");
  const keys = Object.keys(BUILT_IN_ROLES) as RoleKey[];
  const made = await tx
    .insert(roles)
    .values(keys.map((key) => ({ workspaceId: workspace.id, key, name: BUILT_IN_ROLES[key].name })))
    .returning({ id: roles.id, key: roles.key });
  const roleIds = Object.fromEntries(made.map((role) => [role.key, role.id])) as Record<
    RoleKey,
    string
  >;
  return { id: workspace.id, slug, roleIds };
}

/**
 * Makes a person's account, or finds it by its address; a password is only set on a new account.
 * @returns the id, and whether the account is new.
 */
export async function createUser(
  tx: Tx,
  input: { readonly email: string; readonly name?: string; readonly password?: string },
): Promise<{ id: string; isNew: boolean }> {
  const email = input.email.trim().toLowerCase();
  const [made] = await tx
    .insert(users)
    .values({
      email,
      name: input.name ?? null,
      passwordHash: input.password === undefined ? null : await hashPassword(input.password),
    })
    .onConflictDoNothing()
    .returning({ id: users.id });
  if (made) return { id: made.id, isNew: true };
  const [known] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email));
  if (!known) throw new AppError("conflict", "This account was removed at the same moment");
  return { id: known.id, isNew: false };
}

/** Puts a person into a workspace with a role; someone who is there already keeps their role. */
export async function addMember(
  tx: Tx,
  input: { readonly workspaceId: string; readonly userId: string; readonly roleId: string },
): Promise<void> {
  await tx.insert(memberships).values(input).onConflictDoNothing();
}
