import { ChartTable } from "@/components/insights/chart-table";
import { formatNumber } from "@/components/ui/format";
import { formatWhen } from "@/components/ui/when";
import type { InsightType } from "@/lib/core/insight-types";
import type { Week } from "@/lib/insights/report";

interface TrendProps {
  readonly type: InsightType;
  /** In order; weeks without answers are missing. */
  readonly weeks: readonly Week[];
  /** The bounds of a scale. */
  readonly min: number;
  readonly max: number;
}

interface Point {
  readonly week: string;
  readonly answers: number;
  readonly y: number;
  readonly text: string;
}

const weekMs = 7 * 86_400_000;
const width = 260;
const height = 100;

const names: Readonly<Partial<Record<InsightType, string>>> = {
  yes_no: "Share of yes",
  scale: "Average",
  checklist: "Items done",
};

const atOf = (week: string) => new Date(`${week}T00:00:00Z`).getTime();
const dayOf = (week: string) =>
  formatWhen(new Date(atOf(week)), { timeZone: "UTC", now: null }, "date");

/** Where the axis begins and ends. */
function rangeOf({ type, weeks, min, max }: TrendProps): readonly [number, number] {
  if (type === "scale") return [min, max];
  if (names[type] !== undefined) return [0, 100];
  return [0, Math.max(1, ...weeks.map(({ answers }) => answers))];
}

function pointsOf(props: TrendProps): Point[] {
  const [low, high] = rangeOf(props);
  const isCounted = names[props.type] === undefined;
  const unit = props.type === "scale" ? "" : isCounted ? "" : "%";
  return props.weeks.flatMap(({ week, answers, value }) => {
    const shown = isCounted ? answers : value;
    if (shown === null) return [];
    const share = Math.min(1, Math.max(0, (shown - low) / (high - low || 1)));
    return [{ week, answers, y: height - share * height, text: `${shown}${unit}` }];
  });
}

/** How the answers went from week to week, by the day of the meeting; nothing where there is only one week. */
export function Trend(props: TrendProps) {
  const points = pointsOf(props);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  const span = atOf(last.week) - atOf(first.week);
  const placed = points.map((point) => ({
    ...point,
    x: ((atOf(point.week) - atOf(first.week)) / span) * width,
  }));
  // A week without answers breaks the line.
  const line = placed
    .map(({ x, y, week }, index) => {
      const before = placed[index - 1];
      const follows = before !== undefined && atOf(week) - atOf(before.week) === weekMs;
      return `${follows ? "L" : "M"}${x} ${y}`;
    })
    .join("");
  const name = names[props.type] ?? "Answers";
  const [low, high] = rangeOf(props);
  const unit = names[props.type] === undefined || props.type === "scale" ? "" : "%";
  return (
    <figure className="flex max-w-2xl flex-col gap-2">
      <figcaption className="text-ink-muted text-sm">
        {name} by week of the meeting: {first.text} in the week of {dayOf(first.week)}, {last.text}{" "}
        in that of {dayOf(last.week)}
      </figcaption>
      <div aria-hidden className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs tabular-nums">
        <span className="flex flex-col justify-between text-right text-ink-muted">
          <span>{`${formatNumber(high)}${unit}`}</span>
          <span>{`${formatNumber(low)}${unit}`}</span>
        </span>
        <svg
          viewBox={`-6 -6 ${width + 12} ${height + 12}`}
          preserveAspectRatio="none"
          className="h-32 w-full border-y text-brand"
        >
          <title>{`${name} by week`}</title>
          <path
            d={line}
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
          {placed.map(({ week, x, y }) => (
            <path
              key={week}
              d={`M${x} ${y}h0`}
              stroke="currentColor"
              strokeWidth="7"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        <span />
        <span className="flex justify-between gap-4 pt-1 text-ink-muted">
          <span>{dayOf(first.week)}</span>
          <span className="text-right">{dayOf(last.week)}</span>
        </span>
      </div>
      <ChartTable
        caption={`${name} by week`}
        columns={names[props.type] === undefined ? ["Week of", name] : ["Week of", name, "Answers"]}
        rows={points.map(({ week, text, answers }) =>
          names[props.type] === undefined
            ? [dayOf(week), text]
            : [dayOf(week), text, formatNumber(answers)],
        )}
      />
    </figure>
  );
}
