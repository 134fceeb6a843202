"use client";

import { useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { withQuery } from "@/components/ui/query-string";

/** Next learns of changed addresses from its first effects on; a link can be pressed moments before. */
let isRouterListening = false;

/**
 * What is open over a list, as a parameter of the address: it changes without the page behind it being read again,
 * and Back closes it, however many were looked at in between.
 */
export function openParam(param: string) {
  const hereWith = (id: string | null): string => {
    const query = withQuery(window.location.search, { [param]: id });
    return `${window.location.pathname}${query}`;
  };
  return {
    /** The address of one in this list, for links. */
    href: (current: string, id: string) => withQuery(current, { [param]: id }),
    /** @returns false when nothing was opened, because the page has only just come: let the link do its work. */
    open: (id: string): boolean => {
      if (!isRouterListening) return false;
      const isOpen = new URLSearchParams(window.location.search).has(param);
      if (isOpen) window.history.replaceState(null, "", hereWith(id));
      else window.history.pushState(null, "", hereWith(id));
      return true;
    },
    /** The address is the list's again. */
    close: (): void => window.history.replaceState(null, "", hereWith(null)),
    /** What the address has open; null for nothing. */
    useOpen: (): string | null => {
      useEffect(() => {
        // Effects of one commit run in one go, Next's, which are further out, after these.
        queueMicrotask(() => {
          isRouterListening = true;
        });
      }, []);
      return useSearchParams().get(param);
    },
  };
}
