import { z } from "zod";
import { pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import type { Context } from "@/lib/auth/principal";
import { dateRange } from "@/lib/core/dates";
import type { InsightType } from "@/lib/core/insight-types";
import { pageQuery } from "@/lib/http/page";
import {
  type AnswerFilters,
  aggregateSql,
  answerConditions,
  parseResults,
  resultJson,
  toPageResult,
} from "@/lib/insights/queries";
import { insightDataQuery, type PageResult } from "@/lib/insights/schema";

// What a report shows beside the API's aggregate. Everything counts only meetings that the caller may see.

const { date_from, date_to, team_id } = insightDataQuery.shape;
const filters = { date_from, date_to, team_id };
const inOrder = (given: AnswerFilters) => !dateRange(given.date_from, given.date_to).isEmpty;

/** The query of a project's reports. */
export const reportsQuery = z.object(filters).refine(inOrder);
/** The query of one report: `answer` is yes, no or unknown; a number of the scale; or an item that is done. */
export const reportQuery = z
  .object({ ...filters, page: pageQuery.page, answer: z.string().max(200).optional() })
  .refine(inOrder);
export type ReportQuery = z.output<typeof reportQuery>;

/** A definition's aggregate as the API has it (handbook 20.2). */
export type Aggregate =
  | { readonly count: number }
  | { readonly yes: number; readonly no: number; readonly unknown: number }
  | {
      readonly average: number | null;
      readonly min: number | null;
      readonly max: number | null;
      readonly count: number;
    }
  | {
      readonly items: readonly {
        readonly item: string;
        readonly done: number;
        readonly total: number;
      }[];
    };

export interface Totals {
  readonly aggregate: Aggregate;
  readonly answered: number;
  readonly needsModel: number;
  readonly failed: number;
}

/** One week of a trend. */
export interface Week {
  /** Its Monday, YYYY-MM-DD in UTC. */
  readonly week: string;
  readonly answers: number;
  /** Yes in percent, average of a scale, done items in percent; null for texts. */
  readonly value: number | null;
}

export interface ReportRow {
  readonly result: PageResult;
  readonly meeting: { readonly title: string; readonly date: string; readonly team: string | null };
}

export interface Report extends Totals {
  /** How many answers of a scale rounded to each number; empty for other types. */
  readonly histogram: readonly { readonly value: number; readonly count: number }[];
  /** The newest weeks that have answers, in order. */
  readonly weeks: readonly Week[];
  readonly rows: readonly ReportRow[];
  readonly page: number;
  readonly perPage: number;
  /** Rows that the answer filter leaves. */
  readonly total: number;
}

const perPage = 25;
const weeksMax = 26;

const ofInsight = (id: string): Fragment => pool()`r.insight_id = ${id}`;
const isAnswered = (): Fragment => pool()`r.status = 'answered'`;

interface Insight {
  readonly id: string;
  readonly type: InsightType;
}

function totalsSql(ctx: Context, insight: Insight, filters: AnswerFilters): Fragment {
  const sql = pool();
  const all = [ofInsight(insight.id), ...answerConditions(ctx, filters)];
  const from = sql`from insight_results r join meetings m on m.id = r.meeting_id where`;
  return sql`
    select ${insight.id} as id,
      (${aggregateSql(insight.type, sql`${from} ${allOf([...all, isAnswered()])}`)}) as aggregate,
      s.* from (select (count(*) filter (where r.status = 'answered'))::int as answered,
        (count(*) filter (where r.status = 'needs_language_model'))::int as "needsModel",
        (count(*) filter (where r.status = 'failed'))::int as failed ${from} ${allOf(all)}) s`;
}

/** What the answers of each of these definitions add up to, and how many questions stayed open; by id, in one statement. */
export async function readTotals(
  ctx: Context,
  insights: readonly Insight[],
  filters: AnswerFilters,
): Promise<ReadonlyMap<string, Totals>> {
  const [first, ...others] = insights.map((insight) => totalsSql(ctx, insight, filters));
  if (first === undefined) return new Map();
  const sql = pool();
  const rows = await sql<(Totals & { readonly id: string })[]>`${others.reduce(
    (before, next) => sql`${before} union all ${next}`,
    first,
  )}`;
  return new Map(rows.map(({ id, ...totals }) => [id, totals]));
}

function answerIs(type: InsightType, answer: string | undefined): Fragment[] {
  const sql = pool();
  if (answer === undefined) return [];
  if (type === "yes_no") {
    const isOpen = sql`(r.value is null or r.value = 'null')`;
    if (answer === "unknown") return [isOpen];
    return [answer === "yes" ? sql`r.value = 'true'` : sql`r.value = 'false'`];
  }
  if (type === "scale") {
    const wanted = /^\d{1,4}$/.test(answer) ? Number(answer) : -1;
    return [
      sql`jsonb_typeof(r.value) = 'number' and round((r.value #>> '{}')::numeric) = ${wanted}`,
    ];
  }
  if (type === "checklist") {
    const done = JSON.stringify([{ item: answer, done: true }]);
    return [sql`r.value @> ${done}::text::jsonb`];
  }
  return [];
}

function weekValue(type: InsightType): Fragment {
  const sql = pool();
  if (type === "yes_no") {
    return sql`round(100.0 * count(*) filter (where r.value = 'true') / count(*))`;
  }
  if (type === "scale") {
    return sql`round(avg((r.value #>> '{}')::numeric) filter (where jsonb_typeof(r.value) = 'number'), 2)`;
  }
  if (type === "checklist") {
    return sql`round(avg((select 100.0 * count(*) filter (where (x ->> 'done')::boolean) / nullif(count(*), 0)
      from jsonb_array_elements(r.value) x)) filter (where jsonb_typeof(r.value) = 'array'))`;
  }
  return sql`null::numeric`;
}

async function readWeeks(type: InsightType, where: Fragment): Promise<readonly Week[]> {
  const sql = pool();
  const rows = await sql<Week[]>`
    select to_char(date_trunc('week', m.date at time zone 'UTC'), 'YYYY-MM-DD') as week,
      count(*)::int as answers, (${weekValue(type)})::float8 as value
    from insight_results r join meetings m on m.id = r.meeting_id where ${where}
    group by 1 order by 1 desc limit ${weeksMax}`;
  return [...rows].reverse();
}

async function readHistogram(type: InsightType, where: Fragment): Promise<Report["histogram"]> {
  if (type !== "scale") return [];
  const sql = pool();
  return sql<Report["histogram"][number][]>`
    select round((r.value #>> '{}')::numeric)::int as value, count(*)::int as count
    from insight_results r join meetings m on m.id = r.meeting_id
    where ${where} and jsonb_typeof(r.value) = 'number' group by 1 order by 1 limit 1001`;
}

interface RawRow {
  readonly result: string;
  readonly title: string;
  readonly date: string;
  readonly team: string | null;
}

async function readRows(where: Fragment, page: number): Promise<readonly ReportRow[]> {
  const sql = pool();
  const rows = await sql<RawRow[]>`
    select json_build_array(${resultJson()})::text as result, m.title, ${utcText(sql`m.date`)} as date,
      tm.name as team
    from (select r.* from insight_results r join meetings m on m.id = r.meeting_id where ${where}
      order by m.date desc, r.id desc limit ${perPage} offset ${(page - 1) * perPage}) r
    join meetings m on m.id = r.meeting_id join insights i on i.id = r.insight_id
    left join transcripts t on t.meeting_id = r.meeting_id left join teams tm on tm.id = m.team_id
    order by m.date desc, r.id desc`;
  return rows.flatMap(({ result, ...meeting }) =>
    parseResults(result).map((raw) => ({ meeting, result: toPageResult(raw) })),
  );
}

/** The report of one definition; the answer filter narrows the rows, date and team everything. */
export async function readReport(
  ctx: Context,
  insight: Insight,
  query: ReportQuery,
): Promise<Report> {
  const sql = pool();
  const { page = 1, answer, ...filters } = query;
  const conditions = [ofInsight(insight.id), isAnswered(), ...answerConditions(ctx, filters)];
  const where = allOf(conditions);
  const chosen = allOf([...conditions, ...answerIs(insight.type, answer)]);
  const [totals, histogram, weeks, rows, [counted]] = await Promise.all([
    readTotals(ctx, [insight], filters),
    readHistogram(insight.type, where),
    readWeeks(insight.type, where),
    readRows(chosen, page),
    sql<{ n: number }[]>`select count(*)::int as n from insight_results r
      join meetings m on m.id = r.meeting_id where ${chosen}`,
  ]);
  const own = totals.get(insight.id);
  if (!own) throw new Error("the totals returned no row");
  return { ...own, histogram, weeks, rows, page, perPage, total: counted?.n ?? 0 };
}
