import { z } from "zod";
import { dateText } from "@/lib/core/dates";
import { insightTypeNames } from "@/lib/core/insight-types";
import { pageQuery } from "@/lib/http/page";
import { engineView, withDateRange } from "@/lib/meetings/schema";

// An insight is a definition; a result is its answer for one meeting (handbook 20.2).

const insightId = z.string().meta({ examples: ["ins_abc123"] });
const utc = z.string().meta({ format: "date-time" });

export const insightView = z
  .object({
    id: insightId,
    name: z.string(),
    type: z.enum(insightTypeNames),
    question: z.string(),
    project: z.object({ id: z.string(), name: z.string() }),
    team_ids: z
      .array(z.string())
      .meta({ description: "Teams of its project; none means every team." }),
    active: z.boolean(),
    results_count: z.int().meta({ description: "Answers on meetings that the caller may see." }),
    created_at: utc,
    updated_at: utc,
  })
  .meta({ id: "Insight" });

const checklist = z.array(z.object({ item: z.string(), done: z.boolean() }));

export const resultView = z
  .object({
    id: z.string(),
    insight_id: insightId,
    insight_name: z.string(),
    type: z.enum(insightTypeNames),
    meeting_id: z.string(),
    status: z.enum(["answered", "needs_language_model", "failed"]).meta({
      description:
        "`needs_language_model`: the offline engine cannot answer this question honestly; configure one.",
    }),
    value: z.union([z.string(), z.boolean(), z.number(), checklist]).nullable().meta({
      description:
        "By type: Markdown text; true, false or null (not discussed); a number; or checklist items.",
    }),
    score: z.number().nullable(),
    explanation: z.string().nullable(),
    evidence: z.array(z.object({ speaker: z.string(), text: z.string(), timestamp: z.string() })),
    generated_at: utc,
    engine: engineView,
  })
  .meta({ id: "InsightResult" });

export const aggregateView = z
  .union([
    z.object({ count: z.int() }).strict(),
    z.object({ yes: z.int(), no: z.int(), unknown: z.int() }).strict(),
    z
      .object({
        average: z.number().nullable(),
        min: z.number().nullable(),
        max: z.number().nullable(),
        count: z.int(),
      })
      .strict(),
    z
      .object({
        items: z.array(z.object({ item: z.string(), done: z.int(), total: z.int() })),
      })
      .strict(),
  ])
  .meta({ id: "InsightAggregate", description: "Over every answer that matches the filters." });

export const meetingInsightsView = z
  .object({ meeting_id: z.string(), data: z.array(resultView) })
  .meta({ id: "MeetingInsights" });

const filterId = z.string().min(1, "must not be empty").max(60).optional();

export const listInsightsQuery = z.object({
  ...pageQuery,
  team_id: filterId.meta({ description: "Insights that apply to this team." }),
  project_id: filterId.meta({ description: "Insights of this project." }),
  type: z
    .enum(insightTypeNames, `must be one of ${insightTypeNames.join(", ")}`)
    .optional()
    .meta({ description: "Insights of this type." }),
});

export const insightDataQuery = withDateRange(
  z.object({
    ...pageQuery,
    date_from: dateText.optional().meta({ description: "Meetings from this date on, inclusive." }),
    date_to: dateText.optional().meta({ description: "Meetings up to this date, inclusive." }),
    team_id: filterId.meta({ description: "Meetings of this team." }),
  }),
);

export const insightParams = z.object({ id: insightId });

export type InsightView = z.output<typeof insightView>;
export type ResultView = z.output<typeof resultView>;
export type MeetingInsightsView = z.output<typeof meetingInsightsView>;

/** Words of a meeting, with the turn they are in. */
interface Quote {
  readonly speaker: string;
  readonly text: string;
  readonly timestamp: string;
  readonly turn: number;
  readonly startMs: number;
}

/** A result as our pages show it: its evidence leads to the place in the transcript. */
export interface PageResult extends Omit<ResultView, "evidence"> {
  readonly evidence: readonly Quote[];
}
