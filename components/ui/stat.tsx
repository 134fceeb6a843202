import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { tones } from "@/components/ui/tones";

interface StatProps {
  readonly label: string;
  readonly value: ReactNode;
  /** Change since the period before; `good` says whether that direction is welcome. */
  readonly change?: { readonly text: string; readonly up: boolean; readonly good: boolean };
  readonly hint?: ReactNode;
}

/** One figure with its name. Several stand in a `<dl>` grid. */
export function Stat({ label, value, change, hint }: StatProps) {
  const Arrow = change?.up === true ? ArrowUp : ArrowDown;
  return (
    <div className="min-w-0">
      <dt className="truncate text-ink-muted text-sm">{label}</dt>
      <dd className="mt-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold text-2xl tabular-nums">{value}</span>
          {change === undefined ? null : (
            <span
              className={cn(
                "inline-flex items-center gap-0.5 font-medium text-xs",
                tones[change.good ? "success" : "danger"].ink,
              )}
            >
              <Arrow aria-hidden className="size-3" />
              <span className="sr-only">{change.up ? "up" : "down"}</span>
              {change.text}
            </span>
          )}
        </span>
        {hint === undefined ? null : (
          <span className="mt-0.5 block text-ink-faint text-xs">{hint}</span>
        )}
      </dd>
    </div>
  );
}
