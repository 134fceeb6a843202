"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { activeHref } from "@/components/ui/active-href";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { tabBar, tabItem } from "@/components/ui/tab-styles";

interface LinkTabsProps {
  readonly label: string;
  readonly items: readonly {
    readonly href: string;
    readonly label: string;
    readonly count?: number;
  }[];
  /** The current item's href, where the path alone does not tell (tabs in the query string). */
  readonly current?: string;
}

/** Tabs that are addresses: a navigation with the current one marked. */
export function LinkTabs({ label, items, current }: LinkTabsProps) {
  const pathname = usePathname();
  const active =
    current ??
    activeHref(
      pathname,
      items.map((item) => item.href),
    );
  const bar = useRef<HTMLElement>(null);

  useEffect(() => {
    const link = active === null ? null : bar.current?.querySelector("[aria-current=page]");
    if (!(link instanceof HTMLElement) || bar.current === null) return;
    // Only the bar moves; scrollIntoView would move the page too.
    bar.current.scrollLeft = link.offsetLeft - bar.current.clientWidth / 2 + link.clientWidth / 2;
  }, [active]);

  return (
    <nav ref={bar} aria-label={label} className={cn(tabBar, "relative")}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className={tabItem}
          {...(item.href === active ? { "aria-current": "page" } : {})}
        >
          {item.label}
          {item.count === undefined ? null : (
            <span className="rounded-sm bg-hover px-1 text-ink-muted text-xs">
              {formatNumber(item.count)}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
