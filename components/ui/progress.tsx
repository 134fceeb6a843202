import { cn } from "@/components/ui/cn";
import { type Tone, tones } from "@/components/ui/tones";

interface ProgressBarProps {
  readonly label: string;
  /** 0 to 100; null when the end is not known. */
  readonly value: number | null;
  readonly tone?: Tone;
  readonly className?: string;
}

function clamp(value: number): number {
  return Math.min(100, Math.max(0, value));
}

/** A bar for work with (or without) a known end. Say beside it what is being done. */
export function ProgressBar({ label, value, tone = "brand", className }: ProgressBarProps) {
  const known = value === null ? {} : { "aria-valuenow": Math.round(clamp(value)) };
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...known}
      className={cn("h-1.5 w-full overflow-hidden rounded-full bg-hover", className)}
    >
      <div
        className={cn(
          "h-full origin-left rounded-full",
          tones[tone].solid,
          value === null
            ? "w-1/3 animate-sweep motion-reduce:w-full motion-reduce:opacity-40"
            : "w-full transition-transform",
        )}
        {...(value === null ? {} : { style: { transform: `scaleX(${clamp(value) / 100})` } })}
      />
    </div>
  );
}

interface ProgressRingProps {
  /** 0 to 100. */
  readonly value: number;
  /** Leave out where the words beside the ring say the same. */
  readonly label?: string;
  readonly className?: string;
}

const circumference = 2 * Math.PI * 6;

/** A ring of icon size in the current text colour, for badges and rows. */
export function ProgressRing({ value, label, className }: ProgressRingProps) {
  const meaning =
    label === undefined
      ? ({ "aria-hidden": true } as const)
      : ({
          role: "progressbar",
          "aria-label": label,
          "aria-valuenow": Math.round(clamp(value)),
          "aria-valuemin": 0,
          "aria-valuemax": 100,
        } as const);
  return (
    <span {...meaning} className={cn("inline-flex size-4", className)}>
      <svg viewBox="0 0 16 16" className="-rotate-90 size-full" aria-hidden="true">
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.5"
          opacity="0.25"
        />
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.5"
          strokeLinecap="round"
          strokeDasharray={circumference}
          strokeDashoffset={circumference * (1 - clamp(value) / 100)}
        />
      </svg>
    </span>
  );
}
