import { PageHeader } from "@/components/ui/page-header";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";

/** The list's true heights: header, one row of filters, twenty rows. */
export default function MeetingsLoading() {
  return (
    <>
      <PageHeader title="Meetings" />
      <div className="flex flex-wrap gap-2 pb-4">
        <Skeleton className="h-8 w-full sm:w-64" />
        <Skeleton className="h-8 w-36 max-sm:flex-1" />
        <Skeleton className="h-8 w-36 max-sm:flex-1" />
      </div>
      <div className="h-9 border-b" />
      <SkeletonRows rows={20} label="Loading meetings" />
    </>
  );
}
