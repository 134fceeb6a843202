import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface CardProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** A framed unit that one can act on; plain content needs no card. */
export function Card({ className, children }: CardProps) {
  return (
    <section className={cn("min-w-0 rounded-lg border bg-surface shadow-lift", className)}>
      {children}
    </section>
  );
}

interface CardHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
}

/** Title line of a card; the title is a heading of level 2. */
export function CardHeader({ title, description, actions }: CardHeaderProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
      <div className="min-w-0">
        <h2 className="font-semibold text-base">{title}</h2>
        {description === undefined ? null : (
          <p className="mt-0.5 text-ink-muted text-sm">{description}</p>
        )}
      </div>
      {actions === undefined ? null : <div className="flex shrink-0 gap-2">{actions}</div>}
    </div>
  );
}

/** The padded inside of a card. */
export function CardBody({ className, children }: CardProps) {
  return <div className={cn("px-4 pb-4 first:pt-4", className)}>{children}</div>;
}

/** The foot of a card: a note on the left, buttons on the right. */
export function CardFooter({ className, children }: CardProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-t bg-canvas px-4 py-3 text-ink-muted text-sm",
        className,
      )}
    >
      {children}
    </div>
  );
}
