import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { insightResults } from "@/db/schema/insights";
import { type EngineRecord, meetings } from "@/db/schema/meetings";
import type { AnalysisInput, Analyst, InsightAnswer } from "@/lib/analysis/analyst";
import { AnalystError } from "@/lib/analysis/analyst-error";
import { matchMeeting } from "@/lib/calendar/service";
import { newId } from "@/lib/core/ids";
import { emitAll, type NewEvent } from "@/lib/events/emit";
import { advance, type Meeting } from "@/lib/processing/meeting-step";

/** The answers; an engine that cannot give any does not fail the meeting (handbook 17.3). */
export async function answerQuestions(
  analyst: Analyst,
  input: AnalysisInput,
  signal: AbortSignal,
  isLastAttempt: boolean,
): Promise<readonly InsightAnswer[]> {
  try {
    return await analyst.answer(input, { signal });
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

/** Step three: the answers, the calendar event that it was, the events and the end, all in one transaction. */
export async function finish(
  meeting: Meeting,
  input: AnalysisInput,
  answers: readonly InsightAnswer[],
  engine: EngineRecord,
): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  const byId = new Map(input.insights.map((question) => [question.id, question]));
  await db().transaction(async (tx) => {
    const ended = await advance(tx, meeting, { status: "processed", stage: null, progress: 100 });
    if (!ended) return;
    // Before the event is written: whoever hears of it finds the attendees.
    await matchMeeting(tx, workspaceId, meetingId);
    const facts: NewEvent[] = [];
    for (const answer of answers) {
      const question = byId.get(answer.insightId);
      if (!question) continue;
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
