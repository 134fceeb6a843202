import { PageHeader } from "@/components/ui/page-header";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";

/** The list's true heights: header, search, twenty rows. */
export default function ContactsLoading() {
  return (
    <>
      <PageHeader title="Contacts" description="People from outside who took part in meetings." />
      <div className="pb-4">
        <Skeleton className="h-8 w-full sm:w-80" />
      </div>
      <div className="h-9 border-b" />
      <SkeletonRows rows={20} label="Loading contacts" />
    </>
  );
}
