import { and, count, eq, inArray, ne, sql } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { allOf, utcText } from "@/db/fragments";
import { projects, projectTeams } from "@/db/schema/insights";
import { teams } from "@/db/schema/members";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { type Criterion, readCriteria } from "@/lib/insights/criteria";
import {
  type CreateProjectInput,
  type ProjectBasics,
  projectsMax,
  type SetCriteriaInput,
  type UpdateProjectInput,
} from "@/lib/insights/inputs";
import { meetingsThatMeet, projectConditions } from "@/lib/insights/queries";
import {
  lockProject,
  lockWorkspaceInsights,
  mayEditProject,
  requireMayEdit,
} from "@/lib/insights/rights";
import { languageTag } from "@/lib/transcripts/language-tag";

export interface ProjectTeam {
  readonly id: string;
  readonly name: string;
}

/** A project in the list; what is counted is what the caller may see (handbook D-71). */
export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** None means every team. */
  readonly teams: readonly ProjectTeam[];
  readonly definitions: number;
  readonly active: number;
  readonly results: number;
  /** ISO 8601, of the newest answer. */
  readonly lastResultAt: string | null;
}

export interface ProjectDetail extends ProjectSummary {
  readonly language: string | null;
  readonly knowledge: string;
  readonly criteria: readonly Criterion[];
  readonly mayEdit: boolean;
}

interface ProjectRow extends Omit<ProjectDetail, "criteria" | "mayEdit"> {
  readonly criteria: Record<string, unknown>[];
}

async function readProjects(ctx: Context, id: string | null): Promise<readonly ProjectRow[]> {
  const sql = pool();
  const where = projectConditions(ctx);
  if (id !== null) where.push(sql`pr.id = ${id}`);
  const answered = allOf([
    sql`i.project_id = pr.id and r.status = 'answered'`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ]);
  return sql<ProjectRow[]>`
    select pr.id, pr.name, pr.description, pr.language, pr.knowledge, pr.criteria,
      (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by lower(t.name)), '[]')
        from project_teams pt join teams t on t.id = pt.team_id where pt.project_id = pr.id) as teams,
      (select count(*)::int from insights i where i.project_id = pr.id) as definitions,
      (select count(*)::int from insights i where i.project_id = pr.id and i.active) as active,
      a.results, ${utcText(sql`a.last`)} as "lastResultAt"
    from projects pr, lateral (
      select count(*)::int as results, max(r.generated_at) as last
      from insights i join insight_results r on r.insight_id = i.id
      join meetings m on m.id = r.meeting_id where ${answered}) a
    where ${allOf(where)} order by lower(pr.name), pr.id limit ${projectsMax}`;
}

/** The projects that the caller may see, by name; at most 100, as many as a workspace may have. */
export function listProjects(ctx: Context): Promise<readonly ProjectSummary[]> {
  return readProjects(ctx, null);
}

/** One project, or `not_found`. */
export async function getProject(ctx: Context, id: string): Promise<ProjectDetail> {
  const [row] = await readProjects(ctx, id);
  if (!row) throw notFound("Insight project");
  return {
    ...row,
    criteria: readCriteria(row.criteria),
    mayEdit: mayEditProject(
      ctx.principal,
      row.teams.map((team) => team.id),
    ),
  };
}

/** How many processed meetings that the caller may see belong to the project's teams, and how many meet its criteria. */
export async function countMeetings(
  ctx: Context,
  project: Pick<ProjectDetail, "criteria" | "teams">,
): Promise<{ readonly all: number; readonly met: number }> {
  const sql = pool();
  const teamIds = project.teams.map((team) => team.id);
  const conditions = [
    sql`m.workspace_id = ${ctx.principal.workspaceId} and m.status = 'processed'`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
    ...(teamIds.length === 0 ? [] : [sql`m.team_id = any(${teamIds})`]),
  ];
  const [row] = await sql<{ all: number; met: number }[]>`
    select count(*)::int as all, (count(*) filter (where ${meetingsThatMeet(project.criteria)}))::int as met
    from meetings m where ${allOf(conditions)}`;
  return row ?? { all: 0, met: 0 };
}

async function requireFreeName(tx: Tx, ctx: Context, name: string, except: string | null) {
  const [taken] = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(
      and(
        eq(projects.workspaceId, ctx.principal.workspaceId),
        sql`lower(${projects.name}) = lower(${name})`,
        except === null ? undefined : ne(projects.id, except),
      ),
    );
  if (!taken) return;
  const message = `There is a project named “${name}” already`;
  throw invalidRequest(message, { name: `${message}.` }, "Choose another name.");
}

async function requireTeams(tx: Tx, ctx: Context, teamIds: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(teamIds)];
  if (wanted.length === 0) return [];
  const found = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspaceId, ctx.principal.workspaceId), inArray(teams.id, wanted)))
    // A team that is being deleted is waited for.
    .for("key share");
  if (found.length === wanted.length) return wanted;
  throw invalidRequest("A team does not exist", {
    team_ids: "One of these teams is not in this workspace any more. Choose again.",
  });
}

function basicsOf({ name, description, knowledge, language }: ProjectBasics) {
  const tag = language === "" ? null : languageTag(language);
  if (tag === undefined) {
    throw invalidRequest("The language is not known", {
      language: "Enter a language such as German, or a tag such as de or pt-BR.",
    });
  }
  return { name, description, knowledge, language: tag };
}

async function setTeams(tx: Tx, ctx: Context, projectId: string, teamIds: readonly string[]) {
  const { workspaceId } = ctx.principal;
  await tx
    .delete(projectTeams)
    .where(and(eq(projectTeams.workspaceId, workspaceId), eq(projectTeams.projectId, projectId)));
  if (teamIds.length === 0) return;
  await tx
    .insert(projectTeams)
    .values(teamIds.map((teamId) => ({ workspaceId, projectId, teamId })));
}

/** Makes a project; names are unique in a workspace, whatever their capitals. */
export async function createProject(
  ctx: Context,
  input: CreateProjectInput,
): Promise<{ readonly id: string }> {
  requireMayEdit(ctx, input.team_ids);
  const { workspaceId } = ctx.principal;
  const values = basicsOf(input);
  return db().transaction(async (tx) => {
    await lockWorkspaceInsights(tx, workspaceId);
    await requireFreeName(tx, ctx, input.name, null);
    const teamIds = await requireTeams(tx, ctx, input.team_ids);
    const [counted] = await tx
      .select({ n: count() })
      .from(projects)
      .where(eq(projects.workspaceId, workspaceId));
    const used = counted?.n ?? 0;
    if (used >= projectsMax) {
      throw new AppError("quota_exceeded", `A workspace has at most ${projectsMax} projects`, {
        details: { limit: projectsMax, used },
        fix: "Delete a project that is no longer needed.",
      });
    }
    const [project] = await tx
      .insert(projects)
      .values({ ...values, workspaceId })
      .returning({ id: projects.id });
    if (!project) throw new Error("the project was not inserted");
    await setTeams(tx, ctx, project.id, teamIds);
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight_project.created",
      target: { type: "insight_project", id: project.id, label: input.name },
    });
    return project;
  });
}

async function change(
  tx: Tx,
  ctx: Context,
  project: { readonly id: string; readonly name: string },
  values: Partial<typeof projects.$inferInsert>,
  changed: string,
): Promise<void> {
  await tx
    .update(projects)
    .set({ ...values, updatedAt: new Date() })
    .where(and(eq(projects.workspaceId, ctx.principal.workspaceId), eq(projects.id, project.id)));
  await recordAudit(tx, ctx, {
    category: "insights",
    action: "insight_project.updated",
    target: { type: "insight_project", id: project.id, label: values.name ?? project.name },
    metadata: { changed },
  });
}

/** Changes name, description, language and knowledge. */
export async function updateProject(ctx: Context, input: UpdateProjectInput): Promise<void> {
  const values = basicsOf(input);
  await db().transaction(async (tx) => {
    await lockWorkspaceInsights(tx, ctx.principal.workspaceId);
    const project = await lockProject(tx, ctx, input.id);
    await requireFreeName(tx, ctx, input.name, project.id);
    await change(tx, ctx, project, values, "basics");
  });
}

/** Changes for whom it is; none of the teams means everybody. Old answers stay and follow the new teams. */
export async function setProjectTeams(
  ctx: Context,
  input: { readonly id: string; readonly team_ids: readonly string[] },
): Promise<void> {
  await db().transaction(async (tx) => {
    const project = await lockProject(tx, ctx, input.id);
    requireMayEdit(ctx, input.team_ids);
    const teamIds = await requireTeams(tx, ctx, input.team_ids);
    await setTeams(tx, ctx, project.id, teamIds);
    await change(tx, ctx, project, {}, "teams");
  });
}

/** Changes which meetings are asked about from now on. */
export async function setCriteria(ctx: Context, input: SetCriteriaInput): Promise<void> {
  await db().transaction(async (tx) => {
    const project = await lockProject(tx, ctx, input.id);
    await change(tx, ctx, project, { criteria: input.criteria }, "criteria");
  });
}

/** Deletes a project with its definitions, their answers and its runs. */
export async function deleteProject(ctx: Context, input: { readonly id: string }): Promise<void> {
  await db().transaction(async (tx) => {
    const project = await lockProject(tx, ctx, input.id);
    await tx
      .delete(projects)
      .where(and(eq(projects.workspaceId, ctx.principal.workspaceId), eq(projects.id, project.id)));
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight_project.deleted",
      target: { type: "insight_project", id: project.id, label: project.name },
    });
  });
}
