import { ChartTable } from "@/components/insights/chart-table";
import { Bars } from "@/components/ui/bars";
import { cn } from "@/components/ui/cn";
import { formatCount, formatNumber } from "@/components/ui/format";
import { tones } from "@/components/ui/tones";
import { formatWhen } from "@/components/ui/when";

interface Day {
  /** `2026-11-27` */
  readonly day: string;
  readonly answered: number;
  /** Refused, over the limit or failed. */
  readonly unanswered: number;
}

interface DayChartProps {
  readonly days: readonly Day[];
}

const dayOf = (day: string) =>
  formatWhen(new Date(`${day}T00:00:00Z`), { timeZone: "UTC", now: null }, "date");

/** Requests day by day: a picture with its figures behind it. */
export function DayChart({ days }: DayChartProps) {
  const rows = days.map((one) => ({ ...one, requests: one.answered + one.unanswered }));
  const most = Math.max(1, ...rows.map(({ requests }) => requests));
  const peak = rows.find(({ requests }) => requests === most);
  const hasUnanswered = days.some(({ unanswered }) => unanswered > 0);
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-ink-muted text-sm">
        Requests by day (UTC)
        {peak === undefined ? "" : `; most on ${dayOf(peak.day)} (${formatCount(most, "request")})`}
      </figcaption>
      <div aria-hidden>
        <Bars
          title="Requests by day"
          items={rows.map(({ day, requests, unanswered }) => ({
            key: day,
            value: requests,
            part: unanswered,
          }))}
        />
        <div className="flex justify-between gap-4 pt-1 text-ink-muted text-xs">
          <span>{dayOf(days[0]?.day ?? "")}</span>
          <span className="text-right">{dayOf(days.at(-1)?.day ?? "")}</span>
        </div>
        {hasUnanswered ? <Legend /> : null}
      </div>
      <ChartTable
        caption="Requests by day"
        columns={hasUnanswered ? ["Day", "Answered", "Not answered"] : ["Day", "Requests"]}
        rows={rows.map(({ day, answered, unanswered }) => [
          dayOf(day),
          formatNumber(answered),
          ...(hasUnanswered ? [formatNumber(unanswered)] : []),
        ])}
      />
    </figure>
  );
}

const legend = [
  { tone: "brand", words: "Above: answered" },
  { tone: "danger", words: "At the foot: refused, over the limit or failed" },
] as const;

function Legend() {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1 pt-2 text-ink-muted text-xs">
      {legend.map(({ tone, words }) => (
        <span key={words} className="flex items-center gap-1.5">
          <span className={cn("size-2.5 rounded-xs", tones[tone].solid)} />
          {words}
        </span>
      ))}
    </div>
  );
}
