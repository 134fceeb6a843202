"use client";

import { useEffect, useRef } from "react";
import { usePlayer } from "@/app/(app)/meetings/[id]/player/player-provider";

interface VideoStageProps {
  readonly title: string;
  readonly src: string;
  /** WebVTT of the transcript; null while there is none. */
  readonly captions: string | null;
}

/** The picture of a recorded video; its controls are in the bar below. A click plays and pauses, as the bar's button does. */
export function VideoStage({ title, src, captions }: VideoStageProps) {
  const player = usePlayer();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current === null || player === null) return;
    return player.attach(video.current);
  }, [player]);
  return (
    <video
      ref={video}
      src={src}
      aria-label={`Video of ${title}`}
      preload="metadata"
      playsInline
      onClick={() => player?.toggle()}
      className="mb-5 aspect-video max-h-[50vh] w-full rounded-lg bg-sunken print:hidden"
    >
      <track kind="captions" label="Transcript" {...(captions === null ? {} : { src: captions })} />
    </video>
  );
}
