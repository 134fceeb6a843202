import { MessageCircleQuestionMark } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { cache } from "react";
import { Answers } from "@/app/(app)/insights/[id]/answers";
import { ReportCharts } from "@/app/(app)/insights/[id]/report-charts";
import { ReportToolbar } from "@/app/(app)/insights/[id]/report-toolbar";
import { NoAccess } from "@/app/(app)/no-access";
import { readSearch } from "@/app/(app)/page-search";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { ModelNotice } from "@/components/insights/model-notice";
import { insightTypeWords, projectHref } from "@/components/insights/words";
import { NoMatch } from "@/components/meetings/no-match";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { type DefinitionView, getDefinition, hasLanguageModel } from "@/lib/insights/definitions";
import { type ReportQuery, readReport, reportQuery, type Totals } from "@/lib/insights/report";
import { teamChoices } from "@/lib/meetings/page-queries";

interface InsightPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

/** Read once a request, for the title and the page; null for those who may not read insights. */
const insightOf = cache(async (id: string) => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read")) return null;
  const ctx = await contextOf(session);
  return readOrNotFound(id, (known) => getDefinition(ctx, known));
});

export async function generateMetadata({ params }: InsightPageProps): Promise<Metadata> {
  return { title: (await insightOf((await params).id))?.name ?? "Insights" };
}

export default async function InsightPage(props: InsightPageProps) {
  const insight = await insightOf((await props.params).id);
  if (insight === null) return <NoAccess title="Insight" what="insights" />;
  const searchParams = await props.searchParams;
  const query = readSearch(reportQuery, searchParams);
  return (
    <>
      <PageHeader
        title={insight.name}
        description={insight.question}
        aside={
          <>
            <Badge>{insightTypeWords[insight.type]}</Badge>
            <Link
              href={projectHref(insight.project.id)}
              className="wrap-anywhere rounded-sm text-ink-muted text-sm underline decoration-line-control underline-offset-4 hover:decoration-current"
            >
              <span className="sr-only">Project: </span>
              {insight.project.name}
            </Link>
            {insight.active ? null : <Badge tone="warning">Disabled</Badge>}
          </>
        }
      />
      {query === null ? (
        <NoMatch title="These filters cannot be used" clearHref={`/insights/${insight.id}`}>
          The address has a date, team or page that does not exist. Clear the filters and choose
          again.
        </NoMatch>
      ) : (
        <Report insight={insight} query={query} searchParams={searchParams} />
      )}
    </>
  );
}

interface ReportProps {
  readonly insight: DefinitionView;
  readonly query: ReportQuery;
  readonly searchParams: PageSearchParams;
}

async function Report({ insight, query, searchParams }: ReportProps) {
  const ctx = await contextOf(await requireSession());
  const [report, teams] = await Promise.all([
    readReport(ctx, insight, query),
    teamChoices(ctx, ctx.principal.grants["meetings:read"]),
  ]);
  const { page: _, ...filters } = query;
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const isEmpty = report.answered === 0;
  return (
    <>
      {isEmpty && !isFiltered ? null : (
        <ReportToolbar type={insight.type} report={report} teams={teams} />
      )}
      <OpenQuestions insight={insight} totals={report} />
      {isEmpty && !isFiltered ? (
        <EmptyState icon={MessageCircleQuestionMark} title="No answers yet">
          This question has been answered for none of the meetings that you can see. Answers come
          with the next meetings; past ones can be asked under the project’s Configuration.
        </EmptyState>
      ) : null}
      {isEmpty && isFiltered ? (
        <NoMatch title="No answer fits" clearHref={`/insights/${insight.id}`}>
          There is no answer for these dates, this team and this answer at once. Try fewer filters.
        </NoMatch>
      ) : null}
      {isEmpty ? null : (
        <div className="flex flex-col gap-8">
          <ReportCharts insight={insight} report={report} />
          <Answers insight={insight} report={report} searchParams={searchParams} />
        </div>
      )}
    </>
  );
}

function OpenQuestions({
  insight,
  totals,
}: {
  readonly insight: DefinitionView;
  readonly totals: Totals;
}) {
  const ask = (
    <Button asChild size="sm">
      <Link href={projectHref(insight.project.id, "configuration")}>Ask past meetings</Link>
    </Button>
  );
  return (
    <>
      {totals.needsModel === 0 && !insight.needsModel ? null : (
        <ModelNotice
          className="mb-4"
          isThere={hasLanguageModel()}
          action={hasLanguageModel() ? ask : undefined}
          title={
            totals.needsModel === 0
              ? "This question needs a language model"
              : `${formatCount(totals.needsModel, "meeting waits", "meetings wait")} for a language model`
          }
        />
      )}
      {totals.failed === 0 ? null : (
        <Notice
          tone="warning"
          className="mb-4"
          title={`${formatCount(totals.failed, "meeting")} could not be answered`}
          action={ask}
        >
          The language model gave no usable answer. Ask these meetings again.
        </Notice>
      )}
    </>
  );
}
