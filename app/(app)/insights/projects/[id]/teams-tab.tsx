import { editableTeams } from "@/app/(app)/insights/editable-teams";
import { TeamsForm } from "@/app/(app)/insights/projects/[id]/lazy-parts";
import type { Context } from "@/lib/auth/principal";
import type { ProjectDetail } from "@/lib/insights/projects";

interface TeamsTabProps {
  readonly ctx: Context;
  readonly project: ProjectDetail;
}

/** For whom the project is. */
export async function TeamsTab({ ctx, project }: TeamsTabProps) {
  if (!project.mayEdit) {
    return (
      <div className="flex max-w-2xl flex-col gap-3">
        <p className="text-base text-ink-muted">
          {project.teams.length === 0
            ? "This project is for everybody in the workspace: its questions are asked of every team’s meetings."
            : "Its questions are asked of these teams’ meetings, and these teams see it:"}
        </p>
        <ul className="list-disc pl-5 text-base">
          {project.teams.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      </div>
    );
  }
  const { list, mustChoose } = await editableTeams(ctx);
  return (
    <TeamsForm
      projectId={project.id}
      teams={list}
      chosen={project.teams.map(({ id }) => id)}
      mustChoose={mustChoose}
    />
  );
}
