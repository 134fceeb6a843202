"use client";

import { ChevronRight } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { Fragment } from "react";
import { RunEntries } from "@/app/(app)/settings/integrations/[provider]/log/run-entries";
import {
  closeRun,
  openRun,
  runHref,
} from "@/app/(app)/settings/integrations/[provider]/log/run-param";
import { countWords, isUnfinished } from "@/components/integrations/words";
import { cn } from "@/components/ui/cn";
import { NoValue } from "@/components/ui/data-list";
import { formatMilliseconds, formatNumber } from "@/components/ui/format";
import { withQuery } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { RunView, SyncTrigger } from "@/lib/sync/schema";

interface RunTableProps {
  readonly rows: readonly RunView[];
  readonly openId: string | null;
  readonly triggers: Readonly<Record<SyncTrigger, string>>;
  readonly mayRetry: boolean;
}

const columns = 5;

/** Syncs as rows; the one that is open has its entries below it. */
export function RunTable({ rows, openId, triggers, mayRetry }: RunTableProps) {
  const current = useSearchParams().toString();
  return (
    <Table label="Syncs">
      <TableHeader>
        <TableRow>
          <TableHead>Sync</TableHead>
          <TableHead>Status</TableHead>
          <TableHead>What happened</TableHead>
          <TableHead numeric>Duration</TableHead>
          <TableHead numeric>Started</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((run) => {
          const isOpen = run.id === openId;
          return (
            <Fragment key={run.id}>
              <TableRow selected={isOpen}>
                <TableCell className="whitespace-nowrap">
                  <span className="flex items-center gap-1.5">
                    <ChevronRight
                      aria-hidden
                      className={cn(
                        "size-4 shrink-0 text-ink-faint transition-transform",
                        isOpen && "rotate-90",
                      )}
                    />
                    <RowLink
                      href={
                        isOpen ? withQuery(current, { run: null }) || "?" : runHref(current, run.id)
                      }
                      prefetch={false}
                      onNavigate={(event) => {
                        if (isOpen) closeRun();
                        else if (!openRun(run.id)) return;
                        event.preventDefault();
                      }}
                    >
                      {triggers[run.trigger]}
                      <span className="sr-only">{isOpen ? ", close" : ", open"}</span>
                    </RowLink>
                    {run.initiatedBy === null ? null : (
                      <span className="truncate text-ink-muted text-sm">by {run.initiatedBy}</span>
                    )}
                  </span>
                </TableCell>
                <RunCells run={run} />
              </TableRow>
              {isOpen ? (
                <TableRow className="hover:bg-transparent! [&]:bg-canvas">
                  <TableCell colSpan={columns} className="h-auto! px-0! py-0! max-sm:block!">
                    <RunEntries run={run} mayRetry={mayRetry} />
                  </TableCell>
                </TableRow>
              ) : null}
            </Fragment>
          );
        })}
      </TableBody>
    </Table>
  );
}

function RunCells({ run }: { readonly run: RunView }) {
  const { startedAt, finishedAt, createdAt } = run;
  return (
    <>
      <TableCell label="Status">
        <Status kind={run.status} {...progressOf(run)} />
      </TableCell>
      <TableCell label="What happened" className="text-ink-muted tabular-nums sm:w-full">
        <span className="max-sm:text-right">{wordsOf(run)}</span>
      </TableCell>
      <TableCell label="Duration" numeric className="whitespace-nowrap text-ink-muted tabular-nums">
        {startedAt === null || finishedAt === null ? (
          <NoValue />
        ) : (
          formatMilliseconds(Date.parse(finishedAt) - Date.parse(startedAt))
        )}
      </TableCell>
      <TableCell label="Started" numeric className="whitespace-nowrap text-ink-muted">
        <RelativeTime value={startedAt ?? createdAt} format="datetime" />
      </TableCell>
    </>
  );
}

function progressOf({ status, progress }: RunView): { readonly progress?: number } {
  if (status !== "running" || progress === null) return {};
  const { done, total } = progress;
  return total === null || total === 0 ? {} : { progress: (done / total) * 100 };
}

/** What it has done, or why it could not. */
function wordsOf(run: RunView): string {
  const { error, progress } = run;
  if (isUnfinished(run) && progress !== null) {
    return progress.total === null
      ? `${formatNumber(progress.done)} done`
      : `${formatNumber(progress.done)} of ${formatNumber(progress.total)} done`;
  }
  if (error !== null) return error.message;
  return isUnfinished(run) ? "" : countWords(run);
}
