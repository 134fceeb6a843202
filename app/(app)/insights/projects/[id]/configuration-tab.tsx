import { CircleHelp } from "lucide-react";
import { Definitions } from "@/app/(app)/insights/projects/[id]/definitions";
import { RunCard } from "@/app/(app)/insights/projects/[id]/lazy-parts";
import { ModelNotice } from "@/components/insights/model-notice";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import type { Context } from "@/lib/auth/principal";
import { hasLanguageModel, listDefinitions } from "@/lib/insights/definitions";
import type { ProjectDetail } from "@/lib/insights/projects";
import { newestRun, runMeetingsMax } from "@/lib/insights/runs";
import { teamChoices } from "@/lib/meetings/page-queries";

interface ConfigurationTabProps {
  readonly ctx: Context;
  readonly project: ProjectDetail;
}

/** The questions of the project, and asking them of past meetings. */
export async function ConfigurationTab({ ctx, project }: ConfigurationTabProps) {
  const [definitions, run, teams] = await Promise.all([
    listDefinitions(ctx, project.id),
    newestRun(ctx, project.id),
    teamChoices(ctx, ctx.principal.grants["meetings:read"]),
  ]);
  const waiting = definitions.filter(({ active, needsModel }) => active && needsModel);
  const offered = teams.filter(
    ({ value }) => project.teams.length === 0 || project.teams.some(({ id }) => id === value),
  );
  return (
    <div className="flex flex-col gap-6">
      {waiting.length === 0 ? null : (
        <ModelNotice
          title={`${formatCount(waiting.length, "insight needs", "insights need")} a language model`}
        >
          {waiting.map(({ name }) => name).join(", ")}.
        </ModelNotice>
      )}
      <Definitions
        projectId={project.id}
        definitions={definitions}
        mayEdit={project.mayEdit}
        hasModel={hasLanguageModel()}
        empty={
          <EmptyState icon={CircleHelp} title="No insights yet">
            {project.mayEdit
              ? "Add the first question. It is asked of meetings that are processed from then on; past ones can be asked separately."
              : "Nobody has added a question to this project yet."}
          </EmptyState>
        }
      />
      {definitions.length === 0 ? null : (
        <RunCard
          projectId={project.id}
          questions={definitions
            .filter(({ active }) => active)
            .map(({ id, name, needsModel }) => ({ id, name, needsModel }))}
          teams={offered.map(({ value, label }) => ({ id: value, name: label }))}
          run={run}
          meetingsMax={runMeetingsMax}
          mayEdit={project.mayEdit}
        />
      )}
    </div>
  );
}
