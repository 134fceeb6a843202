import { Users } from "lucide-react";
import type { Metadata } from "next";
import { requireSession } from "@/app/(app)/require-session";
import { CreateTeam } from "@/app/(app)/settings/teams/create-team";
import { TeamsTable } from "@/app/(app)/settings/teams/teams-table";
import { NotAllowed, ViewOnly } from "@/app/(app)/settings/view-only";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { listPeople } from "@/lib/members/service";
import { listTeams } from "@/lib/members/teams";

export const metadata: Metadata = { title: "Teams" };

export default async function TeamsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "members:read", "all")) return <NotAllowed what="teams" />;
  const ctx = await contextOf(session);
  const canUpdate = hasGrant(session.grants, "members:update", "all");
  const [teams, people] = await Promise.all([listTeams(ctx), canUpdate ? listPeople(ctx) : []]);
  return (
    <>
      <PageHeader
        title="Teams"
        description="A Team Manager sees the meetings of their teams; a User sees their own."
        aside={canUpdate ? undefined : <ViewOnly />}
        actions={canUpdate ? <CreateTeam /> : undefined}
      />
      {teams.length === 0 ? (
        <EmptyState icon={Users} title="No teams yet">
          Teams decide who sees whose meetings. Create one, then add its people.
        </EmptyState>
      ) : (
        <TeamsTable teams={teams} people={people} canUpdate={canUpdate} />
      )}
    </>
  );
}
