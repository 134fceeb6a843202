import type { Criterion } from "@/lib/insights/criteria";

export interface AttributeDraft {
  readonly name: string;
  readonly equals: string;
}

export interface CategoryDraft {
  readonly question: string;
  /** One a line. */
  readonly any: string;
}

/** What the form holds; text as its controls have it. */
export interface CriteriaDraft {
  /** Minutes. */
  readonly minLength: string;
  readonly maxLength: string;
  /** One a line. */
  readonly tags: string;
  readonly sources: readonly string[];
  readonly mediums: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly teams: readonly string[];
  readonly attributes: readonly AttributeDraft[];
  readonly questions: readonly string[];
  readonly categories: readonly CategoryDraft[];
}

const emptyDraft: CriteriaDraft = {
  minLength: "",
  maxLength: "",
  tags: "",
  sources: [],
  mediums: [],
  from: "",
  to: "",
  teams: [],
  attributes: [],
  questions: [],
  categories: [],
};

const minutesOf = (seconds: number | null) => (seconds === null ? "" : String(seconds / 60));

function withCriterion(draft: CriteriaDraft, criterion: Criterion): CriteriaDraft {
  if (criterion.kind === "boolean") {
    return { ...draft, questions: [...draft.questions, criterion.question] };
  }
  if (criterion.kind === "category") {
    const { question, any } = criterion;
    return { ...draft, categories: [...draft.categories, { question, any: any.join("\n") }] };
  }
  switch (criterion.field) {
    case "length": {
      const { min, max } = criterion;
      return { ...draft, minLength: minutesOf(min), maxLength: minutesOf(max) };
    }
    case "tags":
      return { ...draft, tags: criterion.any.join("\n") };
    case "source":
      return { ...draft, sources: criterion.any };
    case "medium":
      return { ...draft, mediums: criterion.any };
    case "date":
      return { ...draft, from: criterion.from ?? "", to: criterion.to ?? "" };
    case "team":
      return { ...draft, teams: criterion.any };
    case "attribute": {
      const { name, equals } = criterion;
      return { ...draft, attributes: [...draft.attributes, { name, equals }] };
    }
  }
}

/** The form of what is stored; of several criteria about one field the last is shown. */
export function draftOf(criteria: readonly Criterion[]): CriteriaDraft {
  return criteria.reduce(withCriterion, emptyDraft);
}

/** Lines that say something. */
function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** Seconds; what is no number stays none, so that the service can say so. */
function secondsOf(minutes: string): number | null {
  return minutes.trim() === "" ? null : Math.round(Number(minutes) * 60);
}

const dayOf = (text: string) => (text === "" ? null : text);

/** A criterion as the service takes it, with the name that the form has for it. */
export interface Named {
  readonly field: string;
  readonly criterion: Record<string, unknown>;
}

const attribute = (field: string, values: Record<string, unknown>): Named => ({
  field,
  criterion: { kind: "attribute", field, ...values },
});

function listed(field: string, any: readonly string[]): Named[] {
  return any.length === 0 ? [] : [attribute(field, { any: [...any] })];
}

/** The draft as criteria. A refusal names one by its index, which leads back to its field. */
export function criteriaOf(draft: CriteriaDraft): Named[] {
  const min = secondsOf(draft.minLength);
  const max = secondsOf(draft.maxLength);
  const from = dayOf(draft.from);
  const to = dayOf(draft.to);
  return [
    ...(min === null && max === null ? [] : [attribute("length", { min, max })]),
    ...listed("tags", linesOf(draft.tags)),
    ...listed("source", draft.sources),
    ...listed("medium", draft.mediums),
    ...(from === null && to === null ? [] : [attribute("date", { from, to })]),
    ...listed("team", draft.teams),
    ...draft.attributes.map((values) => attribute("attribute", { ...values })),
    ...draft.questions.map((question) => ({
      field: "boolean",
      criterion: { kind: "boolean", question },
    })),
    ...draft.categories.map(({ question, any }) => ({
      field: "category",
      criterion: { kind: "category", question, any: linesOf(any) },
    })),
  ];
}
