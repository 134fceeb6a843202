import { eq, sql } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { utcText } from "@/db/fragments";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import type { Scope } from "@/lib/auth/scopes";
import { sha256 } from "@/lib/core/crypto";
import { AppError, notFound } from "@/lib/core/errors";
import { lockWorkspace } from "@/lib/members/service";
import { notify } from "@/lib/notify/notify";
import { settleApproval, startKill } from "@/lib/oauth-server/kills";
import { logoUrlOf } from "@/lib/oauth-server/schema";

// What the admins of a workspace say about apps: which may be connected at all, and each one by itself (handbook D-72).

export const oauthPolicies = ["open", "approval", "off"] as const;
export type OauthPolicy = (typeof oauthPolicies)[number];

/** Which apps the workspace's members may connect. */
export async function readOauthPolicy(ctx: Context): Promise<OauthPolicy> {
  const [row] = await db()
    .select({ policy: workspaces.oauthPolicy })
    .from(workspaces)
    .where(eq(workspaces.id, ctx.principal.workspaceId));
  if (!row) throw notFound("Workspace");
  return row.policy;
}

/** Sets it for what is connected from now on; what people allowed before goes on. */
export async function setOauthPolicy(
  ctx: Context,
  { policy }: { readonly policy: OauthPolicy },
): Promise<void> {
  requirePermission(ctx, "organization:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const [before] = await tx
      .select({ policy: workspaces.oauthPolicy })
      .from(workspaces)
      .where(eq(workspaces.id, workspaceId));
    if (before?.policy === policy) return;
    await tx.update(workspaces).set({ oauthPolicy: policy }).where(eq(workspaces.id, workspaceId));
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth.policy_changed",
      metadata: { from: before?.policy, to: policy },
    });
  });
}

export type Approval = "pending" | "approved" | "blocked";

/** An app that somebody asked for, decided about, or authorised in the workspace. */
export interface WorkspaceApp {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logoUrl: string | null;
  readonly publisher: string;
  readonly isOwn: boolean;
  readonly isDisabled: boolean;
  /** Null: nobody had to decide about it. */
  readonly approval: Approval | null;
  /** While it is pending: who asked, when, and what the app asked for. */
  readonly request: {
    readonly by: string;
    /** How many more wait for the same. */
    readonly others: number;
    /** ISO 8601. */
    readonly at: string;
    readonly scopes: readonly Scope[];
  } | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** Who allow it now. */
  readonly people: number;
}

interface AppRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logo_hash: string | null;
  readonly publisher: string;
  readonly is_own: boolean;
  readonly is_disabled: boolean;
  readonly approval: Approval | null;
  readonly requested_by: string | null;
  readonly requested_at: string | null;
  readonly others: number;
  readonly requested_scopes: Scope[] | null;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly people: number;
}

const appsMax = 200;

/** For admins: the workspace's apps, those that wait for a decision first (200 at most). */
export async function listWorkspaceApps(ctx: Context): Promise<readonly WorkspaceApp[]> {
  requirePermission(ctx, "organization:update", "all");
  const { workspaceId } = ctx.principal;
  const sql = pool();
  const rows = await sql<AppRow[]>`
    select a.id, a.name, a.description, a.logo_hash, p.name as publisher, p.id = ${workspaceId} as is_own,
      a.status <> 'active' as is_disabled, o.status as approval, coalesce(r.name, r.email) as requested_by,
      (select count(*)::int from oauth_approval_requests x where x.workspace_id = ${workspaceId}
        and x.app_id = a.id and x.user_id is distinct from o.requested_by) as others,
      ${utcText(sql`o.created_at`)} as requested_at, o.scopes as requested_scopes,
      coalesce(d.name, d.email) as decided_by, ${utcText(sql`o.decided_at`)} as decided_at,
      case when o.status = 'blocked' then 0 else (select count(distinct g.user_id)::int from oauth_grants g
        where g.workspace_id = ${workspaceId} and g.app_id = a.id and g.revoked_at is null) end as people
    from oauth_apps a join workspaces p on p.id = a.workspace_id
    left join oauth_approvals o on o.workspace_id = ${workspaceId} and o.app_id = a.id
    left join users r on r.id = o.requested_by left join users d on d.id = o.decided_by
    where a.deleted_at is null and a.id in (
      select x.app_id from oauth_approvals x where x.workspace_id = ${workspaceId}
      union select x.app_id from oauth_grants x where x.workspace_id = ${workspaceId} and x.revoked_at is null)
    order by o.status is distinct from 'pending', lower(a.name), a.id limit ${appsMax}`;
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    logoUrl: logoUrlOf({ id: row.id, logoHash: row.logo_hash }),
    publisher: row.publisher,
    isOwn: row.is_own,
    isDisabled: row.is_disabled,
    approval: row.approval,
    request:
      row.approval === "pending"
        ? {
            by: row.requested_by ?? "Somebody who has left",
            others: row.others,
            at: row.requested_at ?? "",
            scopes: row.requested_scopes ?? [],
          }
        : null,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    people: row.people,
  }));
}

interface Decidable extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly approval: Approval | null;
}

/** Apps that nobody here asked for or uses, and deleted ones, are not found. */
async function findDecidable(tx: Tx, ctx: Context, id: string): Promise<Decidable> {
  const { workspaceId } = ctx.principal;
  const [app] = await tx.execute<Decidable>(sql`
    select a.id, a.name, o.status as approval
    from oauth_apps a left join oauth_approvals o on o.workspace_id = ${workspaceId} and o.app_id = a.id
    where a.id = ${id} and a.deleted_at is null and (o.app_id is not null or exists (
      select 1 from oauth_grants g where g.workspace_id = ${workspaceId} and g.app_id = a.id))`);
  if (!app) throw notFound("App");
  return app;
}

export interface Decision {
  readonly id: string;
  /** What the admin saw when they decided. */
  readonly seen: Approval | null;
  readonly decision: "approved" | "blocked";
}

/**
 * Approves an app for everybody in the workspace, or blocks it: then nobody can connect it, what people allowed it is
 * refused at once, and a job ends it. Of two admins at once the second is told when they meant something else.
 */
export async function decideApp(ctx: Context, { id, seen, decision }: Decision): Promise<void> {
  requirePermission(ctx, "organization:update", "all");
  await db().transaction(async (tx) => {
    await lockWorkspace(tx, ctx);
    const app = await findDecidable(tx, ctx, id);
    if (app.approval === decision) return;
    if (app.approval !== seen) {
      throw new AppError("conflict", "Somebody else has just decided about this app", {
        details: { approval: app.approval },
        fix: "Look at it again; you can change the decision.",
      });
    }
    const grants =
      decision === "blocked"
        ? (await startKill(tx, ctx, { reach: "app_here", appId: id })).total
        : undefined;
    if (decision === "approved") await approve(tx, ctx, app);
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: decision === "approved" ? "oauth_app.approved" : "oauth_app.blocked",
      target: { type: "oauth_app", id, label: app.name },
      metadata: { before: app.approval, grants },
    });
  });
}

async function approve(tx: Tx, ctx: Context, app: Decidable): Promise<void> {
  await settleApproval(tx, ctx, app.id, "approved");
  const waiting = await tx.execute<{ user_id: string; interaction_uid: string }>(sql`
    delete from oauth_approval_requests
    where workspace_id = ${ctx.principal.workspaceId} and app_id = ${app.id}
    returning user_id, interaction_uid`);
  for (const { user_id: userId, interaction_uid: uid } of waiting) {
    const isOpen = await isWaiting(tx, uid);
    await notify(tx, {
      workspaceId: ctx.principal.workspaceId,
      to: { userIds: [userId] },
      type: "oauth_app_approved",
      severity: "info",
      title: `You can connect ${app.name} now`,
      body: isOpen
        ? `${ctx.principal.label} approved it. Go on where you asked, in the same browser.`
        : `${ctx.principal.label} approved it. Go to the app and connect it again.`,
      link: isOpen ? `/oauth/consent/${uid}` : null,
      now: ctx.now(),
    });
  }
}

/** Whether the consent page of somebody who asked can still be answered. */
async function isWaiting(tx: Tx, uid: string): Promise<boolean> {
  const [open] = await tx.execute(sql`select 1 from oauth_payloads
    where model = 'Interaction' and key = ${sha256(uid)} and expires_at > now() and payload -> 'result' is null`);
  return open !== undefined;
}
