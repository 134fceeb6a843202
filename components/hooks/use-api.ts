"use client";

import { useQuery } from "@tanstack/react-query";
import { type ApiClientError, type ApiParams, apiGet } from "@/components/hooks/api-client";
import { queryClient } from "@/components/hooks/query-client";

interface UseApiOptions<T> {
  readonly params?: ApiParams;
  readonly enabled?: boolean;
  /** What the server component already read; shown at once and refreshed when stale. */
  readonly initialData?: T;
  /** Milliseconds to the next read, or a function of the last answer (stop polling with `false`). */
  readonly pollMs?: number | false | ((data: T | undefined) => number | false);
}

/** Reads one API resource with the session; equal reads on a page share one request. */
export function useApi<T>(path: `/api/v1/${string}`, options: UseApiOptions<T> = {}) {
  const { params = {}, enabled = true, initialData, pollMs = false } = options;
  return useQuery<T, ApiClientError>(
    {
      queryKey: [path, params],
      queryFn: ({ signal }) => apiGet<T>(path, params, signal),
      enabled,
      refetchInterval: (query) =>
        typeof pollMs === "function" ? pollMs(query.state.data) : pollMs,
      ...(initialData === undefined ? {} : { initialData }),
    },
    queryClient(),
  );
}
