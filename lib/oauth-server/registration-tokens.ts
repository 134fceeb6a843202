import { and, count, eq, gt, isNull, sql } from "drizzle-orm";
import { db, pool } from "@/db/client";
import { utcText } from "@/db/fragments";
import { oauthRegistrationTokens } from "@/db/schema/oauth";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { sha256 } from "@/lib/core/crypto";
import { AppError, notFound } from "@/lib/core/errors";
import { newId, randomBase62 } from "@/lib/core/ids";
import { lockWorkspace } from "@/lib/members/service";
import type {
  IssuedRegistrationToken,
  RegistrationView,
} from "@/lib/oauth-server/registration-schema";
import { requirePlan } from "@/lib/plans/plans";

// Whether programs may register apps here, and the tokens that let them (the initial access tokens of RFC 7591, 3).

const tokensMax = 20;
const listMax = 100;
const dayMs = 86_400_000;

const tokens = oauthRegistrationTokens;

/** Lets programs with a registration token make apps in the workspace, or no longer; off from the start. */
export async function setAppRegistration(
  ctx: Context,
  { is_allowed: isAllowed }: { readonly is_allowed: boolean },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  const { plan, workspaceId } = ctx.principal;
  if (isAllowed) requirePlan(plan, "An OAuth app", (limits) => limits.oauthAppsMax > 0);
  await db().transaction(async (tx) => {
    const changed = await tx
      .update(workspaces)
      .set({ allowsAppRegistration: isAllowed })
      .where(and(eq(workspaces.id, workspaceId), eq(workspaces.allowsAppRegistration, !isAllowed)))
      .returning({ id: workspaces.id, name: workspaces.name });
    const [workspace] = changed;
    if (!workspace) return;
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth.policy_changed",
      target: { type: "workspace", id: workspace.id, label: workspace.name },
      metadata: { allows_app_registration: isAllowed },
    });
  });
}

/** A token with which a program may register apps until it expires, at most 90 days from now. */
export async function issueRegistrationToken(
  ctx: Context,
  input: { readonly name: string; readonly expires_in_days: number },
): Promise<IssuedRegistrationToken> {
  requirePermission(ctx, "api-keys:create", "all");
  const { workspaceId, userId } = ctx.principal;
  return db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const [workspace] = await tx
      .select({ isAllowed: workspaces.allowsAppRegistration })
      .from(workspaces)
      .where(eq(workspaces.id, workspaceId));
    if (!workspace?.isAllowed) {
      throw new AppError("conflict", "Programs may not register apps in this workspace", {
        fix: "Switch registration by programs on first.",
      });
    }
    const [live] = await tx
      .select({ n: count() })
      .from(tokens)
      .where(
        and(
          eq(tokens.workspaceId, workspaceId),
          isNull(tokens.revokedAt),
          gt(tokens.expiresAt, sql`now()`),
        ),
      );
    if ((live?.n ?? 0) >= tokensMax) {
      throw new AppError("quota_exceeded", `There are at most ${tokensMax} registration tokens`, {
        details: { limit: tokensMax, used: live?.n },
        fix: "Revoke one that is no longer needed.",
      });
    }
    const token = `hrg_${randomBase62(40)}`;
    const id = newId("registrationToken");
    const { name } = input;
    const expiresAt = new Date(ctx.now().getTime() + input.expires_in_days * dayMs);
    await tx.insert(tokens).values({
      id,
      name,
      expiresAt,
      workspaceId,
      tokenHash: sha256(token),
      last4: token.slice(-4),
      createdBy: userId,
    });
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth.registration_token_issued",
      target: { type: "registration_token", id, label: name },
      metadata: { expires_at: expiresAt.toISOString() },
    });
    return { name, token };
  });
}

/** Ends a token: the next registration with it is refused. Apps that it made stay. Safe to repeat. */
export async function revokeRegistrationToken(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:delete", "all");
  await db().transaction(async (tx) => {
    const [token] = await tx
      .select()
      .from(tokens)
      .where(and(eq(tokens.id, id), eq(tokens.workspaceId, ctx.principal.workspaceId)))
      .for("update");
    if (!token) throw notFound("Registration token");
    if (token.revokedAt !== null) return;
    await tx.update(tokens).set({ revokedAt: sql`now()` }).where(eq(tokens.id, id));
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth.registration_token_revoked",
      target: { type: "registration_token", id, label: token.name },
    });
  });
}

/** Whether programs may register apps, and the tokens of the last half year, newest first (at most 100). */
export async function readRegistration(ctx: Context): Promise<RegistrationView> {
  requirePermission(ctx, "api-keys:read", "all");
  const { workspaceId } = ctx.principal;
  const query = pool();
  const [workspace] = await query<{ is_allowed: boolean }[]>`
    select allows_app_registration as is_allowed from workspaces where id = ${workspaceId}`;
  const listed = await query<RegistrationView["tokens"]>`
    select t.id, t.name, t.last4, coalesce(u.name, u.email) as "createdBy",
      ${utcText(query`t.created_at`)} as "createdAt", ${utcText(query`t.expires_at`)} as "expiresAt",
      ${utcText(query`t.last_used_at`)} as "lastUsedAt",
      case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired'
        else 'active' end as status
    from oauth_registration_tokens t left join users u on u.id = t.created_by
    where t.workspace_id = ${workspaceId} and t.created_at > now() - interval '180 days'
    order by t.created_at desc, t.id desc limit ${listMax}`;
  return { isAllowed: workspace?.is_allowed ?? false, tokens: listed };
}
