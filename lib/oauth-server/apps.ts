import { and, count, eq, isNull } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { oauthAppSecrets, oauthApps, oauthGrants } from "@/db/schema/oauth";
import { recordAudit } from "@/lib/audit/record-audit";
import type { AuditAction } from "@/lib/audit/schema";
import { type Context, requirePermission } from "@/lib/auth/principal";
import type { Scope } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { randomBase62 } from "@/lib/core/ids";
import { lockWorkspace } from "@/lib/members/service";
import type { OAuthAppInput, OAuthAppView } from "@/lib/oauth-server/schema";
import { type EndReason, endGrant } from "@/lib/oauth-server/store";
import { requireRoom } from "@/lib/plans/plans";

// Apps of a publisher: made, changed, given new secrets, disabled, deleted (handbook 15.2, D-72).

const secretsMax = 2;
const listMax = 200;

type AppRow = typeof oauthApps.$inferSelect;

/** The secret itself; shown once, kept nowhere. Null for a public app. */
export interface IssuedOAuthApp {
  readonly clientId: string;
  readonly clientSecret: string | null;
}

async function audit(
  tx: Tx,
  ctx: Context,
  action: AuditAction,
  app: Pick<AppRow, "id" | "name">,
  metadata: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(tx, ctx, {
    category: "api_access",
    action,
    target: { type: "oauth_app", id: app.id, label: app.name },
    metadata,
  });
}

async function issueSecret(tx: Tx, appId: string): Promise<string> {
  const secret = `hsk_${randomBase62(40)}`;
  await tx
    .insert(oauthAppSecrets)
    .values({ appId, secretHash: sha256(secret), last4: secret.slice(-4) });
  return secret;
}

/** Counts under a lock, so that two creations at once cannot pass the plan's number together. */
async function requireRoomForApp(tx: Tx, ctx: Context): Promise<void> {
  const { workspaceId, plan } = ctx.principal;
  await lockWorkspace(tx, ctx);
  const [used] = await tx
    .select({ n: count() })
    .from(oauthApps)
    .where(and(eq(oauthApps.workspaceId, workspaceId), isNull(oauthApps.deletedAt)));
  requireRoom(plan, "OAuth apps", used?.n ?? 0, (limits) => limits.oauthAppsMax);
}

function checkKind({ kind, authentication }: OAuthAppInput): void {
  if (kind === "web" && authentication === "none") {
    throw invalidRequest("A web app keeps a secret on its server", {
      authentication: "Choose Secret, or make it a native app.",
    });
  }
}

/** Registers an app; `quota_exceeded` when the plan's number is used up. */
export async function createOAuthApp(ctx: Context, input: OAuthAppInput): Promise<IssuedOAuthApp> {
  requirePermission(ctx, "api-keys:create", "all");
  checkKind(input);
  return db().transaction(async (tx) => {
    await requireRoomForApp(tx, ctx);
    const id = `hcl_${randomBase62(24)}`;
    await tx.insert(oauthApps).values({
      id,
      workspaceId: ctx.principal.workspaceId,
      name: input.name,
      description: input.description,
      kind: input.kind,
      authentication: input.authentication,
      redirectUris: input.redirect_uris,
      scopes: input.scopes,
      isShared: input.is_shared,
      createdBy: ctx.principal.userId,
    });
    const clientSecret = input.authentication === "secret" ? await issueSecret(tx, id) : null;
    await audit(tx, ctx, "oauth_app.created", { id, name: input.name }, { scopes: input.scopes });
    return { clientId: id, clientSecret };
  });
}

/** The app, locked; other workspaces' and deleted ones are not found. */
async function lockApp(tx: Tx, ctx: Context, appId: string): Promise<AppRow> {
  const [app] = await tx
    .select()
    .from(oauthApps)
    .where(
      and(
        eq(oauthApps.id, appId),
        eq(oauthApps.workspaceId, ctx.principal.workspaceId),
        isNull(oauthApps.deletedAt),
      ),
    )
    .for("update");
  if (!app) throw notFound("OAuth app");
  return app;
}

/** Changes what an app says of itself. Tokens keep what they were given; new flows go by the new values. */
export async function updateOAuthApp(
  ctx: Context,
  input: OAuthAppInput & { readonly id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  checkKind(input);
  await db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, input.id);
    if (app.authentication !== input.authentication) {
      throw invalidRequest("How an app authenticates stays as it was made", {
        authentication: "Make a new app instead.",
      });
    }
    await tx
      .update(oauthApps)
      .set({
        name: input.name,
        description: input.description,
        kind: input.kind,
        redirectUris: input.redirect_uris,
        scopes: input.scopes,
        isShared: input.is_shared,
      })
      .where(eq(oauthApps.id, app.id));
    await audit(tx, ctx, "oauth_app.updated", { id: app.id, name: input.name });
  });
}

/** Adds a secret beside the one in use, so that an app can change over without a gap. */
export async function addOAuthSecret(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<{ readonly clientSecret: string }> {
  requirePermission(ctx, "api-keys:create", "all");
  return db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, id);
    if (app.authentication !== "secret") {
      throw new AppError("conflict", "This app has no secret", {
        fix: "It is public, or authenticates with a key of its own.",
      });
    }
    const live = await tx
      .select({ id: oauthAppSecrets.id })
      .from(oauthAppSecrets)
      .where(and(eq(oauthAppSecrets.appId, id), isNull(oauthAppSecrets.revokedAt)));
    if (live.length >= secretsMax) {
      throw new AppError("conflict", "The app has two secrets already", {
        fix: "Remove the one that is not in use any more, then make a new one.",
      });
    }
    const clientSecret = await issueSecret(tx, id);
    await audit(tx, ctx, "oauth_app.secret_regenerated", app, { change: "added" });
    return { clientSecret };
  });
}

/** Ends a secret at once. The last one stays: disable the app instead. */
export async function removeOAuthSecret(
  ctx: Context,
  { id, secret_id: secretId }: { readonly id: string; readonly secret_id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:delete", "all");
  await db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, id);
    const live = await tx
      .select({ id: oauthAppSecrets.id })
      .from(oauthAppSecrets)
      .where(and(eq(oauthAppSecrets.appId, id), isNull(oauthAppSecrets.revokedAt)));
    if (!live.some((secret) => secret.id === secretId)) throw notFound("Secret");
    if (live.length === 1) {
      throw new AppError("conflict", "This is the app's only secret", {
        fix: "Make a new one first, or disable the app.",
      });
    }
    await tx
      .update(oauthAppSecrets)
      .set({ revokedAt: ctx.now() })
      .where(eq(oauthAppSecrets.id, secretId));
    await audit(tx, ctx, "oauth_app.secret_regenerated", app, { change: "removed" });
  });
}

/** A disabled app gets no tokens, and those that it has are refused until it is enabled again. */
export async function setOAuthAppStatus(
  ctx: Context,
  { id, status }: { readonly id: string; readonly status: "active" | "disabled" },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  await db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, id);
    if (app.status === status) return;
    await tx.update(oauthApps).set({ status }).where(eq(oauthApps.id, id));
    await audit(tx, ctx, "oauth_app.updated", app, { status });
  });
}

const endedAtOnce = 500;

/** Ends an app's grants a portion at a time. @returns how many were ended. */
async function endGrantsOf(appId: string, reason: EndReason): Promise<number> {
  let ended = 0;
  for (;;) {
    const open = await db()
      .select({ id: oauthGrants.id })
      .from(oauthGrants)
      .where(and(eq(oauthGrants.appId, appId), isNull(oauthGrants.revokedAt)))
      .limit(endedAtOnce);
    for (const { id } of open) if (await endGrant(id, reason)) ended += 1;
    if (open.length < endedAtOnce) return ended;
  }
}

/** Deletes an app with everything that people allowed it; its tokens are refused from the next request on. */
export async function deleteOAuthApp(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<{ readonly grants: number }> {
  requirePermission(ctx, "api-keys:delete", "all");
  await db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, id);
    await tx
      .update(oauthApps)
      .set({ deletedAt: ctx.now(), status: "disabled" })
      .where(eq(oauthApps.id, id));
    await audit(tx, ctx, "oauth_app.deleted", app);
  });
  return { grants: await endGrantsOf(id, "app_deleted") };
}

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: "web" | "native";
  readonly authentication: "secret" | "none" | "private_key_jwt";
  readonly redirect_uris: string[];
  readonly scopes: Scope[];
  readonly status: "active" | "disabled";
  readonly is_shared: boolean;
  /** ISO 8601. */
  readonly created_at: string;
  readonly secrets: OAuthAppView["secrets"];
  readonly grants: number;
  readonly requests: number;
}

/** The workspace's apps, newest first, with their live secrets and how much they are used. */
export async function listOAuthApps(ctx: Context): Promise<readonly OAuthAppView[]> {
  requirePermission(ctx, "api-keys:read", "all");
  const rows = await pool()<ListRow[]>`
    select a.id, a.name, a.description, a.kind, a.authentication, a.redirect_uris, a.scopes, a.status, a.is_shared,
      to_char(a.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'last4', s.last4, 'createdAt', s.created_at,
          'lastUsedAt', s.last_used_at) order by s.created_at)
        from oauth_app_secrets s where s.app_id = a.id and s.revoked_at is null), '[]'::jsonb) as secrets,
      (select count(*)::int from oauth_grants g where g.app_id = a.id and g.revoked_at is null) as grants,
      (select coalesce(sum(u.requests), 0)::int from oauth_usage u join oauth_grants g on g.id = u.grant_id
        where g.app_id = a.id and u.day > current_date - 30) as requests
    from oauth_apps a where a.workspace_id = ${ctx.principal.workspaceId} and a.deleted_at is null
    order by a.created_at desc, a.id desc limit ${listMax}`;
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    kind: row.kind,
    authentication: row.authentication,
    redirectUris: row.redirect_uris,
    scopes: row.scopes,
    status: row.status,
    isShared: row.is_shared,
    createdAt: row.created_at,
    secrets: row.secrets,
    grants: row.grants,
    requests30Days: row.requests,
  }));
}
