import { and, eq, isNull } from "drizzle-orm";
import { db, pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import { oauthGrants } from "@/db/schema/oauth";
import { wordsOfOperation } from "@/lib/api-usage/schema";
import { within30Days } from "@/lib/api-usage/service";
import { recordAudit } from "@/lib/audit/record-audit";
import { grantIsGiven } from "@/lib/auth/grant-standing";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import type { Scope } from "@/lib/auth/scopes";
import { notFound } from "@/lib/core/errors";
import { notify } from "@/lib/notify/notify";
import { logoUrlOf } from "@/lib/oauth-server/schema";
import { endGrant } from "@/lib/oauth-server/store";

// What people allowed apps: for the person themselves, and for the admins of the workspace (handbook 15.2).

/** An app that one person authorised in one workspace. */
export interface AuthorisedApp {
  /** Of the grant: what Revoke takes. */
  readonly id: string;
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly logoUrl: string | null;
    readonly publisher: string;
    /** False: another workspace publishes it, and nobody has checked who stands behind it. */
    readonly isOwn: boolean;
    readonly isDisabled: boolean;
  };
  readonly workspace: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly scopes: readonly Scope[];
  /** Names of the teams whose meetings it is limited to; null: whatever the person may see. */
  readonly teams: readonly string[] | null;
  /** ISO 8601. */
  readonly allowedAt: string;
  readonly lastUsedAt: string | null;
  /** What it did in the last 30 days, the most frequent first. */
  readonly calls: readonly { readonly what: string; readonly requests: number }[];
}

interface Row {
  readonly id: string;
  readonly app_id: string;
  readonly app_name: string;
  readonly logo_hash: string | null;
  readonly is_disabled: boolean;
  readonly publisher: string;
  readonly is_own: boolean;
  readonly workspace: string;
  readonly user_id: string;
  readonly person: string;
  readonly scopes: Scope[];
  readonly teams: string[] | null;
  readonly allowed_at: string;
  readonly last_used_at: string | null;
  readonly calls: { operation: string; requests: number }[];
}

/** What is given and can still be used: after 31 days without a use its last refresh token has expired. */
function given(conditions: readonly Fragment[]): Fragment {
  const sql = pool();
  return sql`from oauth_grants g join oauth_apps a on a.id = g.app_id join workspaces p on p.id = a.workspace_id
    join workspaces w on w.id = g.workspace_id join users u on u.id = g.user_id
    join memberships m on m.workspace_id = g.workspace_id and m.user_id = g.user_id and m.removed_at is null
    left join oauth_approvals o on o.workspace_id = g.workspace_id and o.app_id = g.app_id
    where ${grantIsGiven()} and greatest(g.created_at, g.last_used_at) > now() - interval '31 days'
      and ${allOf(conditions)}`;
}

async function readGiven(
  conditions: readonly Fragment[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<AuthorisedApp[]> {
  const sql = pool();
  const rows = await sql<Row[]>`
    select g.id, a.id as app_id, a.name as app_name, a.logo_hash, a.status <> 'active' as is_disabled,
      p.name as publisher, p.id = g.workspace_id as is_own, w.name as workspace, u.id as user_id,
      coalesce(u.name, u.email) as person, g.scopes,
      case when g.team_ids is not null then array(select t.name from teams t
        where t.workspace_id = g.workspace_id and t.id = any(g.team_ids) order by lower(t.name)) end as teams,
      ${utcText(sql`g.created_at`)} as allowed_at, ${utcText(sql`g.last_used_at`)} as last_used_at,
      coalesce((select jsonb_agg(jsonb_build_object('operation', c.operation, 'requests', c.requests)
          order by c.requests desc, c.operation)
        from (select x.operation, sum(x.answered)::int as requests from api_usage x
          where x.workspace_id = g.workspace_id and x.credential_id = g.id and ${within30Days(sql`x.day`)}
          group by x.operation having sum(x.answered) > 0) c), '[]'::jsonb) as calls
    ${given(conditions)} order by g.created_at desc, g.id limit ${limit} offset ${offset}`;
  return rows.map((row) => ({
    id: row.id,
    app: {
      id: row.app_id,
      name: row.app_name,
      logoUrl: logoUrlOf({ id: row.app_id, logoHash: row.logo_hash }),
      publisher: row.publisher,
      isOwn: row.is_own,
      isDisabled: row.is_disabled,
    },
    workspace: row.workspace,
    person: { id: row.user_id, name: row.person },
    scopes: row.scopes,
    teams: row.teams,
    allowedAt: row.allowed_at,
    lastUsedAt: row.last_used_at,
    calls: row.calls.map(({ operation, requests }) => ({
      what: wordsOfOperation(operation),
      requests,
    })),
  }));
}

const mineMax = 200;

/** The apps that the signed-in person authorised, in every workspace they are in, the newest first. */
export async function listMyApps(ctx: Context): Promise<readonly AuthorisedApp[]> {
  const mine = pool()`g.user_id = ${ctx.principal.userId}`;
  return readGiven([mine], { limit: mineMax, offset: 0 });
}

export const authorisedPerPage = 25;

export interface AuthorisedFilter {
  readonly appId?: string | undefined;
  readonly userId?: string | undefined;
  readonly page: number;
}

/** For admins: one page (25) of what the workspace's members authorised, the newest first. */
export async function listAuthorisedApps(
  ctx: Context,
  { appId, userId, page }: AuthorisedFilter,
): Promise<{ readonly rows: readonly AuthorisedApp[]; readonly total: number }> {
  requirePermission(ctx, "organization:update", "all");
  const sql = pool();
  const conditions = [
    sql`g.workspace_id = ${ctx.principal.workspaceId}`,
    ...(appId === undefined ? [] : [sql`g.app_id = ${appId}`]),
    ...(userId === undefined ? [] : [sql`g.user_id = ${userId}`]),
  ];
  const [[counted], rows] = await Promise.all([
    sql<{ total: number }[]>`select count(*)::int as total ${given(conditions)}`,
    readGiven(conditions, { limit: authorisedPerPage, offset: (page - 1) * authorisedPerPage }),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

const peopleMax = 500;

/** For admins: who authorised any app here, by name (500 at most). */
export async function listAuthorisingPeople(
  ctx: Context,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  requirePermission(ctx, "organization:update", "all");
  const sql = pool();
  return sql<{ id: string; name: string }[]>`
    select id, name from (select distinct u.id, coalesce(u.name, u.email) as name
      ${given([sql`g.workspace_id = ${ctx.principal.workspaceId}`])}) x
    order by lower(name), id limit ${peopleMax}`;
}

interface Revocable {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly app_id: string;
  readonly app_name: string;
}

/** One's own in any workspace; an admin's workspace's as well. Everything else is not there. */
async function findRevocable(ctx: Context, id: string): Promise<Revocable> {
  const { workspaceId, userId, grants } = ctx.principal;
  const isAdmin = hasGrant(grants, "organization:update", "all");
  const [grant] = await pool()<Revocable[]>`
    select g.workspace_id, g.user_id, a.id as app_id, a.name as app_name
    from oauth_grants g join oauth_apps a on a.id = g.app_id
    where g.id = ${id} and g.revoked_at is null
      and (g.user_id = ${userId} or (${isAdmin} and g.workspace_id = ${workspaceId}))`;
  if (!grant) throw notFound("This access");
  return grant;
}

/**
 * Withdraws what a person allowed an app; its tokens are refused from the next request on, in every process. People
 * withdraw their own, admins also those of their workspace, and then the person is told.
 */
export async function revokeAuthorisedApp(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<void> {
  const grant = await findRevocable(ctx, id);
  const workspaceId = grant.workspace_id;
  const reason = grant.user_id === ctx.principal.userId ? "person" : "admin";
  await db().transaction(async (tx) => {
    const ended = await tx
      .update(oauthGrants)
      .set({ revokedAt: ctx.now(), revokedReason: reason })
      .where(
        and(
          eq(oauthGrants.workspaceId, workspaceId),
          eq(oauthGrants.id, id),
          isNull(oauthGrants.revokedAt),
        ),
      )
      .returning({ id: oauthGrants.id });
    if (ended.length === 0) throw notFound("This access");
    const there = { ...ctx, principal: { ...ctx.principal, workspaceId } };
    await recordAudit(tx, there, {
      category: "api_access",
      action: "oauth.revoked",
      target: { type: "oauth_app", id: grant.app_id, label: grant.app_name },
      metadata: { grant_id: id, reason, user_id: grant.user_id },
    });
    if (reason === "person") return;
    await notify(tx, {
      workspaceId,
      to: { userIds: [grant.user_id] },
      type: "oauth_app_revoked",
      severity: "info",
      title: `${ctx.principal.label} disconnected ${grant.app_name} from your account`,
      body: "The app can read nothing more in your name. Ask your admin before you connect it again.",
      link: "/settings/profile#authorised-apps",
      now: ctx.now(),
    });
  });
  // It holds already; what it gave is removed.
  await endGrant(id, reason);
}
