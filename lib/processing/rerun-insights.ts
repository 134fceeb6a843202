import { and, eq, inArray, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { insightRuns } from "@/db/schema/insights";
import { meetings } from "@/db/schema/meetings";
import type { Analyst, InsightQuestion } from "@/lib/analysis/analyst";
import { AnalystError } from "@/lib/analysis/analyst-error";
import { selectAnalyst } from "@/lib/analysis/select-analyst";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { emitAll } from "@/lib/events/emit";
import { nextOfRun, questionsOfRun, type RunStep } from "@/lib/insights/service";
import { enqueue } from "@/lib/jobs/enqueue";
import { analysisInputFor } from "@/lib/processing/analysis-input";
import { storeAnswers } from "@/lib/processing/answers-step";
import { askInsights } from "@/lib/processing/ask-insights";
import { readStored } from "@/lib/processing/transcribe-step";

// Asks definitions again of meetings of the past. A job does a slice of the run and sends the next one, so that runs of
// several workspaces take turns. A meeting's answers, the run's cursor and the events are one transaction: a job that
// was killed goes on behind the last meeting, and of two that run at once one gives way.

type Run = typeof insightRuns.$inferSelect;

const sliceMax = 20;
const ourTrouble =
  "Asking again stopped on our side. Start it again for the meetings without an answer; if it stays, write to support.";

const isRun = (run: Pick<Run, "id" | "workspaceId">) =>
  and(eq(insightRuns.workspaceId, run.workspaceId), eq(insightRuns.id, run.id));

async function claim(workspaceId: string, runId: string): Promise<Run | null> {
  const [run] = await db()
    .update(insightRuns)
    .set({ status: "running", startedAt: sql`coalesce(${insightRuns.startedAt}, now())` })
    .where(
      and(isRun({ workspaceId, id: runId }), inArray(insightRuns.status, ["queued", "running"])),
    )
    .returning();
  return run ?? null;
}

async function end(
  run: Pick<Run, "id" | "workspaceId">,
  status: "completed" | "failed",
  message: string | null,
): Promise<void> {
  await db()
    .update(insightRuns)
    .set({ status, message, endedAt: new Date() })
    .where(and(isRun(run), inArray(insightRuns.status, ["queued", "running"])));
}

/** True while the run goes on and nobody else has come further: its row is locked then. */
async function holds(tx: Tx, run: Run, cursor: Run["cursor"]): Promise<boolean> {
  const [row] = await tx
    .select({ status: insightRuns.status, cursor: insightRuns.cursor })
    .from(insightRuns)
    .where(isRun(run))
    .for("update");
  return row?.status === "running" && row.cursor?.id === cursor?.id;
}

async function meetingOf(tx: Tx, workspaceId: string, id: string) {
  const [meeting] = await tx
    .select({
      id: meetings.id,
      workspaceId: meetings.workspaceId,
      title: meetings.title,
      date: meetings.date,
    })
    .from(meetings)
    .where(
      and(
        eq(meetings.workspaceId, workspaceId),
        eq(meetings.id, id),
        eq(meetings.status, "processed"),
      ),
    )
    .for("key share");
  return meeting ?? null;
}

/** The answers of one meeting; none where it was deleted or is being processed again. */
async function ask(
  analyst: Analyst,
  run: Run,
  step: RunStep,
  questions: readonly InsightQuestion[],
  signal: AbortSignal,
) {
  const meeting = await meetingOf(db(), run.workspaceId, step.meetingId);
  const transcript = meeting && (await readStored(meeting));
  if (!meeting || !transcript) return [];
  const asked = questions.filter(({ id }) => step.insightIds.includes(id));
  const input = await analysisInputFor(meeting, transcript, asked);
  return askInsights(analyst, input, { signal });
}

/** One meeting of the run. @returns false when the run was cancelled or another job has come further. */
async function advance(
  analyst: Analyst,
  run: Run,
  cursor: Run["cursor"],
  step: RunStep,
  questions: readonly InsightQuestion[],
  signal: AbortSignal,
): Promise<boolean> {
  const answers = await ask(analyst, run, step, questions, signal);
  const { workspaceId } = run;
  return db().transaction(async (tx) => {
    if (!(await holds(tx, run, cursor))) return false;
    // Deleted or processed anew while it was asked: its answers are nobody's or come by themselves.
    const isThere = (await meetingOf(tx, workspaceId, step.meetingId)) !== null;
    if (isThere) {
      const facts = await storeAnswers(
        tx,
        {
          workspaceId,
          meetingId: step.meetingId,
          questions,
          answers,
          engine: { ...analyst.engine },
        },
        { keepAnswered: true },
      );
      await emitAll(tx, facts);
    }
    const hasFailed = answers.some(({ status }) => status === "failed");
    await tx
      .update(insightRuns)
      .set({
        done: sql`${insightRuns.done} + 1`,
        failed: sql`${insightRuns.failed} + ${isThere && hasFailed ? 1 : 0}`,
        cursor: { date: step.date, id: step.meetingId },
      })
      .where(isRun(run));
    return true;
  });
}

async function runSlice(run: Run, signal: AbortSignal): Promise<void> {
  const analyst = selectAnalyst({ llm: env().llm });
  const { workspaceId } = run;
  const { scope } = await questionsOfRun(run);
  const wanted = Math.min(sliceMax, Math.max(0, run.total - run.done));
  const steps = await nextOfRun(scope, run.cursor, wanted);
  let { cursor } = run;
  for (const step of steps) {
    signal.throwIfAborted();
    // Each meeting is asked what the definitions say then: they can be edited and disabled while a run goes on.
    const { questions } = await questionsOfRun(run);
    if (!(await advance(analyst, run, cursor, step, questions, signal))) return;
    cursor = { date: step.date, id: step.meetingId };
  }
  const isOver = steps.length < sliceMax || run.done + steps.length >= run.total;
  if (isOver) return end(run, "completed", null);
  await enqueue(db(), "insights.rerun", { workspaceId, runId: run.id });
}

/**
 * A slice of a run. An engine that cannot be used ends the run with its reason; one that is out of reach is tried again
 * later, and after the last attempt ends it too. What has been answered stays.
 */
export async function rerunInsights(
  target: { readonly workspaceId: string; readonly runId: string },
  job: { readonly signal: AbortSignal; readonly isLastAttempt: boolean },
): Promise<void> {
  const run = await claim(target.workspaceId, target.runId);
  if (!run) return;
  try {
    await runSlice(run, job.signal);
  } catch (error) {
    const isPermanent = error instanceof AnalystError && error.kind === "permanent";
    if (!isPermanent && !job.isLastAttempt) throw error;
    log().error({ run: run.id, err: error }, "asking again was given up");
    await end(run, "failed", error instanceof AnalystError ? error.message : ourTrouble);
  }
}

interface StuckRun extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly is_given_up: boolean;
}

/**
 * Finds runs that wait without a job and gives them one; one whose job used up its attempts without a word is ended.
 * @returns how many got a job.
 */
export async function requeueStuckRuns(): Promise<number> {
  const rows = await db().execute<StuckRun>(sql`
    select n.id, n.workspace_id, exists (
        select 1 from pgboss.job j where j.name = 'insights.rerun' and j.state = 'failed'
          and j.data ->> 'runId' = n.id and j.completed_on >= n.updated_at) as is_given_up
    from insight_runs n
    where n.status in ('queued', 'running') and n.updated_at < now() - interval '1 minute'
      and not exists (select 1 from pgboss.job j where j.name = 'insights.rerun'
        and j.data ->> 'runId' = n.id and j.state in ('created', 'retry', 'active'))
    order by n.updated_at limit 100`);
  let requeued = 0;
  for (const { id, workspace_id: workspaceId, is_given_up: isGivenUp } of rows) {
    if (isGivenUp) {
      await end({ id, workspaceId }, "failed", ourTrouble);
      continue;
    }
    await enqueue(db(), "insights.rerun", { workspaceId, runId: id });
    requeued += 1;
  }
  return requeued;
}
