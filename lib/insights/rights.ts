import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { insights, projects, projectTeams } from "@/db/schema/insights";
import type { Context, Principal } from "@/lib/auth/principal";
import { AppError, notFound } from "@/lib/core/errors";

/** True when the principal's reach for editing takes in a project for these teams; none means everybody. */
export function mayEditProject(principal: Principal, teamIds: readonly string[]): boolean {
  const reach = principal.grants["insights:update"];
  if (reach === "all") return true;
  return (
    reach === "team" &&
    teamIds.length > 0 &&
    teamIds.every((teamId) => principal.teamIds.includes(teamId))
  );
}

/** Refuses a project for teams that are not all the principal's own. */
export function requireMayEdit(ctx: Context, teamIds: readonly string[]): void {
  if (mayEditProject(ctx.principal, teamIds)) return;
  throw new AppError("forbidden", "Your role does not let you change this project", {
    details: { required_permission: "insights:update:all" },
    fix: "Choose teams that you are in, or ask an admin of the workspace to do it.",
  });
}

function maySeeProject(principal: Principal, teamIds: readonly string[]): boolean {
  if (principal.grants["insights:read"] === "all" || teamIds.length === 0) return true;
  return teamIds.some((teamId) => principal.teamIds.includes(teamId));
}

export type ProjectRow = typeof projects.$inferSelect & { readonly teamIds: readonly string[] };

/**
 * The project's row, locked until the transaction ends. `not_found` for one that the caller may not see, `forbidden`
 * for one that they may see but not change.
 */
export async function lockProject(tx: Tx, ctx: Context, id: string): Promise<ProjectRow> {
  const { workspaceId } = ctx.principal;
  const [row] = await tx
    .select()
    .from(projects)
    .where(and(eq(projects.workspaceId, workspaceId), eq(projects.id, id)))
    .for("update");
  if (!row) throw notFound("Insight project");
  const teamRows = await tx
    .select({ teamId: projectTeams.teamId })
    .from(projectTeams)
    .where(and(eq(projectTeams.workspaceId, workspaceId), eq(projectTeams.projectId, id)));
  const teamIds = teamRows.map(({ teamId }) => teamId);
  if (!maySeeProject(ctx.principal, teamIds)) throw notFound("Insight project");
  requireMayEdit(ctx, teamIds);
  return { ...row, teamIds };
}

/** A definition with its project, both locked; refused as the project is. */
export async function lockInsight(tx: Tx, ctx: Context, id: string) {
  const isIt = and(eq(insights.workspaceId, ctx.principal.workspaceId), eq(insights.id, id));
  const [found] = await tx.select({ projectId: insights.projectId }).from(insights).where(isIt);
  if (!found) throw notFound("Insight");
  // The project first, as everything does that changes one.
  const project = await lockProject(tx, ctx, found.projectId).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? notFound("Insight") : error;
  });
  const [insight] = await tx.select().from(insights).where(isIt).for("update");
  if (!insight) throw notFound("Insight");
  return { project, insight };
}

/** What is counted or must be unique within a workspace is changed by one at a time. */
export async function lockWorkspaceInsights(tx: Tx, workspaceId: string): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`insights:${workspaceId}`}, 0))`,
  );
}
