"use client";

import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { useFieldControl } from "@/components/ui/field-context";

/** A text control of several lines that grows with its text where the browser can. */
export function Textarea({ className, rows = 4, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...useFieldControl()}
      {...props}
      rows={rows}
      className={cn(controlFrame, "field-sizing-content min-h-20 px-2.5 py-1.5", className)}
    />
  );
}
