"use client";

import { useState } from "react";
import { watchNewestRun } from "@/app/(app)/settings/integrations/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { countWords, isUnfinished } from "@/components/integrations/words";
import { formatNumber } from "@/components/ui/format";
import { ProgressBar } from "@/components/ui/progress";
import { Status } from "@/components/ui/status";
import type { RunView } from "@/lib/sync/schema";

interface LiveRunProps {
  readonly connectionId: string;
  /** The newest run as the page was made; absent where it is not known yet. */
  readonly run?: RunView | null;
  /** A run was just started, even where none is seen yet. */
  readonly isExpected?: boolean;
}

const everyMs = 2000;

/** The newest sync while it runs: how far it is and what it has done. It goes on when the page is left. */
export function LiveRun({ connectionId, run = null, isExpected = false }: LiveRunProps) {
  const [newest, setNewest] = useState(run);
  useWhileVisible(async () => {
    // What was skipped is followed by a real one as soon as the settings allow it.
    if (newest !== null && !isUnfinished(newest) && newest.status !== "skipped") return;
    const answer = await watchNewestRun({ connectionId });
    if (answer.ok) setNewest(answer.data);
  }, everyMs);
  if (newest === null) {
    return isExpected ? (
      <p role="status">
        <Status kind="queued" label="The sync is about to start" />
      </p>
    ) : null;
  }
  return <RunProgress run={newest} />;
}

/** Status, figures and bar of one run. */
function RunProgress({ run }: { readonly run: RunView }) {
  const { status, progress, error } = run;
  const total = progress?.total ?? null;
  return (
    <div role="status" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Status kind={status} />
        <span className="text-ink-muted tabular-nums">
          {progress === null || !isUnfinished(run)
            ? (error?.message ?? (isUnfinished(run) ? "" : countWords(run)))
            : total === null
              ? `${formatNumber(progress.done)} done`
              : `${formatNumber(progress.done)} of ${formatNumber(total)} done`}
        </span>
      </div>
      {isUnfinished(run) && status === "running" ? (
        <ProgressBar
          label="Progress of the sync"
          value={
            progress === null || total === null || total === 0
              ? null
              : (progress.done / total) * 100
          }
        />
      ) : null}
    </div>
  );
}
