"use client";

import { Check, CheckCheck } from "lucide-react";
import { markAllRead, markReadHere } from "@/app/(app)/notifications/actions";
import { useAction } from "@/components/hooks/use-action";
import { NotificationItem } from "@/components/notifications/notification-item";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import type { NotificationView } from "@/lib/notifications/schema";

interface MarkAllProps {
  readonly newestId: string;
}

/** Marks everything as read that was there when the page was made. */
export function MarkAllButton({ newestId }: MarkAllProps) {
  const action = useAction(markAllRead);
  return (
    <Button loading={action.pending} onClick={() => void action.run({ newestId })}>
      <CheckCheck />
      Mark all as read
    </Button>
  );
}

/** One page of notifications. Opening one marks it, and so does its own button. */
export function NotificationList({ rows }: { readonly rows: readonly NotificationView[] }) {
  const action = useAction(markReadHere);
  const mark = ({ id, isRead }: NotificationView) => {
    if (!isRead) void action.run({ id });
  };
  return (
    <ul aria-label="Notifications" className="divide-y overflow-hidden rounded-lg border">
      {rows.map((row) => (
        <NotificationItem
          key={row.id}
          notification={row}
          onOpen={mark}
          action={
            row.isRead ? undefined : (
              <IconButton label={`Mark as read: ${row.title}`} size="sm" onClick={() => mark(row)}>
                <Check />
              </IconButton>
            )
          }
        />
      ))}
    </ul>
  );
}
