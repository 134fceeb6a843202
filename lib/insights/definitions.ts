import { and, count, eq, ne, sql } from "drizzle-orm";
import { db, pool, type Tx } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import { insightResults, insights } from "@/db/schema/insights";
import type { InsightQuestion } from "@/lib/analysis/analyst";
import { needsLanguageModel } from "@/lib/analysis/rules/needs-language-model";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { env } from "@/lib/core/env";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import type { InsightType } from "@/lib/core/insight-types";
import { judgedCriteria, readCriteria } from "@/lib/insights/criteria";
import {
  type CreateInsightInput,
  type DefinitionInput,
  insightsOfProjectMax,
  type UpdateInsightInput,
} from "@/lib/insights/inputs";
import { insightConditions } from "@/lib/insights/queries";
import { lockInsight, lockProject, lockWorkspaceInsights } from "@/lib/insights/rights";
import { activeInsightsMax } from "@/lib/insights/service";

/** A definition as its project's page shows and edits it. */
export interface DefinitionView {
  readonly id: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly name: string;
  readonly type: InsightType;
  readonly question: string;
  readonly desiredOutcome: string;
  readonly context: string;
  readonly options: {
    readonly scaleMin?: number;
    readonly scaleMax?: number;
    readonly items?: string[];
  };
  readonly active: boolean;
  /** Answers that the caller may see. */
  readonly results: number;
  readonly lastResultAt: string | null;
  /** The engine at work cannot answer it, or cannot tell of which meetings its project asks. */
  readonly needsModel: boolean;
}

/** True when a language model is configured. */
export function hasLanguageModel(): boolean {
  return env().llm !== null;
}

/** True for a question that stays open until a language model is configured, where its criteria let it be asked. */
export function isOpenWithoutModel(question: InsightQuestion): boolean {
  return !hasLanguageModel() && needsLanguageModel(question);
}

interface DefinitionRow extends Omit<DefinitionView, "needsModel"> {
  /** Of its project. */
  readonly criteria: Record<string, unknown>[];
}

async function readDefinitions(
  ctx: Context,
  conditions: readonly Fragment[],
): Promise<readonly DefinitionView[]> {
  const sql = pool();
  const answered = allOf([
    sql`r.insight_id = i.id and r.status = 'answered'`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ]);
  const rows = await sql<DefinitionRow[]>`
    select i.id, json_build_object('id', pr.id, 'name', pr.name) as project, pr.criteria,
      i.name, i.type, i.question, i.desired_outcome as "desiredOutcome", i.context,
      i.options, i.active, a.results, ${utcText(sql`a.last`)} as "lastResultAt"
    from insights i join projects pr on pr.id = i.project_id, lateral (
      select count(*)::int as results, max(r.generated_at) as last
      from insight_results r join meetings m on m.id = r.meeting_id where ${answered}) a
    where ${allOf(conditions)} order by i.created_at, i.id limit ${insightsOfProjectMax}`;
  return rows.map(({ criteria, ...row }) => ({
    ...row,
    needsModel: isOpenWithoutModel({ ...row, onlyIf: judgedCriteria(readCriteria(criteria)) }),
  }));
}

/** The definitions of a project that the caller may see, the oldest first. */
export function listDefinitions(
  ctx: Context,
  projectId: string,
): Promise<readonly DefinitionView[]> {
  return readDefinitions(ctx, insightConditions(ctx, { project_id: projectId }));
}

/** One definition, or `not_found`. */
export async function getDefinition(ctx: Context, id: string): Promise<DefinitionView> {
  const conditions = [...insightConditions(ctx, {}), pool()`i.id = ${id}`];
  const [definition] = await readDefinitions(ctx, conditions);
  if (!definition) throw notFound("Insight");
  return definition;
}

function optionsOf({ type, scale_min, scale_max, items }: DefinitionInput) {
  if (type === "scale") return { scaleMin: scale_min, scaleMax: scale_max };
  const hasItems = type === "checklist" || type === "yes_no" || type === "competitors_analysis";
  return hasItems && items.length > 0 ? { items } : {};
}

function valuesOf(input: DefinitionInput) {
  return {
    name: input.name,
    type: input.type,
    question: input.question,
    desiredOutcome: input.desired_outcome,
    context: input.context,
    options: optionsOf(input),
  };
}

async function requireFreeName(
  tx: Tx,
  projectId: string,
  name: string,
  except: string | null,
): Promise<void> {
  const [taken] = await tx
    .select({ id: insights.id })
    .from(insights)
    .where(
      and(
        eq(insights.projectId, projectId),
        sql`lower(${insights.name}) = lower(${name})`,
        except === null ? undefined : ne(insights.id, except),
      ),
    );
  if (!taken) return;
  const message = `The project has an insight named “${name}” already`;
  throw invalidRequest(message, { name: `${message}.` }, "Choose another name.");
}

function tooMany(limit: number, used: number, where: string, fix: string): AppError {
  return new AppError("quota_exceeded", `${where} has at most ${limit}`, {
    details: { limit, used },
    fix,
  });
}

/** All of them are asked of a meeting, so their number is bounded. */
async function requireRoomForActive(tx: Tx, workspaceId: string): Promise<void> {
  const [counted] = await tx
    .select({ n: count() })
    .from(insights)
    .where(and(eq(insights.workspaceId, workspaceId), eq(insights.active, true)));
  const used = counted?.n ?? 0;
  if (used < activeInsightsMax) return;
  throw tooMany(
    activeInsightsMax,
    used,
    "The number of active insights is limited: a workspace",
    "Disable one that is no longer needed.",
  );
}

const target = ({ id, name }: { readonly id: string; readonly name: string }) =>
  ({ type: "insight", id, label: name }) as const;

/** Adds a definition; it is asked of meetings that are processed from now on. */
export async function createInsight(
  ctx: Context,
  input: CreateInsightInput,
): Promise<{ readonly id: string }> {
  const { workspaceId } = ctx.principal;
  return db().transaction(async (tx) => {
    await lockWorkspaceInsights(tx, workspaceId);
    const project = await lockProject(tx, ctx, input.project_id);
    await requireFreeName(tx, project.id, input.name, null);
    const [counted] = await tx
      .select({ n: count() })
      .from(insights)
      .where(and(eq(insights.workspaceId, workspaceId), eq(insights.projectId, project.id)));
    const used = counted?.n ?? 0;
    if (used >= insightsOfProjectMax) {
      throw tooMany(
        insightsOfProjectMax,
        used,
        "The number of insights is limited: a project",
        "Delete one that is no longer needed, or make another project.",
      );
    }
    await requireRoomForActive(tx, workspaceId);
    const [insight] = await tx
      .insert(insights)
      .values({ ...valuesOf(input), workspaceId, projectId: project.id })
      .returning({ id: insights.id });
    if (!insight) throw new Error("the insight was not inserted");
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight.created",
      target: target({ ...insight, name: input.name }),
      metadata: { project: project.name, type: input.type },
    });
    return insight;
  });
}

async function hasAnswers(tx: Tx, insightId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: insightResults.id })
    .from(insightResults)
    .where(and(eq(insightResults.insightId, insightId), eq(insightResults.status, "answered")))
    .limit(1);
  return row !== undefined;
}

/** Changes a definition. Answers of the past stay as they are; its type stays too once there are any. */
export async function updateInsight(ctx: Context, input: UpdateInsightInput): Promise<void> {
  await db().transaction(async (tx) => {
    const { insight, project } = await lockInsight(tx, ctx, input.id);
    await requireFreeName(tx, project.id, input.name, insight.id);
    if (input.type !== insight.type && (await hasAnswers(tx, insight.id))) {
      throw invalidRequest("The type of an insight with answers cannot change", {
        type: "Its answers are of this type. Add another insight, and disable this one.",
      });
    }
    await tx
      .update(insights)
      .set(valuesOf(input))
      .where(and(eq(insights.workspaceId, ctx.principal.workspaceId), eq(insights.id, insight.id)));
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight.updated",
      target: target({ id: insight.id, name: input.name }),
      metadata: { project: project.name },
    });
  });
}

/** Enables or disables a definition; a disabled one is asked of no meeting, and its answers stay. */
export async function setInsightActive(
  ctx: Context,
  { id, active }: { readonly id: string; readonly active: boolean },
): Promise<void> {
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    await lockWorkspaceInsights(tx, workspaceId);
    const { insight, project } = await lockInsight(tx, ctx, id);
    if (insight.active === active) return;
    if (active) await requireRoomForActive(tx, workspaceId);
    await tx
      .update(insights)
      .set({ active })
      .where(and(eq(insights.workspaceId, workspaceId), eq(insights.id, id)));
    await recordAudit(tx, ctx, {
      category: "insights",
      action: active ? "insight.enabled" : "insight.disabled",
      target: target(insight),
      metadata: { project: project.name },
    });
  });
}

/** Deletes a definition with all its answers. */
export async function deleteInsight(ctx: Context, { id }: { readonly id: string }): Promise<void> {
  await db().transaction(async (tx) => {
    const { insight, project } = await lockInsight(tx, ctx, id);
    await tx
      .delete(insights)
      .where(and(eq(insights.workspaceId, ctx.principal.workspaceId), eq(insights.id, id)));
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight.deleted",
      target: target(insight),
      metadata: { project: project.name },
    });
  });
}
