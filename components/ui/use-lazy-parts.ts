"use client";

import { useEffect, useState } from "react";

interface OpenState {
  readonly open?: boolean | undefined;
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
}

export interface LazyParts<P> {
  /** Null until the first opening. */
  readonly parts: P | null;
  /** Fetches the code; call it when the pointer comes near. */
  readonly prepare: () => void;
  /** Fetches the code, then opens. */
  readonly open: () => void;
}

/**
 * The code of a floating thing, fetched with its first opening. Until then its button is an ordinary
 * one, and pages pay nothing for menus that nobody opens.
 */
export function useLazyParts<P>(load: () => Promise<P>, state: OpenState): LazyParts<P> {
  const [parts, setParts] = useState<P | null>(null);
  const wanted = state.open === true && parts === null;

  useEffect(() => {
    if (!wanted) return;
    let here = true;
    const show = (loaded: P) => {
      if (here) setParts(() => loaded);
    };
    // Without the code nothing opens; the next press tries again.
    load().then(show, () => undefined);
    return () => {
      here = false;
    };
  }, [wanted, load]);

  return {
    parts,
    prepare: () => {
      load().catch(() => undefined);
    },
    open: () => {
      load().then(
        (loaded) => {
          setParts(() => loaded);
          state.onOpenChange?.(true);
        },
        () => undefined,
      );
    },
  };
}
