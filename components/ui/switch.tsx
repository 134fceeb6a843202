"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { Choice } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";

interface SwitchProps extends Omit<ComponentProps<"input">, "type" | "role" | "id" | "onChange"> {
  readonly onCheckedChange?: (checked: boolean) => void;
  /** Without it give `aria-label`. */
  readonly label?: ReactNode;
  readonly description?: ReactNode;
}

/** For settings that take effect at once; inside a form that is saved, use a Checkbox. */
export function Switch(props: SwitchProps) {
  const { onCheckedChange, label, description, className, ...rest } = props;
  const id = useId();
  const control = (
    <input
      {...rest}
      {...(description === undefined ? {} : { "aria-describedby": `${id}-description` })}
      id={id}
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: the checkbox itself says whether it is checked
      role="switch"
      onChange={(event) => onCheckedChange?.(event.target.checked)}
      className={cn(
        "h-5 w-8 shrink-0 appearance-none rounded-full border border-line-control bg-sunken p-px transition-colors checked:border-brand checked:bg-brand disabled:cursor-not-allowed disabled:opacity-50 forced-colors:appearance-auto",
        "before:block before:size-4 before:rounded-full before:bg-ink-faint before:transition-transform checked:before:translate-x-3 checked:before:bg-on-brand forced-colors:before:hidden",
        label === undefined && className,
      )}
    />
  );
  if (label === undefined) return control;
  return (
    <Choice
      id={id}
      label={label}
      description={description}
      disabled={props.disabled ?? false}
      controlLast
      className={className}
    >
      {control}
    </Choice>
  );
}
