import { cn } from "@/components/ui/cn";

/** A grey stand-in of the size that the content will have. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cn("block animate-pulse rounded-md bg-hover", className)} />;
}

const lengths = ["w-3/5", "w-2/5", "w-1/2", "w-1/3"] as const;

interface SkeletonRowsProps {
  /** How many rows the list is expected to have. */
  readonly rows?: number;
  readonly label?: string;
}

/** Rows of a Table's height while it loads, so that nothing jumps when they arrive. */
export function SkeletonRows({ rows = 5, label = "Loading" }: SkeletonRowsProps) {
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={index} className="flex h-11 items-center gap-6 border-b px-2">
          <span className="flex-1">
            <Skeleton className={cn("h-3", lengths[index % lengths.length])} />
          </span>
          <Skeleton className="hidden h-3 w-24 sm:block" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
