"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useTransition } from "react";
import { withQuery } from "@/components/ui/query-string";

/**
 * One parameter of the address as state: its value ("" when absent), a setter that keeps the other
 * parameters but leaves the current page of the list, and whether the new view is being loaded.
 */
export function useQueryParam(name: string): [string, (value: string) => void, boolean] {
  const router = useRouter();
  const current = useSearchParams().toString();
  const [pending, startTransition] = useTransition();
  const set = useCallback(
    (value: string) => {
      const query = withQuery(current, { [name]: value, page: null, cursor: null });
      startTransition(() => router.replace(query === "" ? "?" : query, { scroll: false }));
    },
    [current, name, router],
  );
  return [new URLSearchParams(current).get(name) ?? "", set, pending];
}
