import { pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import { guardedRead } from "@/lib/auth/guarded-read";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { clockOf, dateRange } from "@/lib/core/dates";
import { notFound } from "@/lib/core/errors";
import type { InsightType } from "@/lib/core/insight-types";
import type { JsonText } from "@/lib/http/json-text";
import { type PageInput, type PageRow, pageJson, sliceOf } from "@/lib/http/page";
import type { InsightView, MeetingInsightsView, ResultView } from "@/lib/insights/schema";
import { requireProcessed } from "@/lib/meetings/service";

export interface InsightFilters {
  readonly team_id?: string | undefined;
  readonly project_id?: string | undefined;
  readonly type?: string | undefined;
}

/** Definitions follow their project's teams; a project without teams is for everyone (handbook D-71). */
function insightConditions(ctx: Context, filters: InsightFilters): Fragment[] {
  const sql = pool();
  const { principal } = ctx;
  const conditions = [sql`i.workspace_id = ${principal.workspaceId}`];
  const inTeams = (teamIds: readonly string[]) =>
    sql`(not exists (select 1 from project_teams pt where pt.project_id = i.project_id)
      or exists (select 1 from project_teams pt
        where pt.project_id = i.project_id and pt.team_id = any(${[...teamIds]})))`;
  if (principal.grants["insights:read"] !== "all") conditions.push(inTeams(principal.teamIds));
  if (filters.team_id !== undefined) {
    conditions.push(
      sql`exists (select 1 from teams t where t.id = ${filters.team_id} and t.workspace_id = i.workspace_id)`,
      inTeams([filters.team_id]),
    );
  }
  if (filters.project_id !== undefined) conditions.push(sql`i.project_id = ${filters.project_id}`);
  if (filters.type !== undefined) conditions.push(sql`i.type = ${filters.type}`);
  return conditions;
}

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
  const after = slice.after
    ? sql`and (i.created_at, i.id) < (timestamptz 'epoch'
        + ${slice.after[0] ?? "0"}::bigint * interval '1 microsecond', ${slice.after[1] ?? ""})`
    : sql``;
  const row = await guardedRead<PageRow>(
    ctx,
    sql`select (select count(*)::int from insights i where ${where}) as total,
        coalesce(json_agg(p.item) filter (where p.ord <= ${slice.perPage}), '[]')::text as data,
        (count(*) filter (where p.ord <= ${slice.perPage}))::int as n,
        count(*) > ${slice.perPage} as more,
        string_to_array(max(p.key) filter (where p.ord = least(${slice.perPage}, p.last)), ' ') as last_key
      from (select ${insightJson(ctx)} as item,
          ((extract(epoch from i.created_at) * 1000000)::bigint)::text || ' ' || i.id as key,
          row_number() over (order by i.created_at desc, i.id desc) as ord, count(*) over () as last
        from (select i.* from insights i where ${where} ${after}
          order by i.created_at desc, i.id desc
          limit ${slice.perPage + 1} offset ${slice.offset}) i) p`,
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

interface RawResult extends Omit<ResultView, "evidence"> {
  readonly evidence: { speaker: string; text: string; start_ms: number }[];
}

/** A result `r` of the definition `i` as JSON, its evidence resolved from the transcript `t`. */
function resultJson(): Fragment {
  const sql = pool();
  return sql`json_build_object('id', r.id, 'insight_id', r.insight_id, 'insight_name', i.name,
    'type', i.type, 'meeting_id', r.meeting_id, 'status', r.status, 'value', r.value,
    'score', r.score, 'explanation', r.explanation,
    'evidence', (select coalesce(json_agg(json_build_object(
        'speaker', t.speakers -> (turn.value ->> 'speaker')::int ->> 'name',
        'text', turn.value ->> 'text', 'start_ms', (turn.value ->> 'startMs')::int)
        order by e.ordinality), '[]')
      from jsonb_array_elements(r.evidence) with ordinality e,
        lateral (select t.turns -> (e.value ->> 'turn')::int as value) turn
      where turn.value is not null),
    'generated_at', ${utcText(sql`r.generated_at`)}, 'engine', r.engine)`;
}

function toResult(raw: RawResult): ResultView {
  return {
    ...raw,
    evidence: raw.evidence.map((cited) => ({
      speaker: cited.speaker,
      text: cited.text,
      timestamp: clockOf(cited.start_ms),
    })),
  };
}

/** The answers of one meeting. */
export async function getMeetingInsights(ctx: Context, id: string): Promise<MeetingInsightsView> {
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
  return { meeting_id: id, data: (JSON.parse(row.results) as RawResult[]).map(toResult) };
}

/** The aggregate over all matching answers, by type of question (handbook 20.2). */
function aggregateSql(type: InsightType, from: Fragment): Fragment {
  const sql = pool();
  if (type === "yes_no") {
    return sql`select json_build_object(
      'yes', count(*) filter (where r.value = 'true'), 'no', count(*) filter (where r.value = 'false'),
      'unknown', count(*) filter (where r.value is null or r.value = 'null')) ${from}`;
  }
  if (type === "scale") {
    return sql`select json_build_object('average', round(avg(r.value::text::numeric), 2),
      'min', min(r.value::text::numeric), 'max', max(r.value::text::numeric), 'count', count(*)) ${from}
      and jsonb_typeof(r.value) = 'number'`;
  }
  if (type === "checklist") {
    return sql`select json_build_object('items', coalesce(json_agg(json_build_object(
        'item', g.item, 'done', g.done, 'total', g.total) order by g.first), '[]')) from (
      select x.value ->> 'item' as item, count(*) filter (where (x.value ->> 'done')::boolean) as done,
        count(*) as total, min(x.ordinality) as first
      from (select r.value as list ${from} and jsonb_typeof(r.value) = 'array') v,
        jsonb_array_elements(v.list) with ordinality x group by 1) g`;
  }
  return sql`select json_build_object('count', count(*)) ${from}`;
}

export interface DataFilters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly team_id?: string | undefined;
}

/** The collected answers of a definition, newest first, with their aggregate. */
export async function getInsightData(
  ctx: Context,
  id: string,
  query: PageInput & DataFilters,
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
  const range = dateRange(filters.date_from, filters.date_to);
  const conditions = [
    sql`r.insight_id = ${id} and r.workspace_id = ${workspaceId} and r.status = 'answered'`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ];
  if (range.from) conditions.push(sql`m.date >= ${range.from}`);
  if (range.before) conditions.push(sql`m.date < ${range.before}`);
  if (filters.team_id !== undefined) conditions.push(sql`m.team_id = ${filters.team_id}`);
  const from = sql`from insight_results r join meetings m on m.id = r.meeting_id where ${allOf(conditions)}`;
  const after = slice.after
    ? sql`and (r.generated_at, r.id) < (timestamptz 'epoch'
        + ${slice.after[0] ?? "0"}::bigint * interval '1 microsecond', ${slice.after[1] ?? ""})`
    : sql``;
  const row = await guardedRead<PageRow & { aggregate: string }>(
    ctx,
    sql`select (select count(*)::int ${from}) as total, (${aggregateSql(head.type, from)})::text as aggregate,
        coalesce(json_agg(p.item order by p.ord) filter (where p.ord <= ${slice.perPage}), '[]')::text as data,
        (count(*) filter (where p.ord <= ${slice.perPage}))::int as n,
        count(*) > ${slice.perPage} as more,
        string_to_array(max(p.key) filter (where p.ord = least(${slice.perPage}, p.last)), ' ') as last_key
      from (select ${resultJson()} as item,
          ((extract(epoch from r.generated_at) * 1000000)::bigint)::text || ' ' || r.id as key,
          row_number() over (order by r.generated_at desc, r.id desc) as ord, count(*) over () as last
        from (select r.* ${from} ${after} order by r.generated_at desc, r.id desc
          limit ${slice.perPage + 1} offset ${slice.offset}) r
        join insights i on i.id = r.insight_id
        left join transcripts t on t.meeting_id = r.meeting_id) p`,
    "any",
  );
  if (!row) throw new Error("the page query returned no row");
  const data = JSON.stringify((JSON.parse(row.data) as RawResult[]).map(toResult));
  const before = `"insight_id":${JSON.stringify(id)},"type":"${head.type}","aggregate":${row.aggregate},`;
  return pageJson({ ...row, data }, slice, scope, before);
}
