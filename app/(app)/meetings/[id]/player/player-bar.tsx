"use client";

import {
  Captions,
  Maximize,
  Pause,
  PictureInPicture2,
  Play,
  RotateCcw,
  RotateCw,
  Volume2,
  VolumeX,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { PlayerProblem } from "@/app/(app)/meetings/[id]/player/player-problem";
import {
  usePlayer,
  usePlayerState,
  usePosition,
} from "@/app/(app)/meetings/[id]/player/player-provider";
import type {
  PlayerState,
  RecordingPlayer,
} from "@/app/(app)/meetings/[id]/player/recording-player";
import { usePlayerKeys } from "@/app/(app)/meetings/[id]/player/use-player-keys";
import { cn } from "@/components/ui/cn";
import { formatClock } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { NativeSelect } from "@/components/ui/native-select";
import { Spinner } from "@/components/ui/spinner";

interface PlayerBarProps {
  readonly src: string;
  readonly kind: "audio" | "video";
  readonly title: string;
}

/** The controls of the recording; stays at the foot of the window while the page scrolls. */
export function PlayerBar({ src, kind, title }: PlayerBarProps) {
  const player = usePlayer();
  const state = usePlayerState(player);
  usePlayerKeys(player);
  if (player === null || state === null) return null;
  return (
    <section
      aria-label="Player"
      className={cn(
        "mt-8 rounded-lg border bg-surface px-3 pt-1.5 pb-2 print:hidden",
        state.hasFailed ? "pt-2" : "sticky bottom-2 z-20 shadow-float",
      )}
    >
      {kind === "audio" ? <AudioElement src={src} title={title} player={player} /> : null}
      {state.hasFailed ? (
        <PlayerProblem src={src} onRetry={player.reload} />
      ) : (
        <>
          <PositionSlider player={player} durationMs={state.durationMs} />
          <div className="flex flex-wrap items-center gap-0.5 sm:gap-1">
            <PlayButtons player={player} state={state} />
            <Times player={player} durationMs={state.durationMs} />
            <span className="flex-1" />
            <Speed player={player} rate={state.rate} />
            {kind === "video" ? <VideoButtons player={player} /> : null}
            <Volume player={player} state={state} />
          </div>
        </>
      )}
    </section>
  );
}

interface ControlsProps {
  readonly player: RecordingPlayer;
  readonly state: PlayerState;
}

function PlayButtons({ player, state: { isPlaying, isWaiting } }: ControlsProps) {
  return (
    <>
      <IconButton
        label="Back 10 seconds"
        keys={["J"]}
        tooltipSide="top"
        onClick={() => player.skip(-10_000)}
      >
        <RotateCcw />
      </IconButton>
      <IconButton
        label={isPlaying ? "Pause" : "Play"}
        keys={["K"]}
        tooltipSide="top"
        variant="primary"
        onClick={player.toggle}
      >
        {isPlaying ? <Pause /> : <Play />}
      </IconButton>
      <IconButton
        label="Forward 10 seconds"
        keys={["L"]}
        tooltipSide="top"
        onClick={() => player.skip(10_000)}
      >
        <RotateCw />
      </IconButton>
      {isWaiting ? <Spinner label="Loading" className="text-ink-muted" /> : null}
    </>
  );
}

function Volume({ player, state: { isMuted, volume } }: ControlsProps) {
  const heard = isMuted ? 0 : volume;
  return (
    <>
      <IconButton
        label={heard === 0 ? "Unmute" : "Mute"}
        keys={["M"]}
        tooltipSide="top"
        onClick={player.toggleMute}
      >
        {heard === 0 ? <VolumeX /> : <Volume2 />}
      </IconButton>
      <input
        type="range"
        aria-label="Volume"
        aria-valuetext={`${Math.round(heard * 100)}%`}
        min={0}
        max={1}
        step={0.05}
        value={heard}
        onChange={(event) => player.setVolume(Number(event.target.value))}
        className="w-20 accent-brand max-sm:hidden"
      />
    </>
  );
}

interface AudioElementProps {
  readonly src: string;
  readonly title: string;
  readonly player: RecordingPlayer;
}

/** The transcript below is the text of it: an audio element shows no captions. */
function AudioElement({ src, title, player }: AudioElementProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => (audio.current === null ? undefined : player.attach(audio.current)), [player]);
  return (
    // biome-ignore lint/a11y/useMediaCaption: its text is the transcript on this page
    <audio ref={audio} src={src} preload="metadata" aria-label={`Audio of ${title}`} />
  );
}

interface TimedProps {
  readonly player: RecordingPlayer;
  readonly durationMs: number | null;
}

const toSecond = (ms: number) => Math.floor(ms / 1000);

function PositionSlider({ player, durationMs }: TimedProps) {
  const at = usePosition(player, toSecond) ?? 0;
  const end = durationMs === null ? 0 : Math.ceil(durationMs / 1000);
  return (
    <input
      type="range"
      aria-label="Position"
      aria-valuetext={`${formatClock(at)} of ${formatClock(end)}`}
      min={0}
      max={Math.max(end, at, 1)}
      step={1}
      value={at}
      onChange={(event) => player.seek(Number(event.target.value) * 1000)}
      className="block h-5 w-full cursor-pointer accent-brand"
    />
  );
}

function Times({ player, durationMs }: TimedProps) {
  const at = usePosition(player, toSecond) ?? 0;
  return (
    <span className="whitespace-nowrap px-0.5 text-ink-muted text-sm tabular-nums">
      {formatClock(at)}
      {durationMs === null ? null : (
        <span className="max-sm:hidden"> / {formatClock(durationMs / 1000)}</span>
      )}
    </span>
  );
}

const rates = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;

function Speed({ player, rate }: { readonly player: RecordingPlayer; readonly rate: number }) {
  return (
    <NativeSelect
      aria-label="Speed"
      value={rate}
      onChange={(event) => player.setRate(Number(event.target.value))}
      className="w-16 sm:w-20"
    >
      {rates.map((value) => (
        <option key={value} value={value}>
          {value}×
        </option>
      ))}
    </NativeSelect>
  );
}

/** Captions, the whole screen, and a window of its own for those who read on below. */
function VideoButtons({ player }: { readonly player: RecordingPlayer }) {
  const [hasCaptions, setHasCaptions] = useState(false);
  const video = () => {
    const media = player.media();
    return media instanceof HTMLVideoElement ? media : null;
  };
  const toggleCaptions = () => {
    const track = video()?.textTracks[0];
    if (track === undefined) return;
    track.mode = hasCaptions ? "disabled" : "showing";
    setHasCaptions(!hasCaptions);
  };
  // Browsers refuse both at times, and then nothing changes.
  const ignore = () => undefined;
  const float = () => {
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(ignore);
    else video()?.requestPictureInPicture?.().catch(ignore);
  };
  return (
    <>
      <IconButton
        label="Captions"
        tooltipSide="top"
        aria-pressed={hasCaptions}
        className="aria-pressed:bg-brand-tint aria-pressed:text-brand-ink"
        onClick={toggleCaptions}
      >
        <Captions />
      </IconButton>
      <IconButton
        label="Picture in picture"
        tooltipSide="top"
        className="max-sm:hidden"
        onClick={float}
      >
        <PictureInPicture2 />
      </IconButton>
      <IconButton
        label="Full screen"
        tooltipSide="top"
        onClick={() => video()?.requestFullscreen?.().catch(ignore)}
      >
        <Maximize />
      </IconButton>
    </>
  );
}
