import { csvExport } from "@/app/(app)/settings/integrations/csv-export";
import type { UsageRow } from "@/lib/api-usage/schema";
import { exportApiUsage } from "@/lib/api-usage/service";
import type { Context } from "@/lib/auth/principal";
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

async function* pieces(ctx: Context): AsyncIterable<string> {
  let begin = head;
  for await (const rows of exportApiUsage(ctx)) {
    yield begin + rows.map(lineOf).join("");
    begin = "";
  }
  if (begin !== "") yield begin;
}

export function GET(request: Request): Promise<Response> {
  return csvExport(request, { name: "harmony-api-usage", pieces });
}
