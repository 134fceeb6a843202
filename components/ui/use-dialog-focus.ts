"use client";

import { useRef } from "react";

/** What has the focus. A menu closes as the dialog opens; its button is where the person came from. */
export function focusedNow(): HTMLElement | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  const labelledBy = active.closest("[role=menu]")?.getAttribute("aria-labelledby");
  return labelledBy == null ? active : document.getElementById(labelledBy);
}

/** Gives the focus back; to the page's title when the element is gone or cannot take it any more. */
export function focusAgain(element: HTMLElement | null): void {
  const isThere = element?.isConnected === true && !element.matches(":disabled");
  (isThere ? element : document.querySelector<HTMLElement>("h1[tabindex]"))?.focus();
}

/**
 * Where the focus goes when a dialog opens and closes. In: to the first field, or to the dialog itself
 * so that its title is read (never to the cross, whose tooltip would cover things). Out: back to
 * where it was, also for dialogs that no trigger opened.
 */
export function useDialogFocus() {
  const from = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      from.current = focusedNow();
      if (!(event.currentTarget instanceof HTMLElement)) return;
      event.preventDefault();
      const field = event.currentTarget.querySelector<HTMLElement>(
        "[data-autofocus], input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)",
      );
      (field ?? event.currentTarget).focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      focusAgain(from.current);
    },
  };
}
