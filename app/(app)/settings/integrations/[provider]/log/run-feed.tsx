"use client";

import { type ReactNode, useState } from "react";
import { watchRuns } from "@/app/(app)/settings/integrations/[provider]/log/actions";
import { useRunParam } from "@/app/(app)/settings/integrations/[provider]/log/run-param";
import { RunTable } from "@/app/(app)/settings/integrations/[provider]/log/run-table";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { isUnfinished } from "@/components/integrations/words";
import { NewRows } from "@/components/logs/new-rows";
import type { RunsQuery, RunView, SyncTrigger } from "@/lib/sync/schema";

export interface RunFeedProps {
  readonly connectionId: string;
  readonly query: RunsQuery;
  readonly rows: readonly RunView[];
  /** When the server read the rows, in milliseconds: what was learned before is older than they are. */
  readonly shownAt: number;
  readonly triggers: Readonly<Record<SyncTrigger, string>>;
  readonly mayRetry: boolean;
  /** Stands where the table would be when there are no rows. */
  readonly children: ReactNode;
}

interface Watched {
  /** The `shownAt` of the rows that this goes with. */
  readonly of: number;
  readonly newest: readonly RunView[];
}

const runningEveryMs = 1500;
const quietEveryMs = 5000;

/** How many of the newest are not on the page yet: those before the first that is. */
function countNewer(newest: readonly RunView[], rows: readonly RunView[]): number {
  const known = new Set(rows.map(({ id }) => id));
  const at = newest.findIndex(({ id }) => known.has(id));
  return at === -1 ? newest.length : at;
}

/** The page's rows as they are now, and how many new ones wait; only the first page is where those belong. */
function useWatch({ connectionId, query, rows, shownAt }: RunFeedProps) {
  const [last, setLast] = useState<Watched | null>(null);
  const newest = last?.of === shownAt ? last.newest : [];
  const current = rows.map((row) => newest.find(({ id }) => id === row.id) ?? row);
  const isFirstPage = query.page === 1;
  useWhileVisible(
    async () => {
      if (!isFirstPage) return;
      const answer = await watchRuns({ connectionId, query });
      if (answer.ok) setLast({ of: shownAt, newest: answer.data });
    },
    current.some(isUnfinished) ? runningEveryMs : quietEveryMs,
  );
  return { rows: current, newer: isFirstPage ? countNewer(newest, rows) : 0 };
}

/** The list of syncs with everything that lives in it: what runs, what is new, and the one that is open. */
export function RunFeed(props: RunFeedProps) {
  const { triggers, mayRetry, children } = props;
  const { rows, newer } = useWatch(props);
  const openId = useRunParam();
  return (
    <>
      <div className="flex justify-end pb-2 empty:hidden">
        <NewRows count={newer} />
      </div>
      {children ?? <RunTable rows={rows} openId={openId} triggers={triggers} mayRetry={mayRetry} />}
    </>
  );
}
