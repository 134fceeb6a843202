import { cn } from "@/components/ui/cn";
import { ProgressRing } from "@/components/ui/progress";
import { type StatusKind, statusKinds } from "@/components/ui/status-kinds";
import { tones } from "@/components/ui/tones";

interface StatusProps {
  readonly kind: StatusKind;
  /** Replaces the kind's own word. */
  readonly label?: string;
  /** 0 to 100; turns the icon into a ring and adds the figure. */
  readonly progress?: number;
  /** Without the tinted background, for dense rows. */
  readonly plain?: boolean;
  readonly className?: string;
}

/** A state as icon + word + tint, so that colour is never the only sign. */
export function Status({ kind, label, progress, plain = false, className }: StatusProps) {
  const look = statusKinds[kind];
  const Icon = look.icon;
  const tone = tones[look.tone];
  return (
    <span
      className={cn(
        "inline-flex h-6 tabular-nums max-w-full items-center gap-1.5 whitespace-nowrap rounded-md font-medium text-xs",
        plain ? tone.ink : cn("px-2", tone.tint),
        className,
      )}
    >
      {progress === undefined ? (
        <Icon aria-hidden className="size-3.5 shrink-0" />
      ) : (
        <ProgressRing value={progress} className="size-3.5 shrink-0" />
      )}
      <span className="truncate">
        {label ?? look.label}
        {progress === undefined ? null : ` ${Math.round(progress)}%`}
      </span>
    </span>
  );
}
