import { Download, RefreshCw } from "lucide-react";
import { RunFeed } from "@/app/(app)/settings/integrations/[provider]/lazy-parts";
import { ErrorsOnly } from "@/app/(app)/settings/integrations/[provider]/log/errors-only";
import {
  readRunsSearch,
  runFilterNames,
} from "@/app/(app)/settings/integrations/[provider]/log/runs-search";
import { TaskButton } from "@/app/(app)/settings/integrations/[provider]/task-button";
import { toolHref } from "@/components/integrations/words";
import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { NoMatch } from "@/components/meetings/no-match";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatCount } from "@/components/ui/format";
import { Pagination } from "@/components/ui/pagination";
import { type PageSearchParams, toQuery, withQuery } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import type { ToolView } from "@/lib/integrations/schema";
import { runStatusWords, triggerWords } from "@/lib/sync/schema";
import { listRuns } from "@/lib/sync/service";

interface SyncLogProps {
  readonly ctx: Context;
  readonly tool: ToolView;
  readonly searchParams: PageSearchParams;
}

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** Every sync of the tool, newest first, and what happened to each record in it (handbook 12). */
export async function SyncLog({ ctx, tool, searchParams }: SyncLogProps) {
  const { connection, slug } = tool;
  if (connection === null) return null;
  const query = readRunsSearch(searchParams);
  const page = await listRuns(ctx, connection.id, query);
  const current = toQuery(searchParams);
  const cleared = Object.fromEntries(runFilterNames.map((name) => [name, null]));
  const filters = Object.fromEntries(
    Object.entries(Object.fromEntries(new URLSearchParams(current))).filter(([name]) =>
      runFilterNames.some((known) => known === name),
    ),
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 pb-3">
        <FilterSelect
          label="Status"
          param="status"
          options={optionsOf(runStatusWords)}
          allLabel="Any status"
        />
        <FilterSelect
          label="Trigger"
          param="trigger"
          options={optionsOf(triggerWords)}
          allLabel="Any trigger"
        />
        <DateRangeFilter label="Date of the sync" />
        <ErrorsOnly />
        <Button asChild className="sm:ml-auto max-sm:flex-1">
          <a href={`${toolHref(slug)}/export${withQuery("", filters)}`} download>
            <Download />
            Download CSV
          </a>
        </Button>
      </div>
      <RunFeed
        connectionId={connection.id}
        query={query}
        rows={page.runs}
        shownAt={ctx.now().getTime()}
        triggers={triggerWords}
        mayRetry={tool.mayExecute}
      >
        {page.runs.length > 0 ? null : isFiltered || page.page > 1 ? (
          <NoMatch
            title="No sync fits"
            clearHref={withQuery(current, { ...cleared, page: null }) || "?"}
          >
            No sync of the last 90 days fits all of these filters at once. Try fewer of them.
          </NoMatch>
        ) : (
          <EmptyState
            icon={RefreshCw}
            title="No syncs yet"
            action={
              connection.status === "connected" ? (
                <TaskButton task="sync" variant="primary">
                  Sync now
                </TaskButton>
              ) : undefined
            }
          >
            Each sync appears here with what it created, updated and skipped, and with what failed,
            why, and how to mend it.
          </EmptyState>
        )}
      </RunFeed>
      <Pagination
        page={page.page}
        perPage={page.perPage}
        total={page.total}
        searchParams={searchParams}
        summary={formatCount(page.total, "sync", "syncs")}
        label="Pages of syncs"
      />
    </>
  );
}
