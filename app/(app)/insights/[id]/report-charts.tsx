import { AggregateChart } from "@/components/insights/aggregate-chart";
import { Histogram } from "@/components/insights/histogram";
import { Trend } from "@/components/insights/trend";
import type { DefinitionView } from "@/lib/insights/definitions";
import type { Report } from "@/lib/insights/report";

interface ReportChartsProps {
  readonly insight: DefinitionView;
  readonly report: Report;
}

/** What all answers add up to, how they are spread, and how they went over time. */
export function ReportCharts({ insight, report }: ReportChartsProps) {
  const { scaleMin = 1, scaleMax = 10 } = insight.options;
  return (
    <section aria-labelledby="together-title" className="flex flex-col gap-6">
      <h2 id="together-title" className="font-semibold text-base">
        All answers together
      </h2>
      <AggregateChart aggregate={report.aggregate} />
      <div className="grid gap-8 lg:grid-cols-2">
        {report.histogram.length === 0 ? null : (
          <Histogram counts={report.histogram} min={scaleMin} max={scaleMax} />
        )}
        <Trend type={insight.type} weeks={report.weeks} min={scaleMin} max={scaleMax} />
      </div>
    </section>
  );
}
