import Link from "next/link";
import { turnHref } from "@/app/(app)/meetings/[id]/meeting-tabs";
import { formatClock } from "@/components/ui/format";

interface TurnLinkProps {
  readonly meetingId: string;
  readonly turn: number | null;
  /** Position in the recording; null when the turn is not in the transcript. */
  readonly startMs: number | null;
}

/** The place in the transcript that something comes from. */
export function TurnLink({ meetingId, turn, startMs }: TurnLinkProps) {
  if (turn === null || startMs === null) return null;
  const clock = formatClock(startMs / 1000);
  return (
    <Link
      href={turnHref(meetingId, turn)}
      aria-label={`Go to ${clock} in the transcript`}
      className="relative shrink-0 rounded-sm font-mono text-ink-muted text-xs underline decoration-line-control underline-offset-4 hover:text-ink hover:decoration-current"
    >
      {clock}
    </Link>
  );
}
