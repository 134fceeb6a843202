import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface ChoiceProps {
  readonly id: string;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly disabled?: boolean;
  /** Puts the control after the text, as switches in settings lists want it. */
  readonly controlLast?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A checkbox, radio or switch with its text; pressing the text presses the control. */
export function Choice(props: ChoiceProps) {
  const { id, label, description, disabled = false, controlLast = false, className } = props;
  return (
    <div
      className={cn(
        "flex gap-2.5",
        controlLast && "flex-row-reverse justify-between gap-4",
        disabled && "text-ink-faint",
        className,
      )}
    >
      <span className="flex h-5 shrink-0 items-center">{props.children}</span>
      <span className="flex min-w-0 flex-col">
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {description === undefined ? null : (
          <span id={`${id}-description`} className={cn("text-sm", !disabled && "text-ink-muted")}>
            {description}
          </span>
        )}
      </span>
    </div>
  );
}
