/** What a player does at the moment. */
export interface PlayerState {
  readonly isPlaying: boolean;
  /** The next piece has not arrived yet. */
  readonly isWaiting: boolean;
  /** Milliseconds; null while neither the file nor the meeting says. */
  readonly durationMs: number | null;
  readonly rate: number;
  /** 0 to 1. */
  readonly volume: number;
  readonly isMuted: boolean;
  readonly hasFailed: boolean;
}

/** One recording of a page and whatever element plays it; the parts of the page talk to it, not to each other. */
export interface RecordingPlayer {
  /** Takes over an element; the answer lets it go. */
  readonly attach: (media: HTMLMediaElement) => () => void;
  readonly media: () => HTMLMediaElement | null;
  readonly play: () => void;
  readonly toggle: () => void;
  /** Goes to a position in milliseconds; kept for the element when there is none yet. */
  readonly seek: (ms: number) => void;
  readonly skip: (ms: number) => void;
  readonly setRate: (rate: number) => void;
  readonly setVolume: (volume: number) => void;
  readonly toggleMute: () => void;
  readonly reload: () => void;
  /** Called when the position or the state has changed. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Milliseconds. */
  readonly position: () => number;
  /** The same object until something in it changes. */
  readonly state: () => PlayerState;
}

const events = [
  "timeupdate",
  "seeking",
  "seeked",
  "play",
  "playing",
  "pause",
  "ended",
  "waiting",
  "canplay",
  "durationchange",
  "ratechange",
  "volumechange",
  "error",
  "emptied",
] as const;

function stateOf(media: HTMLMediaElement | null, knownMs: number | null): PlayerState {
  const seconds = media?.duration ?? Number.NaN;
  return {
    isPlaying: media !== null && !media.paused && !media.ended,
    isWaiting: media !== null && !media.paused && !media.ended && media.readyState < 3,
    // Recorders in browsers write no duration: the player then says infinity.
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1000) : knownMs,
    rate: media?.playbackRate ?? 1,
    volume: media?.volume ?? 1,
    isMuted: media?.muted ?? false,
    hasFailed: media?.error != null,
  };
}

const isSame = (left: PlayerState, right: PlayerState) =>
  (Object.keys(left) as (keyof PlayerState)[]).every((key) => left[key] === right[key]);

/** A player without an element yet. `startMs`: where it begins; `knownMs`: how long the meeting is said to be. */
export function createPlayer(startMs: number, knownMs: number | null): RecordingPlayer {
  let media: HTMLMediaElement | null = null;
  let wanted = startMs;
  let state = stateOf(null, knownMs);
  const listeners = new Set<() => void>();
  const tell = () => {
    const next = stateOf(media, knownMs);
    if (!isSame(state, next)) state = next;
    for (const listener of listeners) listener();
  };
  const seek = (ms: number) => {
    wanted = Math.max(0, Math.min(ms, state.durationMs ?? Number.POSITIVE_INFINITY));
    if (media !== null) media.currentTime = wanted / 1000;
    tell();
  };
  const position = () => (media === null ? wanted : media.currentTime * 1000);
  const play = () => {
    // A refusal (no file, no permission) comes as an "error" or leaves it paused.
    media?.play().catch(() => undefined);
  };
  return {
    attach: (element) => {
      media = element;
      if (wanted > 0) element.currentTime = wanted / 1000;
      for (const name of events) element.addEventListener(name, tell);
      tell();
      return () => {
        for (const name of events) element.removeEventListener(name, tell);
        wanted = element.currentTime * 1000;
        media = null;
        tell();
      };
    },
    media: () => media,
    play,
    toggle: () => (state.isPlaying ? media?.pause() : play()),
    seek,
    skip: (ms) => seek(position() + ms),
    setRate: (rate) => {
      if (media === null) return;
      media.playbackRate = rate;
    },
    setVolume: (volume) => {
      if (media === null) return;
      media.volume = volume;
      media.muted = volume === 0;
    },
    toggleMute: () => {
      if (media === null) return;
      media.muted = !media.muted;
      if (!media.muted && media.volume === 0) media.volume = 1;
    },
    reload: () => {
      if (media === null) return;
      wanted = media.currentTime * 1000;
      media.load();
      media.currentTime = wanted / 1000;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    position,
    state: () => state,
  };
}
