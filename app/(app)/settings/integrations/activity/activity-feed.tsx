"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { watchActivity } from "@/app/(app)/settings/integrations/activity/actions";
import { useEntryParam } from "@/app/(app)/settings/integrations/activity/activity-entry-param";
import { ActivityTable } from "@/app/(app)/settings/integrations/activity/activity-table";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { NewRows } from "@/components/logs/new-rows";
import { useEverOpen } from "@/components/ui/modal";
import type { ActivityFilters } from "@/lib/audit/activity";
import type { ActivityRow } from "@/lib/audit/schema";

// Comes with the first entry that is opened.
const ActivityDrawer = dynamic(() =>
  import("@/app/(app)/settings/integrations/activity/activity-drawer").then(
    (module) => module.ActivityDrawer,
  ),
);

interface ActivityFeedProps {
  readonly filters: ActivityFilters;
  readonly rows: readonly ActivityRow[];
  /** The position of the newest row; null when there is none. */
  readonly newest: string | null;
  readonly isFirstPage: boolean;
  /** When the server read the rows, in milliseconds: what was counted before is older than they are. */
  readonly shownAt: number;
  readonly summary: string;
  /** The entry that the address had open when the page was made. */
  readonly opened: ActivityRow | null;
  /** Stands where the table would be when there are no rows. */
  readonly children: ReactNode;
}

const everyMs = 5000;

/** How many entries have come since the page was made; only the first page is where they belong. */
function useNewer({ filters, newest, isFirstPage, shownAt }: ActivityFeedProps): number {
  const [last, setLast] = useState({ of: shownAt, newer: 0 });
  useWhileVisible(async () => {
    if (!isFirstPage) return;
    const answer = await watchActivity({ filters, after: newest });
    if (answer.ok) setLast({ of: shownAt, newer: answer.data });
  }, everyMs);
  return last.of === shownAt ? last.newer : 0;
}

/** The list with what is new above it, and the entry that is open. */
export function ActivityFeed(props: ActivityFeedProps) {
  const { rows, summary, opened, children } = props;
  const newer = useNewer(props);
  const openId = useEntryParam();
  const everOpen = useEverOpen(openId !== null);
  return (
    <>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-2 pb-2">
        <p className="text-ink-muted text-sm tabular-nums">{summary}</p>
        <NewRows count={newer} />
      </div>
      {children ?? <ActivityTable rows={rows} openId={openId} />}
      {everOpen ? <ActivityDrawer openId={openId} rows={rows} opened={opened} /> : null}
    </>
  );
}
