import { csvExport, csvPieces } from "@/app/(app)/settings/integrations/csv-export";
import { activityFilters, exportActivity } from "@/lib/audit/activity";
import { type ActivityRow, actionWords } from "@/lib/audit/schema";
import type { Context } from "@/lib/auth/principal";
import { csvLine } from "@/lib/core/csv";
import type { Call } from "@/lib/http/call";
import { parseQuery } from "@/lib/http/query-string";

// The activity as a CSV file, with the filters of its page.

const head = csvLine([
  "time_utc",
  "action",
  "action_in_words",
  "category",
  "result",
  "actor_type",
  "actor",
  "actor_id",
  "target_type",
  "target",
  "target_id",
  "ip",
  "user_agent",
  "details",
  "id",
  "number",
]);

function lineOf(row: ActivityRow): string {
  return csvLine([
    row.at,
    row.action,
    actionWords(row.action),
    row.category,
    row.result,
    row.actorType,
    row.actorLabel,
    row.actorId,
    row.targetType,
    row.targetLabel,
    row.targetId,
    row.ip,
    row.userAgent,
    Object.keys(row.metadata).length === 0 ? null : JSON.stringify(row.metadata),
    row.id,
    row.seq,
  ]);
}

async function* pieces(ctx: Context, call: Call): AsyncIterable<string> {
  yield* csvPieces(exportActivity(ctx, parseQuery(call.search, activityFilters)), head, lineOf);
}

export function GET(request: Request): Promise<Response> {
  return csvExport(request, { name: "harmony-activity", pieces });
}
