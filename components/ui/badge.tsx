import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { type Tone, tones } from "@/components/ui/tones";

interface BadgeProps {
  readonly tone?: Tone;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A small label for a fact (a plan, "Sandbox", a count). For states use Status. */
export function Badge({ tone = "neutral", className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-xs [&_svg]:size-3",
        tones[tone].tint,
        className,
      )}
    >
      {children}
    </span>
  );
}
