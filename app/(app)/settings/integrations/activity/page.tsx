import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { NoAccess } from "@/app/(app)/no-access";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { ActivityFeed } from "@/app/(app)/settings/integrations/activity/activity-feed";
import { ActivityToolbar } from "@/app/(app)/settings/integrations/activity/activity-toolbar";
import { LogPager } from "@/components/logs/log-pager";
import { NoMatch } from "@/components/meetings/no-match";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { type PageSearchParams, toQuery, withQuery } from "@/components/ui/query-string";
import {
  activityCountedMax,
  activityFilters,
  activityPosition,
  findActivity,
  listActivity,
  listActivityIntegrations,
  listActors,
  maySeeAll,
} from "@/lib/audit/activity";
import { auditRetentionDays } from "@/lib/audit/schema";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";

export const metadata: Metadata = { title: "Activity" };

const path = "/settings/integrations/activity";

const pageQuery = activityFilters.extend({
  cursor: activityPosition.optional(),
  entry: z.string().max(60).optional(),
});
type PageQuery = z.output<typeof pageQuery>;

const filterNames = [
  "category",
  "actor",
  "integration",
  "result",
  "q",
  "date_from",
  "date_to",
  "cursor",
] as const;

interface ActivityPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function ActivityPage(props: ActivityPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "audit:read")) {
    return <NoAccess title="Activity" what="the activity of the workspace" />;
  }
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  const current = toQuery(searchParams);
  const [actors, integrations] = await Promise.all([
    listActors(ctx),
    listActivityIntegrations(ctx),
  ]);
  const query = readSearch(pageQuery, searchParams);
  return (
    <>
      <PageHeader title="Activity" description={describe(ctx)} />
      <ActivityToolbar
        actors={actors}
        integrations={integrations}
        exportHref={`${path}/export${withQuery("", filtersOf(query))}`}
      />
      <Entries ctx={ctx} query={query} current={current} />
    </>
  );
}

function filtersOf(query: PageQuery | null): Readonly<Record<string, string | null>> {
  const { cursor: _cursor, entry: _entry, ...filters } = query ?? {};
  return Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value ?? null]));
}

function describe(ctx: Context): string {
  const kept = `Entries are kept for ${auditRetentionDays} days and cannot be changed.`;
  return maySeeAll(ctx)
    ? `Who did what in this workspace, and what Harmony did by itself. ${kept}`
    : `What you did in this workspace. Admins see everybody’s actions. ${kept}`;
}

interface EntriesProps {
  readonly ctx: Context;
  readonly query: PageQuery | null;
  readonly current: string;
}

async function Entries({ ctx, query, current }: EntriesProps) {
  const clearHref =
    withQuery(current, Object.fromEntries(filterNames.map((name) => [name, null]))) || "?";
  if (query === null) {
    return (
      <NoMatch title="These filters cannot be used" clearHref={clearHref}>
        The address has a category, result, date or page that does not exist. Clear the filters and
        choose again.
      </NoMatch>
    );
  }
  const { cursor, entry, ...filters } = query;
  const [page, opened] = await Promise.all([
    listActivity(ctx, { filters, cursor }),
    entry === undefined ? null : findActivity(ctx, entry),
  ]);
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <ActivityFeed
        filters={filters}
        rows={page.rows}
        newest={page.newest}
        isFirstPage={cursor === undefined}
        shownAt={ctx.now().getTime()}
        summary={totalWords(page.total)}
        opened={opened}
      >
        {page.rows.length > 0 ? null : isFiltered || cursor !== undefined ? (
          <NoMatch title="No entry fits" clearHref={clearHref}>
            Nothing in the activity fits all of these filters at once. Try fewer of them.
          </NoMatch>
        ) : (
          <EmptyState icon={ScrollText} title="Nothing has happened yet">
            Sign-ins, changes of members, API keys, webhooks and connections appear here.
          </EmptyState>
        )}
      </ActivityFeed>
      <LogPager
        label="Pages of the activity"
        nextCursor={page.nextCursor}
        isFirstPage={cursor === undefined}
        current={current}
        openParam="entry"
      />
    </>
  );
}

function totalWords(total: number): string {
  return total >= activityCountedMax
    ? `${formatNumber(activityCountedMax)} entries or more`
    : formatCount(total, "entry", "entries");
}
