"use client";

import { useEffect, useRef } from "react";

/**
 * While a secret is on screen that nobody can show again: leaving the page asks first, and a page that the browser
 * keeps for its Back button forgets it.
 */
export function useKeptSecret(isShown: boolean, forget: () => void): void {
  const latest = useRef(forget);
  latest.current = forget;
  useEffect(() => {
    if (!isShown) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const hide = () => latest.current();
    window.addEventListener("beforeunload", ask);
    window.addEventListener("pagehide", hide);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("pagehide", hide);
    };
  }, [isShown]);
}
