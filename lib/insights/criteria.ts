import { z } from "zod";
import { meetingMediums, meetingSources } from "@/lib/meetings/schema";

// Which meetings a project asks about (handbook 20.1). Attribute criteria look at facts; Boolean and Category ones are
// judged by an engine that reads the transcript. A meeting is asked about when it meets all of them. Safe to import in
// the browser.

export const criteriaMax = 30;
const listMax = 50;
const dayMs = 86_400_000;

const texts = (max: number) =>
  z
    .array(z.string().trim().min(1, "Leave no entry empty.").max(max, `At most ${max} characters.`))
    .min(1, "Name at least one.")
    .max(listMax, `At most ${listMax}.`);
const day = z.iso.date("Enter a date such as 2026-01-31.");
const seconds = z
  .int("Enter a number of minutes.")
  .min(0, "From 0 on.")
  .max(360_000, "At most 6,000 minutes.");
const kind = z.literal("attribute");

const attributeCriterion = z.discriminatedUnion("field", [
  z
    .strictObject({
      kind,
      field: z.literal("length"),
      /** Seconds, both inclusive. */
      min: seconds.nullable(),
      max: seconds.nullable(),
    })
    .refine(({ min, max }) => min === null || max === null || min <= max, {
      path: ["max"],
      error: "The longest must not be shorter than the shortest.",
    }),
  /** At least one of these, written the same. */
  z.strictObject({ kind, field: z.literal("tags"), any: texts(60) }),
  z.strictObject({ kind, field: z.literal("source"), any: z.array(z.enum(meetingSources)).min(1) }),
  z.strictObject({ kind, field: z.literal("medium"), any: z.array(z.enum(meetingMediums)).min(1) }),
  /** Days in UTC, both inclusive. */
  z
    .strictObject({ kind, field: z.literal("date"), from: day.nullable(), to: day.nullable() })
    .refine(({ from, to }) => from === null || to === null || from <= to, {
      path: ["to"],
      error: "The last day must not be before the first.",
    }),
  z.strictObject({ kind, field: z.literal("team"), any: texts(60) }),
  /** A custom attribute of the meeting is this text, this number or this truth value. */
  z.strictObject({
    kind,
    field: z.literal("attribute"),
    name: z.string().trim().min(1, "Enter the attribute's name.").max(60),
    equals: z.string().trim().max(200, "At most 200 characters."),
  }),
]);

const judgedCriterion = z.discriminatedUnion("kind", [
  /** The answer to the question is yes. */
  z.strictObject({
    kind: z.literal("boolean"),
    question: z.string().trim().min(1, "Enter a yes/no question.").max(500),
  }),
  /** The meeting belongs to at least one of the categories. */
  z.strictObject({
    kind: z.literal("category"),
    question: z.string().trim().min(1, "Enter what is sorted, such as “Kind of call”.").max(500),
    any: texts(100),
  }),
]);

export const criterionSchema = z.union([attributeCriterion, judgedCriterion]);

export type AttributeCriterion = z.output<typeof attributeCriterion>;
export type JudgedCriterion = z.output<typeof judgedCriterion>;
export type Criterion = z.output<typeof criterionSchema>;

/** What attribute criteria look at. */
export interface MeetingFacts {
  readonly durationSeconds: number;
  readonly tags: readonly string[];
  readonly source: (typeof meetingSources)[number];
  readonly medium: (typeof meetingMediums)[number];
  readonly date: Date;
  readonly teamId: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The criteria of a project's row. Throws for what no version of the product has written. */
export function readCriteria(stored: readonly Record<string, unknown>[]): readonly Criterion[] {
  return z.array(criterionSchema).parse(stored);
}

export function attributeCriteria(criteria: readonly Criterion[]): readonly AttributeCriterion[] {
  return criteria.filter((criterion) => criterion.kind === "attribute");
}

/** Those that only an engine that reads can tell. */
export function judgedCriteria(criteria: readonly Criterion[]): readonly JudgedCriterion[] {
  return criteria.filter((criterion) => criterion.kind !== "attribute");
}

/** The first and the last instant (exclusive) of a range of UTC days. */
export function instantsOf(range: { readonly from: string | null; readonly to: string | null }): {
  from: Date | null;
  before: Date | null;
} {
  const start = (text: string) => new Date(`${text}T00:00:00Z`);
  return {
    from: range.from === null ? null : start(range.from),
    before: range.to === null ? null : new Date(start(range.to).getTime() + dayMs),
  };
}

/** The JSON values that a typed text stands for: itself, and the number or truth value that it spells. */
export function valuesOf(typed: string): readonly (string | number | boolean)[] {
  const values: (string | number | boolean)[] = [typed];
  if (/^-?\d+(\.\d+)?$/.test(typed) && Number.isFinite(Number(typed))) values.push(Number(typed));
  if (typed === "true" || typed === "false") values.push(typed === "true");
  return values;
}

function isWithin(value: number, min: number | null, max: number | null): boolean {
  return (min === null || value >= min) && (max === null || value <= max);
}

function isInDays(at: Date, range: { from: string | null; to: string | null }): boolean {
  const { from, before } = instantsOf(range);
  return (from === null || at >= from) && (before === null || at < before);
}

function meets(criterion: AttributeCriterion, facts: MeetingFacts): boolean {
  switch (criterion.field) {
    case "length":
      return isWithin(facts.durationSeconds, criterion.min, criterion.max);
    case "tags":
      return criterion.any.some((tag) => facts.tags.includes(tag));
    case "source":
      return criterion.any.includes(facts.source);
    case "medium":
      return criterion.any.includes(facts.medium);
    case "date":
      return isInDays(facts.date, criterion);
    case "team":
      return facts.teamId !== null && criterion.any.includes(facts.teamId);
    case "attribute":
      return (
        Object.hasOwn(facts.attributes, criterion.name) &&
        valuesOf(criterion.equals).some((value) => value === facts.attributes[criterion.name])
      );
  }
}

/**
 * True when the facts meet every attribute criterion; judged ones are left to whoever reads the transcript. The same
 * rule in SQL is `meetingsThatMeet` (lib/insights/queries.ts); a test proves that they agree.
 */
export function meetsCriteria(criteria: readonly Criterion[], facts: MeetingFacts): boolean {
  return attributeCriteria(criteria).every((criterion) => meets(criterion, facts));
}
