import type { InsightType } from "@/lib/core/insight-types";
import type { DefinitionView } from "@/lib/insights/definitions";

/** What the form holds; text as its controls have it. */
export interface DefinitionDraft {
  readonly name: string;
  readonly type: InsightType;
  readonly question: string;
  readonly desiredOutcome: string;
  readonly context: string;
  readonly scaleMin: string;
  readonly scaleMax: string;
  /** One a line. */
  readonly items: string;
}

/** The form of a new question, or of one that is there. */
export function draftOf(definition: DefinitionView | null): DefinitionDraft {
  const options: DefinitionView["options"] = definition?.options ?? {};
  return {
    name: definition?.name ?? "",
    type: definition?.type ?? "yes_no",
    question: definition?.question ?? "",
    desiredOutcome: definition?.desiredOutcome ?? "",
    context: definition?.context ?? "",
    scaleMin: String(options.scaleMin ?? 1),
    scaleMax: String(options.scaleMax ?? 10),
    items: (options.items ?? []).join("\n"),
  };
}

/** The types whose question comes with a list. */
export function hasItems(type: InsightType): boolean {
  return type === "checklist" || type === "competitors_analysis" || type === "yes_no";
}

/** The draft as the service takes it; what is no number stays none, so that the service can say so. */
export function inputOf(draft: DefinitionDraft) {
  const isScale = draft.type === "scale";
  const numberOf = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));
  return {
    name: draft.name,
    type: draft.type,
    question: draft.question,
    desired_outcome: draft.desiredOutcome,
    context: draft.context,
    scale_min: isScale ? numberOf(draft.scaleMin) : 1,
    scale_max: isScale ? numberOf(draft.scaleMax) : 10,
    items: hasItems(draft.type)
      ? draft.items.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
      : [],
  };
}

/** Why a type may stay open without a language model. */
export function modelNeed(type: InsightType): { readonly always: boolean; readonly words: string } {
  switch (type) {
    case "yes_no":
      return {
        always: false,
        words:
          "The built-in engine answers questions about whether something came up, such as “Was pricing discussed?”. Anything that takes judgement waits for a language model.",
      };
    case "checklist":
      return {
        always: false,
        words:
          "The built-in engine checks items that are words to be mentioned, under a question such as “Which of these were mentioned?”. Anything that takes judgement waits for a language model.",
      };
    case "competitors_analysis":
      return {
        always: false,
        words:
          "The built-in engine looks for the names that you list; without names, the question waits for a language model.",
      };
    case "summary":
      return {
        always: false,
        words:
          "The built-in engine answers with its outline of the meeting, whatever the question. A summary under your own question takes a language model.",
      };
    default:
      return {
        always: true,
        words:
          "This type takes judgement that the built-in engine does not have. Until one is connected, its answers say so.",
      };
  }
}
