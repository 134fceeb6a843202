"use client";

import { useEffect } from "react";
import type { RecordingPlayer } from "@/app/(app)/meetings/[id]/player/recording-player";
import { isTyping, useSingleKeys } from "@/components/hooks/use-single-keys";

const second = 1000;

const does: Readonly<Record<string, (player: RecordingPlayer) => void>> = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  j: (player) => player.skip(-10 * second),
  l: (player) => player.skip(10 * second),
  ArrowLeft: (player) => player.skip(-5 * second),
  ArrowRight: (player) => player.skip(5 * second),
  m: (player) => player.toggleMute(),
};

const pressedBySpace = "button, a, summary, [role=button], [role=checkbox], [role=switch]";
const movedByArrows = "[role=tab], [role=radio], [role=tablist], [role=slider]";

/** Whether the key means something to what has the focus. */
function isTaken(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return false;
  // The slider of the position has the focus after a click on it; only the arrows are its own.
  if (target instanceof HTMLInputElement && target.type === "range") return key.startsWith("Arrow");
  if (isTyping(event)) return true;
  if (key === " ") return target.closest(pressedBySpace) !== null;
  return key.startsWith("Arrow") && target.closest(movedByArrows) !== null;
}

/** Keys of the player, anywhere on the page but where somebody types. */
export function usePlayerKeys(player: RecordingPlayer | null) {
  const singleKeys = useSingleKeys();
  useEffect(() => {
    if (player === null || !singleKeys) return;
    const press = (event: KeyboardEvent) => {
      const act = does[event.key];
      const hasModifier = event.metaKey || event.ctrlKey || event.altKey || event.shiftKey;
      if (act === undefined || hasModifier || event.defaultPrevented || isTaken(event)) return;
      event.preventDefault();
      act(player);
    };
    // On the window, after the shell: the m of "g m" is its own.
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [player, singleKeys]);
}
