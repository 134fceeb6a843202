import { Video } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { UploadButton } from "@/app/(app)/meetings/(list)/upload-button";
import { NoAccess } from "@/app/(app)/no-access";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { MeetingTable } from "@/components/meetings/meeting-table";
import { NoMatch } from "@/components/meetings/no-match";
import { statusWords } from "@/components/meetings/words";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SearchInput } from "@/components/ui/search-input";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { dateRange } from "@/lib/core/dates";
import { contextOf } from "@/lib/http/action";
import {
  type Choice,
  listMeetingRows,
  type MeetingListPage,
  ownerChoices,
  teamChoices,
} from "@/lib/meetings/page-queries";
import { listMeetingsQuery, meetingStatuses } from "@/lib/meetings/schema";
import { PLANS } from "@/lib/plans/plans";

export const metadata: Metadata = { title: "Meetings" };

const pageQuery = z
  .object({ ...listMeetingsQuery.shape, q: z.string().max(100).optional() })
  .omit({ cursor: true, per_page: true })
  .refine(({ date_from, date_to }) => !dateRange(date_from, date_to).isEmpty);
type PageQuery = z.output<typeof pageQuery>;

const statusOptions = meetingStatuses.map((value) => ({ value, label: statusWords[value] }));

interface MeetingsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

function isFiltered({ page: _, ...filters }: PageQuery): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

export default async function MeetingsPage(props: MeetingsPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "meetings:read"))
    return <NoAccess title="Meetings" what="meetings" />;
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  const query = readSearch(pageQuery, searchParams);
  const canUpload = hasGrant(session.grants, "meetings:create");
  const [meetings, teams, owners, uploadTeams] = await Promise.all([
    query ? listMeetingRows(ctx, query) : null,
    teamChoices(ctx, session.grants["meetings:read"]),
    ownerChoices(ctx),
    canUpload ? teamChoices(ctx, session.grants["meetings:create"]) : [],
  ]);
  const upload = canUpload ? (
    <UploadButton
      teams={uploadTeams}
      ownTeamId={ownTeam(ctx, uploadTeams)}
      maxBytes={PLANS[session.workspace.plan].uploadBytesMax}
    />
  ) : undefined;
  return (
    <>
      <PageHeader title="Meetings" actions={upload} />
      <div className="flex flex-wrap gap-2 pb-4">
        <SearchInput label="Search meetings" placeholder="Search by title" />
        <FilterSelect label="Status" param="status" options={statusOptions} allLabel="Any status" />
        {teams.length < 2 ? null : (
          <FilterSelect label="Team" param="team_id" options={teams} allLabel="Any team" />
        )}
        {owners.length < 2 ? null : (
          <FilterSelect label="Owner" param="user_id" options={owners} allLabel="Any owner" />
        )}
        <DateRangeFilter />
      </div>
      <Meetings
        meetings={meetings}
        filtered={query === null || isFiltered(query)}
        searchParams={searchParams}
      />
    </>
  );
}

/** The team that an upload belongs to unless told otherwise: the person's own first one. */
function ownTeam(ctx: Context, teams: readonly Choice[]): string {
  const own = teams.filter((team) => ctx.principal.teamIds.includes(team.value));
  if (own.length === 1) return own[0]?.value ?? "";
  return teams.length === 1 ? (teams[0]?.value ?? "") : "";
}

interface MeetingsProps {
  /** Null when the address carries filters that no meeting list has. */
  readonly meetings: MeetingListPage | null;
  readonly filtered: boolean;
  readonly searchParams: PageSearchParams;
}

function Meetings({ meetings, filtered, searchParams }: MeetingsProps) {
  if (meetings === null) {
    return (
      <NoMatch title="These filters cannot be used" clearHref="/meetings">
        The address has a status, date or page that does not exist. Clear the filters and choose
        again.
      </NoMatch>
    );
  }
  if (meetings.total === 0 && !filtered) {
    return (
      <EmptyState icon={Video} title="No meetings yet">
        Upload a recording or a transcript. Harmony turns it into a transcript with speakers, a
        summary, action items and insights.
      </EmptyState>
    );
  }
  if (meetings.rows.length === 0) {
    return meetings.total === 0 ? (
      <NoMatch title="No meeting fits" clearHref="/meetings">
        Nothing has this title, status, team, owner and date at once. Try fewer filters.
      </NoMatch>
    ) : (
      <NoMatch
        title="The list ends before this page"
        clearHref="/meetings"
        clearLabel="Go to the first page"
      >
        There are {formatCount(meetings.total, "meeting")}.
      </NoMatch>
    );
  }
  return (
    <>
      <MeetingTable label="Meetings" rows={meetings.rows} />
      <Pagination
        page={meetings.page}
        perPage={meetings.perPage}
        total={meetings.total}
        searchParams={searchParams}
        summary={formatCount(meetings.total, "meeting")}
        label="Pages of meetings"
      />
    </>
  );
}
