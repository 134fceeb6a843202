import { ChartNoAxesColumn } from "lucide-react";
import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { pageOnly, readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { insightTypeWords } from "@/components/insights/words";
import { NoMatch } from "@/components/meetings/no-match";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import type { InsightView } from "@/lib/insights/schema";
import { listInsights } from "@/lib/insights/service";

export const metadata: Metadata = { title: "Insights" };

const perPage = 100;

interface InsightsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

interface Listed {
  readonly data: readonly InsightView[];
  readonly pagination: { readonly page: number; readonly total: number };
}

interface Project {
  readonly id: string;
  readonly name: string;
  readonly insights: InsightView[];
}

/** The definitions of one page by their project, projects by name. */
function byProject(insights: readonly InsightView[]): Project[] {
  const projects = new Map<string, Project>();
  for (const insight of insights) {
    const known = projects.get(insight.project.id) ?? { ...insight.project, insights: [] };
    known.insights.push(insight);
    projects.set(known.id, known);
  }
  return [...projects.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
}

export default async function InsightsPage(props: InsightsPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read"))
    return <NoAccess title="Insights" what="insights" />;
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  const page = readSearch(pageOnly, searchParams)?.page;
  const listed: Listed = JSON.parse((await listInsights(ctx, { page, per_page: perPage })).text);
  return (
    <>
      <PageHeader
        title="Insights"
        description="Questions that are asked of every meeting, and what their answers add up to."
      />
      <Definitions listed={listed} searchParams={searchParams} />
    </>
  );
}

interface DefinitionsProps {
  readonly listed: Listed;
  readonly searchParams: PageSearchParams;
}

function Definitions({ listed, searchParams }: DefinitionsProps) {
  const { total, page } = listed.pagination;
  if (total === 0) {
    return (
      <EmptyState icon={ChartNoAxesColumn} title="No insights yet">
        There is no question for your teams’ meetings in this workspace.
      </EmptyState>
    );
  }
  if (listed.data.length === 0) {
    return (
      <NoMatch
        title="The list ends before this page"
        clearHref="/insights"
        clearLabel="Go to the first page"
      >
        There are {formatCount(total, "insight")}.
      </NoMatch>
    );
  }
  return (
    <>
      <div className="flex flex-col gap-8">
        {byProject(listed.data).map((project) => (
          <section key={project.id} aria-labelledby={`project-${project.id}`}>
            <h2 id={`project-${project.id}`} className="pb-1 font-semibold text-base">
              {project.name}
            </h2>
            <ProjectTable project={project} />
          </section>
        ))}
      </div>
      <Pagination
        page={page}
        perPage={perPage}
        total={total}
        searchParams={searchParams}
        summary={formatCount(total, "insight")}
        label="Pages of insights"
      />
    </>
  );
}

function ProjectTable({ project }: { readonly project: Project }) {
  return (
    <Table label={`Insights of ${project.name}`}>
      <TableHeader>
        <TableRow>
          <TableHead>Insight</TableHead>
          <TableHead>Type</TableHead>
          <TableHead numeric>Answers</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {project.insights.map((insight) => (
          <TableRow key={insight.id}>
            <TableCell>
              <span className="block min-w-0 py-0.5">
                <span className="flex items-center gap-2">
                  <RowLink href={`/insights/${insight.id}`} className="wrap-anywhere">
                    {insight.name}
                  </RowLink>
                  {insight.active ? null : <Badge>Inactive</Badge>}
                </span>
                <span className="block text-pretty wrap-anywhere text-ink-muted text-sm">
                  {insight.question}
                </span>
              </span>
            </TableCell>
            <TableCell label="Type" className="whitespace-nowrap text-ink-muted sm:w-48">
              {insightTypeWords[insight.type]}
            </TableCell>
            <TableCell label="Answers" numeric className="sm:w-28">
              {formatNumber(insight.results_count)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
