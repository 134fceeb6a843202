"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import type { SettingsGroup } from "@/components/shell/settings-nav";
import { activeHref } from "@/components/ui/active-href";
import { cn } from "@/components/ui/cn";

interface SettingsLayoutProps {
  /** Usually `settingsNav`. */
  readonly groups: readonly SettingsGroup[];
  readonly children: ReactNode;
}

/** The second column of Settings; under 1024 px a strip of links above the page. */
export function SettingsLayout({ groups, children }: SettingsLayoutProps) {
  const active = activeHref(
    usePathname(),
    groups.flatMap((group) => group.items.map((item) => item.href)),
  );
  const strip = useRef<HTMLElement>(null);

  useEffect(() => {
    const link = active === null ? null : strip.current?.querySelector("[aria-current=page]");
    if (!(link instanceof HTMLElement) || strip.current === null) return;
    // Only the strip moves; scrollIntoView would move the page too.
    strip.current.scrollLeft =
      link.offsetLeft - strip.current.clientWidth / 2 + link.clientWidth / 2;
  }, [active]);

  return (
    <div className="flex flex-col gap-6 lg:flex-row lg:gap-10">
      <nav
        ref={strip}
        aria-label="Settings"
        className={cn(
          "relative -mx-4 max-lg:-mt-5 flex shrink-0 gap-5 overflow-x-auto border-b px-4 [scrollbar-width:none] sm:-mx-6 sm:px-6",
          "lg:sticky lg:top-18 lg:mx-0 lg:w-44 lg:flex-col lg:self-start lg:overflow-visible lg:border-0 lg:px-0",
        )}
      >
        {groups.map((group) => (
          <div key={group.label} className="flex gap-5 lg:flex-col lg:gap-0.5">
            <p className="px-2 pb-1 font-medium text-ink-faint text-xs max-lg:sr-only">
              {group.label}
            </p>
            <ul className="flex gap-5 lg:flex-col lg:gap-0.5">
              {group.items.map((item) => (
                <li key={item.href}>
                  <Link
                    href={item.href}
                    {...(item.href === active ? { "aria-current": "page" } : {})}
                    className={cn(
                      "flex h-9 items-center whitespace-nowrap font-medium text-ink-muted text-sm transition-colors hover:text-ink aria-[current=page]:text-ink",
                      "max-lg:border-transparent max-lg:border-b-2 max-lg:focus-visible:-outline-offset-2 max-lg:aria-[current=page]:border-brand-ink",
                      "lg:h-8 lg:rounded-md lg:px-2 lg:hover:bg-hover lg:aria-[current=page]:bg-hover",
                    )}
                  >
                    {item.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
