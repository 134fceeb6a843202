import { Download } from "lucide-react";
import { integrationName } from "@/app/(app)/settings/integrations/activity/activity-words";
import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { Button } from "@/components/ui/button";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatNumber } from "@/components/ui/format";
import { SearchInput } from "@/components/ui/search-input";
import type { ActorChoice } from "@/lib/audit/activity";
import { auditCategories, exportRowsMax } from "@/lib/audit/schema";

interface ActivityToolbarProps {
  /** Whom to filter by; empty for those who only see themselves. */
  readonly actors: readonly ActorChoice[];
  /** Slugs of the tools that entries are about; empty until there are some. */
  readonly integrations: readonly string[];
  readonly exportHref: string;
}

const categoryOptions = Object.entries(auditCategories).map(([value, label]) => ({ value, label }));
const resultOptions = [
  { value: "success", label: "Success" },
  { value: "failure", label: "Failure" },
];

/** Search, filters and the export of what they leave. */
export function ActivityToolbar({ actors, integrations, exportHref }: ActivityToolbarProps) {
  return (
    <div className="flex flex-wrap gap-2 pb-3">
      <SearchInput label="Search activity" placeholder="Action, name or id" className="sm:w-56" />
      <FilterSelect
        label="Category"
        param="category"
        options={categoryOptions}
        allLabel="Any category"
      />
      {actors.length === 0 ? null : (
        <FilterSelect
          label="Actor"
          param="actor"
          options={actors}
          allLabel="Any actor"
          className="sm:max-w-56"
        />
      )}
      {integrations.length === 0 ? null : (
        <FilterSelect
          label="Integration"
          param="integration"
          options={integrations.map((slug) => ({ value: slug, label: integrationName(slug) }))}
          allLabel="Any integration"
        />
      )}
      <FilterSelect label="Result" param="result" options={resultOptions} allLabel="Any result" />
      <DateRangeFilter label="Date of the entry" />
      <Button asChild className="max-sm:flex-1">
        <a
          href={exportHref}
          download
          title={`What the filters leave, newest first, at most ${formatNumber(exportRowsMax)} rows`}
        >
          <Download />
          Export CSV
        </a>
      </Button>
    </div>
  );
}
