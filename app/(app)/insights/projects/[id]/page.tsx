import type { Metadata } from "next";
import { cache, Suspense } from "react";
import { BasicsTab } from "@/app/(app)/insights/projects/[id]/basics-tab";
import { ConfigurationTab } from "@/app/(app)/insights/projects/[id]/configuration-tab";
import { CriteriaTab } from "@/app/(app)/insights/projects/[id]/criteria-tab";
import { ReportsTab } from "@/app/(app)/insights/projects/[id]/reports-tab";
import { TeamsTab } from "@/app/(app)/insights/projects/[id]/teams-tab";
import { NoAccess } from "@/app/(app)/no-access";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { type ProjectTab, projectHref, projectTabs } from "@/components/insights/words";
import { Badge } from "@/components/ui/badge";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { getProject, type ProjectDetail } from "@/lib/insights/projects";

interface ProjectPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

/** Read once a request, for the title and the page; null for those who may not read insights. */
const projectOf = cache(async (id: string): Promise<ProjectDetail | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "insights:read")) return null;
  const ctx = await contextOf(session);
  return readOrNotFound(id, (known) => getProject(ctx, known));
});

export async function generateMetadata({ params }: ProjectPageProps): Promise<Metadata> {
  return { title: (await projectOf((await params).id))?.name ?? "Insights" };
}

const labels: Readonly<Record<ProjectTab, string>> = {
  reports: "Reports",
  configuration: "Configuration",
  criteria: "Criteria",
  teams: "Teams",
  basics: "Basics",
};

export default async function ProjectPage(props: ProjectPageProps) {
  const project = await projectOf((await props.params).id);
  if (project === null) return <NoAccess title="Insights" what="insights" />;
  const ctx = await contextOf(await requireSession());
  const searchParams = await props.searchParams;
  const tab = projectTabs.find((name) => name === searchParams.tab) ?? "reports";
  return (
    <>
      <PageHeader
        title={project.name}
        description={project.description === "" ? undefined : project.description}
        aside={
          <>
            {project.teams.length === 0 ? <Badge>Everybody</Badge> : null}
            {project.teams.map(({ id, name }) => (
              <Badge key={id}>{name}</Badge>
            ))}
            {project.mayEdit ? null : <ViewOnly />}
          </>
        }
      />
      <LinkTabs
        label={`Parts of ${project.name}`}
        items={projectTabs.map((name) => ({
          href: projectHref(project.id, name),
          label: labels[name],
        }))}
        current={projectHref(project.id, tab)}
      />
      <div className="pt-5">
        <Suspense key={tab} fallback={<SkeletonRows rows={6} />}>
          <TabContent ctx={ctx} project={project} tab={tab} searchParams={searchParams} />
        </Suspense>
      </div>
    </>
  );
}

interface TabContentProps {
  readonly ctx: Context;
  readonly project: ProjectDetail;
  readonly tab: ProjectTab;
  readonly searchParams: PageSearchParams;
}

function TabContent({ ctx, project, tab, searchParams }: TabContentProps) {
  switch (tab) {
    case "reports":
      return <ReportsTab ctx={ctx} project={project} searchParams={searchParams} />;
    case "configuration":
      return <ConfigurationTab ctx={ctx} project={project} />;
    case "criteria":
      return <CriteriaTab ctx={ctx} project={project} />;
    case "teams":
      return <TeamsTab ctx={ctx} project={project} />;
    case "basics":
      return <BasicsTab project={project} />;
  }
}
