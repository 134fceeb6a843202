"use client";

import { useEffect, useState } from "react";
import { cn } from "@/components/ui/cn";

export interface DocsNavGroup {
  readonly title: string;
  readonly items: readonly {
    /** Id of the section on the page. */
    readonly id: string;
    readonly label: string;
    /** "GET", before the label of an endpoint. */
    readonly method?: string;
  }[];
}

interface DocsNavProps {
  readonly groups: readonly DocsNavGroup[];
  readonly className?: string;
}

/** The id of the section that is being read: the last one whose head has passed the upper third. */
function useCurrentSection(ids: readonly string[]): string | null {
  const [current, setCurrent] = useState<string | null>(null);
  const key = ids.join(" ");
  useEffect(() => {
    const sections = key.split(" ").flatMap((id) => document.getElementById(id) ?? []);
    const read = () => {
      const line = window.innerHeight / 3;
      const passed = sections.filter((section) => section.getBoundingClientRect().top <= line);
      setCurrent(passed.at(-1)?.id ?? null);
    };
    // Told at every edge that crosses the line, so that scrolling itself runs no code of ours.
    const observer = new IntersectionObserver(read, { rootMargin: "-33% 0px -66% 0px" });
    for (const section of sections) observer.observe(section);
    return () => observer.disconnect();
  }, [key]);
  return current;
}

/** The contents of the reference; marks where the reader is. Plain links without JavaScript. */
export function DocsNav({ groups, className }: DocsNavProps) {
  const current = useCurrentSection(groups.flatMap(({ items }) => items.map(({ id }) => id)));
  return (
    <nav aria-label="Contents" className={cn("space-y-5", className)}>
      {groups.map(({ title, items }) => (
        <div key={title}>
          <p className="px-2 pb-1 font-medium text-ink-faint text-xs">{title}</p>
          <ul>
            {items.map(({ id, label, method }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  {...(id === current ? { "aria-current": "location" as const } : {})}
                  className="flex min-h-7 items-center gap-2 rounded-md px-2 py-1 text-ink-muted text-sm transition-colors hover:bg-hover hover:text-ink aria-[current=location]:bg-hover aria-[current=location]:font-medium aria-[current=location]:text-ink"
                >
                  {method === undefined ? null : (
                    <span className="w-8 shrink-0 font-medium font-mono text-ink-faint text-xs">
                      {method}
                    </span>
                  )}
                  <span className="min-w-0">{label}</span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
