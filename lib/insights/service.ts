import { pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import type { InsightQuestion } from "@/lib/analysis/analyst";
import { guardedRead } from "@/lib/auth/guarded-read";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { notFound } from "@/lib/core/errors";
import type { InsightType } from "@/lib/core/insight-types";
import type { JsonText } from "@/lib/http/json-text";
import { type PageInput, type PageRow, pageJson, type Slice, sliceOf } from "@/lib/http/page";
import {
  judgedCriteria,
  type MeetingFacts,
  meetsCriteria,
  readCriteria,
} from "@/lib/insights/criteria";
import {
  type AnswerFilters,
  aggregateSql,
  answerConditions,
  askedOfMeeting,
  type InsightFilters,
  insightConditions,
  isForTeams,
  parseResults,
  type RunScope,
  resultJson,
  runMeetings,
  toPageResult,
  toResult,
} from "@/lib/insights/queries";
import { readRunFilter } from "@/lib/insights/run-filter";
import type { InsightView, MeetingInsightsView, PageResult } from "@/lib/insights/schema";
import { requireProcessed } from "@/lib/meetings/service";

function insightJson(ctx: Context): Fragment {
  const sql = pool();
  const visible = visibleMeetings(meetingVisibility(ctx.principal));
  const count =
    visible.length === 0
      ? sql`select count(*)::int from insight_results r
          where r.insight_id = i.id and r.status = 'answered'`
      : sql`select count(*)::int from insight_results r join meetings m on m.id = r.meeting_id
          where r.insight_id = i.id and r.status = 'answered' and ${allOf(visible)}`;
  return sql`json_build_object('id', i.id, 'name', i.name, 'type', i.type, 'question', i.question,
    'project', (select json_build_object('id', pr.id, 'name', pr.name)
      from projects pr where pr.id = i.project_id),
    'team_ids', array(select pt.team_id from project_teams pt
      where pt.project_id = i.project_id order by pt.team_id),
    'active', i.active, 'results_count', (${count}), 'created_at', ${utcText(sql`i.created_at`)},
    'updated_at', ${utcText(sql`i.updated_at`)})`;
}

/** A list by the time of its rows, the newest first. */
interface NewestFirst {
  /** A select that ends in its conditions. */
  readonly rows: Fragment;
  readonly at: Fragment;
  readonly id: Fragment;
  /** The alias of the page's rows, and what is joined to them. */
  readonly joined: Fragment;
  readonly item: Fragment;
}

/** What makes a `PageRow` of a list, but for the total. */
function pageSql({ rows, at, id, joined, item }: NewestFirst, slice: Slice): Fragment {
  const sql = pool();
  const after = slice.after
    ? sql`and (${at}, ${id}) < (timestamptz 'epoch'
        + ${slice.after[0] ?? "0"}::bigint * interval '1 microsecond', ${slice.after[1] ?? ""})`
    : sql``;
  const [perPage, order] = [slice.perPage, sql`${at} desc, ${id} desc`];
  return sql`coalesce(json_agg(p.item order by p.ord) filter (where p.ord <= ${perPage}), '[]')::text as data,
      (count(*) filter (where p.ord <= ${perPage}))::int as n, count(*) > ${perPage} as more,
      string_to_array(max(p.key) filter (where p.ord = least(${perPage}, p.last)), ' ') as last_key
    from (select ${item} as item,
        ((extract(epoch from ${at}) * 1000000)::bigint)::text || ' ' || ${id} as key,
        row_number() over (order by ${order}) as ord, count(*) over () as last
      from (${rows} ${after} order by ${order} limit ${perPage + 1} offset ${slice.offset}) ${joined}) p`;
}

/** The insight definitions that the caller may see, newest first. */
export async function listInsights(
  ctx: Context,
  query: PageInput & InsightFilters,
): Promise<JsonText> {
  const sql = pool();
  const { page, per_page, cursor, ...filters } = query;
  const { workspaceId } = ctx.principal;
  const scope = { list: "insights", workspaceId, filters };
  const slice = sliceOf({ page, per_page, cursor }, scope);
  const where = allOf(insightConditions(ctx, filters));
  const definitions = pageSql(
    {
      rows: sql`select i.* from insights i where ${where}`,
      ...{ at: sql`i.created_at`, id: sql`i.id`, joined: sql`i`, item: insightJson(ctx) },
    },
    slice,
  );
  const row = await guardedRead<PageRow>(
    ctx,
    sql`select (select count(*)::int from insights i where ${where}) as total, ${definitions}`,
    "any",
  );
  if (!row) throw new Error("the page query returned no row");
  const data = JSON.stringify(JSON.parse(row.data));
  return pageJson({ ...row, data }, slice, scope);
}

/** One definition, or `not_found`. */
export async function getInsight(ctx: Context, id: string): Promise<InsightView> {
  const sql = pool();
  const where = allOf([...insightConditions(ctx, {}), sql`i.id = ${id}`]);
  const row = await guardedRead<{ body: string }>(
    ctx,
    sql`select ${insightJson(ctx)}::text as body from insights i where ${where}`,
    // It counts the answers.
    "any",
  );
  if (!row) throw notFound("Insight");
  return JSON.parse(row.body);
}

/** The answers of one meeting. */
export async function getMeetingInsights(ctx: Context, id: string): Promise<MeetingInsightsView> {
  return { meeting_id: id, data: (await readAnswersOf(ctx, id)).map(toResult) };
}

/** The answers of one meeting, with the places that they rest on. */
export async function readMeetingAnswers(ctx: Context, id: string): Promise<readonly PageResult[]> {
  return (await readAnswersOf(ctx, id)).map(toPageResult);
}

async function readAnswersOf(ctx: Context, id: string) {
  const sql = pool();
  const where = allOf([
    sql`m.workspace_id = ${ctx.principal.workspaceId} and m.id = ${id}`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ]);
  const row = await guardedRead<{ status: string; results: string }>(
    ctx,
    sql`select m.status, (select coalesce(json_agg(${resultJson()} order by i.created_at, i.id), '[]')::text
        from insight_results r join insights i on i.id = r.insight_id
        left join transcripts t on t.meeting_id = r.meeting_id
        where r.meeting_id = m.id and ${allOf(insightConditions(ctx, {}))}) as results
      from meetings m where ${where}`,
  );
  if (!row) throw notFound("Meeting");
  requireProcessed("list of insights", row.status);
  return parseResults(row.results);
}

/** The collected answers of a definition, newest first, with their aggregate. */
export async function getInsightData(
  ctx: Context,
  id: string,
  query: PageInput & AnswerFilters,
): Promise<JsonText> {
  const sql = pool();
  const { page, per_page, cursor, ...filters } = query;
  const { workspaceId } = ctx.principal;
  const scope = { list: `insights/${id}/data`, workspaceId, filters };
  const slice = sliceOf({ page, per_page, cursor }, scope);
  const head = await guardedRead<{ type: InsightType }>(
    ctx,
    sql`select i.type from insights i where ${allOf([...insightConditions(ctx, {}), sql`i.id = ${id}`])}`,
  );
  if (!head) throw notFound("Insight");
  const conditions = [
    sql`r.insight_id = ${id} and r.status = 'answered'`,
    ...answerConditions(ctx, filters),
  ];
  const from = sql`from insight_results r join meetings m on m.id = r.meeting_id where ${allOf(conditions)}`;
  const answers = pageSql(
    {
      rows: sql`select r.* ${from}`,
      ...{ at: sql`r.generated_at`, id: sql`r.id`, item: resultJson() },
      joined: sql`r join insights i on i.id = r.insight_id
        left join transcripts t on t.meeting_id = r.meeting_id`,
    },
    slice,
  );
  const row = await guardedRead<PageRow & { aggregate: string }>(
    ctx,
    sql`select (select count(*)::int ${from}) as total,
      (${aggregateSql(head.type, from)})::text as aggregate, ${answers}`,
    "any",
  );
  if (!row) throw new Error("the page query returned no row");
  const data = JSON.stringify(parseResults(row.data).map(toResult));
  const before = `"insight_id":${JSON.stringify(id)},"type":"${head.type}","aggregate":${row.aggregate},`;
  return pageJson({ ...row, data }, slice, scope, before);
}

/** Most questions that are asked of one meeting; more active definitions cannot be made. */
export const activeInsightsMax = 200;

export interface ProjectQuestion extends InsightQuestion {
  readonly projectId: string;
}

const questionColumns = () => {
  const sql = pool();
  return sql`i.id, i.project_id as "projectId", i.type, i.name, i.question, i.options,
    i.desired_outcome as "desiredOutcome", i.context, pr.knowledge, pr.language, pr.criteria`;
};

type QuestionRow = Omit<ProjectQuestion, "onlyIf"> & {
  readonly criteria: Record<string, unknown>[];
};

function toQuestion({ criteria, ...question }: QuestionRow): ProjectQuestion {
  return { ...question, onlyIf: judgedCriteria(readCriteria(criteria)) };
}

/** The active definitions that ask about a meeting: by its project's teams and by what can be told from facts. */
export async function questionsAbout(
  workspaceId: string,
  facts: MeetingFacts,
): Promise<readonly ProjectQuestion[]> {
  const sql = pool();
  const teamIds = facts.teamId === null ? [] : [facts.teamId];
  const rows = await sql<QuestionRow[]>`
    select ${questionColumns()} from insights i join projects pr on pr.id = i.project_id
    where i.workspace_id = ${workspaceId} and i.active and ${isForTeams(sql`i.project_id`, teamIds)}
    order by i.created_at, i.id limit ${activeInsightsMax}`;
  return rows
    .filter(({ criteria }) => meetsCriteria(readCriteria(criteria), facts))
    .map(toQuestion);
}

/** One meeting of a run and what it is asked. */
export interface RunStep {
  readonly meetingId: string;
  /** ISO 8601 with microseconds; with the id the place in the run. */
  readonly date: string;
  readonly insightIds: readonly string[];
}

/** The next meetings of a run behind its cursor, the newest first, at most `limit`. */
export async function nextOfRun(
  scope: RunScope,
  after: { readonly date: string; readonly id: string } | null,
  limit: number,
): Promise<readonly RunStep[]> {
  const sql = pool();
  const behind =
    after === null ? sql`true` : sql`(m.date, m.id) < (${after.date}::timestamptz, ${after.id})`;
  return sql<RunStep[]>`
    select m.id as "meetingId", array(${askedOfMeeting(scope)}) as "insightIds",
      to_char(m.date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as date
    from meetings m where ${runMeetings(scope)} and ${behind}
    order by m.date desc, m.id desc limit ${limit}`;
}

/** The active ones among these definitions of a project, as they are now; with what limits their project. */
export async function questionsOfRun(
  run: Pick<RunScope, "workspaceId" | "insightIds"> & {
    readonly projectId: string;
    readonly filter: Readonly<Record<string, unknown>>;
  },
): Promise<{ readonly scope: RunScope; readonly questions: readonly ProjectQuestion[] }> {
  const sql = pool();
  const rows = await sql<(QuestionRow & { teamIds: string[] })[]>`
    select ${questionColumns()}, array(select pt.team_id from project_teams pt
        where pt.project_id = pr.id) as "teamIds"
    from insights i join projects pr on pr.id = i.project_id
    where i.workspace_id = ${run.workspaceId} and i.project_id = ${run.projectId} and i.active
      and i.id = any(${[...run.insightIds]}) order by i.created_at, i.id`;
  const [first] = rows;
  return {
    scope: {
      workspaceId: run.workspaceId,
      filter: readRunFilter(run.filter),
      insightIds: rows.map(({ id }) => id),
      projectTeamIds: first?.teamIds ?? [],
      criteria: readCriteria(first?.criteria ?? []),
    },
    questions: rows.map(({ teamIds: _, ...row }) => toQuestion(row)),
  };
}
