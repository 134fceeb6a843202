"use client";

import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";
import { Choice } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { useFieldControl, useFieldLabelId } from "@/components/ui/field-context";

interface Choosing {
  readonly name: string;
  readonly value?: string | undefined;
  readonly defaultValue?: string | undefined;
  readonly onValueChange?: ((value: string) => void) | undefined;
}

const RadioContext = createContext<Choosing | null>(null);

interface RadioGroupProps extends Omit<ComponentProps<"div">, "defaultValue" | "onChange"> {
  /** The name in the form's data; a private one when left out. */
  readonly name?: string;
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onValueChange?: (value: string) => void;
}

/** A set of RadioItem; inside `<Field group>` it is named by the field's label. */
export function RadioGroup(props: RadioGroupProps) {
  const { name, value, defaultValue, onValueChange, className, children, ...rest } = props;
  const ownName = useId();
  const labelId = useFieldLabelId();
  return (
    <RadioContext.Provider value={{ name: name ?? ownName, value, defaultValue, onValueChange }}>
      <div
        {...useFieldControl()}
        {...(labelId === undefined ? {} : { "aria-labelledby": labelId })}
        {...rest}
        role="radiogroup"
        className={cn("flex flex-col gap-2.5", className)}
      >
        {children}
      </div>
    </RadioContext.Provider>
  );
}

interface RadioItemProps {
  readonly value: string;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly disabled?: boolean;
}

/** One choice of a RadioGroup: the browser's own radio button in our look. */
export function RadioItem({ value, label, description, disabled = false }: RadioItemProps) {
  const id = useId();
  const group = useContext(RadioContext);
  if (group === null) throw new Error("Put RadioItem inside a RadioGroup");
  const state =
    group.value === undefined
      ? { defaultChecked: group.defaultValue === value }
      : { checked: group.value === value };
  return (
    <Choice id={id} label={label} description={description} disabled={disabled}>
      <input
        {...state}
        {...(description === undefined ? {} : { "aria-describedby": `${id}-description` })}
        id={id}
        type="radio"
        name={group.name}
        value={value}
        disabled={disabled}
        onChange={() => group.onValueChange?.(value)}
        className="grid size-4 appearance-none place-items-center rounded-full border border-line-control bg-surface transition-colors before:size-1.5 before:rounded-full checked:border-brand checked:bg-brand checked:before:bg-on-brand hover:border-ink-faint disabled:cursor-not-allowed disabled:opacity-50 forced-colors:appearance-auto"
      />
    </Choice>
  );
}
