"use client";

import { useSearchParams } from "next/navigation";
import { withQuery } from "@/components/ui/query-string";

const param = "delivery";

function hereWith(id: string | null): string {
  const query = withQuery(window.location.search, { [param]: id });
  return `${window.location.pathname}${query}`;
}

/** The address of a delivery in this log, for links. */
export function deliveryHref(current: string, id: string): string {
  return withQuery(current, { [param]: id });
}

/**
 * Opens a delivery over the list: the address changes, the page behind it is not read again and does not move. Back
 * closes it, however many were looked at in between.
 */
export function openDelivery(id: string): void {
  const isOpen = new URLSearchParams(window.location.search).has(param);
  if (isOpen) window.history.replaceState(null, "", hereWith(id));
  else window.history.pushState(null, "", hereWith(id));
}

/** Closes it: the address is the list's again. */
export function closeDelivery(): void {
  window.history.replaceState(null, "", hereWith(null));
}

/** The delivery that the address has open; null for none. */
export function useDeliveryParam(): string | null {
  return useSearchParams().get(param);
}
