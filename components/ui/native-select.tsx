"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { useFieldControl } from "@/components/ui/field-context";

/** The browser's own select in our frame; children are `<option>` elements. */
export function NativeSelect({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative block", className)}>
      <select
        {...useFieldControl()}
        {...props}
        className={cn(controlFrame, "h-8 appearance-none truncate pr-8 pl-2.5")}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-2 right-2.5 size-4 text-ink-faint"
      />
    </span>
  );
}
