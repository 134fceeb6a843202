import type { ReactNode } from "react";
import { Breadcrumbs, type Crumb } from "@/components/ui/breadcrumbs";

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** The way here, without the page itself. */
  readonly breadcrumbs?: readonly Crumb[];
  /** Beside the title: a status, a plan. */
  readonly aside?: ReactNode;
  /** One primary action at most. */
  readonly actions?: ReactNode;
}

/** The page's only heading of level 1. It can take the focus from code, after a redirect. */
export function PageHeader(props: PageHeaderProps) {
  const { title, description, breadcrumbs, aside, actions } = props;
  return (
    <div className="flex flex-col gap-2 pb-6">
      {breadcrumbs === undefined ? null : <Breadcrumbs items={breadcrumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 tabIndex={-1} className="min-w-0 break-words font-semibold text-xl">
              {title}
            </h1>
            {aside}
          </div>
          {description === undefined ? null : (
            <p className="mt-1 max-w-2xl text-pretty text-base text-ink-muted">{description}</p>
          )}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
