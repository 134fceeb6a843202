"use client";

import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { useFieldControl } from "@/components/ui/field-context";
import { menuItem, menuSurface } from "@/components/ui/menu-styles";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

interface SelectProps extends Omit<ComponentProps<typeof Radix.Root>, "children"> {
  readonly options: readonly SelectOption[];
  readonly placeholder?: string;
  /** Needed outside a Field. */
  readonly "aria-label"?: string;
  readonly className?: string;
}

/**
 * One choice of a list whose entries may carry a description. For a plain list on a form prefer
 * NativeSelect, which costs no script and uses the phone's own picker.
 */
export function Select({ options, placeholder, className, ...props }: SelectProps) {
  const { "aria-label": label, ...root } = props;
  return (
    <Radix.Root {...root}>
      <Radix.Trigger
        {...useFieldControl()}
        {...(label === undefined ? {} : { "aria-label": label })}
        className={cn(
          controlFrame,
          "flex h-8 items-center justify-between gap-2 px-2.5 text-left data-[placeholder]:text-ink-faint",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon asChild>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-faint" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            menuSurface,
            "max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)",
          )}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <SelectItem key={option.value} option={option} />
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function SelectItem({ option }: { readonly option: SelectOption }) {
  return (
    <Radix.Item
      value={option.value}
      disabled={option.disabled ?? false}
      className={cn(menuItem, "items-start pr-8")}
    >
      <span className="flex min-w-0 flex-col">
        <Radix.ItemText>{option.label}</Radix.ItemText>
        {option.description === undefined ? null : (
          <span className="text-ink-muted text-xs">{option.description}</span>
        )}
      </span>
      <Radix.ItemIndicator className="absolute top-2 right-2">
        <Check aria-hidden className="text-brand-ink" />
      </Radix.ItemIndicator>
    </Radix.Item>
  );
}
