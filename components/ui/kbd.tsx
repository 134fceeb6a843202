"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};
const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

interface KbdProps {
  /** Key names; "mod" is ⌘ on Apple machines and Ctrl elsewhere. */
  readonly keys: readonly string[];
}

/** Keys to press, in order. */
export function Kbd({ keys }: KbdProps) {
  const apple = useSyncExternalStore(never, isApple, () => false);
  return (
    <span className="inline-flex gap-0.5">
      {keys.map((key) => (
        <kbd
          key={key}
          className="inline-grid h-5 min-w-5 place-items-center rounded-sm border border-current/25 px-1 font-medium font-sans text-xs"
        >
          {key === "mod" ? (apple ? "⌘" : "Ctrl") : key}
        </kbd>
      ))}
    </span>
  );
}
