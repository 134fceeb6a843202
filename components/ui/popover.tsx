"use client";

import type { Popover as Radix } from "radix-ui";
import { type ComponentProps, createContext, useContext } from "react";
import { cn } from "@/components/ui/cn";
import { LazyTrigger } from "@/components/ui/lazy-trigger";
import { menuSurface } from "@/components/ui/menu-styles";
import { type LazyParts, useLazyParts } from "@/components/ui/use-lazy-parts";

type Parts = typeof import("@/components/ui/popover-parts");

const load = () => import("@/components/ui/popover-parts");
const PopoverContext = createContext<LazyParts<Parts> | null>(null);

function usePopover(): LazyParts<Parts> {
  const popover = useContext(PopoverContext);
  if (popover === null) throw new Error("Put this inside a Popover");
  return popover;
}

/** A button with a small window of controls; the window's code comes with its first opening. */
export function Popover({ children, ...props }: ComponentProps<typeof Radix.Root>) {
  const popover = useLazyParts(load, props);
  const { parts } = popover;
  return (
    <PopoverContext.Provider value={popover}>
      {parts === null ? (
        children
      ) : (
        <parts.Root defaultOpen {...props}>
          {children}
        </parts.Root>
      )}
    </PopoverContext.Provider>
  );
}

export function PopoverTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  const popover = usePopover();
  if (popover.parts === null) return <LazyTrigger {...props} popup="dialog" lazy={popover} />;
  return <popover.parts.Trigger {...props} />;
}

/** The window beside the button, for controls that do not deserve a dialog. Give it `aria-label`. */
export function PopoverContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  const { parts } = usePopover();
  if (parts === null) return null;
  return (
    <parts.Portal>
      <parts.Content
        sideOffset={6}
        align="end"
        collisionPadding={8}
        {...props}
        className={cn(
          menuSurface,
          "max-h-(--radix-popover-content-available-height) w-80 max-w-[calc(100vw-1rem)] p-4 outline-none",
          className,
        )}
      />
    </parts.Portal>
  );
}
