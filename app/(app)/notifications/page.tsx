import { BellOff, Settings2 } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { MarkAllButton, NotificationList } from "@/app/(app)/notifications/notification-list";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { LogPager } from "@/components/logs/log-pager";
import { NoMatch } from "@/components/meetings/no-match";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { PageHeader } from "@/components/ui/page-header";
import { type PageSearchParams, toQuery } from "@/components/ui/query-string";
import { contextOf } from "@/lib/http/action";
import {
  countUnread,
  listNotifications,
  type NotificationFilters,
  type NotificationPage,
  notificationFilters,
  notificationPosition,
} from "@/lib/notifications/service";
import { notificationTypeNames, notificationTypes } from "@/lib/notify/schema";

export const metadata: Metadata = { title: "Notifications" };

const pageQuery = notificationFilters.extend({ cursor: notificationPosition.optional() });

const typeOptions = notificationTypeNames.map((value) => ({
  value,
  label: notificationTypes[value].label,
}));

interface NotificationsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function NotificationsPage(props: NotificationsPageProps) {
  const ctx = await contextOf(await requireSession());
  const searchParams = await props.searchParams;
  const query = readSearch(pageQuery, searchParams);
  const { cursor, ...filters } = query ?? {};
  const [page, newest, unread] = await Promise.all([
    query === null ? null : listNotifications(ctx, { filters, cursor }),
    listNotifications(ctx, { perPage: 1 }),
    countUnread(ctx),
  ]);
  const newestId = newest.rows[0]?.id;
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="Notifications"
        description="What needs your attention in this workspace, and what is well again. Kept for half a year."
        actions={
          <>
            {newestId === undefined || unread === 0 ? null : <MarkAllButton newestId={newestId} />}
            <Button asChild>
              <Link href="/settings/integrations/notifications">
                <Settings2 />
                Preferences
              </Link>
            </Button>
          </>
        }
      />
      <div className="flex flex-wrap gap-2 pb-3">
        <FilterSelect
          label="Read or unread"
          param="unread"
          options={[{ value: "1", label: "Unread" }]}
          allLabel="Read and unread"
        />
        <FilterSelect label="Type" param="type" options={typeOptions} allLabel="Any type" />
      </div>
      <Content page={page} filters={filters} isFirstPage={cursor === undefined} />
      {page === null ? null : (
        <LogPager
          label="Pages of notifications"
          nextCursor={page.nextCursor}
          isFirstPage={cursor === undefined}
          current={toQuery(searchParams)}
        />
      )}
    </div>
  );
}

interface ContentProps {
  /** Null when the address carries filters that do not exist. */
  readonly page: NotificationPage | null;
  readonly filters: NotificationFilters;
  readonly isFirstPage: boolean;
}

function Content({ page, filters, isFirstPage }: ContentProps) {
  if (page === null) {
    return (
      <NoMatch title="These filters cannot be used" clearHref="/notifications">
        The address has a type or page that does not exist. Clear the filters and choose again.
      </NoMatch>
    );
  }
  if (page.rows.length > 0) return <NotificationList rows={page.rows} />;
  if (filters.type !== undefined || filters.unread !== undefined || !isFirstPage) {
    return (
      <NoMatch title="No notification fits" clearHref="/notifications">
        {filters.unread === undefined
          ? "There is none of this type. Clear the filters to see the others."
          : "You have read everything that fits. Clear the filters to see it again."}
      </NoMatch>
    );
  }
  return (
    <EmptyState icon={BellOff} title="Nothing to tell you">
      When a webhook fails, an API key expires or a meeting cannot be processed, you read it here.
    </EmptyState>
  );
}
