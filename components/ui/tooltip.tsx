"use client";

import { Slot } from "radix-ui";
import type { ReactNode } from "react";

export type TooltipSide = "bottom" | "top" | "right" | "left";

interface TooltipProps {
  readonly content: string;
  /** Keys shown after the words; "mod" is ⌘ or Ctrl. */
  readonly keys?: readonly string[];
  readonly side?: TooltipSide;
  /** Shown only while the child's `[data-tip-words]` are not visible. */
  readonly onlyIfHidden?: boolean;
  /** Whether the child's own name says the same; otherwise the words become its description. */
  readonly repeatsName?: boolean;
  /** One element that can have the focus. */
  readonly children: ReactNode;
}

/**
 * A short hint on hover and focus, drawn by the TooltipLayer in Providers. It only repeats or adds;
 * nothing needed may live here alone.
 */
export function Tooltip(props: TooltipProps) {
  const { content, keys, side = "bottom", onlyIfHidden = false, repeatsName = false } = props;
  return (
    <Slot.Root
      data-tip={content}
      data-tip-side={side}
      {...(keys === undefined ? {} : { "data-tip-keys": keys.join(" ") })}
      {...(onlyIfHidden ? { "data-tip-only-if-hidden": "" } : {})}
      {...(repeatsName ? {} : { "aria-description": content })}
    >
      {props.children}
    </Slot.Root>
  );
}
