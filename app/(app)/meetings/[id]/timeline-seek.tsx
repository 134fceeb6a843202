"use client";

import { useRouter } from "next/navigation";
import type { MouseEvent, ReactNode } from "react";
import { turnHref } from "@/app/(app)/meetings/[id]/meeting-tabs";
import { usePlayer, usePosition } from "@/app/(app)/meetings/[id]/player/player-provider";
import { turnAt } from "@/app/(app)/meetings/[id]/turn-at";

interface TimelineSeekProps {
  readonly meetingId: string;
  readonly durationMs: number;
  /** Where each stretch begins, and the turn that begins it. */
  readonly starts: readonly (readonly [startMs: number, turn: number])[];
  readonly children: ReactNode;
}

/**
 * Makes a time line a shortcut for those who point: plays from there, or goes to the turn where there is no recording.
 * The keyboard has the player's slider and the links in the table for the same.
 */
export function TimelineSeek({ meetingId, durationMs, starts, children }: TimelineSeekProps) {
  const player = usePlayer();
  const router = useRouter();
  const part = usePosition(player, (ms) => Math.round((1000 * ms) / Math.max(1, durationMs)));
  const go = ({ currentTarget, clientX }: MouseEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const ms = Math.max(0, ((clientX - left) / width) * durationMs);
    if (player !== null) {
      player.seek(ms);
      player.play();
      return;
    }
    const at = turnAt(
      starts.map(([startMs]) => [0, startMs] as const),
      ms,
    );
    router.push(turnHref(meetingId, starts[at ?? 0]?.[1] ?? 0));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; slider and table do the same
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div onClick={go} className="relative cursor-pointer">
      {children}
      {part === null ? null : (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-y-0 w-px bg-danger-solid"
          style={{ left: `${Math.min(100, part / 10)}%` }}
        />
      )}
    </div>
  );
}
