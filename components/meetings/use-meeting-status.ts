"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { type ApiClientError, apiGet } from "@/components/hooks/api-client";
import { queryClient } from "@/components/hooks/query-client";
import { isOpen } from "@/components/meetings/words";
import type { StatusView } from "@/lib/meetings/schema";

export type KnownStatus = Pick<StatusView, "status" | "stage" | "progress">;

/** Deleted meanwhile, or signed out: asking again would say the same. */
function isOver(error: ApiClientError | null): boolean {
  return error !== null && error.status >= 400 && error.status < 429;
}

/**
 * Follows a meeting from what the server has rendered until it is finished, then renders the page anew, so that
 * what belongs to a finished meeting appears without a reload. Stands still for meetings that are finished.
 */
export function useMeetingStatus(id: string, known: KnownStatus, everyMs: number): KnownStatus {
  const router = useRouter();
  const open = isOpen(known.status);
  const path = `/api/v1/meetings/${id}/status` as const;
  const query = useQuery<KnownStatus, ApiClientError>(
    {
      // A later rendering by the server starts a query of its own: what it says is newer than any cached answer.
      queryKey: [path, known.status, known.stage, known.progress],
      queryFn: ({ signal }) => apiGet<KnownStatus>(path, {}, signal),
      initialData: known,
      enabled: open,
      gcTime: 0,
      refetchInterval: ({ state }) =>
        (state.data && !isOpen(state.data.status)) || isOver(state.error) ? false : everyMs,
    },
    queryClient(),
  );
  const current = query.data;
  const ended = open && (!isOpen(current.status) || isOver(query.error));
  const told = useRef(false);

  useEffect(() => {
    if (!ended) told.current = false;
    else if (!told.current) {
      told.current = true;
      router.refresh();
    }
  }, [ended, router]);

  return current;
}
