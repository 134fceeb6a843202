import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** Why it is empty and what will appear here. */
  readonly children?: ReactNode;
  /** The one next step. */
  readonly action?: ReactNode;
  readonly className?: string;
}

/** Stands where a list would be. */
export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex flex-col items-center rounded-lg border border-dashed px-6 py-12 text-center",
        className,
      )}
    >
      <span className="mb-4 grid size-10 place-items-center rounded-lg border bg-surface text-ink-muted shadow-lift">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="font-semibold text-lg">{title}</p>
      {children === undefined ? null : (
        <div className="mt-1 max-w-md text-pretty text-base text-ink-muted">{children}</div>
      )}
      {action === undefined ? null : <div className="mt-5 flex gap-2">{action}</div>}
    </div>
  );
}
