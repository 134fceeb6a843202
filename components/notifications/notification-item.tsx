import { CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { type Tone, tones } from "@/components/ui/tones";
import type { NotificationView } from "@/lib/notifications/schema";
import type { Severity } from "@/lib/notify/schema";

const looks: Readonly<
  Record<Severity, { readonly icon: LucideIcon; readonly tone: Tone; readonly word: string }>
> = {
  info: { icon: Info, tone: "info", word: "Information" },
  warning: { icon: TriangleAlert, tone: "warning", word: "Warning" },
  error: { icon: CircleX, tone: "danger", word: "Problem" },
};

/** Its press area is the whole item. */
const pressArea =
  "text-left text-base text-ink after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring focus-visible:after:-outline-offset-2";

interface NotificationItemProps {
  readonly notification: NotificationView;
  /** Called when it is opened; it counts as read from then on. */
  readonly onOpen: (notification: NotificationView) => void;
  /** A control of its own, beside what leads to its page. */
  readonly action?: ReactNode;
}

/** One notification; where it has a page, the whole of it leads there. */
export function NotificationItem({ notification, onOpen, action }: NotificationItemProps) {
  const { severity, title, body, link, count, isOpen, isRead, createdAt } = notification;
  const { icon: Icon, tone, word } = looks[severity];
  return (
    <li className="relative flex gap-3 px-4 py-3 transition-colors hover:bg-hover">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tones[tone].ink)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 text-xs">
          <span className={cn("font-medium", tones[tone].ink)}>{word}</span>
          <RelativeTime value={createdAt} format="datetime" className="text-ink-muted" />
          {isRead ? null : (
            <span className="flex items-center gap-1.5 font-medium text-brand-ink">
              <span aria-hidden className="size-2 rounded-full bg-brand" />
              Unread
            </span>
          )}
        </p>
        {link === null ? (
          <button
            type="button"
            onClick={() => onOpen(notification)}
            className={cn(pressArea, !isRead && "font-semibold")}
          >
            {title}
          </button>
        ) : (
          <Link
            href={link}
            prefetch={false}
            onClick={() => onOpen(notification)}
            className={cn(pressArea, !isRead && "font-semibold")}
          >
            {title}
          </Link>
        )}
        <p className="break-words text-ink-muted text-sm">{body}</p>
        {count > 1 ? (
          <p className="text-ink-muted text-sm">
            {formatNumber(count)} times{isOpen ? " so far" : ""}
          </p>
        ) : null}
      </div>
      {action === undefined ? null : <span className="relative z-[1] shrink-0">{action}</span>}
    </li>
  );
}
