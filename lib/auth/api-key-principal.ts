import { LRUCache } from "lru-cache";
import { pool } from "@/db/client";
import { isApiKeyToken } from "@/lib/auth/api-key-token";
import { countRefusal } from "@/lib/auth/key-refusals";
import { type Principal, serviceAccountActor } from "@/lib/auth/principal";
import { type Grants, grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { allScopes, SCOPES } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";
import { type PlanName, requestsPerMinuteOf } from "@/lib/plans/plans";

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly workspace_id: string;
  readonly access: "read" | "read_write";
  readonly key_limit: number | null;
  readonly created_by: string | null;
  /** Of an API token: whose name, role and teams it has. */
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly plan: PlanName;
  readonly workspace_limit: number | null;
  readonly access_version: number;
  readonly role_id: string | null;
  readonly role_key: RoleKey | null;
  readonly role_permissions: string[] | null;
  readonly team_ids: string[];
  readonly state: "valid" | "expired" | "revoked";
}

/** What a key without a role may do (handbook 14.2): read everything, upload when its access says so. */
const defaultGrants: Grants = {
  "meetings:read": "all",
  "meetings:create": "all",
  "contacts:read": "all",
  "insights:read": "all",
};

function grantsOfKey(row: KeyRow): Grants {
  if (row.role_id === null) return defaultGrants;
  return grantsOfRole({ key: row.role_key, permissions: row.role_permissions ?? [] });
}

function toPrincipal(row: KeyRow): Principal {
  const grants = grantsOfKey(row);
  const planLimit = requestsPerMinuteOf(row.plan, row.workspace_limit);
  const scopes = allScopes.filter(
    (scope) =>
      hasGrant(grants, SCOPES[scope].permission) &&
      (scope !== "meetings:write" || row.access === "read_write"),
  );
  const who =
    row.account_id === null
      ? ({ kind: "api_key", id: row.id, label: row.name, userId: row.created_by } as const)
      : serviceAccountActor({ id: row.account_id, name: row.account_name ?? row.name });
  const ownLimit = row.key_limit !== null && row.key_limit < planLimit ? row.key_limit : null;
  return Object.freeze({
    ...who,
    workspaceId: row.workspace_id,
    plan: row.plan,
    teamIds: row.team_ids,
    scopes: new Set(scopes),
    grants,
    guard: { kind: "api_key", id: row.id, accessVersion: row.access_version },
    bucket: { key: `ws:${row.workspace_id}`, limit: planLimit },
    ...(ownLimit === null ? {} : { ownBucket: { key: `key:${row.id}`, limit: ownLimit } }),
  } satisfies Principal);
}

async function readKey(hash: string): Promise<KeyRow | undefined> {
  const sql = pool();
  const [row] = await sql<KeyRow[]>`
    select k.id, k.name, k.workspace_id, k.access, k.rate_limit_per_minute as key_limit, k.created_by,
      s.id as account_id, s.name as account_name, w.plan, w.rate_limit_per_minute as workspace_limit, w.access_version,
      r.id as role_id, r.key as role_key, r.permissions as role_permissions,
      coalesce(s.team_ids, k.frozen_team_ids, array(select t.team_id from team_members t
        where t.workspace_id = k.workspace_id and t.user_id = k.created_by)) as team_ids,
      case when k.revoked_at <= now() or s.status = 'disabled' or s.deleted_at is not null then 'revoked'
        when k.expires_at <= now() then 'expired' else 'valid' end as state
    from api_keys k join workspaces w on w.id = k.workspace_id
    left join service_accounts s on s.workspace_id = k.workspace_id and s.id = k.service_account_id
    left join roles r on r.id = coalesce(s.role_id, k.role_id)
    where k.key_hash = ${hash}`;
  return row;
}

// A hint that saves reading and parsing: validity is checked again in the query that answers each request.
const cache = () =>
  singleton("api-key-cache", () => new LRUCache<string, Principal>({ max: 10_000, ttl: 60_000 }));

export type KeyLookup =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: "expired" | null };

/** Finds the principal of an API key; `fresh` skips what this process remembers. */
export async function principalOfApiKey(token: string, fresh: boolean): Promise<KeyLookup> {
  if (!isApiKeyToken(token)) return { ok: false, reason: null };
  const hash = sha256(token);
  if (fresh) cache().delete(hash);
  const known = cache().get(hash);
  if (known) return { ok: true, principal: known };
  const row = await readKey(hash);
  if (row === undefined) return { ok: false, reason: null };
  if (row.state !== "valid") {
    countRefusal({ id: row.id, name: row.name, workspaceId: row.workspace_id }, row.state);
    return { ok: false, reason: row.state === "expired" ? "expired" : null };
  }
  const principal = toPrincipal(row);
  cache().set(hash, principal);
  return { ok: true, principal };
}

const touched = () =>
  singleton("api-key-touched", () => new LRUCache<string, true>({ max: 10_000, ttl: 60_000 }));

/** Records the use of a key, at most once a minute and never in the way of the answer. */
export function touchApiKey(id: string, ip: string | null): void {
  if (touched().has(id)) return;
  touched().set(id, true);
  pool()`update api_keys set last_used_at = now(), last_used_ip = ${ip}
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '55 seconds')`.catch(
    (error: unknown) => log().warn({ key: id, reason: String(error) }, "last use was not recorded"),
  );
}
