import { QueryClient } from "@tanstack/react-query";
import { retryDelay, shouldRetry } from "@/components/hooks/api-client";

function create(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 10_000, retry: shouldRetry, retryDelay } },
  });
}

let inBrowser: QueryClient | undefined;

/**
 * The cache of API reads: one per browser tab, for `invalidateQueries` after a change. On the server
 * every call makes a new one, because a shared one would show one person's data to the next. There is
 * no provider, so only pages that read through it load the library.
 */
export function queryClient(): QueryClient {
  if (typeof window === "undefined") return create();
  inBrowser ??= create();
  return inBrowser;
}
