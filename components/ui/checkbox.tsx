"use client";

import { Check, Minus } from "lucide-react";
import { type ChangeEvent, type ComponentProps, type ReactNode, useId } from "react";
import { Choice } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";

interface CheckboxProps
  extends Omit<ComponentProps<"input">, "type" | "id" | "ref" | "checked" | "onChange"> {
  /** "indeterminate" shows a dash: some of the rows are chosen. */
  readonly checked?: boolean | "indeterminate";
  readonly onCheckedChange?: (checked: boolean) => void;
  /** Without it give `aria-label`. */
  readonly label?: ReactNode;
  readonly description?: ReactNode;
}

/** The browser's own tick box in our look, so forms and keyboards know it. */
export function Checkbox(props: CheckboxProps) {
  const { checked, onCheckedChange, label, description, className, ...rest } = props;
  const id = useId();
  const some = checked === "indeterminate";
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    onCheckedChange?.(event.target.checked);
    // A press clears the dash; it stays until the owner says otherwise.
    event.target.indeterminate = some;
  };
  const box = (
    <span className={cn("relative inline-grid size-4 shrink-0", label === undefined && className)}>
      <input
        {...rest}
        {...(checked === undefined ? {} : { checked: checked === true })}
        {...(description === undefined ? {} : { "aria-describedby": `${id}-description` })}
        ref={(element) => {
          if (element !== null) element.indeterminate = some;
        }}
        id={id}
        type="checkbox"
        onChange={change}
        className="peer size-4 appearance-none rounded-sm border border-line-control bg-surface transition-colors checked:border-brand checked:bg-brand indeterminate:border-brand indeterminate:bg-brand hover:border-ink-faint disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger-solid forced-colors:appearance-auto"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-0.5 hidden size-3 text-on-brand peer-checked:block peer-indeterminate:hidden forced-colors:hidden!"
      />
      <Minus
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-0.5 hidden size-3 text-on-brand peer-indeterminate:block forced-colors:hidden!"
      />
    </span>
  );
  if (label === undefined) return box;
  return (
    <Choice
      id={id}
      label={label}
      description={description}
      disabled={props.disabled ?? false}
      className={className}
    >
      {box}
    </Choice>
  );
}
