import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";

/** Stands while the definitions are read. */
export default function InsightsLoading() {
  return (
    <>
      <PageHeader
        title="Insights"
        description="Questions that are asked of every meeting, and what their answers add up to."
      />
      <div className="h-16 border-b" />
      <SkeletonRows rows={8} label="Loading insights" />
    </>
  );
}
