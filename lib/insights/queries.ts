import { pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { clockOf, dateRange } from "@/lib/core/dates";
import type { InsightType } from "@/lib/core/insight-types";
import {
  type AttributeCriterion,
  attributeCriteria,
  type Criterion,
  instantsOf,
  valuesOf,
} from "@/lib/insights/criteria";
import type { RunFilter } from "@/lib/insights/run-filter";
import type { PageResult, ResultView } from "@/lib/insights/schema";

// Pieces of SQL about projects `pr`, definitions `i`, answers `r` and meetings `m`. They trust their caller to have
// checked rights.

/** The project with this id column is for one of the teams, or for everybody (handbook D-71). */
export function isForTeams(projectId: Fragment, teamIds: readonly string[]): Fragment {
  const sql = pool();
  return sql`(not exists (select 1 from project_teams pt where pt.project_id = ${projectId})
    or exists (select 1 from project_teams pt
      where pt.project_id = ${projectId} and pt.team_id = any(${[...teamIds]})))`;
}

export interface InsightFilters {
  readonly team_id?: string | undefined;
  readonly project_id?: string | undefined;
  readonly type?: string | undefined;
}

/** Definitions follow their project's teams; a project without teams is for everyone (handbook D-71). */
export function insightConditions(ctx: Context, filters: InsightFilters): Fragment[] {
  const sql = pool();
  const { principal } = ctx;
  const conditions = [sql`i.workspace_id = ${principal.workspaceId}`];
  const inTeams = (teamIds: readonly string[]) => isForTeams(sql`i.project_id`, teamIds);
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

/** The projects that the caller may see. */
export function projectConditions(ctx: Context): Fragment[] {
  const sql = pool();
  const { principal } = ctx;
  const conditions = [sql`pr.workspace_id = ${principal.workspaceId}`];
  if (principal.grants["insights:read"] !== "all") {
    conditions.push(isForTeams(sql`pr.id`, principal.teamIds));
  }
  return conditions;
}

export interface AnswerFilters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly team_id?: string | undefined;
}

/** Answers on meetings `m` that the caller may see and the filters leave. */
export function answerConditions(ctx: Context, filters: AnswerFilters): Fragment[] {
  const sql = pool();
  const range = dateRange(filters.date_from, filters.date_to);
  const conditions = [
    sql`r.workspace_id = ${ctx.principal.workspaceId}`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ];
  if (range.from) conditions.push(sql`m.date >= ${range.from}`);
  if (range.before) conditions.push(sql`m.date < ${range.before}`);
  if (filters.team_id !== undefined) conditions.push(sql`m.team_id = ${filters.team_id}`);
  return conditions;
}

interface RawResult extends Omit<ResultView, "evidence"> {
  readonly evidence: { turn: number; speaker: string; text: string; start_ms: number }[];
}

/** A result `r` of the definition `i` as JSON, its evidence resolved from the transcript `t`. */
export function resultJson(): Fragment {
  const sql = pool();
  return sql`json_build_object('id', r.id, 'insight_id', r.insight_id, 'insight_name', i.name,
    'type', i.type, 'meeting_id', r.meeting_id, 'status', r.status, 'value', r.value,
    'score', r.score, 'explanation', r.explanation,
    'evidence', (select coalesce(json_agg(json_build_object(
        'turn', (e.value ->> 'turn')::int,
        'speaker', t.speakers -> (turn.value ->> 'speaker')::int ->> 'name',
        'text', turn.value ->> 'text', 'start_ms', (turn.value ->> 'startMs')::int)
        order by e.ordinality), '[]')
      from jsonb_array_elements(r.evidence) with ordinality e,
        lateral (select t.turns -> (e.value ->> 'turn')::int as value) turn
      where turn.value is not null),
    'generated_at', ${utcText(sql`r.generated_at`)}, 'engine', r.engine)`;
}

/** Results as the database wrote them. */
export function parseResults(text: string): readonly RawResult[] {
  return JSON.parse(text);
}

/** A result as the API has it. */
export function toResult(raw: RawResult): ResultView {
  return {
    ...raw,
    evidence: raw.evidence.map((cited) => ({
      speaker: cited.speaker,
      text: cited.text,
      timestamp: clockOf(cited.start_ms),
    })),
  };
}

/** A result as our pages show it. */
export function toPageResult(raw: RawResult): PageResult {
  return {
    ...raw,
    evidence: raw.evidence.map(({ speaker, text, turn, start_ms: startMs }) => ({
      speaker,
      text,
      timestamp: clockOf(startMs),
      turn,
      startMs,
    })),
  };
}

/** The aggregate over all matching answers, by type of question (handbook 20.2). */
export function aggregateSql(type: InsightType, from: Fragment): Fragment {
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

function meetsSql(criterion: AttributeCriterion): Fragment {
  const sql = pool();
  switch (criterion.field) {
    case "length":
      return allOf([
        ...(criterion.min === null ? [] : [sql`m.duration_seconds >= ${criterion.min}`]),
        ...(criterion.max === null ? [] : [sql`m.duration_seconds <= ${criterion.max}`]),
      ]);
    case "tags":
      return sql`m.tags && ${criterion.any}::text[]`;
    case "source":
      return sql`m.source = any(${criterion.any})`;
    case "medium":
      return sql`m.medium = any(${criterion.any})`;
    case "date":
      return inDays(criterion);
    case "team":
      return sql`coalesce(m.team_id = any(${criterion.any}), false)`;
    case "attribute": {
      const values = JSON.stringify(valuesOf(criterion.equals));
      return sql`exists (select 1 from jsonb_array_elements(${values}::text::jsonb) wanted
        where wanted.value = m.attributes -> ${criterion.name}::text)`;
    }
  }
}

function inDays(range: { readonly from: string | null; readonly to: string | null }): Fragment {
  const sql = pool();
  const { from, before } = instantsOf(range);
  return allOf([
    ...(from === null ? [] : [sql`m.date >= ${from.toISOString()}::timestamptz`]),
    ...(before === null ? [] : [sql`m.date < ${before.toISOString()}::timestamptz`]),
  ]);
}

/** The rule of `meetsCriteria` over meetings `m`. */
export function meetingsThatMeet(criteria: readonly Criterion[]): Fragment {
  return allOf(attributeCriteria(criteria).map(meetsSql));
}

/** Which meetings of the past are asked, and what. */
export interface RunScope {
  readonly workspaceId: string;
  readonly insightIds: readonly string[];
  readonly projectTeamIds: readonly string[];
  readonly criteria: readonly Criterion[];
  readonly filter: RunFilter;
}

/** The definitions `q.id` that a meeting `m` is asked in a run. */
export function askedOfMeeting({ insightIds, filter }: RunScope): Fragment {
  const sql = pool();
  const open = filter.onlyUnanswered
    ? sql`where not exists (select 1 from insight_results r
        where r.insight_id = q.id and r.meeting_id = m.id and r.status = 'answered')`
    : sql``;
  return sql`select q.id from unnest(${[...insightIds]}::text[]) q(id) ${open}`;
}

/** The meetings `m` of a run. */
export function runMeetings(scope: RunScope): Fragment {
  const sql = pool();
  const { workspaceId, projectTeamIds, criteria, filter } = scope;
  const conditions = [
    sql`m.workspace_id = ${workspaceId} and m.status = 'processed'`,
    sql`exists (select 1 from transcripts t where t.meeting_id = m.id)`,
    inDays(filter),
    meetingsThatMeet(criteria),
    ...visibleMeetings(filter.visibility),
    sql`exists (${askedOfMeeting(scope)})`,
  ];
  if (projectTeamIds.length > 0) conditions.push(sql`m.team_id = any(${[...projectTeamIds]})`);
  if (filter.teamIds.length > 0) conditions.push(sql`m.team_id = any(${[...filter.teamIds]})`);
  return allOf(conditions);
}
