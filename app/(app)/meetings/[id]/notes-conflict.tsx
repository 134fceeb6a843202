"use client";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { MeetingNotes } from "@/lib/meetings/notes";

interface NotesConflictProps {
  /** What is stored now. */
  readonly theirs: MeetingNotes;
  readonly pending: boolean;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

/** Somebody saved in between: their text beside one's own, and the choice. Nothing is lost before it is made. */
export function NotesConflict({ theirs, pending, onKeepMine, onTakeTheirs }: NotesConflictProps) {
  return (
    <Notice
      tone="warning"
      live="alert"
      title={`${theirs.updatedBy ?? "Somebody"} saved these notes while you were writing`}
    >
      <p>
        Your text is above and not saved yet. This is what is stored
        {theirs.updatedAt === null ? "" : " since "}
        {theirs.updatedAt === null ? null : (
          <RelativeTime value={theirs.updatedAt} format="datetime" />
        )}
        :
      </p>
      <div className="relative mt-2">
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
          tabIndex={0}
          className="max-h-60 overflow-auto whitespace-pre-wrap break-words rounded-lg border bg-surface p-3 pr-10 font-sans text-base"
        >
          {theirs.markdown === "" ? "(Everything was removed.)" : theirs.markdown}
        </pre>
        <span className="absolute top-1 right-1">
          <CopyButton value={theirs.markdown} label="Copy the stored text" />
        </span>
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" loading={pending} onClick={onKeepMine}>
          Replace it with mine
        </Button>
        <Button size="sm" onClick={onTakeTheirs}>
          Keep theirs, discard mine
        </Button>
      </div>
    </Notice>
  );
}
