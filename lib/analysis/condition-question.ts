import type { Condition, InsightQuestion } from "./analyst";

/** A condition as the question that is asked to judge it. */
export function conditionQuestion(condition: Condition, id: string): InsightQuestion {
  const { question } = condition;
  const common = { id, name: question, question };
  return condition.kind === "boolean"
    ? { ...common, type: "yes_no", options: {} }
    : { ...common, type: "checklist", options: { items: condition.any } };
}
