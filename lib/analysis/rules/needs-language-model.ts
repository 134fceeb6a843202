import type { AnalysisInput, InsightQuestion, Summary } from "../analyst";
import { conditionQuestion } from "../condition-question";
import { answerByRules } from "./insight-answers";

const nothingSaid: AnalysisInput = {
  transcript: { turns: [], durationMs: 0, timing: "estimated", format: "txt" },
  meeting: { title: "", date: new Date(0), timeZone: "UTC", attendees: [] },
  insights: [],
};
const noSummary: Summary = { overview: "", topics: [], decisions: [], nextSteps: [] };

const takesJudgement = (question: InsightQuestion) =>
  answerByRules(nothingSaid, question, noSummary).status === "needs_language_model";

/**
 * True for a question that the offline rules refuse: it takes judgement, or one of its conditions does. A meeting that
 * misses another condition is not asked at all.
 */
export function needsLanguageModel(question: InsightQuestion): boolean {
  const { onlyIf = [] } = question;
  return [question, ...onlyIf.map((one) => conditionQuestion(one, question.id))].some(
    takesJudgement,
  );
}
