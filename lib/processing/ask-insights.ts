import type {
  AnalysisInput,
  Analyst,
  Condition,
  InsightAnswer,
  InsightQuestion,
} from "@/lib/analysis/analyst";
import { conditionQuestion } from "@/lib/analysis/condition-question";

// Questions of a project with Boolean or Category criteria (handbook 20.1) are asked in two steps: whether the meeting
// is one of those that they are about, then they themselves.

type Verdict =
  | { readonly status: "met" | "missed" }
  | { readonly status: "needs_language_model" | "failed"; readonly reason: string };

const keyOf = (condition: Condition) => JSON.stringify(condition);

function verdictOf(answer: InsightAnswer | undefined): Verdict {
  if (answer === undefined) return { status: "failed", reason: "The engine gave no answer." };
  if (answer.status !== "answered") return answer;
  const { value } = answer;
  const isMet = Array.isArray(value) ? value.some(({ done }) => done) : value === true;
  return { status: isMet ? "met" : "missed" };
}

async function judge(
  analyst: Analyst,
  input: AnalysisInput,
  context: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Verdict>> {
  const conditions = new Map(
    input.insights.flatMap(({ onlyIf = [] }) => onlyIf.map((one) => [keyOf(one), one])),
  );
  if (conditions.size === 0) return new Map();
  const questions = [...conditions.values()].map((condition, index) =>
    conditionQuestion(condition, `criterion_${index + 1}`),
  );
  const answers = await analyst.answer({ ...input, insights: questions }, context);
  const byId = new Map(answers.map((answer) => [answer.insightId, answer]));
  return new Map(
    [...conditions.keys()].map((key, index) => [
      key,
      verdictOf(byId.get(questions[index]?.id ?? "")),
    ]),
  );
}

/**
 * Asks what applies to the meeting. A question whose criterion the meeting misses has no answer; one whose criterion
 * could not be judged says so in its place. Rejects as `Analyst.answer` does.
 */
export async function askInsights(
  analyst: Analyst,
  input: AnalysisInput,
  context: { readonly signal: AbortSignal },
): Promise<readonly InsightAnswer[]> {
  const verdicts = await judge(analyst, input, context);
  const asked: InsightQuestion[] = [];
  const unjudged: InsightAnswer[] = [];
  for (const question of input.insights) {
    const found = (question.onlyIf ?? []).map((one) => verdicts.get(keyOf(one)));
    if (found.some((verdict) => verdict?.status === "missed")) continue;
    const open = found.find((verdict) => verdict !== undefined && verdict.status !== "met");
    if (open === undefined) asked.push(question);
    else if ("reason" in open) {
      const { status, reason } = open;
      unjudged.push({
        insightId: question.id,
        status,
        reason: `Whether the project asks about this meeting could not be judged. ${reason}`,
      });
    }
  }
  const answers =
    asked.length === 0 ? [] : await analyst.answer({ ...input, insights: asked }, context);
  return [...answers, ...unjudged];
}
