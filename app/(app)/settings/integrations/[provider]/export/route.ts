import { readRunsSearch } from "@/app/(app)/settings/integrations/[provider]/log/runs-search";
import { csvExport } from "@/app/(app)/settings/integrations/csv-export";
import type { Context } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import type { Call } from "@/lib/http/call";
import { getTool } from "@/lib/integrations/service";
import { exportRuns } from "@/lib/sync/service";

// The sync log of a tool as a CSV file, with the filters of its page.

interface ExportParams {
  readonly params: Promise<{ readonly provider: string }>;
}

async function* pieces(ctx: Context, call: Call): AsyncIterable<string> {
  const { connection } = await getTool(ctx, call.params.provider ?? "");
  if (connection === null) throw notFound("Connection");
  const search = Object.fromEntries(new URLSearchParams(call.search));
  yield* exportRuns(ctx, connection.id, readRunsSearch(search));
}

export async function GET(request: Request, { params }: ExportParams): Promise<Response> {
  const { provider } = await params;
  const isSlug = /^[a-z0-9_]{1,40}$/.test(provider);
  return csvExport(request, {
    name: `harmony-${isSlug ? provider : "sync"}-log`,
    params: { provider: isSlug ? provider : "" },
    pieces,
  });
}
