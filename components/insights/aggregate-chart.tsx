import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { Stat } from "@/components/ui/stat";
import type { Aggregate } from "@/lib/insights/report";

interface Bar {
  readonly label: string;
  readonly value: number;
  /** What the whole width stands for. */
  readonly of: number;
  readonly tone: "brand" | "success" | "danger" | "neutral";
}

const fills = {
  brand: "bg-brand",
  success: "bg-success-solid",
  danger: "bg-danger-solid",
  neutral: "bg-ink-faint",
} as const;

function barsOf(aggregate: Aggregate): Bar[] {
  if ("yes" in aggregate) {
    const of = aggregate.yes + aggregate.no + aggregate.unknown;
    return [
      { label: "Yes", value: aggregate.yes, of, tone: "success" },
      { label: "No", value: aggregate.no, of, tone: "danger" },
      { label: "Not discussed", value: aggregate.unknown, of, tone: "neutral" },
    ];
  }
  if ("items" in aggregate) {
    return aggregate.items.map(({ item, done, total }) => ({
      label: item,
      value: done,
      of: total,
      tone: "brand",
    }));
  }
  return [];
}

function percent(value: number, of: number): number {
  return of === 0 ? 0 : Math.round((value / of) * 100);
}

/** What all answers add up to: bars that are a table for those who cannot see them, or figures. */
export function AggregateChart({ aggregate }: { readonly aggregate: Aggregate }) {
  if ("average" in aggregate) {
    const figure = (value: number | null) => (value === null ? "–" : String(value));
    return (
      <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
        <Stat label="Average" value={figure(aggregate.average)} />
        <Stat label="Lowest" value={figure(aggregate.min)} />
        <Stat label="Highest" value={figure(aggregate.max)} />
        <Stat label="Answers" value={formatNumber(aggregate.count)} />
      </dl>
    );
  }
  if ("count" in aggregate) {
    return (
      <dl>
        <Stat label="Answers" value={formatNumber(aggregate.count)} />
      </dl>
    );
  }
  const bars = barsOf(aggregate);
  if (bars.length === 0) return null;
  return (
    <table className="w-full max-w-2xl border-separate border-spacing-y-2 text-base">
      <caption className="sr-only">All answers together</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Share</th>
          <th scope="col">Number</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.label}>
            <th
              scope="row"
              className="min-w-28 max-w-48 break-words pr-4 text-left font-normal sm:max-w-72"
            >
              {bar.label}
            </th>
            <td className="w-full pr-4">
              <span aria-hidden className="block h-2 overflow-hidden rounded-full bg-hover">
                <span
                  className={cn("block h-full rounded-full", fills[bar.tone])}
                  style={{ width: `${percent(bar.value, bar.of)}%` }}
                />
              </span>
              <span className="sr-only">{percent(bar.value, bar.of)}%</span>
            </td>
            <td className="whitespace-nowrap text-right text-ink-muted tabular-nums">
              {formatNumber(bar.value)} of {formatNumber(bar.of)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
