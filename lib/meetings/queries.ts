import { pool } from "@/db/client";
import { allOf, type Fragment, likePattern, utcText } from "@/db/fragments";
import { type Visibility, visibleMeetings } from "@/lib/auth/visibility";
import { dateRange } from "@/lib/core/dates";
import type { Slice } from "@/lib/http/page";

export interface MeetingFilters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly status?: string | undefined;
  readonly team_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly contact_id?: string | undefined;
  /** Words of the title, for the page's search field. */
  readonly q?: string | undefined;
}

/** Conditions on `m` beside the workspace, one for each filter that is given. */
function meetingConditions(filters: MeetingFilters, visibility: Visibility): Fragment[] {
  const sql = pool();
  const conditions = visibleMeetings(visibility);
  const range = dateRange(filters.date_from, filters.date_to);
  if (range.from) conditions.push(sql`m.date >= ${range.from}`);
  if (range.before) conditions.push(sql`m.date < ${range.before}`);
  if (filters.status) conditions.push(sql`m.status = ${filters.status}`);
  if (filters.team_id) conditions.push(sql`m.team_id = ${filters.team_id}`);
  if (filters.user_id) conditions.push(sql`m.user_id = ${filters.user_id}`);
  if (filters.contact_id) {
    conditions.push(sql`exists (select 1 from meeting_contacts mc
      where mc.meeting_id = m.id and mc.contact_id = ${filters.contact_id})`);
  }
  if (filters.q) conditions.push(sql`lower(m.title) like ${likePattern(filters.q)}`);
  return conditions;
}

const deepOffset = 1000;

/** True when the counters know the total: everything is visible, and nothing but the status is filtered. */
function isCounted({ status: _status, ...others }: MeetingFilters, visibility: Visibility) {
  return visibility.reach === "all" && Object.values(others).every((value) => value === undefined);
}

/** True for a page that costs the same however many meetings there are: total known, rows from an index's start. */
export function isShortPage(filters: MeetingFilters, visibility: Visibility, slice: Slice) {
  return isCounted(filters, visibility) && slice.offset < deepOffset;
}

/** The exact total: from the counters when they know it, else counted. */
function total(
  workspaceId: string,
  filters: MeetingFilters,
  visibility: Visibility,
  conditions: Fragment[],
): Fragment {
  const sql = pool();
  if (!isCounted(filters, visibility)) {
    return sql`select count(*)::int from meetings m
      where m.workspace_id = ${workspaceId} and ${allOf(conditions)}`;
  }
  const status = filters.status ? sql`and c.status = ${filters.status}` : sql``;
  return sql`select coalesce(sum(c.n), 0)::int from meeting_counts c
    where c.workspace_id = ${workspaceId} ${status}`;
}

/**
 * Rows of one page in list order. Far in, only the index is walked and the rows are fetched after. The limit is part
 * of the text: behind a parameter the planner expects a tenth of all rows and plans every execution anew.
 */
function pageRows(workspaceId: string, conditions: readonly Fragment[], slice: Slice): Fragment {
  const sql = pool();
  const where = sql`m.workspace_id = ${workspaceId} and ${allOf(conditions)}`;
  const order = sql`order by m.date desc, m.id desc`;
  if (slice.after) {
    const [micros, id] = slice.after;
    // One row more than asked tells whether the list goes on.
    return sql`select m.* from meetings m where ${where}
      and (m.date, m.id) < (timestamptz 'epoch' + ${micros ?? "0"}::bigint * interval '1 microsecond', ${id ?? ""})
      ${order} limit ${sql.unsafe(String(slice.perPage + 1))}`;
  }
  const limit = sql.unsafe(String(slice.perPage));
  if (slice.offset === 0)
    return sql`select m.* from meetings m where ${where} ${order} limit ${limit}`;
  if (slice.offset < deepOffset) {
    return sql`select m.* from meetings m where ${where} ${order} limit ${limit} offset ${slice.offset}`;
  }
  return sql`select m.* from (select m.id from meetings m where ${where} ${order}
    limit ${limit} offset ${slice.offset}) k join meetings m on m.id = k.id ${order}`;
}

/** The one query of the meeting list: total, rows as JSON and the key of the last row. */
export function meetingPage(
  workspaceId: string,
  filters: MeetingFilters,
  visibility: Visibility,
  slice: Slice,
): Fragment {
  const sql = pool();
  const conditions = meetingConditions(filters, visibility);
  const rows = pageRows(workspaceId, conditions, slice);
  const inPage = slice.after ? sql`filter (where p.ord <= ${slice.perPage})` : sql``;
  const numbered = slice.after ? sql`, row_number() over () as ord` : sql``;
  return sql`select (${total(workspaceId, filters, visibility, conditions)}) as total,
      '[' || coalesce(string_agg(row_to_json(v)::text, ',') ${inPage}, '') || ']' as data,
      (count(*) ${inPage})::int as n,
      ${slice.after ? sql`count(*) > ${slice.perPage}` : sql`null::boolean`} as more,
      case when count(*) > 0 then array[
        ((extract(epoch from min(p.date) ${inPage}) * 1000000)::bigint)::text,
        (array_agg(p.id) ${inPage})[(count(*) ${inPage})::int]] end as last_key
    from (select r.* ${numbered} from (${rows}) r) p,
      lateral (select p.id, p.title, ${utcText(sql`p.date`)} as date, p.duration_seconds as duration,
        p.status) v`;
}
