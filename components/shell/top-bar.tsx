"use client";

import { Menu, Search } from "lucide-react";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { crumbsFor } from "@/components/shell/nav";
import { useShell } from "@/components/shell/shell-state";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";

interface TopBarProps {
  /** Replaces the trail that the address gives. */
  readonly title?: ReactNode;
  /** Quick menu, bell and profile menu. */
  readonly children: ReactNode;
}

/** Where one is, how to get elsewhere, and what is always at hand. */
export function TopBar({ title, children }: TopBarProps) {
  const { open, layer } = useShell();
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-3 sm:px-4">
      <IconButton
        label="Menu"
        className="-ml-1 md:hidden"
        aria-haspopup="dialog"
        aria-expanded={layer === "drawer"}
        onClick={() => open("drawer")}
      >
        <Menu />
      </IconButton>
      <div className="min-w-0 flex-1">{title ?? <AddressTrail />}</div>
      <button
        type="button"
        onClick={() => open("palette")}
        aria-keyshortcuts="Control+K Meta+K"
        className="hidden h-8 w-64 items-center gap-2 rounded-lg border bg-canvas px-2.5 text-ink-faint text-sm transition-colors hover:bg-hover hover:text-ink-muted lg:flex"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">Search or go to</span>
        <Kbd keys={["mod", "K"]} />
      </button>
      <IconButton
        label="Search or go to"
        keys={["mod", "K"]}
        className="lg:hidden"
        onClick={() => open("palette")}
      >
        <Search />
      </IconButton>
      {children}
    </header>
  );
}

function AddressTrail() {
  const pathname = usePathname();
  const items = crumbsFor(pathname);
  return <Breadcrumbs items={items} currentIsLast={items.at(-1)?.href === pathname} />;
}
