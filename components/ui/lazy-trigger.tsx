"use client";

import { Slot } from "radix-ui";
import type { ComponentProps, KeyboardEvent } from "react";
import type { LazyParts } from "@/components/ui/use-lazy-parts";

interface LazyTriggerProps extends ComponentProps<"button"> {
  readonly asChild?: boolean | undefined;
  readonly popup: "menu" | "dialog";
  readonly lazy: LazyParts<unknown>;
}

/** The button of a popup whose code is not there yet; pressing it fetches the code and opens. */
export function LazyTrigger({ asChild = false, popup, lazy, ...props }: LazyTriggerProps) {
  const wiring = {
    "aria-haspopup": popup,
    "aria-expanded": false,
    onPointerEnter: lazy.prepare,
    onClick: lazy.open,
    onKeyDown: (event: KeyboardEvent) => {
      if (popup !== "menu" || event.key !== "ArrowDown") return;
      event.preventDefault();
      lazy.open();
    },
  } as const;
  if (asChild) return <Slot.Root {...props} {...wiring} />;
  return <button type="button" {...props} {...wiring} />;
}
