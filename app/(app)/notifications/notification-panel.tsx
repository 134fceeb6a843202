"use client";

import { useQuery } from "@tanstack/react-query";
import { BellOff, CheckCheck } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { markAllRead, markRead, readBell } from "@/app/(app)/notifications/actions";
import { answerOfAction } from "@/components/hooks/answer-of-action";
import type { ApiClientError } from "@/components/hooks/api-client";
import { queryClient } from "@/components/hooks/query-client";
import { useAction } from "@/components/hooks/use-action";
import { NotificationItem } from "@/components/notifications/notification-item";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { NotificationView } from "@/lib/notifications/schema";

interface NotificationPanelProps {
  /** What the bell shows from now on. */
  readonly onUnread: (unread: number) => void;
  readonly onClose: () => void;
}

interface BellContent {
  readonly rows: readonly NotificationView[];
  readonly unread: number;
}

/** The newest notifications, read afresh each time the panel opens. */
function useNewest(onUnread: NotificationPanelProps["onUnread"]) {
  const query = useQuery<BellContent, ApiClientError>(
    {
      queryKey: ["bell"],
      queryFn: () => answerOfAction(readBell({})),
      staleTime: 0,
      gcTime: 0,
    },
    queryClient(),
  );
  const unread = query.data?.unread;
  useEffect(() => {
    if (unread !== undefined) onUnread(unread);
  }, [unread, onUnread]);
  return query;
}

/** The panel below the bell. */
export function NotificationPanel({ onUnread, onClose }: NotificationPanelProps) {
  const { data, error, refetch, isFetching } = useNewest(onUnread);
  const all = useAction(markAllRead, {
    onSuccess: (unread) => {
      onUnread(unread);
      void refetch();
    },
  });
  const open = ({ id, isRead }: NotificationView) => {
    onClose();
    if (isRead) return;
    // One that was not marked shows again as unread, and is marked when it is opened the next time.
    markRead({ id }).then(
      (answer) => {
        if (answer.ok) onUnread(answer.data);
      },
      () => undefined,
    );
  };
  const newest = data?.rows[0];
  return (
    <div className="flex max-h-[min(32rem,var(--radix-popover-content-available-height))] flex-col">
      <div className="flex min-h-12 items-center justify-between gap-3 border-b px-4 py-2">
        <h2 className="font-semibold text-base">Notifications</h2>
        {newest === undefined || data?.unread === 0 ? null : (
          <Button
            size="sm"
            variant="ghost"
            loading={all.pending}
            onClick={() => void all.run({ newestId: newest.id })}
          >
            <CheckCheck />
            Mark all as read
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
      <div className="min-h-40 flex-1 overflow-y-auto" tabIndex={0}>
        {data === undefined ? null : <List rows={data.rows} onOpen={open} />}
        {data === undefined && error !== null ? (
          <ErrorState
            title="Notifications could not be read"
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
            className="m-4"
          />
        ) : null}
        {data === undefined && error === null ? (
          <div className="px-4 py-2">
            <SkeletonRows rows={4} />
          </div>
        ) : null}
      </div>
      <div className="flex justify-between gap-3 border-t px-4 py-2">
        <Button asChild size="sm" variant="ghost" className="-ml-2.5">
          <Link href="/notifications" onClick={onClose}>
            All notifications
          </Link>
        </Button>
        <Button asChild size="sm" variant="ghost" className="-mr-2.5">
          <Link href="/settings/integrations/notifications" onClick={onClose}>
            Preferences
          </Link>
        </Button>
      </div>
    </div>
  );
}

interface ListProps {
  readonly rows: readonly NotificationView[];
  readonly onOpen: (notification: NotificationView) => void;
}

function List({ rows, onOpen }: ListProps) {
  if (rows.length === 0) {
    return (
      <div className="flex flex-col items-center px-6 py-10 text-center">
        <BellOff aria-hidden className="mb-3 size-5 text-ink-faint" />
        <p className="font-medium text-base">Nothing to tell you</p>
        <p className="text-ink-muted text-sm">
          When a webhook fails, an API key expires or a meeting cannot be processed, you read it
          here.
        </p>
      </div>
    );
  }
  return (
    <ul className="divide-y">
      {rows.map((row) => (
        <NotificationItem key={row.id} notification={row} onOpen={onOpen} />
      ))}
    </ul>
  );
}
