"use client";

import { usePagedQuery } from "@/components/hooks/use-paged-query";
import { ErrorState } from "@/components/ui/error-state";
import { formatCount } from "@/components/ui/format";
import { SkeletonRows } from "@/components/ui/skeleton";

/** Reads the real API: without a session it shows the refusal that a signed-out person gets. */
export function QueryDemo() {
  const meetings = usePagedQuery<{ readonly id: string }>("/api/v1/meetings", {
    params: { per_page: 3 },
  });
  if (meetings.isPending) return <SkeletonRows rows={3} />;
  if (meetings.error !== null) {
    return (
      <ErrorState
        title="Meetings could not be loaded"
        error={meetings.error}
        retrying={meetings.isFetching}
        onRetry={() => void meetings.refetch()}
      />
    );
  }
  return <p>{formatCount(meetings.pagination?.total ?? 0, "meeting")}</p>;
}
