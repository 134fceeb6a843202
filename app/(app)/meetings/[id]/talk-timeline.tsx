import { scaleLinear } from "d3-scale";
import { TimelineSeek } from "@/app/(app)/meetings/[id]/timeline-seek";
import { formatClock } from "@/components/ui/format";
import type { PageTalk } from "@/lib/meetings/page-queries";

interface TalkTimelineProps {
  readonly meetingId: string;
  readonly talk: PageTalk;
  /** The speakers that get a lane, in their order. */
  readonly facts: PageTalk["facts"];
}

/** Units of the drawing; it is stretched to the width of the page. */
const width = 1000;
const laneHeight = 24;
const barHeight = 12;

/** Round steps between the marks of the axis, in minutes. */
const stepsMin = [1, 2, 5, 10, 15, 30, 60, 120, 240];
const marksMax = 6;

/** Where the axis has its marks: every so many whole minutes, about six of them. */
function marksOf(durationMs: number): number[] {
  const minutes = durationMs / 60_000;
  const step = stepsMin.find((each) => minutes / each <= marksMax) ?? 1440;
  const marks: number[] = [];
  for (let at = 0; at <= minutes; at += step) marks.push(at * 60_000);
  return marks;
}

/**
 * A lane for each speaker, drawn here; a click on it goes to that moment. For everybody who does not point, the table
 * below and the player say the same.
 */
export function TalkTimeline({ meetingId, talk, facts }: TalkTimelineProps) {
  const x = scaleLinear([0, Math.max(1, talk.durationMs)], [0, width]);
  const lanes = facts.map(({ speaker }) => ({
    speaker,
    name: talk.speakers[speaker] ?? "Speaker",
    // One path for a whole lane: a meeting of hours has hundreds of stretches.
    path: talk.stretches
      .filter((stretch) => stretch.speaker === speaker)
      .map(({ startMs, endMs }) => {
        const from = x(startMs).toFixed(1);
        const length = Math.max(1, x(endMs) - x(startMs)).toFixed(1);
        return `M${from} 0h${length}v${barHeight}h-${length}z`;
      })
      .join(""),
  }));
  const height = lanes.length * laneHeight;
  const starts = talk.stretches.map(({ startMs, turn }) => [startMs, turn] as const);
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
      <ul aria-hidden className="text-sm">
        {lanes.map(({ speaker, name }) => (
          <li key={speaker} className="truncate" style={{ height: laneHeight }}>
            {name}
          </li>
        ))}
      </ul>
      <div className="min-w-0">
        <TimelineSeek meetingId={meetingId} durationMs={talk.durationMs} starts={starts}>
          <svg
            role="img"
            aria-label={`Time line of ${formatClock(talk.durationMs / 1000)}: when each of ${lanes.length} spoke. The table below has the figures.`}
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            className="block w-full"
            style={{ height }}
          >
            {lanes.map(({ speaker, path }, lane) => (
              <g key={speaker} transform={`translate(0 ${lane * laneHeight + 4})`}>
                <rect width={width} height={barHeight} className="fill-hover" />
                <path d={path} className={lane % 2 === 0 ? "fill-brand" : "fill-ink-muted"} />
              </g>
            ))}
          </svg>
        </TimelineSeek>
        <div aria-hidden className="relative mt-1 h-4 text-ink-muted text-xs tabular-nums">
          {marksOf(talk.durationMs).map((ms) => (
            <span
              key={ms}
              className="absolute max-sm:not-first:not-last:hidden"
              // Moved to the left by its own part of the width, no mark leaves the page.
              style={{
                left: `${(x(ms) / width) * 100}%`,
                transform: `translateX(-${(x(ms) / width) * 100}%)`,
              }}
            >
              {formatClock(ms / 1000)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
