import { ChartTable } from "@/components/insights/chart-table";
import { Bars } from "@/components/ui/bars";
import { formatCount, formatNumber } from "@/components/ui/format";

interface HistogramProps {
  /** How many answers each number got; numbers without any may be missing. */
  readonly counts: readonly { readonly value: number; readonly count: number }[];
  /** The bounds of the scale. */
  readonly min: number;
  readonly max: number;
}

interface Bin {
  readonly label: string;
  readonly count: number;
}

const binsMax = 20;

/** One bin for each number, or of a wide scale twenty of the same width. Answers beyond the bounds widen it. */
function binsOf({ counts, min, max }: HistogramProps): Bin[] {
  const low = Math.min(min, ...counts.map(({ value }) => value));
  const high = Math.max(max, ...counts.map(({ value }) => value));
  const width = Math.ceil((high - low + 1) / binsMax);
  return Array.from({ length: Math.ceil((high - low + 1) / width) }, (_, index) => {
    const from = low + index * width;
    const to = Math.min(high, from + width - 1);
    const inside = counts.filter(({ value }) => value >= from && value <= to);
    return {
      label: from === to ? String(from) : `${from}–${to}`,
      count: inside.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

/** How the answers of a scale are spread: a picture with its figures behind it. */
export function Histogram(props: HistogramProps) {
  const bins = binsOf(props);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const peak = bins.find(({ count }) => count === most);
  return (
    <figure className="flex max-w-2xl flex-col gap-2">
      <figcaption className="text-ink-muted text-sm">
        How often each number was given
        {peak === undefined ? "" : `; most often ${peak.label} (${formatCount(most, "answer")})`}
      </figcaption>
      <div aria-hidden>
        <Bars
          title="Histogram"
          items={bins.map(({ label, count }) => ({ key: label, value: count }))}
        />
        <div className="flex text-center text-ink-muted text-xs tabular-nums">
          {bins.map(({ label }, index) => (
            <span key={label} className="min-w-0 flex-1 overflow-hidden">
              {bins.length > 12 && index % 4 !== 0 ? "" : label}
            </span>
          ))}
        </div>
      </div>
      <ChartTable
        caption="How often each number was given"
        columns={["Number", "Answers"]}
        rows={bins.map(({ label, count }) => [label, formatNumber(count)])}
      />
    </figure>
  );
}
