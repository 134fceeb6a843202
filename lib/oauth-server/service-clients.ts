import { and, count, eq, isNull } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { utcText } from "@/db/fragments";
import { oauthApps } from "@/db/schema/oauth";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { randomBase62 } from "@/lib/core/ids";
import { issueSecret, liveSecrets } from "@/lib/oauth-server/apps";
import { readClientKeys } from "@/lib/oauth-server/client-keys";
import type {
  IssuedServiceClient,
  ServiceClientInput,
  ServiceClientView,
} from "@/lib/service-accounts/schema";
import { lockServiceAccount, requireManager } from "@/lib/service-accounts/service";

// OAuth clients of service accounts (RFC 6749, 4.4). They are apps of kind `service`: secrets, status and deletion are
// those of any app (`apps.ts`), and the plan's number of apps does not count them.

const clientsMax = 20;

/** The caller holds the account's lock, so two creations at once cannot pass the number together. */
async function requireRoomForClient(tx: Tx, ctx: Context, accountId: string): Promise<void> {
  const [used] = await tx
    .select({ n: count() })
    .from(oauthApps)
    .where(
      and(
        eq(oauthApps.workspaceId, ctx.principal.workspaceId),
        eq(oauthApps.serviceAccountId, accountId),
        isNull(oauthApps.deletedAt),
      ),
    );
  if ((used?.n ?? 0) < clientsMax) return;
  throw new AppError("quota_exceeded", `A service account has at most ${clientsMax} clients`, {
    details: { limit: clientsMax, used: used?.n },
    fix: "Delete one that is no longer needed.",
  });
}

/** Makes a client that gets tokens in its account's name, by a secret or by a key of its own (RFC 7523, 2.2). */
export async function createServiceClient(
  ctx: Context,
  input: ServiceClientInput,
): Promise<IssuedServiceClient> {
  requireManager(ctx);
  const { name, authentication, scopes } = input;
  if (authentication === "secret" && input.jwks !== "") {
    throw invalidRequest("Keys are for clients that authenticate with one", {
      jwks: "Leave the keys out, or choose to authenticate with a public key.",
    });
  }
  const jwks = authentication === "private_key_jwt" ? readClientKeys(input.jwks) : null;
  return db().transaction(async (tx) => {
    const account = await lockServiceAccount(tx, ctx, input.service_account_id);
    await requireRoomForClient(tx, ctx, account.id);
    const id = `hcl_${randomBase62(24)}`;
    await tx.insert(oauthApps).values({
      id,
      name,
      authentication,
      jwks,
      scopes,
      workspaceId: ctx.principal.workspaceId,
      kind: "service",
      serviceAccountId: account.id,
      redirectUris: [],
      createdBy: ctx.principal.userId,
    });
    const clientSecret = authentication === "secret" ? await issueSecret(tx, id) : null;
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth_app.created",
      target: { type: "oauth_app", id, label: name },
      metadata: { scopes, service_account_id: account.id, service_account: account.name },
    });
    return { clientId: id, name, clientSecret };
  });
}

/** The account's clients, newest first (at most 20, which is how many there can be). */
export async function listServiceClients(
  ctx: Context,
  accountId: string,
): Promise<readonly ServiceClientView[]> {
  requirePermission(ctx, "api-keys:read", "all");
  const sql = pool();
  // A client without secrets is last seen at the newest token that it still has: within the hour.
  return sql<ServiceClientView[]>`
    select a.id, a.name, a.authentication, a.scopes, a.status,
      ${utcText(sql`a.created_at`)} as "createdAt",
      ${utcText(sql`case a.authentication
        when 'secret' then (select max(c.last_used_at) from oauth_app_secrets c where c.app_id = a.id)
        else (select max(p.created_at) from oauth_payloads p
          where p.model = 'ClientCredentials' and p.payload ->> 'clientId' = a.id) end`)} as "lastUsedAt",
      ${liveSecrets()} as secrets
    from oauth_apps a
    where a.workspace_id = ${ctx.principal.workspaceId} and a.service_account_id = ${accountId}
      and a.deleted_at is null
    order by a.created_at desc, a.id desc limit ${clientsMax}`;
}
