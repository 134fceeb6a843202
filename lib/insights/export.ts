import { db, pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { csvLine } from "@/lib/core/csv";
import type { InsightType } from "@/lib/core/insight-types";
import { listDefinitions } from "@/lib/insights/definitions";
import { getProject } from "@/lib/insights/projects";
import { type AnswerFilters, answerConditions } from "@/lib/insights/queries";

/** Meetings of one export at most, the newest first. */
export const exportMeetingsMax = 50_000;
const batchSize = 500;

const head = ["meeting_id", "title", "date_utc", "duration_seconds", "team", "owner"];

interface MeetingRow {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly key: string;
  readonly duration: number;
  readonly team: string | null;
  readonly owner: string | null;
  /** By definition. */
  readonly answers: Readonly<Record<string, unknown>>;
}

function checklistText(value: readonly { item: string; done: boolean }[]): string {
  return value.map(({ item, done }) => `${item}: ${done ? "yes" : "no"}`).join("; ");
}

/** An answer in one cell; a meeting that has none leaves it empty. */
function cellOf(type: InsightType, value: unknown): string | number | null {
  if (value === undefined) return null;
  if (type === "yes_no") return value === null ? "not discussed" : value === true ? "yes" : "no";
  if (Array.isArray(value)) return checklistText(value);
  if (typeof value === "number") return value;
  return value === null ? null : String(value);
}

function batch(
  ctx: Context,
  insightIds: readonly string[],
  filters: AnswerFilters,
  after: MeetingRow | null,
): PromiseLike<MeetingRow[]> {
  const sql = pool();
  const ofProject = sql`r.insight_id = any(${[...insightIds]}) and r.status = 'answered'`;
  const behind: Fragment =
    after === null ? sql`true` : sql`(m.date, m.id) < (${after.key}::timestamptz, ${after.id})`;
  return sql<MeetingRow[]>`
    select m.id, m.title, ${utcText(sql`m.date`)} as date, m.duration_seconds as duration,
      to_char(m.date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key,
      t.name as team, coalesce(u.name, u.email) as owner,
      (select json_object_agg(r.insight_id, r.value) from insight_results r
        where r.meeting_id = m.id and ${ofProject}) as answers
    from meetings m left join teams t on t.id = m.team_id left join users u on u.id = m.user_id
    where m.workspace_id = ${ctx.principal.workspaceId} and ${behind}
      and exists (select 1 from insight_results r
        where r.meeting_id = m.id and ${ofProject} and ${allOf(answerConditions(ctx, filters))})
    order by m.date desc, m.id desc limit ${batchSize}`;
}

/**
 * A project's answers as CSV, whole lines a piece: one row for each meeting, the newest first, one column for each
 * definition. `not_found` for a project that the caller may not see, before the first piece.
 */
export async function* exportAnswers(
  ctx: Context,
  projectId: string,
  filters: AnswerFilters,
): AsyncGenerator<string> {
  const project = await getProject(ctx, projectId);
  const definitions = await listDefinitions(ctx, project.id);
  await recordAudit(db(), ctx, {
    category: "insights",
    action: "insights.exported",
    target: { type: "insight_project", id: project.id, label: project.name },
    metadata: { filters },
  });
  yield csvLine([...head, ...definitions.map(({ name }) => name)]);
  const ids = definitions.map(({ id }) => id);
  let last: MeetingRow | null = null;
  for (let sent = 0; sent < exportMeetingsMax; sent += batchSize) {
    const rows: MeetingRow[] = await batch(ctx, ids, filters, last);
    const lines = rows.map((row) =>
      csvLine([
        row.id,
        row.title,
        row.date,
        row.duration,
        row.team,
        row.owner,
        ...definitions.map(({ id, type }) => cellOf(type, row.answers[id])),
      ]),
    );
    if (lines.length > 0) yield lines.join("");
    last = rows.at(-1) ?? null;
    if (rows.length < batchSize) return;
  }
}
