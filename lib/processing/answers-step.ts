import { and, eq, inArray, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { insightResults, insights } from "@/db/schema/insights";
import { type EngineRecord, meetings } from "@/db/schema/meetings";
import type {
  AnalysisInput,
  Analyst,
  InsightAnswer,
  InsightQuestion,
} from "@/lib/analysis/analyst";
import { AnalystError } from "@/lib/analysis/analyst-error";
import { matchMeeting } from "@/lib/calendar/service";
import { newId } from "@/lib/core/ids";
import { emitAll, type NewEvent } from "@/lib/events/emit";
import { askInsights } from "@/lib/processing/ask-insights";
import { advance, type Meeting } from "@/lib/processing/meeting-step";

/** The answers; an engine that cannot give any does not fail the meeting (handbook 17.3). */
export async function answerQuestions(
  analyst: Analyst,
  input: AnalysisInput,
  signal: AbortSignal,
  isLastAttempt: boolean,
): Promise<readonly InsightAnswer[]> {
  try {
    return await askInsights(analyst, input, { signal });
  } catch (error) {
    if (!(error instanceof AnalystError)) throw error;
    if (error.kind === "retryable" && !isLastAttempt) throw error;
    return input.insights.map((question) => ({
      insightId: question.id,
      status: "failed",
      reason: error.message,
    }));
  }
}

function resultRow(answer: InsightAnswer) {
  if (answer.status === "answered") {
    return {
      status: answer.status,
      value: answer.value,
      score: answer.score ?? null,
      explanation: answer.explanation ?? null,
      evidence: answer.evidence.map(({ turn }) => ({ turn })),
    };
  }
  return {
    status: answer.status,
    value: null,
    score: null,
    explanation: answer.reason,
    evidence: [],
  };
}

interface Answered {
  readonly workspaceId: string;
  readonly meetingId: string;
  readonly questions: readonly InsightQuestion[];
  readonly answers: readonly InsightAnswer[];
  readonly engine: EngineRecord;
}

/**
 * Writes answers, one row for each question and meeting: a new one replaces the row. Questions that were deleted
 * meanwhile, or have become of another type, are left out. With `keepAnswered` an answer stays where the engine gave none this time.
 * @returns what to tell of it: one event for each answer.
 */
export async function storeAnswers(
  tx: Tx,
  { workspaceId, meetingId, questions, answers, engine }: Answered,
  { keepAnswered }: { readonly keepAnswered: boolean },
): Promise<NewEvent[]> {
  const ids = answers.map(({ insightId }) => insightId);
  if (ids.length === 0) return [];
  const there = await tx
    .select({ id: insights.id, type: insights.type })
    .from(insights)
    .where(and(eq(insights.workspaceId, workspaceId), inArray(insights.id, ids)))
    // Nobody deletes or changes one until its answer is written.
    .for("key share");
  const typeNow = new Map(there.map(({ id, type }) => [id, type]));
  const byId = new Map(questions.map((question) => [question.id, question]));
  const facts: NewEvent[] = [];
  for (const answer of answers) {
    const question = byId.get(answer.insightId);
    if (!question || typeNow.get(question.id) !== question.type) continue;
    const row = { ...resultRow(answer), engine, generatedAt: new Date() };
    const [result] = await tx
      .insert(insightResults)
      .values({
        id: newId("insightResult"),
        workspaceId,
        meetingId,
        insightId: question.id,
        ...row,
      })
      .onConflictDoUpdate({
        target: [insightResults.insightId, insightResults.meetingId],
        set: { ...row, runs: sql`${insightResults.runs} + 1` },
        ...(keepAnswered && answer.status !== "answered"
          ? { setWhere: sql`${insightResults.status} <> 'answered'` }
          : {}),
      })
      .returning({ id: insightResults.id });
    if (answer.status !== "answered" || !result) continue;
    facts.push({
      workspaceId,
      type: "insight.generated",
      data: {
        insight_id: question.id,
        result_id: result.id,
        meeting_id: meetingId,
        name: question.name,
        type: question.type,
      },
    });
  }
  return facts;
}

/** Step three: the answers, the calendar event that it was, the events and the end, all in one transaction. */
export async function finish(
  meeting: Meeting,
  input: AnalysisInput,
  answers: readonly InsightAnswer[],
  engine: EngineRecord,
): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  await db().transaction(async (tx) => {
    const ended = await advance(tx, meeting, { status: "processed", stage: null, progress: 100 });
    if (!ended) return;
    // Before the event is written: whoever hears of it finds the attendees.
    await matchMeeting(tx, workspaceId, meetingId);
    const facts = await storeAnswers(
      tx,
      { workspaceId, meetingId, questions: input.insights, answers, engine },
      { keepAnswered: false },
    );
    const [done] = await tx
      .select({ title: meetings.title, duration: meetings.durationSeconds })
      .from(meetings)
      .where(and(eq(meetings.id, meetingId), eq(meetings.workspaceId, workspaceId)));
    facts.push({
      workspaceId,
      type: "meeting.processed",
      data: {
        meeting_id: meetingId,
        title: done?.title ?? meeting.title,
        duration: done?.duration ?? 0,
      },
    });
    await emitAll(tx, facts);
  });
}
