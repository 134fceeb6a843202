import { LRUCache } from "lru-cache";
import { pool } from "@/db/client";
import { readClientToken } from "@/lib/auth/client-token-principal";
import { grantStands } from "@/lib/auth/grant-standing";
import type { Principal } from "@/lib/auth/principal";
import { type Grants, grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { allScopes, SCOPES, type Scope } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { singleton } from "@/lib/core/singleton";
import { type PlanName, requestsPerMinuteOf } from "@/lib/plans/plans";

interface TokenRow {
  readonly key: string;
  readonly scope: string | null;
  readonly grant_id: string;
  readonly app_id: string;
  readonly app_name: string;
  readonly workspace_id: string;
  readonly user_id: string;
  readonly limited_to: string[] | null;
  readonly plan: PlanName;
  readonly workspace_limit: number | null;
  readonly access_version: number;
  readonly role_key: RoleKey | null;
  readonly role_permissions: string[];
  readonly team_ids: string[];
  readonly state: "valid" | "expired" | "ended";
}

const accessToken = /^hat_[0-9A-Za-z]{40}$/;

/** Tells an OAuth access token from an API key by its prefix (handbook 15.1), before any read. */
export const isAccessToken = (token: string) => accessToken.test(token);

/** Reaches no further than the teams that the person chose on the consent page. */
function limited(grants: Grants, teamIds: readonly string[] | null): Grants {
  if (teamIds === null) return grants;
  return Object.fromEntries(
    Object.entries(grants).map(([name, reach]) => [name, reach === "all" ? "team" : reach]),
  );
}

/** Effective rights: what the app was given, what the person's role allows, whichever is less (handbook 15.2). */
function toPrincipal(row: TokenRow): Principal {
  const role = grantsOfRole({ key: row.role_key, permissions: row.role_permissions });
  const grants = limited(role, row.limited_to);
  const given = new Set(row.scope?.split(" "));
  const scopes = allScopes.filter(
    (scope: Scope) => given.has(scope) && hasGrant(grants, SCOPES[scope].permission),
  );
  const teamIds =
    row.limited_to === null
      ? row.team_ids
      : row.limited_to.filter(
          (id) => hasGrant(role, "meetings:read", "all") || row.team_ids.includes(id),
        );
  return Object.freeze({
    kind: "oauth_app",
    id: row.grant_id,
    label: row.app_name,
    workspaceId: row.workspace_id,
    plan: row.plan,
    userId: row.user_id,
    teamIds,
    isLimitedToTeams: row.limited_to !== null,
    scopes: new Set(scopes),
    grants,
    guard: { kind: "access_token", id: row.key, accessVersion: row.access_version },
    bucket: {
      key: `app:${row.app_id}:${row.workspace_id}`,
      limit: requestsPerMinuteOf(row.plan, row.workspace_limit),
    },
  } satisfies Principal);
}

async function readToken(key: string): Promise<TokenRow | undefined> {
  const sql = pool();
  const [row] = await sql<TokenRow[]>`
    select p.key, p.payload ->> 'scope' as scope, g.id as grant_id, a.id as app_id, a.name as app_name,
      g.workspace_id, g.user_id, g.team_ids as limited_to, w.plan, w.rate_limit_per_minute as workspace_limit,
      w.access_version, r.key as role_key, r.permissions as role_permissions,
      array(select t.team_id from team_members t
        where t.workspace_id = g.workspace_id and t.user_id = g.user_id) as team_ids,
      case when not ${grantStands()} then 'ended'
        when p.expires_at <= now() then 'expired' else 'valid' end as state
    from oauth_payloads p join oauth_grants g on g.id = p.grant_id join oauth_apps a on a.id = g.app_id
    join workspaces w on w.id = g.workspace_id
    join memberships m on m.workspace_id = w.id and m.user_id = g.user_id and m.removed_at is null
    join roles r on r.id = m.role_id
    left join oauth_approvals o on o.workspace_id = w.id and o.app_id = a.id
    where p.model = 'AccessToken' and p.key = ${key}`;
  return row;
}

// A hint that saves reading and parsing: validity is checked again in the query that answers each request.
const cache = () =>
  singleton(
    "access-token-cache",
    () => new LRUCache<string, Principal>({ max: 10_000, ttl: 60_000 }),
  );

export type TokenLookup =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: "expired" | null };

/** Finds the principal of an OAuth access token; `fresh` skips what this process remembers. */
export async function principalOfAccessToken(token: string, fresh: boolean): Promise<TokenLookup> {
  const key = sha256(token);
  if (fresh) cache().delete(key);
  const known = cache().get(key);
  if (known) return { ok: true, principal: known };
  const row = await readToken(key);
  const found = row
    ? { state: row.state, principal: toPrincipal(row) }
    : await readClientToken(key);
  if (found?.state !== "valid") {
    return { ok: false, reason: found?.state === "expired" ? "expired" : null };
  }
  cache().set(key, found.principal);
  return { ok: true, principal: found.principal };
}
