import { ChartNoAxesColumn } from "lucide-react";
import type { Metadata } from "next";
import { CreateProject } from "@/app/(app)/insights/(list)/create-project";
import { ProjectTable } from "@/app/(app)/insights/(list)/project-table";
import { editableTeams } from "@/app/(app)/insights/editable-teams";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { listProjects } from "@/lib/insights/projects";

export const metadata: Metadata = { title: "Insights" };

export default async function InsightsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read"))
    return <NoAccess title="Insights" what="insights" />;
  const ctx = await contextOf(session);
  const canCreate = hasGrant(session.grants, "insights:update", "team");
  const [projects, teams] = await Promise.all([
    listProjects(ctx),
    canCreate ? editableTeams(ctx) : null,
  ]);
  const create =
    teams === null ? undefined : <CreateProject teams={teams.list} mustChoose={teams.mustChoose} />;
  return (
    <>
      <PageHeader
        title="Insights"
        description="Projects of questions that are asked of every meeting, and what their answers add up to."
        actions={projects.length === 0 ? undefined : create}
      />
      {projects.length === 0 ? (
        <EmptyState icon={ChartNoAxesColumn} title="No insight projects yet" action={create}>
          {create === undefined
            ? "There is no project for your teams in this workspace. An admin can create one."
            : "A project holds questions for some teams’ meetings, such as “Was pricing discussed?”. Every new meeting is asked, and the answers add up here."}
        </EmptyState>
      ) : (
        <ProjectTable projects={projects} />
      )}
    </>
  );
}
