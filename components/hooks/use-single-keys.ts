"use client";

import { useSyncExternalStore } from "react";

const storageKey = "harmony-single-keys";
const changed = "harmony-single-keys-changed";

function subscribe(listener: () => void) {
  window.addEventListener("storage", listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener(changed, listener);
  };
}

const read = () => {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    // Storage can be forbidden by the browser; the default then holds.
    return true;
  }
};

/**
 * Whether shortcuts without a modifier (`/`, `?`, `g m`) work. People who dictate to their computer
 * need to switch them off (WCAG 2.1.4), which the help dialog offers.
 */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, read, () => true);
}

/** Remembers the choice in this browser. */
export function setSingleKeys(on: boolean) {
  try {
    localStorage.setItem(storageKey, on ? "on" : "off");
  } catch {
    return;
  }
  window.dispatchEvent(new Event(changed));
}

/** True where a key press belongs to what has the focus: a text control, an open menu or dialog. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest(
      "input, textarea, select, [role=menu], [role=listbox], [role=dialog], [role=alertdialog]",
    ) !== null
  );
}
