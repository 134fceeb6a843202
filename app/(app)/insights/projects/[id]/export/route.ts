import { csvExport } from "@/app/(app)/settings/integrations/csv-export";
import type { Context } from "@/lib/auth/principal";
import { requirePermission } from "@/lib/auth/principal";
import type { Call } from "@/lib/http/call";
import { parseQuery } from "@/lib/http/query-string";
import { exportAnswers } from "@/lib/insights/export";
import { reportsQuery } from "@/lib/insights/report";

// A project's answers as a CSV file, with the filters of its reports.

interface ExportParams {
  readonly params: Promise<{ readonly id: string }>;
}

async function* pieces(ctx: Context, call: Call): AsyncIterable<string> {
  requirePermission(ctx, "insights:read");
  yield* exportAnswers(ctx, call.params.id ?? "", parseQuery(call.search, reportsQuery));
}

export async function GET(request: Request, { params }: ExportParams): Promise<Response> {
  const { id } = await params;
  return csvExport(request, { name: "harmony-insights", params: { id }, pieces });
}
