"use client";

import { useRouter } from "next/navigation";
import { watchRun } from "@/app/(app)/insights/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { formatCount, formatNumber } from "@/components/ui/format";
import { ProgressBar } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-kinds";
import type { RunView } from "@/lib/insights/runs";

interface RunProgressProps {
  readonly projectId: string;
  readonly run: RunView;
  readonly onChange: (run: RunView | null) => void;
}

const everyMs = 2000;

const looks: Readonly<Record<RunView["status"], { kind: StatusKind; label: string }>> = {
  queued: { kind: "queued", label: "Waiting for its turn" },
  running: { kind: "running", label: "Asking" },
  completed: { kind: "success", label: "Done" },
  cancelled: { kind: "cancelled", label: "Stopped" },
  failed: { kind: "failed", label: "Failed" },
};

function isOver({ status }: RunView): boolean {
  return status !== "queued" && status !== "running";
}

/** How far a run is, while it runs and afterwards. */
export function RunProgress({ projectId, run, onChange }: RunProgressProps) {
  const router = useRouter();
  useWhileVisible(async () => {
    if (isOver(run)) return;
    const answer = await watchRun({ id: projectId });
    if (!answer.ok) return;
    onChange(answer.data);
    // The counts beside it have changed too.
    if (answer.data === null || isOver(answer.data)) router.refresh();
  }, everyMs);
  const { status, total, done, failed, questions } = run;
  return (
    <div role="status" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Status {...looks[status]} />
        <span className="text-ink-muted tabular-nums">
          {formatNumber(done)} of {formatCount(total, "meeting")} ·{" "}
          {formatCount(questions, "question")}
        </span>
        <span className="text-ink-muted">
          {run.requestedBy === null ? "" : `${run.requestedBy}, `}
          <RelativeTime value={run.endedAt ?? run.createdAt} />
        </span>
      </div>
      {isOver(run) ? null : (
        <ProgressBar
          label="Progress of asking past meetings"
          value={status === "queued" ? null : (done / Math.max(1, total)) * 100}
        />
      )}
      {failed === 0 ? null : (
        <p className="text-sm text-warning-ink">
          {formatCount(failed, "meeting")} could not be answered completely. Ask again for the
          meetings without an answer.
        </p>
      )}
      {status === "completed" && done < total ? (
        <p className="text-ink-muted text-sm">
          {formatCount(total - done, "meeting was", "meetings were")} left out: deleted, answered or
          no longer fitting meanwhile.
        </p>
      ) : null}
      {run.message === null ? null : <p className="text-danger-ink text-sm">{run.message}</p>}
    </div>
  );
}
