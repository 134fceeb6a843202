import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";

/** Stands while the projects are read. */
export default function InsightsLoading() {
  return (
    <>
      <PageHeader
        title="Insights"
        description="Projects of questions that are asked of every meeting, and what their answers add up to."
      />
      <SkeletonRows rows={6} label="Loading insights" />
    </>
  );
}
