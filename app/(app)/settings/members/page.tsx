import { UserSearch } from "lucide-react";
import type { Metadata } from "next";
import { requireSession } from "@/app/(app)/require-session";
import { InvitationsTable } from "@/app/(app)/settings/members/invitations-table";
import { InviteDialog } from "@/app/(app)/settings/members/invite-dialog";
import { MembersTable } from "@/app/(app)/settings/members/members-table";
import { NotAllowed, ViewOnly } from "@/app/(app)/settings/view-only";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { hasGrant } from "@/lib/auth/roles";
import { env } from "@/lib/core/env";
import { contextOf } from "@/lib/http/action";
import { listInvitations } from "@/lib/members/invitations";
import { listMembers, listPeople, listRoles, membersPerPage } from "@/lib/members/service";
import { listTeamChoices } from "@/lib/members/teams";

export const metadata: Metadata = { title: "Members" };

interface MembersPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

function pageNumber(value: string | string[] | undefined): number {
  const page = typeof value === "string" ? Number.parseInt(value, 10) : 1;
  return Number.isSafeInteger(page) && page > 0 && page < 1_000_000 ? page : 1;
}

export default async function MembersPage(props: MembersPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "members:read", "all")) {
    return <NotAllowed what="the list of members" />;
  }
  const searchParams = await props.searchParams;
  const query = typeof searchParams.q === "string" ? searchParams.q : "";
  const page = pageNumber(searchParams.page);
  const ctx = await contextOf(session);
  const canUpdate = hasGrant(session.grants, "members:update", "all");
  const [members, invitations, roles, teams, people] = await Promise.all([
    listMembers(ctx, { query, page }),
    listInvitations(ctx),
    listRoles(ctx),
    listTeamChoices(ctx),
    canUpdate ? listPeople(ctx) : [],
  ]);
  const choices = { roles: roles.map(({ id, name }) => ({ id, name })), teams, people };
  const firstRoleId = roles.find(({ key }) => key === "user")?.id ?? roles[0]?.id ?? "";
  return (
    <>
      <PageHeader
        title="Members"
        description="Who is in this workspace, what they may do, and who reports to whom."
        aside={canUpdate ? undefined : <ViewOnly />}
        actions={
          canUpdate ? (
            <InviteDialog
              choices={choices}
              firstRoleId={firstRoleId}
              sendsMail={env().mailConfigured}
            />
          ) : undefined
        }
      />
      <div className="pb-4">
        <SearchInput label="Search members" placeholder="Search by name or address" />
      </div>
      {members.rows.length === 0 ? (
        <EmptyState icon={UserSearch} title="Nobody fits">
          No member has this in their name or address.
        </EmptyState>
      ) : (
        <MembersTable
          rows={members.rows}
          choices={choices}
          userId={session.user.id}
          canUpdate={canUpdate}
        />
      )}
      <Pagination
        page={page}
        perPage={membersPerPage}
        total={members.total}
        searchParams={searchParams}
        summary={formatCount(members.total, "member")}
        label="Pages of members"
      />
      {invitations.length === 0 ? null : (
        <section aria-labelledby="invitations-title" className="pt-8">
          <h2 id="invitations-title" className="pb-3 font-semibold text-lg">
            Pending invitations
          </h2>
          <InvitationsTable rows={invitations} canUpdate={canUpdate} />
        </section>
      )}
    </>
  );
}
