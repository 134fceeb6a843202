"use client";

import { useEffect, useState } from "react";
import { isTyping } from "@/components/hooks/use-single-keys";

const scrollKeys = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/**
 * Whether the transcript keeps the turn that is spoken in sight: from when it plays until the person scrolls away.
 * @returns the state, and the way back to it.
 */
export function useFollowing(isPlaying: boolean): [boolean, (follow: boolean) => void] {
  const [isFollowing, setFollowing] = useState(true);
  const [wasPlaying, setWasPlaying] = useState(isPlaying);
  if (isPlaying !== wasPlaying) {
    setWasPlaying(isPlaying);
    if (isPlaying) setFollowing(true);
  }

  useEffect(() => {
    if (!(isPlaying && isFollowing)) return;
    const leave = () => setFollowing(false);
    const press = (event: KeyboardEvent) => {
      if (scrollKeys.has(event.key) && !isTyping(event)) leave();
    };
    window.addEventListener("wheel", leave, { passive: true });
    window.addEventListener("touchmove", leave, { passive: true });
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("wheel", leave);
      window.removeEventListener("touchmove", leave);
      window.removeEventListener("keydown", press);
    };
  }, [isPlaying, isFollowing]);
  return [isFollowing, setFollowing];
}
