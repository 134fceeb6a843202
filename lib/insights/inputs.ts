import { z } from "zod";
import { insightTypeNames } from "@/lib/core/insight-types";
import { criteriaMax, criterionSchema } from "@/lib/insights/criteria";

// What the pages' actions take. Safe to import in the browser.

export const projectsMax = 100;
export const insightsOfProjectMax = 50;
const itemsMax = 30;

const idText = z.string().min(1).max(60);
const ids = z.array(idText).max(200);
const line = (what: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, `Enter ${what}.`)
    .max(max, `At most ${max.toLocaleString("en")} characters.`);
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max.toLocaleString("en")} characters.`)
    .default("");

const basics = z.strictObject({
  name: line("a name", 100),
  description: text(500),
  /** A language in words or as a BCP-47 tag; empty answers in the meeting's own. */
  language: text(40),
  knowledge: text(4000),
});

export const createProjectInput = basics.extend({ team_ids: ids.default([]) });
export const updateProjectInput = basics.extend({ id: idText });
export const setProjectTeamsInput = z.strictObject({ id: idText, team_ids: ids });
export const setCriteriaInput = z.strictObject({
  id: idText,
  criteria: z.array(criterionSchema).max(criteriaMax, `At most ${criteriaMax} criteria.`),
});
export const projectRef = z.strictObject({ id: idText });

const bound = z.int("Enter a whole number.").min(0, "From 0 on.").max(1000, "At most 1,000.");

const definition = z.strictObject({
  name: line("a name", 100),
  type: z.enum(insightTypeNames),
  question: line("the question", 1000),
  desired_outcome: text(1000),
  context: text(2000),
  scale_min: bound.default(1),
  scale_max: bound.default(10),
  /** Items of a checklist; names or words to look for of a competitors analysis and a yes/no question. */
  items: z
    .array(line("a text", 200))
    .max(itemsMax, `At most ${itemsMax} lines.`)
    .default([])
    .transform((items) => [...new Set(items)]),
});

type Definition = z.output<typeof definition>;

function fits({ type, scale_min, scale_max, items }: Definition, context: z.RefinementCtx): void {
  if (type === "scale" && scale_min >= scale_max) {
    context.addIssue({
      code: "custom",
      path: ["scale_max"],
      message: "Must be greater than the lowest value.",
    });
  }
  if (type === "checklist" && items.length === 0) {
    context.addIssue({ code: "custom", path: ["items"], message: "Enter at least one item." });
  }
}

export const createInsightInput = definition.extend({ project_id: idText }).superRefine(fits);
export const updateInsightInput = definition.extend({ id: idText }).superRefine(fits);
export const setInsightActiveInput = z.strictObject({ id: idText, active: z.boolean() });
export const insightRef = z.strictObject({ id: idText });

const day = z.iso.date("Enter a date such as 2026-01-31.").nullable().default(null);

/** Which past meetings are asked which definitions; none of the teams means all of the project. */
export const runInput = z
  .strictObject({
    project_id: idText,
    insight_ids: z.array(idText).min(1, "Choose at least one question.").max(insightsOfProjectMax),
    from: day,
    to: day,
    team_ids: ids.default([]),
    only_unanswered: z.boolean().default(true),
  })
  .refine(({ from, to }) => from === null || to === null || from <= to, {
    path: ["to"],
    error: "Must not be before the first day.",
  });
export const runRef = z.strictObject({ id: idText });

export type ProjectBasics = z.output<typeof basics>;
export type CreateProjectInput = z.output<typeof createProjectInput>;
export type UpdateProjectInput = z.output<typeof updateProjectInput>;
export type SetCriteriaInput = z.output<typeof setCriteriaInput>;
export type DefinitionInput = Definition;
export type CreateInsightInput = z.output<typeof createInsightInput>;
export type UpdateInsightInput = z.output<typeof updateInsightInput>;
export type RunInput = z.output<typeof runInput>;
