import { pool } from "@/db/client";
import type { Principal } from "@/lib/auth/principal";
import { type Grants, grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { readScopes, SCOPES } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import type { PlanName } from "@/lib/plans/plans";

/** The name of the session cookie; follows the scheme of APP_URL, as next-auth's does. */
export function sessionCookieName(): string {
  return env().appUrl.startsWith("https:")
    ? "__Secure-next-auth.session-token"
    : "next-auth.session-token";
}

/** A cookie that is no valid escape sequence was not made by us. */
function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value) || null;
  } catch {
    return null;
  }
}

/** The session token in a Cookie header, or null. */
export function sessionTokenOf(cookieHeader: string | undefined): string | null {
  if (!cookieHeader) return null;
  const name = `${sessionCookieName()}=`;
  for (const part of cookieHeader.split(";")) {
    const cookie = part.trim();
    if (cookie.startsWith(name)) return decoded(cookie.slice(name.length));
  }
  return null;
}

/** Who is signed in and the workspace that they are looking at. */
export interface Session {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly plan: PlanName;
    readonly timeZone: string;
  };
  readonly role: { readonly id: string; readonly key: RoleKey | null; readonly name: string };
  readonly grants: Grants;
  readonly principal: Principal;
}

interface SessionRow {
  readonly user_id: string;
  readonly user_name: string | null;
  readonly email: string;
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly slug: string;
  readonly plan: PlanName;
  readonly time_zone: string;
  readonly role_id: string;
  readonly role_key: RoleKey | null;
  readonly role_name: string;
  readonly role_permissions: string[];
  readonly team_ids: string[];
}

/** Reading pages of our own never touches the plan's bucket (architecture 5). */
const sessionReadsPerMinute = 600;

/**
 * The session behind a cookie's token, read in one query: user, current workspace (the chosen one, else the one
 * joined first), role and teams. Null when the token is unknown or expired, or the person is in no workspace.
 */
export async function readSession(token: string): Promise<Session | null> {
  const sql = pool();
  const [row] = await sql<SessionRow[]>`
    select u.id as user_id, u.name as user_name, u.email, w.id as workspace_id, w.name as workspace_name,
      w.slug, w.plan, w.time_zone, r.id as role_id, r.key as role_key, r.name as role_name,
      r.permissions as role_permissions,
      array(select t.team_id from team_members t
        where t.workspace_id = w.id and t.user_id = u.id) as team_ids
    from sessions s
    join users u on u.id = s.user_id
    join memberships m on m.user_id = u.id and m.removed_at is null
    join workspaces w on w.id = m.workspace_id
    join roles r on r.id = m.role_id
    where s.session_token = ${sha256(token)} and s.expires > now()
    order by (w.id = s.workspace_id) desc nulls last, m.created_at
    limit 1`;
  return row ? toSession(row) : null;
}

function toSession(row: SessionRow): Session {
  const grants = grantsOfRole({ key: row.role_key, permissions: row.role_permissions });
  const name = row.user_name ?? row.email;
  return {
    user: { id: row.user_id, name, email: row.email },
    workspace: {
      id: row.workspace_id,
      name: row.workspace_name,
      slug: row.slug,
      plan: row.plan,
      timeZone: row.time_zone,
    },
    role: { id: row.role_id, key: row.role_key, name: row.role_name },
    grants,
    principal: {
      kind: "session",
      id: row.user_id,
      label: name,
      workspaceId: row.workspace_id,
      plan: row.plan,
      userId: row.user_id,
      teamIds: row.team_ids,
      scopes: new Set(readScopes.filter((scope) => hasGrant(grants, SCOPES[scope].permission))),
      grants,
      guard: { kind: "none" },
      bucket: { key: `session:${row.user_id}`, limit: sessionReadsPerMinute },
    },
  };
}
