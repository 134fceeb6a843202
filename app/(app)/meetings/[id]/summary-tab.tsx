import { FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { MadeBy } from "@/app/(app)/meetings/[id]/made-by";
import { TurnLink } from "@/app/(app)/meetings/[id]/turn-link";
import { requireSession } from "@/app/(app)/require-session";
import { EmptyState } from "@/components/ui/empty-state";
import { contextOf } from "@/lib/http/action";
import { readPageSummary } from "@/lib/meetings/page-queries";

/** What the meeting was about, in four parts (handbook 18.3). */
export async function SummaryTab({ id }: { readonly id: string }) {
  const summary = await readPageSummary(await contextOf(await requireSession()), id);
  if (summary === null) {
    return (
      <EmptyState icon={FileQuestion} title="This meeting has no summary">
        Its transcript has nothing to sum up.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-8">
      <Part title="Overview" aside={<MadeBy engine={summary.engine} at={summary.generatedAt} />}>
        <p className="max-w-prose whitespace-pre-line text-pretty break-words text-lg">
          {summary.overview}
        </p>
      </Part>
      <Part title="Decisions">
        {summary.decisions.length === 0 ? (
          <None>No decision was found.</None>
        ) : (
          <ul className="flex flex-col divide-y">
            {summary.decisions.map((decision) => (
              <li
                key={`${decision.turn} ${decision.text}`}
                className="flex items-baseline justify-between gap-4 py-2 first:pt-0"
              >
                <span className="min-w-0 break-words text-base">{decision.text}</span>
                <TurnLink meetingId={id} turn={decision.turn} startMs={decision.startMs} />
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title="Next steps">
        <Lines lines={summary.nextSteps} none="No next step was found." />
      </Part>
      <Part title="Topics">
        {summary.topics.length === 0 ? (
          <None>No topic stands out.</None>
        ) : (
          <ul className="flex flex-wrap gap-1.5">
            {summary.topics.map((topic) => (
              <li key={topic} className="rounded-md border px-2 py-0.5 text-ink-muted text-sm">
                {topic}
              </li>
            ))}
          </ul>
        )}
      </Part>
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

function Part({ title, aside, children }: PartProps) {
  return (
    <section>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 pb-2">
        <h2 className="font-semibold text-base">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

function None({ children }: { readonly children: ReactNode }) {
  return <p className="text-base text-ink-muted">{children}</p>;
}

function Lines({ lines, none }: { readonly lines: readonly string[]; readonly none: string }) {
  if (lines.length === 0) return <None>{none}</None>;
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5 text-base marker:text-ink-faint">
      {lines.map((line) => (
        <li key={line} className="break-words">
          {line}
        </li>
      ))}
    </ul>
  );
}
