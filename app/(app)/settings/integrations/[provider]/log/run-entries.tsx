"use client";

import { ExternalLink, RotateCw } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import {
  goOn,
  readEntries,
  retryFailed,
} from "@/app/(app)/settings/integrations/[provider]/log/actions";
import { ItemActions } from "@/app/(app)/settings/integrations/[provider]/log/item-actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { countWords, isUnfinished, objectWords, textLink } from "@/components/integrations/words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FormError } from "@/components/ui/form-error";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Spinner } from "@/components/ui/spinner";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-kinds";
import { toast } from "@/components/ui/toast";
import type { EntryPage, EntryView, RunView } from "@/lib/sync/schema";

interface RunEntriesProps {
  readonly run: RunView;
  readonly mayRetry: boolean;
}

/** The entries that are read so far, page after page; read anew when the run has gone on. */
function useEntries(run: RunView) {
  const [pages, setPages] = useState<readonly EntryPage[]>([]);
  const {
    run: read,
    pending,
    error,
  } = useAction(readEntries, {
    onSuccess: (page) =>
      setPages((known) => (page.page === 1 ? [page] : [...known.slice(0, page.page - 1), page])),
  });
  const load = useCallback((page: number) => void read({ runId: run.id, page }), [read, run.id]);
  const step = `${run.status} ${countWords(run)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run's figures say that there is more to read
  useEffect(() => load(1), [load, step]);
  const entries = pages.flatMap((page) => page.entries);
  const last = pages.at(-1);
  const more = last === undefined ? 0 : Math.max(0, last.total - entries.length);
  return {
    entries,
    more,
    pending,
    error,
    isEmpty: last?.total === 0,
    reload: () => load(1),
    showMore: () => load((last?.page ?? 0) + 1),
  };
}

/** What happened to each record in one sync, and what can be done about it. */
export function RunEntries({ run, mayRetry }: RunEntriesProps) {
  const { entries, more, pending, error, isEmpty, reload, showMore } = useEntries(run);
  const mayRetryAll = mayRetry && run.failed > 0 && !isUnfinished(run);
  return (
    <div className="flex min-w-0 flex-col gap-3 px-2 py-3 sm:px-8">
      {run.error === null ? null : <RunTrouble run={run} mayRetry={mayRetry} />}
      {mayRetryAll ? <RetryFailed run={run} onDone={reload} /> : null}
      <FormError error={formProblem(error)} />
      {pending && entries.length === 0 ? (
        <p className="flex items-center gap-2 py-2 text-ink-muted text-sm">
          <Spinner />
          Reading the entries…
        </p>
      ) : null}
      {isEmpty ? (
        <p className="py-1 text-ink-muted text-sm">
          {isUnfinished(run) ? "Nothing has happened yet." : "There was nothing to do."}
        </p>
      ) : null}
      {entries.length === 0 ? null : (
        <ul aria-label="Entries of the sync" className="divide-y rounded-lg border bg-surface">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} mayRetry={mayRetry} onDone={reload} />
          ))}
        </ul>
      )}
      {more === 0 ? null : (
        <Button size="sm" className="self-start" loading={pending} onClick={showMore}>
          Show more ({formatNumber(more)})
        </Button>
      )}
    </div>
  );
}

const levels: Readonly<Record<EntryView["level"], { kind: StatusKind; label: string }>> = {
  info: { kind: "success", label: "Done" },
  warning: { kind: "warning", label: "Look" },
  error: { kind: "failed", label: "Failed" },
};

interface EntryProps {
  readonly entry: EntryView;
  readonly mayRetry: boolean;
  readonly onDone: () => void;
}

function Entry({ entry, mayRetry, onDone }: EntryProps) {
  const { level, item, fix, externalUrl, harmonyId } = entry;
  const look = levels[level];
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-3 py-2.5">
      <span className="w-20 shrink-0">
        <Status plain {...look} />
      </span>
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words text-base">{entry.message}</p>
        {fix === null ? null : <p className="text-ink-muted text-sm">{fix}</p>}
        <p className="flex flex-wrap gap-x-3 pt-0.5 text-ink-muted text-xs">
          <span>
            {objectWords(entry.objectType)}, {objectWords(entry.action)}
          </span>
          {harmonyId?.startsWith("mtg_") ? (
            <Link href={`/meetings/${harmonyId}`} prefetch={false} className={textLink}>
              Open the meeting
            </Link>
          ) : null}
          {externalUrl === null ? null : (
            <a
              href={externalUrl}
              target="_blank"
              rel="noreferrer"
              className={cn(textLink, "inline-flex items-center gap-1")}
            >
              Open at the tool
              <ExternalLink aria-hidden className="size-3" />
            </a>
          )}
          <RelativeTime value={entry.at} format="datetime" />
        </p>
      </div>
      {item === null || !mayRetry ? null : (
        <ItemActions itemId={item.id} actions={item.actions} what={entry.message} onDone={onDone} />
      )}
    </li>
  );
}

interface RetryFailedProps {
  readonly run: RunView;
  readonly onDone: () => void;
}

function RetryFailed({ run, onDone }: RetryFailedProps) {
  const action = useAction(retryFailed, {
    onSuccess: ({ retried }) => {
      toast.success(
        retried === 0 ? "Nothing is left to retry" : `${formatCount(retried, "item")} tried again`,
      );
      onDone();
    },
  });
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="sm" loading={action.pending} onClick={() => void action.run({ runId: run.id })}>
        <RotateCw />
        Retry failed items
      </Button>
      <FormError error={formProblem(action.error)} />
    </div>
  );
}

/** Why the whole run stopped; after the deletion brake somebody has to say that it may go on. */
function RunTrouble({ run, mayRetry }: RunEntriesProps) {
  const action = useAction(goOn, { onSuccess: () => toast.success("The next sync goes on") });
  const { error, status } = run;
  if (error === null) return null;
  const isBraked = !isUnfinished(run) && error.code === "conflict";
  return (
    <Notice
      tone={status === "failed" ? "danger" : "warning"}
      title={error.message}
      action={
        isBraked && mayRetry ? (
          <Button loading={action.pending} onClick={() => void action.run({ runId: run.id })}>
            Go on
          </Button>
        ) : undefined
      }
    >
      {isBraked
        ? "Look whether so much was really removed at the tool. If it was, let the sync go on."
        : undefined}
    </Notice>
  );
}
