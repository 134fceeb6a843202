import { MessageCircleQuestionMark } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { cache } from "react";
import { NoAccess } from "@/app/(app)/no-access";
import { pageOnly, readSearch } from "@/app/(app)/page-search";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { type Aggregate, AggregateChart } from "@/components/insights/aggregate-chart";
import { Evidence } from "@/components/insights/evidence";
import { InsightValue } from "@/components/insights/insight-value";
import { insightTypeWords } from "@/components/insights/words";
import { NoMatch } from "@/components/meetings/no-match";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import type { InsightView, ResultView } from "@/lib/insights/schema";
import { getInsight, getInsightData } from "@/lib/insights/service";
import { meetingTitles } from "@/lib/meetings/page-queries";

interface InsightPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

interface InsightData {
  readonly aggregate: Aggregate;
  readonly data: readonly ResultView[];
  readonly pagination: { readonly page: number; readonly per_page: number; readonly total: number };
}

/** Read once a request, for the title and the page; null for those who may not read insights. */
const insightOf = cache(async (id: string): Promise<InsightView | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read")) return null;
  const ctx = await contextOf(session);
  return readOrNotFound(id, (known) => getInsight(ctx, known));
});

export async function generateMetadata({ params }: InsightPageProps): Promise<Metadata> {
  return { title: (await insightOf((await params).id))?.name ?? "Insights" };
}

export default async function InsightPage(props: InsightPageProps) {
  const insight = await insightOf((await props.params).id);
  if (insight === null) return <NoAccess title="Insight" what="insights" />;
  const ctx = await contextOf(await requireSession());
  const searchParams = await props.searchParams;
  const query = readSearch(pageOnly, searchParams);
  const answers: InsightData = JSON.parse(
    (await getInsightData(ctx, insight.id, { page: query?.page })).text,
  );
  const titles = await meetingTitles(
    ctx,
    answers.data.map((result) => result.meeting_id),
  );
  return (
    <>
      <PageHeader
        title={insight.name}
        description={insight.question}
        aside={
          <>
            <Badge>{insightTypeWords[insight.type]}</Badge>
            <Badge>{insight.project.name}</Badge>
            {insight.active ? null : <Badge tone="warning">Inactive</Badge>}
          </>
        }
      />
      {answers.pagination.total === 0 ? (
        <EmptyState icon={MessageCircleQuestionMark} title="No answers yet">
          This question has been answered for none of the meetings that you can see. Some questions
          need a language model.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-8">
          <section aria-labelledby="together-title">
            <h2 id="together-title" className="pb-3 font-semibold text-base">
              All answers together
            </h2>
            <AggregateChart aggregate={answers.aggregate} />
          </section>
          <section aria-labelledby="answers-title">
            <h2 id="answers-title" className="pb-1 font-semibold text-base">
              Answers
            </h2>
            <Answers
              insight={insight}
              answers={answers}
              titles={titles}
              searchParams={searchParams}
            />
          </section>
        </div>
      )}
    </>
  );
}

interface AnswersProps {
  readonly insight: InsightView;
  readonly answers: InsightData;
  readonly titles: Awaited<ReturnType<typeof meetingTitles>>;
  readonly searchParams: PageSearchParams;
}

function Answers({ insight, answers, titles, searchParams }: AnswersProps) {
  const { page, per_page, total } = answers.pagination;
  if (answers.data.length === 0) {
    return (
      <NoMatch
        title="The list ends before this page"
        clearHref={`/insights/${insight.id}`}
        clearLabel="Go to the first page"
      >
        There are {formatCount(total, "answer")}.
      </NoMatch>
    );
  }
  return (
    <>
      <ul className="flex flex-col divide-y">
        {answers.data.map((result) => (
          <Answer
            key={result.id}
            result={result}
            meeting={
              titles.get(result.meeting_id) ?? { title: "Meeting", date: result.generated_at }
            }
          />
        ))}
      </ul>
      <Pagination
        page={page}
        perPage={per_page}
        total={total}
        searchParams={searchParams}
        summary={formatCount(total, "answer")}
        label="Pages of answers"
      />
    </>
  );
}

interface AnswerProps {
  readonly result: ResultView;
  readonly meeting: { readonly title: string; readonly date: string };
}

function Answer({ result, meeting }: AnswerProps) {
  return (
    <li className="flex flex-col gap-2 py-4">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Link
          href={`/meetings/${result.meeting_id}?tab=insights`}
          className="min-w-0 truncate rounded-sm font-medium text-base underline decoration-line-control underline-offset-4 hover:decoration-current"
        >
          {meeting.title}
        </Link>
        <RelativeTime value={meeting.date} format="date" className="text-ink-muted text-sm" />
      </p>
      <InsightValue type={result.type} value={result.value} />
      {result.explanation === null ? null : (
        <p className="max-w-prose text-pretty text-ink-muted text-sm">{result.explanation}</p>
      )}
      <Evidence
        quotes={result.evidence.map((quote) => ({
          quote,
          place: <span className="font-mono text-xs">{quote.timestamp}</span>,
        }))}
      />
    </li>
  );
}
