"use client";

import { type KnownStatus, useMeetingStatus } from "@/components/meetings/use-meeting-status";
import { progressWords } from "@/components/meetings/words";
import { Status } from "@/components/ui/status";

interface LiveStatusProps extends KnownStatus {
  readonly id: string;
  /** How many meetings of this page are followed; the more, the slower, so that one page asks 200 times a minute at most. */
  readonly followed: number;
}

/** The status chip of a meeting in a list; one that is being processed moves by itself. */
export function LiveStatus({ id, followed, status, stage, progress }: LiveStatusProps) {
  const now = useMeetingStatus(id, { status, stage, progress }, Math.max(2000, followed * 300));
  if (now.status !== "processing") return <Status kind={now.status} />;
  return (
    <span title={progressWords(now.status, now.stage)}>
      <Status kind="processing" progress={now.progress} />
    </span>
  );
}
