import { ChartNoAxesColumn } from "lucide-react";
import Link from "next/link";
import { MadeBy } from "@/app/(app)/meetings/[id]/made-by";
import { TurnLink } from "@/app/(app)/meetings/[id]/turn-link";
import { requireSession } from "@/app/(app)/require-session";
import { NotAllowed } from "@/app/(app)/settings/view-only";
import { Evidence } from "@/components/insights/evidence";
import { InsightValue } from "@/components/insights/insight-value";
import { insightTypeWords } from "@/components/insights/words";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import type { PageResult } from "@/lib/insights/schema";
import { readMeetingAnswers } from "@/lib/insights/service";

/** The answers to the workspace's questions, with the words that they rest on. */
export async function InsightsTab({ id }: { readonly id: string }) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read")) return <NotAllowed what="insights" />;
  const ctx = await contextOf(session);
  const data = await readMeetingAnswers(ctx, id);
  if (data.length === 0) {
    return (
      <EmptyState icon={ChartNoAxesColumn} title="No insights">
        No insight question was active for this meeting’s team when it was processed.
      </EmptyState>
    );
  }
  const open = data.filter((result) => result.status !== "answered");
  return (
    <div className="flex flex-col">
      <Unanswered
        results={open.filter((result) => result.status === "needs_language_model")}
        failed={open.filter((result) => result.status === "failed")}
      />
      <div className="flex flex-col divide-y">
        {data
          .filter((result) => result.status === "answered")
          .map((result) => (
            <Answer key={result.id} meetingId={id} result={result} />
          ))}
      </div>
    </div>
  );
}

interface AnswerProps {
  readonly meetingId: string;
  readonly result: PageResult;
}

function Answer({ meetingId, result }: AnswerProps) {
  return (
    <article className="flex flex-col gap-3 py-5 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 className="flex min-w-0 flex-wrap items-center gap-2 font-semibold text-base">
          <Link
            href={`/insights/${result.insight_id}`}
            className="min-w-0 wrap-anywhere rounded-sm underline decoration-line-control underline-offset-4 hover:decoration-current"
          >
            {result.insight_name}
          </Link>
          <Badge>{insightTypeWords[result.type]}</Badge>
        </h2>
        <MadeBy engine={result.engine} />
      </div>
      <InsightValue type={result.type} value={result.value} />
      {result.explanation === null ? null : (
        <p className="max-w-prose text-pretty text-ink-muted text-sm">{result.explanation}</p>
      )}
      <Evidence
        quotes={result.evidence.map((quote) => ({
          quote,
          place: <TurnLink meetingId={meetingId} turn={quote.turn} startMs={quote.startMs} />,
        }))}
      />
    </article>
  );
}

interface UnansweredProps {
  readonly results: readonly PageResult[];
  readonly failed: readonly PageResult[];
}

/** Which questions stayed open, why, and who can do what about it. */
function Unanswered({ results, failed }: UnansweredProps) {
  const names = (list: readonly PageResult[]) =>
    list.map((result) => result.insight_name).join(", ");
  return (
    <>
      {results.length === 0 ? null : (
        <Notice
          className="mb-6"
          title={`${formatCount(results.length, "question needs", "questions need")} a language model`}
        >
          <p>{names(results)}.</p>
          <p className="mt-1">
            The built-in engine answers only what the words themselves show; it does not guess. An
            admin can connect a language model by setting LLM_URL, LLM_KEY and LLM_MODEL on the
            server. Meetings that are processed from then on are answered; past ones can be asked
            again under Configuration of the insight’s project.
          </p>
        </Notice>
      )}
      {failed.length === 0 ? null : (
        <Notice
          tone="warning"
          className="mb-6"
          title={`${formatCount(failed.length, "question")} could not be answered`}
        >
          <p>{names(failed)}.</p>
          {failed[0]?.explanation ? <p className="mt-1">{failed[0].explanation}</p> : null}
        </Notice>
      )}
    </>
  );
}
