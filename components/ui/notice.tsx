import { CircleCheck, CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { tones } from "@/components/ui/tones";

type NoticeTone = "info" | "success" | "warning" | "danger";

const icons: Readonly<Record<NoticeTone, LucideIcon>> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleX,
};

interface NoticeProps {
  readonly tone?: NoticeTone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Announced when it appears: "alert" interrupts, "status" waits. Leave out for what is there from the start. */
  readonly live?: "alert" | "status";
  readonly className?: string;
}

/** A banner inside the page that says something about the page. */
export function Notice({ tone = "info", title, children, action, live, className }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      {...(live === undefined ? {} : { role: live })}
      className={cn(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-3 py-2.5 text-base text-ink",
        tones[tone].tint,
        tones[tone].line,
        "text-ink",
        className,
      )}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tones[tone].ink)} />
      <div className="min-w-0 flex-1 basis-56">
        {title === undefined ? null : <p className="font-medium">{title}</p>}
        {children === undefined ? null : (
          <div className={cn("text-sm", title !== undefined && "mt-0.5")}>{children}</div>
        )}
      </div>
      {action === undefined ? null : <div className="flex shrink-0 gap-2">{action}</div>}
    </div>
  );
}
