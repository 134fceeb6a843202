"use client";

import { Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";

// Comes with its first opening.
const SpeakerDialog = dynamic(() =>
  import("@/app/(app)/meetings/[id]/speaker-dialog").then((module) => module.SpeakerDialog),
);

interface SpeakerButtonProps {
  readonly meetingId: string;
  readonly version: number;
  readonly speakers: readonly string[];
  readonly spoken: readonly number[];
  readonly speaker: number;
}

/** A speaker's name, which opens the dialog that renames and merges. */
export function SpeakerButton(props: SpeakerButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const name = props.speakers[props.speaker] ?? "Speaker";
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={`${name}, rename or merge`}
        onClick={() => setOpen(true)}
        className="inline-flex max-w-full items-center gap-1.5 rounded-sm text-left font-medium hover:underline"
      >
        <span className="min-w-0 break-words">{name}</span>
        <Pencil aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      </button>
      {isOpen ? <SpeakerDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
