import { csvExport, csvPieces } from "@/app/(app)/settings/integrations/csv-export";
import type { UsageRow } from "@/lib/api-usage/schema";
import { exportApiUsage } from "@/lib/api-usage/service";
import { csvLine } from "@/lib/core/csv";

// The use of the last 30 days as a CSV file: one line for each credential, day and operation.

const head = csvLine([
  "day_utc",
  "program_type",
  "program",
  "program_id",
  "credential_id",
  "operation",
  "answered",
  "refused",
  "rate_limited",
  "failed",
]);

function lineOf(row: UsageRow): string {
  return csvLine([
    row.day,
    row.kind,
    row.name,
    row.id,
    row.credentialId,
    row.operation,
    row.answered,
    row.refused,
    row.limited,
    row.failed,
  ]);
}

export function GET(request: Request): Promise<Response> {
  return csvExport(request, {
    name: "harmony-api-usage",
    pieces: (ctx) => csvPieces(exportApiUsage(ctx), head, lineOf),
  });
}
