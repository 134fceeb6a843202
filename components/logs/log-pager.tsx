import { ArrowLeft, ArrowRight } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { withQuery } from "@/components/ui/query-string";

interface LogPagerProps {
  /** Names the navigation: "Pages of deliveries". */
  readonly label: string;
  /** The position behind the last row; null when nothing follows. */
  readonly nextCursor: string | null;
  readonly isFirstPage: boolean;
  /** The page's own query, which every link keeps. */
  readonly current: string;
  /** The parameter of what is open over the list, which the links leave out. */
  readonly openParam?: string;
}

/** Links along a log's order; a page is a position in it, so nothing is skipped while new rows arrive. */
export function LogPager(props: LogPagerProps) {
  const { label, nextCursor, isFirstPage, current, openParam } = props;
  if (isFirstPage && nextCursor === null) return null;
  const closed = openParam === undefined ? {} : { [openParam]: null };
  const at = (cursor: string | null) => withQuery(current, { ...closed, cursor }) || "?";
  return (
    <nav aria-label={label} className="flex justify-between gap-2 py-3">
      {isFirstPage ? (
        <span />
      ) : (
        <Button asChild size="sm">
          <Link href={at(null)}>
            <ArrowLeft />
            Newest
          </Link>
        </Button>
      )}
      {nextCursor === null ? null : (
        <Button asChild size="sm">
          <Link href={at(nextCursor)} rel="next">
            Older
            <ArrowRight />
          </Link>
        </Button>
      )}
    </nav>
  );
}
