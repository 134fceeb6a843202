"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ApiClientError, type ApiParams, apiGet } from "@/components/hooks/api-client";
import { queryClient } from "@/components/hooks/query-client";

/** The API's list answer. */
export interface ApiPage<T> {
  readonly data: readonly T[];
  readonly pagination: {
    readonly page: number;
    readonly per_page: number;
    readonly total: number;
    readonly has_more: boolean;
    readonly next_cursor: string | null;
  };
}

interface UsePagedQueryOptions<T> {
  /** Filters and `page`; a change keeps the old rows on screen until the new ones are there. */
  readonly params?: ApiParams;
  readonly enabled?: boolean;
  readonly initialData?: ApiPage<T>;
  readonly pollMs?: number | false;
}

/** Reads one page of an API list. `isPlaceholderData` says that the rows are the former page's. */
export function usePagedQuery<T>(path: `/api/v1/${string}`, options: UsePagedQueryOptions<T> = {}) {
  const { params = {}, enabled = true, initialData, pollMs = false } = options;
  const query = useQuery<ApiPage<T>, ApiClientError>(
    {
      queryKey: [path, params],
      queryFn: ({ signal }) => apiGet<ApiPage<T>>(path, params, signal),
      enabled,
      placeholderData: keepPreviousData,
      refetchInterval: pollMs,
      ...(initialData === undefined ? {} : { initialData }),
    },
    queryClient(),
  );
  return { ...query, rows: query.data?.data ?? [], pagination: query.data?.pagination ?? null };
}
