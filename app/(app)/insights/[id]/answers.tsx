import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { TurnLink } from "@/app/(app)/meetings/[id]/turn-link";
import { Evidence } from "@/components/insights/evidence";
import { InsightValue } from "@/components/insights/insight-value";
import { NoMatch } from "@/components/meetings/no-match";
import { formatCount } from "@/components/ui/format";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { DefinitionView } from "@/lib/insights/definitions";
import type { Report, ReportRow } from "@/lib/insights/report";

interface AnswersProps {
  readonly insight: DefinitionView;
  readonly report: Report;
  readonly searchParams: PageSearchParams;
}

/** One row for each meeting. */
export function Answers({ insight, report, searchParams }: AnswersProps) {
  const { rows, page, perPage, total } = report;
  return (
    <section aria-labelledby="answers-title">
      <h2 id="answers-title" className="pb-1 font-semibold text-base">
        Answers
      </h2>
      {rows.length === 0 ? (
        <NoMatch
          title={total === 0 ? "No meeting has this answer" : "The list ends before this page"}
          clearHref={`/insights/${insight.id}`}
          clearLabel={total === 0 ? "Clear filters" : "Go to the first page"}
        >
          {total === 0
            ? "Choose another answer, or fewer filters."
            : `There are ${formatCount(total, "answer")}.`}
        </NoMatch>
      ) : (
        <>
          <Table label="Answers by meeting">
            <TableHeader>
              <TableRow>
                <TableHead>Meeting</TableHead>
                <TableHead>Answer</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {rows.map((row) => (
                <Answer key={row.result.id} row={row} />
              ))}
            </TableBody>
          </Table>
          <Pagination
            page={page}
            perPage={perPage}
            total={total}
            searchParams={searchParams}
            summary={formatCount(total, "answer")}
            label="Pages of answers"
          />
        </>
      )}
    </section>
  );
}

function Answer({ row: { result, meeting } }: { readonly row: ReportRow }) {
  return (
    <TableRow>
      <TableCell className="align-top sm:w-64">
        <div className="min-w-0">
          <h3>
            <Link
              href={`/meetings/${result.meeting_id}?tab=insights`}
              className="wrap-anywhere rounded-sm font-medium underline decoration-line-control underline-offset-4 hover:decoration-current"
            >
              {meeting.title}
            </Link>
          </h3>
          <span className="block text-ink-muted text-sm">
            <RelativeTime value={meeting.date} format="date" />
            {meeting.team === null ? null : ` · ${meeting.team}`}
          </span>
        </div>
      </TableCell>
      <TableCell className="align-top">
        <div className="flex min-w-0 flex-col gap-2">
          <InsightValue type={result.type} value={result.value} />
          {result.explanation === null ? null : (
            <p className="max-w-prose text-pretty text-ink-muted text-sm">{result.explanation}</p>
          )}
          <Quotes result={result} title={meeting.title} />
        </div>
      </TableCell>
    </TableRow>
  );
}

interface QuotesProps {
  readonly result: ReportRow["result"];
  readonly title: string;
}

function Quotes({ result, title }: QuotesProps) {
  if (result.evidence.length === 0) return null;
  return (
    <details className="group/quotes text-sm">
      <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-ink-muted [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open/quotes:rotate-90"
        />
        Evidence ({result.evidence.length})<span className="sr-only"> of {title}</span>
      </summary>
      <div className="pt-2">
        <Evidence
          quotes={result.evidence.map((quote) => ({
            quote,
            place: (
              <TurnLink meetingId={result.meeting_id} turn={quote.turn} startMs={quote.startMs} />
            ),
          }))}
        />
      </div>
    </details>
  );
}
