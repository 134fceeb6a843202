import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { db, pool } from "@/db/client";
import { insightRuns } from "@/db/schema/insights";
import { users } from "@/db/schema/users";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility } from "@/lib/auth/visibility";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { isOpenWithoutModel } from "@/lib/insights/definitions";
import type { RunInput } from "@/lib/insights/inputs";
import { getProject } from "@/lib/insights/projects";
import { askedOfMeeting, runMeetings } from "@/lib/insights/queries";
import { lockProject, requireMayEdit } from "@/lib/insights/rights";
import type { RunFilter } from "@/lib/insights/run-filter";
import { type ProjectQuestion, questionsOfRun } from "@/lib/insights/service";
import { enqueue } from "@/lib/jobs/enqueue";

// Asking again (handbook 20.1: "reruns are explicit"): counted first, then done by the job `insights.rerun`.

/** Meetings that one run asks at most, the newest first. */
export const runMeetingsMax = 5000;

/** What a run would do. */
export interface RunCount {
  /** Meetings that would be asked. */
  readonly meetings: number;
  /** Meetings that fit; more than `meetings` when a run cannot take all. */
  readonly fitting: number;
  /** Questions times meetings. */
  readonly asks: number;
  /** Of these, what stays open until a language model is configured, at most: a criterion may leave a meeting out. */
  readonly needsModel: number;
}

export interface RunView {
  readonly id: string;
  readonly status: "queued" | "running" | "completed" | "cancelled" | "failed";
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly questions: number;
  readonly message: string | null;
  readonly requestedBy: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

function filterOf(ctx: Context, input: RunInput): RunFilter {
  return {
    from: input.from,
    to: input.to,
    teamIds: input.team_ids,
    onlyUnanswered: input.only_unanswered,
    visibility: meetingVisibility(ctx.principal),
  };
}

async function plan(ctx: Context, input: RunInput) {
  const { workspaceId } = ctx.principal;
  const filter = filterOf(ctx, input);
  const planned = await questionsOfRun({
    workspaceId,
    projectId: input.project_id,
    insightIds: input.insight_ids,
    filter,
  });
  if (planned.questions.length === new Set(input.insight_ids).size) return { ...planned, filter };
  throw invalidRequest("A question cannot be asked", {
    insight_ids: "One of these was disabled or deleted meanwhile. Choose again.",
  });
}

async function countPlan(
  scope: Awaited<ReturnType<typeof plan>>["scope"],
  questions: readonly ProjectQuestion[],
): Promise<RunCount> {
  const sql = pool();
  const where = runMeetings(scope);
  const [fitting] = await sql<{ n: number }[]>`
    select count(*)::int as n from meetings m where ${where}`;
  const asked = await sql<{ id: string; asks: number }[]>`
    select asked.id, count(*)::int as asks from (select m.* from meetings m where ${where}
      order by m.date desc, m.id desc limit ${runMeetingsMax}) m,
      lateral (${askedOfMeeting(scope)}) asked group by asked.id`;
  const open = new Set(questions.filter(isOpenWithoutModel).map(({ id }) => id));
  const sum = (rows: typeof asked | { asks: number }[]) =>
    rows.reduce((total, { asks }) => total + asks, 0);
  const n = fitting?.n ?? 0;
  return {
    meetings: Math.min(n, runMeetingsMax),
    fitting: n,
    asks: sum(asked),
    needsModel: sum(asked.filter(({ id }) => open.has(id))),
  };
}

/** The plan of a run with its count, for somebody who may edit the project. */
async function countedPlan(ctx: Context, input: RunInput) {
  const project = await getProject(ctx, input.project_id);
  requireMayEdit(
    ctx,
    project.teams.map(({ id }) => id),
  );
  const planned = await plan(ctx, input);
  return { ...planned, counted: await countPlan(planned.scope, planned.questions) };
}

/** What a run would ask; nothing is asked yet. */
export async function countRun(ctx: Context, input: RunInput): Promise<RunCount> {
  return (await countedPlan(ctx, input)).counted;
}

const unfinished = ["queued", "running"] as const;

/** Starts a run over the meetings as they are counted now. One at a time for each project. */
export async function startRun(ctx: Context, input: RunInput): Promise<{ readonly id: string }> {
  const { workspaceId, userId } = ctx.principal;
  const { scope, questions, filter, counted } = await countedPlan(ctx, input);
  return db().transaction(async (tx) => {
    const project = await lockProject(tx, ctx, input.project_id);
    const [other] = await tx
      .select({ id: insightRuns.id })
      .from(insightRuns)
      .where(
        and(
          eq(insightRuns.workspaceId, workspaceId),
          eq(insightRuns.projectId, project.id),
          inArray(insightRuns.status, [...unfinished]),
        ),
      );
    if (other) {
      throw new AppError("conflict", "The project is being asked already", {
        details: { reason: "run_in_progress", run_id: other.id },
        fix: "Wait until it is done, or stop it first.",
      });
    }
    if (counted.meetings === 0) {
      throw new AppError("conflict", "There is no meeting to ask", {
        details: { reason: "nothing_to_ask" },
        fix: "Choose other dates or teams, or include meetings that have an answer.",
      });
    }
    const [run] = await tx
      .insert(insightRuns)
      .values({
        workspaceId,
        projectId: project.id,
        insightIds: [...scope.insightIds],
        filter: { ...filter },
        total: counted.meetings,
        requestedBy: userId,
      })
      .returning({ id: insightRuns.id });
    if (!run) throw new Error("the run was not inserted");
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight_run.started",
      target: { type: "insight_project", id: project.id, label: project.name },
      metadata: { questions: questions.length, meetings: counted.meetings, run_id: run.id },
    });
    await enqueue(tx, "insights.rerun", { workspaceId, runId: run.id });
    return run;
  });
}

/** Stops a run after the meeting that is being asked; what has been answered stays. Stopped ones stay as they are. */
export async function cancelRun(ctx: Context, input: { readonly id: string }): Promise<void> {
  const { workspaceId } = ctx.principal;
  const isIt = and(eq(insightRuns.workspaceId, workspaceId), eq(insightRuns.id, input.id));
  await db().transaction(async (tx) => {
    const [run] = await tx
      .select({ projectId: insightRuns.projectId })
      .from(insightRuns)
      .where(isIt);
    if (!run) throw notFound("Run");
    const project = await lockProject(tx, ctx, run.projectId);
    const stopped = await tx
      .update(insightRuns)
      .set({ status: "cancelled", endedAt: ctx.now() })
      .where(and(isIt, inArray(insightRuns.status, [...unfinished])))
      .returning({ id: insightRuns.id });
    if (stopped.length === 0) return;
    await recordAudit(tx, ctx, {
      category: "insights",
      action: "insight_run.cancelled",
      target: { type: "insight_project", id: project.id, label: project.name },
      metadata: { run_id: input.id },
    });
  });
}

/** The newest run of a project that the caller may see; null where there was none. */
export async function newestRun(ctx: Context, projectId: string): Promise<RunView | null> {
  await getProject(ctx, projectId);
  const [run] = await db()
    .select({
      id: insightRuns.id,
      status: insightRuns.status,
      total: insightRuns.total,
      done: insightRuns.done,
      failed: insightRuns.failed,
      questions: sql<number>`cardinality(${insightRuns.insightIds})`,
      message: insightRuns.message,
      requestedBy: sql<string | null>`coalesce(${users.name}, ${users.email})`,
      createdAt: insightRuns.createdAt,
      endedAt: insightRuns.endedAt,
    })
    .from(insightRuns)
    .leftJoin(users, eq(users.id, insightRuns.requestedBy))
    .where(
      and(
        eq(insightRuns.workspaceId, ctx.principal.workspaceId),
        eq(insightRuns.projectId, projectId),
      ),
    )
    .orderBy(desc(insightRuns.createdAt), desc(insightRuns.id))
    .limit(1);
  if (!run) return null;
  return {
    ...run,
    createdAt: run.createdAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
  };
}
