import { and, eq, sql } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { utcText } from "@/db/fragments";
import { oauthApprovals, oauthApps, oauthKills } from "@/db/schema/oauth";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import type { JobPayloads } from "@/lib/jobs/queues";
import { lockWorkspace } from "@/lib/members/service";
import { type EndReason, endGrants, inOneCommit } from "@/lib/oauth-server/store";

// Kill switches. One row makes a switch hold at once, in every process: the condition of every request reads it
// (lib/auth/grant-standing.ts). A job then ends the grants behind it, a portion at a time.

export interface Kill {
  /** `app`: everywhere, by its publisher; `app_here`: one app in this workspace; `workspace`: all apps in it. */
  readonly reach: "app" | "app_here" | "workspace";
  readonly appId?: string;
}

/** The grants `g` that a kill `k` still has to end; not those of later, when somebody has opened again. */
const reached = `g.revoked_at is null and g.created_at <= k.created_at and case k.reach
  when 'app' then g.app_id = k.app_id
  when 'app_here' then g.workspace_id = k.workspace_id and g.app_id = k.app_id
  else g.workspace_id = k.workspace_id end`;

/** Writes what the caller's workspace has decided about an app. */
export async function settleApproval(
  tx: Tx,
  ctx: Context,
  appId: string,
  status: "approved" | "blocked",
): Promise<void> {
  const { workspaceId, userId } = ctx.principal;
  const decided = { status, decidedBy: userId, decidedAt: ctx.now() } as const;
  await tx
    .insert(oauthApprovals)
    .values({ workspaceId, appId, ...decided })
    .onConflictDoUpdate({
      target: [oauthApprovals.workspaceId, oauthApprovals.appId],
      set: decided,
    });
}

/** Closes the door first. A consent under way holds these rows: it is over before, or sees the closed door. */
async function closeDoor(tx: Tx, ctx: Context, { reach, appId = "" }: Kill): Promise<void> {
  const { workspaceId } = ctx.principal;
  if (reach === "app") {
    const closed = await tx
      .update(oauthApps)
      .set({ status: "disabled" })
      .where(and(eq(oauthApps.id, appId), eq(oauthApps.workspaceId, workspaceId)))
      .returning({ id: oauthApps.id });
    if (closed.length === 0) throw notFound("OAuth app");
    return;
  }
  if (reach === "workspace") {
    await tx.update(workspaces).set({ oauthPolicy: "off" }).where(eq(workspaces.id, workspaceId));
    return;
  }
  await lockWorkspace(tx, ctx);
  await settleApproval(tx, ctx, appId, "blocked");
}

/**
 * Pulls a kill switch: what it reaches is refused from the commit of `tx` on, and a job of the same transaction ends
 * the grants. `app` needs the right to delete apps, the others that of an admin of the workspace.
 * @returns the row that tells the progress, and how many grants there are to end.
 */
export async function startKill(
  tx: Tx,
  ctx: Context,
  what: Kill,
): Promise<{ readonly id: string; readonly total: number }> {
  if (what.reach === "app") requirePermission(ctx, "api-keys:delete", "all");
  else requirePermission(ctx, "organization:update", "all");
  await closeDoor(tx, ctx, what);
  const { workspaceId, userId } = ctx.principal;
  const id = newId("oauthKill");
  // The clock of now, not of the transaction's beginning: a consent may have been committed in between.
  await tx.insert(oauthKills).values({
    ...{ id, workspaceId, reach: what.reach, appId: what.appId ?? null, total: 0 },
    ...{ requestedBy: userId, createdAt: sql`clock_timestamp()` },
  });
  const [counted] = await tx.execute<{ total: number }>(sql`
    update oauth_kills k set total = c.n, finished_at = case when c.n = 0 then k.created_at end
    from (select count(*)::int as n from oauth_grants g, oauth_kills k where k.id = ${id} and ${sql.raw(reached)}) c
    where k.id = ${id} returning k.total`);
  const total = counted?.total ?? 0;
  if (total > 0) await enqueue(tx, "oauth.kill", { workspaceId, killId: id });
  if (what.reach !== "app_here") await auditKill(tx, ctx, what, total);
  return { id, total };
}

/** Of one app in the workspace the trail says that it was blocked; `blockApp` writes that. */
async function auditKill(tx: Tx, ctx: Context, what: Kill, total: number): Promise<void> {
  const [app] =
    what.appId === undefined
      ? []
      : await tx
          .select({ id: oauthApps.id, label: oauthApps.name })
          .from(oauthApps)
          .where(eq(oauthApps.id, what.appId));
  await recordAudit(tx, ctx, {
    category: "api_access",
    action: "oauth.killed",
    ...(app ? { target: { type: "oauth_app", ...app } } : {}),
    metadata: { reach: what.reach, grants: total },
  });
}

/** Ends all access of all apps in the workspace, and lets nobody connect one until an admin changes the policy. */
export async function killAllApps(ctx: Context): Promise<{ readonly id: string }> {
  return db().transaction((tx) => startKill(tx, ctx, { reach: "workspace" }));
}

const portion = 200;
const reasons: Readonly<Record<Kill["reach"], EndReason>> = {
  app: "app_deleted",
  app_here: "admin",
  workspace: "admin",
};

/** @returns whether there is more to end. Two at once take turns: each holds the kill's row. */
function endPortion(workspaceId: string, killId: string): Promise<boolean> {
  return inOneCommit(async (tx) => {
    const [kill] = await tx<{ reach: Kill["reach"] }[]>`select reach from oauth_kills
      where id = ${killId} and workspace_id = ${workspaceId} and finished_at is null for update`;
    if (!kill) return false;
    const open = await tx<{ id: string }[]>`select g.id from oauth_grants g, oauth_kills k
      where k.id = ${killId} and ${tx.unsafe(reached)} order by g.id limit ${portion}`;
    await endGrants(
      tx,
      open.map(({ id }) => id),
      reasons[kill.reach],
    );
    const [left] = await tx<{ n: number }[]>`select count(*)::int as n
      from oauth_grants g, oauth_kills k where k.id = ${killId} and ${tx.unsafe(reached)}`;
    const n = left?.n ?? 0;
    // Counted from what is left: grants that people ended meanwhile are done as well.
    await tx`update oauth_kills set ended = greatest(ended, total - ${n}::int),
        finished_at = case when ${n}::int = 0 then now() end
      where id = ${killId}`;
    return n > 0;
  });
}

/** The job behind a kill switch. Killed in the middle or run twice, it goes on where the rows stand. */
export async function endKilledGrants(
  { workspaceId, killId }: JobPayloads["oauth.kill"],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  while (await endPortion(workspaceId, killId)) signal.throwIfAborted();
}

/** How far a kill switch is. */
export interface KillProgress {
  readonly id: string;
  readonly reach: Kill["reach"];
  readonly appId: string | null;
  readonly appName: string | null;
  readonly total: number;
  readonly ended: number;
  readonly isFinished: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
}

const shownMax = 20;

/**
 * The kill switches that still work or ended in the last ten minutes, the newest first: those that a publisher pulled by
 * deleting apps, or those of the workspace that uses them.
 */
export async function listKills(
  ctx: Context,
  of: "publisher" | "workspace",
): Promise<readonly KillProgress[]> {
  if (of === "publisher") requirePermission(ctx, "api-keys:read", "all");
  else requirePermission(ctx, "organization:update", "all");
  const query = pool();
  const rows = await query<
    {
      id: string;
      reach: Kill["reach"];
      app_id: string | null;
      app_name: string | null;
      total: number;
      ended: number;
      finished_at: string | null;
      started_at: string;
    }[]
  >`select k.id, k.reach, k.app_id, a.name as app_name, k.total, k.ended, k.finished_at,
      ${utcText(query`k.created_at`)} as started_at
    from oauth_kills k left join oauth_apps a on a.id = k.app_id
    where k.workspace_id = ${ctx.principal.workspaceId} and k.total > 0 and (k.reach = 'app') = ${of === "publisher"}
      and (k.finished_at is null or k.finished_at > now() - interval '10 minutes')
    order by k.created_at desc, k.id desc limit ${shownMax}`;
  return rows.map((row) => ({
    id: row.id,
    reach: row.reach,
    appId: row.app_id,
    appName: row.app_name,
    total: row.total,
    ended: row.ended,
    isFinished: row.finished_at !== null,
    startedAt: row.started_at,
  }));
}
