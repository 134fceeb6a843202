import { CriteriaList } from "@/app/(app)/insights/projects/[id]/criteria-list";
import { CriteriaForm } from "@/app/(app)/insights/projects/[id]/lazy-parts";
import { ModelNotice } from "@/components/insights/model-notice";
import { mediumWords, sourceWords } from "@/components/meetings/words";
import { formatCount, formatNumber } from "@/components/ui/format";
import type { Context } from "@/lib/auth/principal";
import { judgedCriteria } from "@/lib/insights/criteria";
import { hasLanguageModel } from "@/lib/insights/definitions";
import { countMeetings, type ProjectDetail } from "@/lib/insights/projects";
import { teamChoices } from "@/lib/meetings/page-queries";

interface CriteriaTabProps {
  readonly ctx: Context;
  readonly project: ProjectDetail;
}

const named = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([id, name]) => ({ id, name }));

/** Which meetings of the project's teams are asked about. */
export async function CriteriaTab({ ctx, project }: CriteriaTabProps) {
  const [counted, teams] = await Promise.all([
    countMeetings(ctx, project),
    teamChoices(ctx, ctx.principal.grants["meetings:read"]),
  ]);
  // A project of some teams is narrowed among these only.
  const offered = teams.filter(
    ({ value }) => project.teams.length === 0 || project.teams.some(({ id }) => id === value),
  );
  const hasModel = hasLanguageModel();
  const judged = judgedCriteria(project.criteria).length;
  return (
    <div className="flex max-w-2xl flex-col gap-5">
      <p className="text-pretty text-base text-ink-muted">
        {project.criteria.length === 0
          ? `Without criteria every meeting of the project’s teams is asked about: ${formatCount(counted.all, "meeting")} of the past that you can see.`
          : `${formatNumber(counted.met)} of ${formatCount(counted.all, "past meeting")} that you can see ${counted.met === 1 ? "meets" : "meet"} the attribute criteria. A meeting is asked about when it meets all criteria.`}
      </p>
      {judged > 0 && !hasModel ? (
        <ModelNotice
          title={`${formatCount(judged, "criterion needs", "criteria need")} a language model`}
        >
          Until then the project’s insights stay open for every meeting.
        </ModelNotice>
      ) : null}
      {project.mayEdit ? (
        <CriteriaForm
          projectId={project.id}
          criteria={project.criteria}
          choices={{
            sources: named(sourceWords),
            mediums: named(mediumWords),
            teams: offered.map(({ value, label }) => ({ id: value, name: label })),
          }}
          hasModel={hasModel}
        />
      ) : (
        <CriteriaList
          criteria={project.criteria}
          teams={new Map(teams.map(({ value, label }) => [value, label]))}
        />
      )}
    </div>
  );
}
