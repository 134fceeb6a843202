import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonVariants } from "@/components/ui/button-variants";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { pageItems } from "@/components/ui/page-items";
import { type PageSearchParams, toQuery, withQuery } from "@/components/ui/query-string";

interface PaginationProps {
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  /** The page's own query, which every link keeps. */
  readonly searchParams: PageSearchParams;
  /** "157 meetings", shown on the left. */
  readonly summary: string;
  /** Names the navigation; several pagers on one page need different names. */
  readonly label?: string;
}

const square = cn(buttonVariants({ variant: "ghost", size: "icon-sm" }), "min-w-7 w-auto px-1.5");

/** Links to the pages of a list; renders only the summary when everything fits on one page. */
export function Pagination(props: PaginationProps) {
  const { page, perPage, total, searchParams, summary, label = "Pages" } = props;
  const pages = Math.max(1, Math.ceil(total / perPage));
  const query = toQuery(searchParams);
  const href = (target: number) =>
    withQuery(query, { page: target === 1 ? null : String(target), cursor: null }) || "?";
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3 tabular-nums text-ink-muted text-sm">
      <p>
        {summary}
        {pages === 1 ? null : (
          <span className="text-ink-faint">
            {" · "}Page {formatNumber(page)} of {formatNumber(pages)}
          </span>
        )}
      </p>
      {pages === 1 ? null : (
        <nav aria-label={label} className="flex items-center gap-0.5">
          <Step href={page > 1 ? href(page - 1) : null} rel="prev" name="Previous page">
            <ChevronLeft />
          </Step>
          <ul className="hidden items-center gap-0.5 sm:flex">
            {pageItems(page, pages).map((item) => (
              <li key={item}>
                {typeof item === "number" ? (
                  <Link
                    href={href(item)}
                    aria-label={`Page ${item}`}
                    {...(item === page ? { "aria-current": "page" } : {})}
                    className={cn(
                      square,
                      "aria-[current=page]:bg-hover aria-[current=page]:text-ink",
                    )}
                  >
                    {formatNumber(item)}
                  </Link>
                ) : (
                  <span className="px-1 text-ink-faint">…</span>
                )}
              </li>
            ))}
          </ul>
          <Step href={page < pages ? href(page + 1) : null} rel="next" name="Next page">
            <ChevronRight />
          </Step>
        </nav>
      )}
    </div>
  );
}

interface StepProps {
  readonly href: string | null;
  readonly rel: "prev" | "next";
  readonly name: string;
  readonly children: ReactNode;
}

function Step({ href, rel, name, children }: StepProps) {
  if (href === null) {
    return (
      <span aria-hidden className={cn(square, "opacity-40 hover:bg-transparent")}>
        {children}
      </span>
    );
  }
  return (
    <Link href={href} rel={rel} aria-label={name} className={square}>
      {children}
    </Link>
  );
}
