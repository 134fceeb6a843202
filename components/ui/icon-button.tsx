"use client";

import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { Tooltip, type TooltipSide } from "@/components/ui/tooltip";

interface IconButtonProps extends Omit<ComponentProps<typeof Button>, "size" | "aria-label"> {
  /** Names the action for screen readers and in the tooltip. */
  readonly label: string;
  readonly size?: "sm" | "md";
  /** Keys that do the same, shown in the tooltip; "mod" is ⌘ or Ctrl. */
  readonly keys?: readonly string[];
  readonly tooltipSide?: TooltipSide;
}

/** A square button with only an icon; its name is required and shown on hover and focus. */
export function IconButton({
  label,
  keys,
  size = "md",
  variant = "ghost",
  tooltipSide = "bottom",
  ...props
}: IconButtonProps) {
  return (
    <Tooltip
      content={label}
      side={tooltipSide}
      repeatsName
      {...(keys === undefined ? {} : { keys })}
    >
      <Button
        {...props}
        variant={variant}
        size={size === "sm" ? "icon-sm" : "icon"}
        aria-label={label}
      />
    </Tooltip>
  );
}
