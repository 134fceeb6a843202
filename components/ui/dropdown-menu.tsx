"use client";

import { Check } from "lucide-react";
import type { DropdownMenu as Radix } from "radix-ui";
import { type ComponentProps, createContext, useContext } from "react";
import { cn } from "@/components/ui/cn";
import { LazyTrigger } from "@/components/ui/lazy-trigger";
import { menuItem, menuSurface } from "@/components/ui/menu-styles";
import { useLandmark } from "@/components/ui/use-landmark";
import { type LazyParts, useLazyParts } from "@/components/ui/use-lazy-parts";

type Parts = typeof import("@/components/ui/dropdown-menu-parts");

const load = () => import("@/components/ui/dropdown-menu-parts");
const MenuContext = createContext<LazyParts<Parts> | null>(null);

function useMenu(): LazyParts<Parts> {
  const menu = useContext(MenuContext);
  if (menu === null) throw new Error("Put this inside a DropdownMenu");
  return menu;
}

/** Radix's parts, for what is only rendered inside an open menu. */
function useParts(): Parts {
  const { parts } = useMenu();
  if (parts === null) throw new Error("Put this inside a DropdownMenuContent");
  return parts;
}

/**
 * A menu button. Not modal: the page behind stays in reach, as for every menu button. The menu's code
 * comes with its first opening.
 */
export function DropdownMenu({ children, ...props }: ComponentProps<typeof Radix.Root>) {
  const menu = useLazyParts(load, props);
  const { parts } = menu;
  return (
    <MenuContext.Provider value={menu}>
      {parts === null ? (
        children
      ) : (
        <parts.Root modal={false} defaultOpen {...props}>
          {children}
        </parts.Root>
      )}
    </MenuContext.Provider>
  );
}

export function DropdownMenuTrigger(props: ComponentProps<typeof Radix.Trigger>) {
  const menu = useMenu();
  if (menu.parts === null) return <LazyTrigger {...props} popup="menu" lazy={menu} />;
  return <menu.parts.Trigger {...props} />;
}

export function DropdownMenuContent(props: ComponentProps<typeof Radix.Content>) {
  const { parts } = useMenu();
  const { marker, landmark } = useLandmark();
  if (parts === null) return null;
  return (
    <>
      <span hidden ref={marker} />
      <parts.Portal container={landmark}>
        <parts.Content
          sideOffset={4}
          align="end"
          collisionPadding={8}
          {...props}
          className={cn(
            menuSurface,
            "max-h-(--radix-dropdown-menu-content-available-height) min-w-44",
            props.className,
          )}
        />
      </parts.Portal>
    </>
  );
}

interface DropdownMenuItemProps extends ComponentProps<typeof Radix.Item> {
  readonly danger?: boolean;
}

/** One action; for a link put `asChild` and the link inside. */
export function DropdownMenuItem({ danger = false, className, ...props }: DropdownMenuItemProps) {
  const parts = useParts();
  return (
    <parts.Item
      {...props}
      className={cn(
        menuItem,
        danger
          ? "text-danger-ink data-[highlighted]:bg-danger-tint"
          : "[&_svg]:text-ink-faint data-[highlighted]:[&_svg]:text-ink-muted",
        className,
      )}
    />
  );
}

/** One choice of several; put them into a DropdownMenuRadioGroup. */
export function DropdownMenuRadioItem(props: ComponentProps<typeof Radix.RadioItem>) {
  const { className, children, ...rest } = props;
  const parts = useParts();
  return (
    <parts.RadioItem {...rest} className={cn(menuItem, "pr-8", className)}>
      {children}
      <parts.ItemIndicator className="absolute right-2">
        <Check aria-hidden className="text-brand-ink" />
      </parts.ItemIndicator>
    </parts.RadioItem>
  );
}

export function DropdownMenuRadioGroup(props: ComponentProps<typeof Radix.RadioGroup>) {
  const parts = useParts();
  return <parts.RadioGroup {...props} />;
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  const parts = useParts();
  return (
    <parts.Label
      {...props}
      className={cn("px-2 pt-1.5 pb-1 font-medium text-ink-muted text-xs", className)}
    />
  );
}

export function DropdownMenuSeparator(props: ComponentProps<typeof Radix.Separator>) {
  const parts = useParts();
  return <parts.Separator {...props} className="-mx-1 my-1 h-px bg-line" />;
}
