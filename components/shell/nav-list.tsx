"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { NavItem } from "@/components/shell/nav";
import { activeHref } from "@/components/ui/active-href";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";

/** Hides words while the sidebar is a rail: always between 768 and 1023 px, above that when collapsed. */
export const hiddenOnRail = "max-lg:hidden lg:group-data-[collapsed=true]/shell:hidden";

interface NavListProps {
  readonly label: string;
  readonly items: readonly NavItem[];
  /** In the sidebar, which may be a rail; the drawer always shows words. */
  readonly rail?: boolean;
  readonly onNavigate?: () => void;
}

/** The links of the sidebar, the current one marked. */
export function NavList({ label, items, rail = false, onNavigate }: NavListProps) {
  const active = activeHref(
    usePathname(),
    items.map((item) => item.href),
  );
  return (
    <nav aria-label={label}>
      <ul className="flex flex-col gap-0.5">
        {items.map(({ href, label: name, icon: Icon }) => (
          <li key={href}>
            <Tooltip content={name} side="right" repeatsName onlyIfHidden>
              <Link
                href={href}
                aria-label={name}
                {...(href === active ? { "aria-current": "page" } : {})}
                {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
                className={cn(
                  "group/item flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-ink-muted text-sm transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink",
                  !rail && "h-10",
                )}
              >
                <Icon
                  aria-hidden
                  className="size-4 shrink-0 text-ink-faint group-hover/item:text-ink-muted group-aria-[current=page]/item:text-brand-ink"
                />
                <span data-tip-words="" className={cn("truncate", rail && hiddenOnRail)}>
                  {name}
                </span>
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  );
}
