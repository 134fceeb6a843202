"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import {
  createPlayer,
  type PlayerState,
  type RecordingPlayer,
} from "@/app/(app)/meetings/[id]/player/recording-player";

const PlayerContext = createContext<RecordingPlayer | null>(null);

/** The player of the meeting around; null where there is nothing to play. */
export function usePlayer(): RecordingPlayer | null {
  return useContext(PlayerContext);
}

const never = () => () => {};

/** What `select` makes of the position in milliseconds; renders anew only when that changes. Null without a player. */
export function usePosition<T extends number | string | null>(
  player: RecordingPlayer | null,
  select: (ms: number) => T,
): T | null {
  const read = () => (player === null ? null : select(player.position()));
  return useSyncExternalStore(player?.subscribe ?? never, read, read);
}

/** What the player does; null without a player. */
export function usePlayerState(player: RecordingPlayer | null): PlayerState | null {
  const read = () => player?.state() ?? null;
  return useSyncExternalStore(player?.subscribe ?? never, read, read);
}

interface PlayerProviderProps {
  /** Of the meeting, in milliseconds; null while it is not known. */
  readonly durationMs: number | null;
  /** Where to begin: what the address asks for. */
  readonly startMs: number;
  readonly children: ReactNode;
}

/** Gives the parts of a meeting's page one player. It plays on while the tabs change. */
export function PlayerProvider({ durationMs, startMs, children }: PlayerProviderProps) {
  const [player] = useState(() => createPlayer(startMs, durationMs));
  // A link to another moment was followed while the page was on screen.
  useEffect(() => {
    if (startMs > 0 && Math.abs(player.position() - startMs) > 500) player.seek(startMs);
  }, [player, startMs]);
  return <PlayerContext.Provider value={player}>{children}</PlayerContext.Provider>;
}
