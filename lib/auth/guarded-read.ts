import type postgres from "postgres";
import { pool, readPool } from "@/db/client";
import { grantStands } from "@/lib/auth/grant-standing";
import type { Context, Guard } from "@/lib/auth/principal";

/** The credential was revoked, has expired, or its rights changed since they were read. */
export class StaleCredential extends Error {}

function isValid(guard: Guard): postgres.PendingQuery<postgres.Row[]> {
  const sql = pool();
  if (guard.kind === "none") return sql`true`;
  if (guard.kind === "access_token") {
    return sql`exists (select 1 from oauth_payloads p join oauth_grants g on g.id = p.grant_id
      join oauth_apps a on a.id = g.app_id join workspaces w on w.id = g.workspace_id
      left join oauth_approvals o on o.workspace_id = w.id and o.app_id = a.id
      where p.model = 'AccessToken' and p.key = ${guard.id} and p.expires_at > now() and ${grantStands()}
        and w.access_version = ${guard.accessVersion})`;
  }
  if (guard.kind === "client_token") {
    // What changes about the account or its role raises the access version.
    return sql`exists (select 1 from oauth_payloads p join oauth_apps a on a.id = p.payload ->> 'clientId'
      join workspaces w on w.id = a.workspace_id
      where p.model = 'ClientCredentials' and p.key = ${guard.id} and p.expires_at > now()
        and a.status = 'active' and a.deleted_at is null and w.access_version = ${guard.accessVersion})`;
  }
  return sql`exists (select 1 from api_keys k join workspaces w on w.id = k.workspace_id
    where k.id = ${guard.id} and w.access_version = ${guard.accessVersion}
      and (k.revoked_at is null or k.revoked_at > now())
      and (k.expires_at is null or k.expires_at > now()))`;
}

/**
 * Runs a query of at most one row in the same round trip as the check that the caller's credential still
 * holds, so that a revoked key is refused by the very next request in every process.
 * @param cost "any" for what may count or search many rows: it must not hold up the short reads.
 * @returns the row, or null when there is none.
 * @throws StaleCredential when the credential no longer holds; the door then reads it afresh.
 */
export async function guardedRead<Row extends object>(
  ctx: Context,
  query: postgres.PendingQuery<postgres.Row[]>,
  cost: "short" | "any" = "short",
): Promise<Row | null> {
  const sql = cost === "short" ? readPool() : pool();
  const [row] = await sql<(Row & { credential_valid: boolean; row_found: boolean | null })[]>`
    select ${isValid(ctx.principal.guard)} as credential_valid, q.*
    from (select 1) as one left join lateral (select true as row_found, x.* from (${query}) x) q on true`;
  if (!row?.credential_valid) throw new StaleCredential();
  ctx.proof.checked = true;
  return row.row_found ? row : null;
}

/** Whether the credential was not ended, by whichever table says so; its rights are not compared. */
function isNotRevoked(guard: Exclude<Guard, { kind: "none" }>): Promise<readonly unknown[]> {
  const sql = pool();
  if (guard.kind === "access_token")
    return sql`select 1 from oauth_payloads p join oauth_grants g on g.id = p.grant_id
      join oauth_apps a on a.id = g.app_id
      left join oauth_approvals o on o.workspace_id = g.workspace_id and o.app_id = g.app_id
      where p.model = 'AccessToken' and p.key = ${guard.id} and ${grantStands()}`;
  if (guard.kind === "client_token")
    return sql`select 1 from oauth_payloads p join oauth_apps a on a.id = p.payload ->> 'clientId'
      join service_accounts s on s.id = a.service_account_id
      where p.model = 'ClientCredentials' and p.key = ${guard.id} and a.status = 'active'
        and a.deleted_at is null and s.status = 'active' and s.deleted_at is null`;
  return sql`select 1 from api_keys k left join service_accounts s on s.id = k.service_account_id
    where k.id = ${guard.id} and (k.revoked_at is null or k.revoked_at > now())
      and (s.id is null or (s.status = 'active' and s.deleted_at is null))`;
}

/**
 * For a request that takes long, such as an upload: throws StaleCredential when its key was revoked meanwhile.
 * Rights that changed meanwhile do not end it; it was allowed when it began.
 */
export async function assertNotRevoked(ctx: Context): Promise<void> {
  const { guard } = ctx.principal;
  if (guard.kind === "none") return;
  const [holds] = await isNotRevoked(guard);
  if (!holds) throw new StaleCredential();
}

/** The one-row check alone, for answers that run no query of their own. */
export async function assertCredentialHolds(ctx: Context): Promise<void> {
  if (ctx.proof.checked) return;
  await guardedRead(ctx, pool()`select 1 as one`);
}
