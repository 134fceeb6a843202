import { and, count, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { apiKeys } from "@/db/schema/api-keys";
import { memberships, roles } from "@/db/schema/members";
import { serviceAccounts } from "@/db/schema/service-accounts";
import type { ApiKeyView, RotationOverlap } from "@/lib/api-keys/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { apiKeyEnds, maskedApiKey, newApiKeyToken } from "@/lib/auth/api-key-token";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { grantsOfRole, hasGrant, type Permission, reaches } from "@/lib/auth/roles";
import { sha256 } from "@/lib/core/crypto";
import { parseIso } from "@/lib/core/dates";
import { invalidRequest, notFound } from "@/lib/core/errors";
import { lockWorkspace } from "@/lib/members/service";
import { requirePlan, requireRoom } from "@/lib/plans/plans";

type KeyRow = typeof apiKeys.$inferSelect;

export interface NewApiKey {
  readonly name: string;
  readonly role_id: string | null;
  /** Makes it an API token of that account, whose role it has. */
  readonly service_account_id?: string | null;
  readonly access: "read" | "read_write";
  readonly expires_at: string | null;
  readonly rate_limit_per_minute: number | null;
}

/** The key itself; shown once, kept nowhere. */
export interface IssuedApiKey {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly access: "read" | "read_write";
}

const apiPermissions: readonly Permission[] = [
  "meetings:read",
  "meetings:create",
  "contacts:read",
  "insights:read",
];

/** A key never reaches further than the person who makes it (handbook 14.2). */
async function checkRole(
  tx: Tx,
  ctx: Context,
  { roleId, access }: Pick<KeyRow, "roleId" | "access">,
): Promise<void> {
  const own = ctx.principal.grants;
  if (roleId === null) {
    const needed = apiPermissions.filter(
      (name) => access === "read_write" || name !== "meetings:create",
    );
    if (needed.every((name) => hasGrant(own, name, "all"))) return;
    throw invalidRequest(
      "A key without a role reaches the whole workspace, which your role does not",
      {
        role_id: "Choose a role.",
      },
    );
  }
  const [role] = await tx
    .select()
    .from(roles)
    .where(and(eq(roles.id, roleId), eq(roles.workspaceId, ctx.principal.workspaceId)));
  if (!role) throw invalidRequest("The role does not exist", { role_id: "Unknown role." });
  const wanted = grantsOfRole(role);
  const wider = apiPermissions.find(
    (name) => wanted[name] !== undefined && !hasGrant(own, name, wanted[name] ?? reaches[0]),
  );
  if (wider) {
    throw invalidRequest("The role reaches further than your own", {
      role_id: "Choose another role.",
    });
  }
}

/** The role of the account that a token is for; refused where the plan has no service accounts. */
async function roleOfAccount(tx: Tx, ctx: Context, accountId: string): Promise<string> {
  const { plan, workspaceId } = ctx.principal;
  requirePlan(plan, "A service account", (limits) => limits.serviceAccounts);
  const [account] = await tx
    .select({ roleId: serviceAccounts.roleId })
    .from(serviceAccounts)
    .where(
      and(
        eq(serviceAccounts.id, accountId),
        eq(serviceAccounts.workspaceId, workspaceId),
        isNull(serviceAccounts.deletedAt),
      ),
    )
    // Waits for a deletion that runs, so that no token is made after it.
    .for("share");
  if (!account) throw notFound("Service account");
  return account.roleId;
}

function expiryOf(ctx: Context, text: string | null): Date | null {
  if (text === null) return null;
  const parsed = parseIso(text);
  if (!parsed) throw invalidRequest("The expiry is not a date", { expires_at: "Use 2026-12-31." });
  // A day is meant to its end.
  const at = parsed.isDay ? new Date(parsed.at.getTime() + 86_399_000) : parsed.at;
  if (at <= ctx.now()) {
    throw invalidRequest("The expiry lies in the past", { expires_at: "Choose a later day." });
  }
  return at;
}

/** Counts the keys that work now, under a lock that makes two concurrent creations wait for each other. */
async function requireRoomForKey(tx: Tx, ctx: Context): Promise<void> {
  const { workspaceId, plan } = ctx.principal;
  await lockWorkspace(tx, ctx);
  const [used] = await tx
    .select({ n: count() })
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), isActive()));
  requireRoom(plan, "active API keys", used?.n ?? 0, (limits) => limits.apiKeysMax);
}

function isActive() {
  return and(
    isNull(apiKeys.revokedAt),
    or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
  );
}

async function issue(
  tx: Tx,
  ctx: Context,
  values: Pick<
    typeof apiKeys.$inferInsert,
    "name" | "roleId" | "serviceAccountId" | "access" | "expiresAt" | "rateLimitPerMinute"
  >,
): Promise<IssuedApiKey> {
  const token = newApiKeyToken();
  const [row] = await tx
    .insert(apiKeys)
    .values({
      ...values,
      ...apiKeyEnds(token),
      workspaceId: ctx.principal.workspaceId,
      keyHash: sha256(token),
      createdBy: ctx.principal.userId,
      createdByLabel: ctx.principal.label,
    })
    .returning({ id: apiKeys.id, name: apiKeys.name, access: apiKeys.access });
  if (!row) throw new Error("the key was not returned");
  return { ...row, token };
}

const target = (key: { id: string; name: string }) => ({
  type: "api_key",
  id: key.id,
  label: key.name,
});

/** Generates a key. `quota_exceeded` when the plan's number is used up; Solo has read-only keys. */
export async function generateApiKey(ctx: Context, input: NewApiKey): Promise<IssuedApiKey> {
  requirePermission(ctx, "api-keys:create", "all");
  if (input.access === "read_write") {
    requirePlan(ctx.principal.plan, "A key that uploads", (plan) => plan.apiUpload);
  }
  return db().transaction(async (tx) => {
    await requireRoomForKey(tx, ctx);
    const accountId = input.service_account_id ?? null;
    const roleId = accountId === null ? input.role_id : await roleOfAccount(tx, ctx, accountId);
    await checkRole(tx, ctx, { roleId, access: input.access });
    const key = await issue(tx, ctx, {
      name: input.name,
      roleId: accountId === null ? roleId : null,
      serviceAccountId: accountId,
      access: input.access,
      expiresAt: expiryOf(ctx, input.expires_at),
      rateLimitPerMinute: input.rate_limit_per_minute,
    });
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "api_key.generated",
      target: target(key),
      metadata: {
        access: input.access,
        role_id: roleId,
        ...(accountId === null ? {} : { service_account_id: accountId }),
      },
    });
    return key;
  });
}

async function lockKey(tx: Tx, ctx: Context, id: string): Promise<KeyRow> {
  const [row] = await tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), eq(apiKeys.workspaceId, ctx.principal.workspaceId)))
    .for("update");
  if (!row) throw notFound("API key");
  return row;
}

const overlapMs: Record<RotationOverlap, number> = {
  none: 0,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
};

/** A new key with the same settings; the old one works until the overlap is over. */
export async function rotateApiKey(
  ctx: Context,
  input: { readonly id: string; readonly overlap: RotationOverlap },
): Promise<IssuedApiKey> {
  requirePermission(ctx, "api-keys:create", "all");
  return db().transaction(async (tx) => {
    const old = await lockKey(tx, ctx, input.id);
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= ctx.now())) {
      throw invalidRequest("Only an active key can be rotated", {
        id: "Generate a new key instead.",
      });
    }
    const roleId =
      old.serviceAccountId === null
        ? old.roleId
        : await roleOfAccount(tx, ctx, old.serviceAccountId);
    await checkRole(tx, ctx, { roleId, access: old.access });
    const key = await issue(tx, ctx, {
      name: old.name,
      roleId: old.roleId,
      serviceAccountId: old.serviceAccountId,
      access: old.access,
      expiresAt: old.expiresAt,
      rateLimitPerMinute: old.rateLimitPerMinute,
    });
    await tx
      .update(apiKeys)
      .set({
        revokedAt: new Date(ctx.now().getTime() + overlapMs[input.overlap]),
        revokedBy: ctx.principal.userId,
        replacedBy: key.id,
      })
      .where(eq(apiKeys.id, old.id));
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "api_key.rotated",
      target: target(old),
      metadata: { overlap: input.overlap, new_key: key.id },
    });
    return key;
  });
}

/** Ends a key at once: the next request with it is refused in every process. Safe to repeat. */
export async function revokeApiKey(ctx: Context, input: { readonly id: string }): Promise<void> {
  requirePermission(ctx, "api-keys:delete", "all");
  await db().transaction(async (tx) => {
    const key = await lockKey(tx, ctx, input.id);
    if (key.revokedAt !== null && key.revokedAt <= ctx.now()) return;
    // The database's clock decides validity, so it also writes the end.
    await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()`, revokedBy: ctx.principal.userId })
      .where(eq(apiKeys.id, key.id));
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "api_key.revoked",
      target: target(key),
    });
  });
}

function statusOf(row: KeyRow, now: Date): ApiKeyView["status"] {
  if (row.revokedAt !== null && row.revokedAt <= now) return "revoked";
  return row.expiresAt !== null && row.expiresAt <= now ? "expired" : "active";
}

const revokedShownMs = 30 * 86_400_000;

/**
 * The workspace's keys, API tokens among them, newest first, at most 500; or the tokens of one service account. Keys
 * revoked more than 30 days ago only with `withRevoked`.
 */
export async function listApiKeys(
  ctx: Context,
  options: { readonly withRevoked: boolean; readonly serviceAccountId?: string },
): Promise<ApiKeyView[]> {
  requirePermission(ctx, "api-keys:read", "team");
  const now = ctx.now();
  const { workspaceId } = ctx.principal;
  const rows = await db()
    .select({
      key: apiKeys,
      role: { id: roles.id, name: roles.name },
      account: {
        id: serviceAccounts.id,
        name: serviceAccounts.name,
        isDisabled: sql<boolean>`${serviceAccounts.status} = 'disabled'`,
      },
      memberId: memberships.id,
    })
    .from(apiKeys)
    .leftJoin(
      serviceAccounts,
      and(
        eq(serviceAccounts.workspaceId, workspaceId),
        eq(serviceAccounts.id, apiKeys.serviceAccountId),
      ),
    )
    .leftJoin(roles, eq(roles.id, sql`coalesce(${serviceAccounts.roleId}, ${apiKeys.roleId})`))
    .leftJoin(
      memberships,
      and(
        eq(memberships.workspaceId, workspaceId),
        eq(memberships.userId, apiKeys.createdBy),
        isNull(memberships.removedAt),
      ),
    )
    .where(
      and(
        eq(apiKeys.workspaceId, workspaceId),
        options.serviceAccountId === undefined
          ? undefined
          : eq(apiKeys.serviceAccountId, options.serviceAccountId),
        options.withRevoked
          ? undefined
          : or(
              isNull(apiKeys.revokedAt),
              gt(apiKeys.revokedAt, new Date(now.getTime() - revokedShownMs)),
            ),
      ),
    )
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(500);
  return rows.map(({ key, role, account, memberId }) => ({
    id: key.id,
    name: key.name,
    masked: maskedApiKey(key),
    role,
    serviceAccount: account,
    access: key.access,
    rateLimitPerMinute: key.rateLimitPerMinute,
    createdBy: key.createdByLabel,
    isCreatorRemoved: account === null && memberId === null && key.createdBy !== null,
    createdAt: key.createdAt,
    lastUsedAt: key.lastUsedAt,
    expiresAt: key.expiresAt,
    revokedAt: key.revokedAt,
    status: statusOf(key, now),
    endsAt: key.revokedAt !== null && key.revokedAt > now ? key.revokedAt : null,
  }));
}
