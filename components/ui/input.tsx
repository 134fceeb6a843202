"use client";

import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { useFieldControl } from "@/components/ui/field-context";

interface InputProps extends ComponentProps<"input"> {
  /** For ids, keys and addresses, where `l`, `1` and `I` must differ. */
  readonly mono?: boolean;
}

/** A one-line text control. Inside a Field it takes its id and descriptions from there. */
export function Input({ mono = false, className, type = "text", ...props }: InputProps) {
  return (
    <input
      {...useFieldControl()}
      {...props}
      type={type}
      className={cn(controlFrame, "h-8 px-2.5", mono && "font-mono text-sm", className)}
    />
  );
}
