import { ChartNoAxesColumn, Download } from "lucide-react";
import Link from "next/link";
import { readSearch } from "@/app/(app)/page-search";
import { AggregateChart } from "@/components/insights/aggregate-chart";
import { insightTypeWords, projectHref } from "@/components/insights/words";
import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { NoMatch } from "@/components/meetings/no-match";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatCount, formatNumber } from "@/components/ui/format";
import type { PageSearchParams } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import { type DefinitionView, listDefinitions } from "@/lib/insights/definitions";
import { exportMeetingsMax } from "@/lib/insights/export";
import type { ProjectDetail } from "@/lib/insights/projects";
import { readTotals, reportsQuery, type Totals } from "@/lib/insights/report";
import { teamChoices } from "@/lib/meetings/page-queries";

interface ReportsTabProps {
  readonly ctx: Context;
  readonly project: ProjectDetail;
  readonly searchParams: PageSearchParams;
}

/** What the answers of every insight of the project add up to. */
export async function ReportsTab({ ctx, project, searchParams }: ReportsTabProps) {
  const { tab: _, ...given } = searchParams;
  const query = readSearch(reportsQuery, given);
  const [definitions, teams] = await Promise.all([
    listDefinitions(ctx, project.id),
    teamChoices(ctx, ctx.principal.grants["meetings:read"]),
  ]);
  if (definitions.length === 0) return <NoDefinitions project={project} />;
  if (query === null) {
    return (
      <NoMatch title="These filters cannot be used" clearHref={projectHref(project.id)}>
        The address has a date or team that does not exist. Clear the filters and choose again.
      </NoMatch>
    );
  }
  const totals = await readTotals(ctx, definitions, query);
  const filters = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString();
  const suffix = filters === "" ? "" : `?${filters}`;
  return (
    <>
      <div className="flex flex-wrap gap-2 pb-4">
        {teams.length < 2 ? null : (
          <FilterSelect label="Team" param="team_id" options={teams} allLabel="Any team" />
        )}
        <DateRangeFilter />
        <Button asChild className="max-sm:flex-1">
          <a
            href={`${projectHref(project.id)}/export${suffix}`}
            download
            title={`One row for each meeting with an answer, the newest first, at most ${formatNumber(exportMeetingsMax)}`}
          >
            <Download />
            Export CSV
          </a>
        </Button>
      </div>
      <ul className="grid gap-4 lg:grid-cols-2">
        {definitions.map((definition) => {
          const sum = totals.get(definition.id);
          return sum === undefined ? null : (
            <li key={definition.id} className="min-w-0">
              <ReportCard definition={definition} totals={sum} suffix={suffix} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function NoDefinitions({ project }: { readonly project: ProjectDetail }) {
  return (
    <EmptyState
      icon={ChartNoAxesColumn}
      title="No insights in this project yet"
      action={
        project.mayEdit ? (
          <Button asChild variant="primary">
            <Link href={projectHref(project.id, "configuration")}>Add an insight</Link>
          </Button>
        ) : undefined
      }
    >
      An insight is a question that is asked of every meeting. Reports appear with the first
      answers.
    </EmptyState>
  );
}

interface ReportCardProps {
  readonly definition: DefinitionView;
  readonly totals: Totals;
  readonly suffix: string;
}

function ReportCard({ definition, totals, suffix }: ReportCardProps) {
  return (
    <Card className="h-full">
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            <Link
              href={`/insights/${definition.id}${suffix}`}
              className="wrap-anywhere rounded-sm underline decoration-line-control underline-offset-4 hover:decoration-current"
            >
              {definition.name}
            </Link>
            <Badge>{insightTypeWords[definition.type]}</Badge>
            {definition.active ? null : <Badge tone="warning">Disabled</Badge>}
          </span>
        }
        description={definition.question}
      />
      <CardBody className="flex flex-col gap-3">
        {totals.answered === 0 ? (
          <p className="text-base text-ink-muted">No answers for these meetings.</p>
        ) : (
          <AggregateChart aggregate={totals.aggregate} />
        )}
        <OpenQuestions totals={totals} />
      </CardBody>
    </Card>
  );
}

function OpenQuestions({ totals }: { readonly totals: Totals }) {
  const parts = [
    ...(totals.needsModel === 0
      ? []
      : [`${formatCount(totals.needsModel, "meeting needs", "meetings need")} a language model`]),
    ...(totals.failed === 0
      ? []
      : [`${formatCount(totals.failed, "meeting")} could not be answered`]),
  ];
  if (parts.length === 0) return null;
  return <p className="text-ink-muted text-sm">{parts.join(" · ")}</p>;
}
