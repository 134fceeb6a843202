"use client";

import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";
import { FieldContext } from "@/components/ui/field-context";

interface FieldProps {
  readonly label: string;
  /** What to enter and why, shown before anything went wrong. */
  readonly hint?: ReactNode;
  /** What is wrong and how to put it right; marks the control invalid. */
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Says "Optional" beside the label, for forms where most fields are required. */
  readonly optional?: boolean;
  /** Keeps the label for screen readers only. */
  readonly hideLabel?: boolean;
  /** Set it for controls that a label cannot point at, such as a radio group. */
  readonly group?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Label, control, hint and error as one unit; the control inside is wired by `useFieldControl`. */
export function Field(props: FieldProps) {
  const { label, hint, error, required = false, optional = false, children } = props;
  const { hideLabel = false, group = false, className } = props;
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const errorId = error === undefined ? undefined : `${id}-error`;
  const describedBy = [errorId, hintId].filter((part) => part !== undefined).join(" ");
  const Label = group ? "span" : "label";
  return (
    <FieldContext.Provider
      value={{
        id,
        labelId: `${id}-label`,
        describedBy: describedBy === "" ? undefined : describedBy,
        invalid: error !== undefined,
        required,
      }}
    >
      <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
        <Label
          id={`${id}-label`}
          {...(group ? {} : { htmlFor: id })}
          className={cn("flex items-baseline gap-2 font-medium text-sm", hideLabel && "sr-only")}
        >
          {label}
          {optional ? <span className="font-normal text-ink-faint text-xs">Optional</span> : null}
        </Label>
        {children}
        {hint === undefined ? null : (
          <p id={hintId} className="text-ink-muted text-sm">
            {hint}
          </p>
        )}
        <p
          id={errorId}
          aria-live="polite"
          className={cn("flex gap-1.5 text-danger-ink text-sm", error === undefined && "hidden")}
        >
          {error === undefined ? null : (
            <>
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>{error}</span>
            </>
          )}
        </p>
      </div>
    </FieldContext.Provider>
  );
}
