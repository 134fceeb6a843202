import { Check } from "lucide-react";
import { cn } from "@/components/ui/cn";

const steps = ["Permissions", "Sign in", "Set up"] as const;

interface ConnectStepsProps {
  readonly current: (typeof steps)[number];
}

/** The three steps of connecting, all in sight from the first. */
export function ConnectSteps({ current }: ConnectStepsProps) {
  const at = steps.indexOf(current);
  return (
    <ol aria-label="Steps" className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {steps.map((step, index) => (
        <li
          key={step}
          {...(index === at ? { "aria-current": "step" } : {})}
          className={cn(
            "flex items-center gap-2",
            index === at ? "font-medium text-ink" : "text-ink-muted",
          )}
        >
          <span
            aria-hidden
            className={cn(
              "grid size-5 place-items-center rounded-full border text-xs tabular-nums",
              index < at && "border-success-line bg-success-tint text-success-ink",
              index === at && "border-brand bg-brand text-on-brand",
            )}
          >
            {index < at ? <Check className="size-3" strokeWidth={3} /> : index + 1}
          </span>
          {step}
          {index < at ? <span className="sr-only">, done</span> : null}
        </li>
      ))}
    </ol>
  );
}
