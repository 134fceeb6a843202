import { pool } from "@/db/client";
import { type Principal, serviceAccountActor } from "@/lib/auth/principal";
import { grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { allScopes, SCOPES } from "@/lib/auth/scopes";
import { type PlanName, requestsPerMinuteOf } from "@/lib/plans/plans";

interface ClientTokenRow {
  readonly key: string;
  readonly scope: string | null;
  readonly app_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly workspace_id: string;
  readonly team_ids: string[];
  readonly plan: PlanName;
  readonly workspace_limit: number | null;
  readonly access_version: number;
  readonly role_key: RoleKey | null;
  readonly role_permissions: string[];
  readonly state: "valid" | "expired" | "ended";
}

/** Effective rights: what the token was given, what the account's role allows today, whichever is less. */
function toPrincipal(row: ClientTokenRow): Principal {
  const grants = grantsOfRole({ key: row.role_key, permissions: row.role_permissions });
  const given = new Set(row.scope?.split(" "));
  return Object.freeze({
    ...serviceAccountActor({ id: row.account_id, name: row.account_name }),
    workspaceId: row.workspace_id,
    plan: row.plan,
    teamIds: row.team_ids,
    scopes: new Set(
      allScopes.filter((scope) => given.has(scope) && hasGrant(grants, SCOPES[scope].permission)),
    ),
    grants,
    guard: { kind: "client_token", id: row.key, accessVersion: row.access_version },
    bucket: {
      key: `app:${row.app_id}:${row.workspace_id}`,
      limit: requestsPerMinuteOf(row.plan, row.workspace_limit),
    },
  } satisfies Principal);
}

/**
 * Reads an access token that a client got with its own credentials (RFC 6749, 4.4) and whose holder is a service
 * account; undefined when there is none under this SHA-256.
 */
export async function readClientToken(
  key: string,
): Promise<{ readonly state: ClientTokenRow["state"]; readonly principal: Principal } | undefined> {
  const sql = pool();
  const [row] = await sql<ClientTokenRow[]>`
    select p.key, p.payload ->> 'scope' as scope, a.id as app_id, s.id as account_id, s.name as account_name,
      s.workspace_id, s.team_ids, w.plan, w.rate_limit_per_minute as workspace_limit, w.access_version,
      r.key as role_key, r.permissions as role_permissions,
      case when a.status <> 'active' or a.deleted_at is not null or s.status <> 'active'
          or s.deleted_at is not null then 'ended'
        when p.expires_at <= now() then 'expired' else 'valid' end as state
    from oauth_payloads p join oauth_apps a on a.id = p.payload ->> 'clientId'
    join service_accounts s on s.workspace_id = a.workspace_id and s.id = a.service_account_id
    join workspaces w on w.id = s.workspace_id join roles r on r.id = s.role_id
    where p.model = 'ClientCredentials' and p.key = ${key}`;
  return row && { state: row.state, principal: toPrincipal(row) };
}
