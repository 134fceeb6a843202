import { Skeleton } from "@/components/ui/skeleton";

/** A heading, two rows of connected tools and four tiles, as high as the real ones. */
export function CatalogueSkeleton() {
  return (
    <div role="status" aria-busy="true" className="flex flex-col gap-10">
      <span className="sr-only">Loading integrations</span>
      <div>
        <Skeleton className="mb-3 h-6 w-32" />
        <div className="divide-y rounded-lg border bg-surface">
          {[0, 1].map((row) => (
            <div key={row} className="flex h-18 items-center gap-3 px-4">
              <Skeleton className="size-9" />
              <Skeleton className="h-4 w-48" />
            </div>
          ))}
        </div>
      </div>
      <div>
        <Skeleton className="mb-3 h-6 w-28" />
        <div className="grid gap-3 sm:grid-cols-2 2xl:grid-cols-3">
          {[0, 1, 2, 3].map((tile) => (
            <Skeleton key={tile} className="h-40 rounded-lg" />
          ))}
        </div>
      </div>
    </div>
  );
}
