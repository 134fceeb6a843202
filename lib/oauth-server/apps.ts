import { and, count, eq, isNull, ne } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { type Fragment, utcText } from "@/db/fragments";
import { oauthAppLogos, oauthAppSecrets, oauthApps } from "@/db/schema/oauth";
import { wordsOfOperation } from "@/lib/api-usage/schema";
import { last30Days, within30Days } from "@/lib/api-usage/service";
import { recordAudit } from "@/lib/audit/record-audit";
import type { AuditAction } from "@/lib/audit/schema";
import { type Context, requirePermission } from "@/lib/auth/principal";
import type { Scope } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { randomBase62 } from "@/lib/core/ids";
import { lockWorkspace } from "@/lib/members/service";
import { type ClientKey, describeKey, readClientKeys } from "@/lib/oauth-server/client-keys";
import { startKill } from "@/lib/oauth-server/kills";
import { readLogo } from "@/lib/oauth-server/logo";
import type { OAuthAppInput, OAuthAppUsage, OAuthAppView } from "@/lib/oauth-server/schema";
import { requireRoom } from "@/lib/plans/plans";
import { requireAccountReach } from "@/lib/service-accounts/service";

// Apps of a publisher: made, changed, given secrets, keys and a logo, disabled, deleted (handbook 15.2, D-72).

const secretsMax = 2;
const listMax = 200;
const endpointsMax = 100;

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

/** A new secret of an app, returned this once. */
export async function issueSecret(tx: Tx, appId: string): Promise<string> {
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
    .where(
      and(
        eq(oauthApps.workspaceId, workspaceId),
        ne(oauthApps.kind, "service"),
        isNull(oauthApps.deletedAt),
      ),
    );
  requireRoom(plan, "OAuth apps", used?.n ?? 0, (limits) => limits.oauthAppsMax);
}

function checkKind({ kind, authentication }: OAuthAppInput): void {
  if (kind === "web" && authentication === "none") {
    throw invalidRequest("A web app keeps a secret on its server", {
      authentication: "Choose a secret or a public key, or make it a native app.",
    });
  }
}

/** The keys of an app that proves itself with one; undefined where it goes on with those that it has. */
function keysOf({ authentication, jwks }: OAuthAppInput): { keys: ClientKey[] } | undefined {
  if (jwks === null) return undefined;
  if (authentication !== "private_key_jwt") {
    throw invalidRequest("Keys are for apps that authenticate with one", {
      jwks: "Leave the keys out, or choose to authenticate with a public key.",
    });
  }
  return readClientKeys(jwks);
}

/**
 * Registers an app; `quota_exceeded` when the plan's number is used up.
 * @param registration by whom: an admin on our pages, or a program (RFC 7591).
 */
export async function createOAuthApp(
  ctx: Context,
  input: OAuthAppInput,
  registration: AppRow["registration"] = "console",
): Promise<IssuedOAuthApp> {
  requirePermission(ctx, "api-keys:create", "all");
  checkKind(input);
  const jwks = keysOf(input);
  if (input.authentication === "private_key_jwt" && jwks === undefined) {
    throw invalidRequest("The app's public keys are missing", {
      jwks: "Paste the public key, as a JSON Web Key Set.",
    });
  }
  return db().transaction(async (tx) => {
    await requireRoomForApp(tx, ctx);
    const id = `hcl_${randomBase62(24)}`;
    await tx.insert(oauthApps).values({
      id,
      workspaceId: ctx.principal.workspaceId,
      name: input.name,
      description: input.description,
      kind: input.kind,
      registration,
      authentication: input.authentication,
      jwks: jwks ?? null,
      redirectUris: input.redirect_uris,
      scopes: input.scopes,
      isShared: input.is_shared,
      createdBy: ctx.principal.userId,
    });
    const clientSecret = input.authentication === "secret" ? await issueSecret(tx, id) : null;
    const action = registration === "dynamic" ? "oauth_app.registered" : "oauth_app.created";
    await audit(tx, ctx, action, { id, name: input.name }, { scopes: input.scopes });
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

/** The same for one that people connect: the clients of service accounts say nothing of themselves. */
async function lockPublishedApp(tx: Tx, ctx: Context, appId: string): Promise<AppRow> {
  const app = await lockApp(tx, ctx, appId);
  if (app.kind === "service") throw notFound("OAuth app");
  return app;
}

/** Changes what an app says of itself. Tokens keep what they were given; new flows go by the new values. */
export async function updateOAuthApp(
  ctx: Context,
  input: OAuthAppInput & { readonly id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  checkKind(input);
  const jwks = keysOf(input);
  await db().transaction(async (tx) => {
    const app = await lockPublishedApp(tx, ctx, input.id);
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
        ...(jwks === undefined ? {} : { jwks }),
      })
      .where(eq(oauthApps.id, app.id));
    await audit(
      tx,
      ctx,
      "oauth_app.updated",
      { id: app.id, name: input.name },
      {
        scopes: input.scopes,
        is_shared: input.is_shared,
        keys_changed: jwks !== undefined,
      },
    );
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
    // Whoever has the secret acts as the account.
    if (app.serviceAccountId !== null) await requireAccountReach(tx, ctx, app.serviceAccountId);
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

/** Deletes an app; its tokens are refused from the next request on, and a job ends what people allowed it. */
export async function deleteOAuthApp(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<{ readonly grants: number }> {
  requirePermission(ctx, "api-keys:delete", "all");
  return db().transaction(async (tx) => {
    const app = await lockApp(tx, ctx, id);
    await tx
      .update(oauthApps)
      .set({ deletedAt: ctx.now(), status: "disabled" })
      .where(eq(oauthApps.id, id));
    const { total } = await startKill(tx, ctx, { reach: "app", appId: id });
    await audit(tx, ctx, "oauth_app.deleted", app, { grants: total });
    return { grants: total };
  });
}

/** Gives an app the logo that people see beside its name, in place of the one before. */
export async function setOAuthAppLogo(
  ctx: Context,
  { id, logo }: { readonly id: string; readonly logo: Buffer },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  const { contentType } = readLogo(logo);
  await db().transaction(async (tx) => {
    const app = await lockPublishedApp(tx, ctx, id);
    const logoHash = sha256(logo);
    if (app.logoHash === logoHash) return;
    await tx
      .insert(oauthAppLogos)
      .values({ appId: id, contentType, bytes: logo })
      .onConflictDoUpdate({ target: oauthAppLogos.appId, set: { contentType, bytes: logo } });
    await tx.update(oauthApps).set({ logoHash }).where(eq(oauthApps.id, id));
    await audit(tx, ctx, "oauth_app.updated", app, { logo: "changed" });
  });
}

/** Takes the logo away; taking away none does nothing. */
export async function removeOAuthAppLogo(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<void> {
  requirePermission(ctx, "api-keys:create", "all");
  await db().transaction(async (tx) => {
    const app = await lockPublishedApp(tx, ctx, id);
    if (app.logoHash === null) return;
    await tx.delete(oauthAppLogos).where(eq(oauthAppLogos.appId, id));
    await tx.update(oauthApps).set({ logoHash: null }).where(eq(oauthApps.id, id));
    await audit(tx, ctx, "oauth_app.updated", app, { logo: "removed" });
  });
}

/** A logo by its whole address, for whoever has it; null for one that is not, or not any more, the app's. */
export async function readAppLogo(
  appId: string,
  hash: string,
): Promise<{ readonly contentType: string; readonly bytes: Uint8Array<ArrayBuffer> } | null> {
  const [logo] = await db()
    .select({ contentType: oauthAppLogos.contentType, bytes: oauthAppLogos.bytes })
    .from(oauthAppLogos)
    .innerJoin(oauthApps, eq(oauthApps.id, oauthAppLogos.appId))
    .where(and(eq(oauthApps.id, appId), eq(oauthApps.logoHash, hash), isNull(oauthApps.deletedAt)));
  return logo ? { contentType: logo.contentType, bytes: new Uint8Array(logo.bytes) } : null;
}

/** The live secrets of an app `a`, the oldest first, as JSON. */
export function liveSecrets(): Fragment {
  return pool()`coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'last4', s.last4,
      'createdAt', s.created_at, 'lastUsedAt', s.last_used_at) order by s.created_at, s.id)
    from oauth_app_secrets s where s.app_id = a.id and s.revoked_at is null), '[]'::jsonb)`;
}

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: "web" | "native";
  readonly authentication: "secret" | "none" | "private_key_jwt";
  readonly jwks: { readonly keys: ClientKey[] } | null;
  readonly redirect_uris: string[];
  readonly scopes: Scope[];
  readonly status: "active" | "disabled";
  readonly is_shared: boolean;
  readonly registration: "console" | "dynamic";
  readonly logo_hash: string | null;
  /** ISO 8601. */
  readonly created_at: string;
  readonly secrets: OAuthAppView["secrets"];
  readonly people: number;
  readonly requests: number;
}

function viewOf(row: ListRow): OAuthAppView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    kind: row.kind,
    authentication: row.authentication,
    redirectUris: row.redirect_uris,
    scopes: row.scopes,
    status: row.status,
    isShared: row.is_shared,
    registration: row.registration,
    logoHash: row.logo_hash,
    createdAt: row.created_at,
    secrets: row.secrets,
    keys: (row.jwks?.keys ?? []).map(describeKey),
    people: row.people,
    requests30Days: row.requests,
  };
}

/** Apps that people connect, newest first; of one id, or of the whole workspace. */
async function readApps(ctx: Context, id: string | null): Promise<OAuthAppView[]> {
  requirePermission(ctx, "api-keys:read", "all");
  const sql = pool();
  const rows = await sql<ListRow[]>`
    select a.id, a.name, a.description, a.kind, a.authentication, a.jwks, a.redirect_uris, a.scopes, a.status,
      a.is_shared, a.registration, a.logo_hash,
      ${utcText(sql`a.created_at`)} as created_at,
      ${liveSecrets()} as secrets,
      (select count(distinct g.user_id)::int from oauth_grants g
        where g.app_id = a.id and g.revoked_at is null) as people,
      (select coalesce(sum(u.answered), 0)::float8 from oauth_grants g
        join api_usage u on u.workspace_id = g.workspace_id and u.credential_id = g.id
        where g.app_id = a.id and ${within30Days(sql`u.day`)}) as requests
    from oauth_apps a where a.workspace_id = ${ctx.principal.workspaceId} and a.deleted_at is null
      and a.kind <> 'service' ${id === null ? sql`` : sql`and a.id = ${id}`}
    order by a.created_at desc, a.id desc limit ${listMax}`;
  return rows.map(viewOf);
}

/** The workspace's apps with their live secrets and how much they are used. */
export async function listOAuthApps(ctx: Context): Promise<readonly OAuthAppView[]> {
  return readApps(ctx, null);
}

/** One app of the workspace. */
export async function getOAuthApp(ctx: Context, id: string): Promise<OAuthAppView> {
  const [app] = await readApps(ctx, id);
  if (!app) throw notFound("OAuth app");
  return app;
}

/** How the app was used in the last 30 days, over all workspaces that allow it: sums, and nothing of any one of them. */
export async function readOAuthAppUsage(ctx: Context, id: string): Promise<OAuthAppUsage> {
  requirePermission(ctx, "api-keys:read", "all");
  const sql = pool();
  const { workspaceId } = ctx.principal;
  const used = sql`from oauth_apps a join oauth_grants g on g.app_id = a.id
    join api_usage u on u.workspace_id = g.workspace_id and u.credential_id = g.id
    where a.id = ${id} and a.workspace_id = ${workspaceId} and ${within30Days(sql`u.day`)}`;
  const [days, endpoints, [grants]] = await Promise.all([
    sql<{ day: string; requests: number }[]>`
      select d.day, coalesce(sum(u.requests), 0)::float8 as requests from ${last30Days()}
      left join (select u.day, u.answered as requests ${used}) u on u.day = d.day::date
      group by d.day order by d.day`,
    sql<{ endpoint: string; requests: number }[]>`
      select u.operation as endpoint, sum(u.answered)::float8 as requests ${used}
      group by u.operation having sum(u.answered) > 0
      order by requests desc, u.operation limit ${endpointsMax}`,
    sql<{ workspaces: number; allowed: number; ended: number }[]>`
      select count(distinct g.workspace_id) filter (where g.revoked_at is null)::int as workspaces,
        count(*) filter (where g.created_at > now() - interval '30 days')::int as allowed,
        count(*) filter (where g.revoked_at > now() - interval '30 days'
          and g.revoked_reason is distinct from 'replaced')::int as ended
      from oauth_grants g join oauth_apps a on a.id = g.app_id
      where a.id = ${id} and a.workspace_id = ${workspaceId}`,
  ]);
  const { workspaces = 0, allowed = 0, ended = 0 } = grants ?? {};
  return {
    days: [...days],
    endpoints: endpoints.map(({ endpoint, requests }) => ({
      endpoint: wordsOfOperation(endpoint),
      requests,
    })),
    workspaces,
    allowed,
    ended,
  };
}
