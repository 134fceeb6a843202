import { and, count, eq, gt, isNull, or, sql } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { utcText } from "@/db/fragments";
import { apiKeys } from "@/db/schema/api-keys";
import { oauthApps } from "@/db/schema/oauth";
import { serviceAccounts } from "@/db/schema/service-accounts";
import { recordAudit } from "@/lib/audit/record-audit";
import type { AuditAction } from "@/lib/audit/schema";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { type Grants, grantsOfRole } from "@/lib/auth/roles";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { lockWorkspace, requireRole, requireTeams } from "@/lib/members/service";
import { requirePlan } from "@/lib/plans/plans";
import type { ServiceAccountInput, ServiceAccountView } from "@/lib/service-accounts/schema";

// Programs that act under a name of their own (handbook D-35): made, changed, disabled, deleted. A trigger raises the
// workspace's access version with each change, so every process reads their rights afresh on the next request.

const accountsMax = 100;

type AccountRow = typeof serviceAccounts.$inferSelect;

/** Refuses who may not manage service accounts, and every workspace whose plan has none. */
export function requireManager(ctx: Context): void {
  requirePermission(ctx, "api-keys:create", "all");
  requirePlan(ctx.principal.plan, "A service account", (plan) => plan.serviceAccounts);
}

async function audit(
  tx: Tx,
  ctx: Context,
  action: AuditAction,
  account: Pick<AccountRow, "id" | "name">,
  metadata: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(tx, ctx, {
    category: "api_access",
    action,
    target: { type: "service_account", id: account.id, label: account.name },
    metadata,
  });
}

/**
 * A service account owns no meetings: nobody is the owner of what it uploads, as with a key whose creator's account is
 * gone. So a role that reads only one's own would show it nothing, and one of teams needs to know which.
 */
function checkReach(grants: Grants, teamIds: readonly string[]): void {
  const reach = grants["meetings:read"];
  if (reach === "own") {
    throw invalidRequest("The role reads only a person's own meetings", {
      role_id:
        "A service account has no meetings of its own. Choose a role that reads teams or all.",
    });
  }
  if (reach === "team" && teamIds.length === 0) {
    throw invalidRequest("The role reads the meetings of teams, and none is chosen", {
      team_ids: "Choose at least one team.",
    });
  }
}

/** What an account may be given: a role no wider than the admin's own, and teams of the workspace. */
async function checkRights(tx: Tx, ctx: Context, input: ServiceAccountInput) {
  const role = await requireRole(tx, ctx, input.role_id);
  const teamIds = await requireTeams(tx, ctx, input.team_ids);
  checkReach(grantsOfRole(role), teamIds);
  return { roleId: role.id, teamIds };
}

/** Counts under a lock, so that two creations at once cannot pass the number together. */
async function requireRoomForAccount(tx: Tx, ctx: Context): Promise<void> {
  await lockWorkspace(tx, ctx);
  const [used] = await tx
    .select({ n: count() })
    .from(serviceAccounts)
    .where(
      and(
        eq(serviceAccounts.workspaceId, ctx.principal.workspaceId),
        isNull(serviceAccounts.deletedAt),
      ),
    );
  if ((used?.n ?? 0) < accountsMax) return;
  throw new AppError("quota_exceeded", `A workspace has at most ${accountsMax} service accounts`, {
    details: { limit: accountsMax, used: used?.n },
    fix: "Delete one that is no longer needed.",
  });
}

/** Makes an account, which can do nothing until it is given an API token or an OAuth client. */
export async function createServiceAccount(
  ctx: Context,
  input: ServiceAccountInput,
): Promise<{ readonly id: string }> {
  requireManager(ctx);
  return db().transaction(async (tx) => {
    await requireRoomForAccount(tx, ctx);
    const rights = await checkRights(tx, ctx, input);
    const id = newId("serviceAccount");
    const { name, description } = input;
    await tx.insert(serviceAccounts).values({
      ...rights,
      id,
      name,
      description,
      workspaceId: ctx.principal.workspaceId,
      createdBy: ctx.principal.userId,
    });
    await audit(tx, ctx, "service_account.created", { id, name }, { role_id: rights.roleId });
    return { id };
  });
}

/** Of the caller's workspace; other workspaces' and deleted ones are not found. */
const oneAccount = (tx: Tx, ctx: Context, id: string) =>
  tx
    .select()
    .from(serviceAccounts)
    .where(
      and(
        eq(serviceAccounts.id, id),
        eq(serviceAccounts.workspaceId, ctx.principal.workspaceId),
        isNull(serviceAccounts.deletedAt),
      ),
    );

async function lockAccount(tx: Tx, ctx: Context, id: string): Promise<AccountRow> {
  const [account] = await oneAccount(tx, ctx, id).for("update");
  if (!account) throw notFound("Service account");
  return account;
}

/**
 * Refuses who would give a credential to, or change, an account whose role may do more than they may: they could act
 * as it. Takes no lock, so that a caller who holds one of its clients cannot wait for whoever deletes the account.
 */
export async function requireAccountReach(tx: Tx, ctx: Context, id: string): Promise<void> {
  const [account] = await oneAccount(tx, ctx, id);
  if (!account) throw notFound("Service account");
  await requireRole(tx, ctx, account.roleId);
}

/** The account, locked, for somebody whose own rights take in its role. */
export async function lockServiceAccount(tx: Tx, ctx: Context, id: string): Promise<AccountRow> {
  const account = await lockAccount(tx, ctx, id);
  await requireRole(tx, ctx, account.roleId);
  return account;
}

/** Changes name, role or teams; its tokens have the new rights from the next request on. */
export async function updateServiceAccount(
  ctx: Context,
  input: ServiceAccountInput & { readonly id: string },
): Promise<void> {
  requireManager(ctx);
  await db().transaction(async (tx) => {
    const account = await lockServiceAccount(tx, ctx, input.id);
    const rights = await checkRights(tx, ctx, input);
    const { name, description } = input;
    await tx
      .update(serviceAccounts)
      .set({ ...rights, name, description })
      .where(eq(serviceAccounts.id, account.id));
    await audit(
      tx,
      ctx,
      "service_account.updated",
      { id: account.id, name },
      { role_id: rights.roleId, team_ids: rights.teamIds },
    );
  });
}

/** A disabled account's tokens and clients are refused from the next request on, until it is enabled again. */
export async function setServiceAccountStatus(
  ctx: Context,
  { id, status }: { readonly id: string; readonly status: AccountRow["status"] },
): Promise<void> {
  // Also after a downgrade there must be a way to switch one off.
  requirePermission(ctx, "api-keys:create", "all");
  if (status === "active") requireManager(ctx);
  await db().transaction(async (tx) => {
    const account = await (status === "active" ? lockServiceAccount : lockAccount)(tx, ctx, id);
    if (account.status === status) return;
    await tx.update(serviceAccounts).set({ status }).where(eq(serviceAccounts.id, id));
    await audit(tx, ctx, "service_account.updated", account, { status });
  });
}

/** Ends an account for good, with every token and client of it. What it uploaded stays. */
export async function deleteServiceAccount(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:delete", "all");
  const { workspaceId, userId } = ctx.principal;
  await db().transaction(async (tx) => {
    const account = await lockAccount(tx, ctx, id);
    await tx
      .update(serviceAccounts)
      .set({ status: "disabled", deletedAt: ctx.now() })
      .where(eq(serviceAccounts.id, id));
    await tx
      .update(apiKeys)
      // The database's clock decides validity, so it also writes the end.
      .set({ revokedAt: sql`now()`, revokedBy: userId })
      .where(
        and(
          eq(apiKeys.workspaceId, workspaceId),
          eq(apiKeys.serviceAccountId, id),
          or(isNull(apiKeys.revokedAt), gt(apiKeys.revokedAt, sql`now()`)),
        ),
      );
    await tx
      .update(oauthApps)
      .set({ status: "disabled", deletedAt: ctx.now() })
      .where(
        and(
          eq(oauthApps.workspaceId, workspaceId),
          eq(oauthApps.serviceAccountId, id),
          isNull(oauthApps.deletedAt),
        ),
      );
    await audit(tx, ctx, "service_account.deleted", account);
  });
}

async function readAccounts(ctx: Context, id: string | null): Promise<ServiceAccountView[]> {
  requirePermission(ctx, "api-keys:read", "all");
  const { workspaceId } = ctx.principal;
  const query = pool();
  return query<ServiceAccountView[]>`
    select s.id, s.name, s.description, s.status, jsonb_build_object('id', r.id, 'name', r.name) as role,
      coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by lower(t.name))
        from teams t where t.workspace_id = s.workspace_id and t.id = any(s.team_ids)), '[]'::jsonb) as teams,
      coalesce(u.name, u.email) as "createdBy", ${utcText(query`s.created_at`)} as "createdAt",
      ${utcText(query`greatest(
        (select max(k.last_used_at) from api_keys k
          where k.workspace_id = s.workspace_id and k.service_account_id = s.id),
        (select max(c.last_used_at) from oauth_apps a join oauth_app_secrets c on c.app_id = a.id
          where a.workspace_id = s.workspace_id and a.service_account_id = s.id))`)} as "lastUsedAt",
      (select count(*)::int from api_keys k where k.workspace_id = s.workspace_id and k.service_account_id = s.id
        and (k.revoked_at is null or k.revoked_at > now()) and (k.expires_at is null or k.expires_at > now())) as tokens,
      (select count(*)::int from oauth_apps a
        where a.workspace_id = s.workspace_id and a.service_account_id = s.id and a.deleted_at is null) as clients
    from service_accounts s join roles r on r.id = s.role_id left join users u on u.id = s.created_by
    where s.workspace_id = ${workspaceId} and s.deleted_at is null
      and (${id}::text is null or s.id = ${id})
    order by s.created_at desc, s.id desc limit ${accountsMax}`;
}

/** The workspace's service accounts, newest first (at most 100, which is how many there can be). */
export function listServiceAccounts(ctx: Context): Promise<readonly ServiceAccountView[]> {
  return readAccounts(ctx, null);
}

/** One account; another workspace's, and a deleted one, is not found. */
export async function getServiceAccount(ctx: Context, id: string): Promise<ServiceAccountView> {
  const [account] = await readAccounts(ctx, id);
  if (!account) throw notFound("Service account");
  return account;
}
