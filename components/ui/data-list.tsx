import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface DataListProps {
  /** Fact and value; a value of null shows a dash. */
  readonly items: readonly { readonly term: string; readonly value: ReactNode }[];
  /** "rows" puts the term beside the value, "grid" above it, as many columns as fit. */
  readonly layout?: "rows" | "grid";
  readonly className?: string;
}

/** Facts about one thing, as a definition list. */
export function DataList({ items, layout = "rows", className }: DataListProps) {
  const grid = layout === "grid";
  return (
    <dl
      className={cn(
        grid ? "grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-6 gap-y-4" : "divide-y",
        className,
      )}
    >
      {items.map(({ term, value }) => (
        <div
          key={term}
          className={cn(
            "min-w-0",
            !grid && "grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[10rem_minmax(0,1fr)]",
          )}
        >
          <dt className="text-ink-muted text-sm">{term}</dt>
          <dd className={cn("min-w-0 break-words text-base", grid && "mt-0.5")}>
            {value ?? <NoValue />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A dash where there is no value, said as "None". */
export function NoValue() {
  return (
    <>
      <span aria-hidden className="text-ink-faint">
        –
      </span>
      <span className="sr-only">None</span>
    </>
  );
}
