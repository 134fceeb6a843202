import { LoaderCircle } from "lucide-react";
import { cn } from "@/components/ui/cn";

interface SpinnerProps {
  /** Said to screen readers; leave out where something beside it already says so. */
  readonly label?: string;
  readonly className?: string;
}

/** A turning ring for work whose length is unknown; it stands still with reduced motion. */
export function Spinner({ label, className }: SpinnerProps) {
  return (
    <span className={cn("inline-flex size-4 text-current", className)}>
      <LoaderCircle aria-hidden className="size-full animate-spin" />
      {label === undefined ? null : <span className="sr-only">{label}</span>}
    </span>
  );
}
