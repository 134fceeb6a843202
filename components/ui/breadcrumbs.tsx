import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { Fragment } from "react";

export interface Crumb {
  readonly label: string;
  readonly href: string;
}

interface BreadcrumbsProps {
  readonly items: readonly Crumb[];
  /** Names the last item as the current page, when it is one. */
  readonly currentIsLast?: boolean;
}

/** The way from the top to here. */
export function Breadcrumbs({ items, currentIsLast = false }: BreadcrumbsProps) {
  return (
    <nav aria-label="Breadcrumbs" className="min-w-0">
      <ol className="-ml-1 flex min-w-0 items-center gap-1 text-sm">
        {items.map((item, index) => {
          const last = index === items.length - 1;
          const current = last && currentIsLast;
          return (
            <Fragment key={item.href}>
              <li className={last ? "min-w-0" : "min-w-0 shrink max-sm:hidden"}>
                <Link
                  href={item.href}
                  {...(current ? { "aria-current": "page" } : {})}
                  className="block truncate rounded-sm px-1 text-ink-muted transition-colors hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
                >
                  {last && !current ? (
                    <ChevronLeft aria-hidden className="-mt-0.5 -ml-1 inline size-4 sm:hidden" />
                  ) : null}
                  {item.label}
                </Link>
              </li>
              {last ? null : (
                <li aria-hidden className="shrink-0 max-sm:hidden">
                  <ChevronRight className="size-3.5 text-ink-faint" />
                </li>
              )}
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}
