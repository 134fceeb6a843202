"use client";

import { Bell } from "lucide-react";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { countUnread } from "@/app/(app)/notifications/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { IconButton } from "@/components/ui/icon-button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";

// Comes with the first opening.
const NotificationPanel = dynamic(() =>
  import("@/app/(app)/notifications/notification-panel").then((module) => module.NotificationPanel),
);

interface NotificationBellProps {
  /** Unread when the page was made, counted up to 100. */
  readonly unread: number;
}

const everyMs = 30_000;
const shownMax = 99;

const short = (unread: number) => (unread > shownMax ? `${shownMax}+` : String(unread));

/** The unread count as the server last said it: with the page, on the way to another page, and twice a minute. */
function useUnread(atFirst: number) {
  const [unread, setUnread] = useState(atFirst);
  const [known, setKnown] = useState(atFirst);
  if (atFirst !== known) {
    setKnown(atFirst);
    setUnread(atFirst);
  }
  const read = async () => {
    const answer = await countUnread({});
    if (answer.ok) setUnread(answer.data);
  };
  useWhileVisible(read, everyMs);
  const latest = useRef(read);
  latest.current = read;
  const path = usePathname();
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    // A server that cannot be reached is asked again by the next turn.
    latest.current().catch(() => undefined);
  }, [path]);
  return [unread, setUnread] as const;
}

/** The bell of the top bar: how many notifications are unread, and the newest of them. */
export function NotificationBell(props: NotificationBellProps) {
  const [unread, setUnread] = useUnread(props.unread);
  const [open, setOpen] = useState(false);
  const label = unread === 0 ? "Notifications" : `Notifications, ${short(unread)} unread`;
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <IconButton label={label} className="relative">
          <Bell />
          {unread === 0 ? null : (
            <span
              aria-hidden
              className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-danger-fill px-1 text-center font-semibold text-on-danger text-xs leading-4 tabular-nums"
            >
              {short(unread)}
            </span>
          )}
        </IconButton>
      </PopoverTrigger>
      <PopoverContent aria-label="Notifications" className="w-96 p-0">
        <NotificationPanel onUnread={setUnread} onClose={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}
