"use client";

import { useState } from "react";

/**
 * The landmark around a marker element, as the place to put what floats: a menu at the end of the
 * body would lie outside of every landmark, where screen reader users that move by landmark miss it.
 */
export function useLandmark() {
  const [landmark, setLandmark] = useState<HTMLElement | null>(null);
  const marker = (element: HTMLElement | null) => {
    if (element === null) return;
    setLandmark(
      element.closest<HTMLElement>("main, header, aside, [role=dialog], [role=alertdialog]"),
    );
  };
  return { marker, landmark };
}
