import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { FilterSelect } from "@/components/ui/filter-select";
import type { InsightType } from "@/lib/core/insight-types";
import type { Report } from "@/lib/insights/report";

interface ReportToolbarProps {
  readonly type: InsightType;
  readonly report: Report;
  readonly teams: readonly { readonly value: string; readonly label: string }[];
}

/** What the answers can be filtered by; nothing for texts. */
function answerOptions(type: InsightType, { aggregate, histogram }: Report) {
  if (type === "yes_no") {
    return [
      { value: "yes", label: "Yes" },
      { value: "no", label: "No" },
      { value: "unknown", label: "Not discussed" },
    ];
  }
  if (type === "scale") {
    return histogram.map(({ value }) => ({ value: String(value), label: String(value) }));
  }
  if ("items" in aggregate) {
    return aggregate.items.map(({ item }) => ({ value: item, label: `Done: ${item}` }));
  }
  return [];
}

/** Team, date and answer. */
export function ReportToolbar({ type, report, teams }: ReportToolbarProps) {
  const options = answerOptions(type, report);
  return (
    <div className="flex flex-wrap gap-2 pb-4">
      {options.length === 0 ? null : (
        <FilterSelect
          label="Answer"
          param="answer"
          options={options}
          allLabel="Any answer"
          className="sm:max-w-64"
        />
      )}
      {teams.length < 2 ? null : (
        <FilterSelect label="Team" param="team_id" options={teams} allLabel="Any team" />
      )}
      <DateRangeFilter />
    </div>
  );
}
