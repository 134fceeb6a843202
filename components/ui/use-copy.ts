"use client";

import { useEffect, useRef, useState } from "react";

export type CopyState = "idle" | "copied" | "failed";

/** The old way, for pages served over plain http where `navigator.clipboard` does not exist. */
function copyBySelection(text: string, near: HTMLElement): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "sr-only";
  // Inside the trigger's parent, so that a dialog's focus trap lets it take the selection.
  (near.parentElement ?? document.body).append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    near.focus();
  }
}

/** Copies text and says for two seconds whether it worked. */
export function useCopy() {
  const [state, setState] = useState<CopyState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async (text: string, near: HTMLElement) => {
    let done = false;
    try {
      if (navigator.clipboard === undefined) done = copyBySelection(text, near);
      else {
        await navigator.clipboard.writeText(text);
        done = true;
      }
    } catch {
      done = copyBySelection(text, near);
    }
    setState(done ? "copied" : "failed");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState("idle"), 2000);
  };
  return { state, copy };
}
