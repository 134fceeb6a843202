"use client";

import { useRef } from "react";

/** A menu closes as the dialog opens; its button is where the person came from. */
function origin(): HTMLElement | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  const labelledBy = active.closest("[role=menu]")?.getAttribute("aria-labelledby");
  return labelledBy == null ? active : document.getElementById(labelledBy);
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
      from.current = origin();
      if (!(event.currentTarget instanceof HTMLElement)) return;
      event.preventDefault();
      const field = event.currentTarget.querySelector<HTMLElement>(
        "[data-autofocus], input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)",
      );
      (field ?? event.currentTarget).focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      from.current?.focus();
    },
  };
}
