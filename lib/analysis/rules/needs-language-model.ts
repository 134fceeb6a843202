import type { AnalysisInput, InsightQuestion, Summary } from "../analyst";
import { answerByRules } from "./insight-answers";

const nothingSaid: AnalysisInput = {
  transcript: { turns: [], durationMs: 0, timing: "estimated", format: "txt" },
  meeting: { title: "", date: new Date(0), timeZone: "UTC", attendees: [] },
  insights: [],
};
const noSummary: Summary = { overview: "", topics: [], decisions: [], nextSteps: [] };

/** True for a question that the offline rules refuse, whatever the meeting: it takes judgement. */
export function needsLanguageModel(question: InsightQuestion): boolean {
  return answerByRules(nothingSaid, question, noSummary).status === "needs_language_model";
}
