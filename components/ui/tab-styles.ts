import { cn } from "@/components/ui/cn";

export const tabBar = "flex gap-5 overflow-x-auto border-b [scrollbar-width:none]";

export const tabItem = cn(
  "-mb-px relative flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 font-medium text-ink-muted text-sm transition-colors hover:text-ink disabled:pointer-events-none disabled:opacity-50 focus-visible:-outline-offset-2 focus-visible:rounded-sm",
  "aria-[current=page]:border-brand-ink aria-[current=page]:text-ink data-[state=active]:border-brand-ink data-[state=active]:text-ink",
);
