"use client";

import { CircleCheck, CircleX, FileClock, Pause, Play, TriangleAlert, X } from "lucide-react";
import Link from "next/link";
import { type ChangeEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { problemText } from "@/components/ui/problem";
import { ProgressBar } from "@/components/ui/progress";
import {
  isMoving,
  percentOf,
  phaseWords,
  type UploadItem,
} from "@/components/uploads/upload-items";
import { uploadQueue } from "@/components/uploads/upload-queue";

interface UploadRowProps {
  readonly item: UploadItem;
  /** Called with the way to a meeting that the person follows. */
  readonly onLeave?: () => void;
}

/** One upload: what it is, how far it is, and what can be done with it. */
export function UploadRow({ item, onLeave }: UploadRowProps) {
  const { id, name, size, sent, phase } = item;
  const showsBar = isMoving(item) || phase === "paused" || phase === "interrupted";
  const isOpenEnded = phase === "preparing" || phase === "finishing";
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex min-w-0 items-start gap-2">
        <PhaseIcon phase={phase} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-base" title={name}>
            {name}
          </p>
          <p className="text-ink-muted text-sm">{phaseWords(item)}</p>
        </div>
        <RowButtons item={item} />
      </div>
      {showsBar ? (
        <>
          <ProgressBar label={`Upload of ${name}`} value={isOpenEnded ? null : percentOf(item)} />
          <p className="flex justify-between gap-4 text-ink-muted text-sm tabular-nums">
            <span>
              {formatBytes(sent)} of {formatBytes(size)}
            </span>
            <span>{percentOf(item)}%</span>
          </p>
        </>
      ) : null}
      {phase === "failed" && item.error ? (
        <p className="break-words text-danger-ink text-sm">{problemText(item.error)}</p>
      ) : null}
      {phase === "done" && item.meetingId ? (
        <p>
          <Link
            href={`/meetings/${item.meetingId}`}
            onClick={() => {
              uploadQueue.dismiss(id);
              onLeave?.();
            }}
            className="text-brand-ink text-sm underline underline-offset-4"
          >
            Open the meeting
          </Link>
        </p>
      ) : null}
      {phase === "asking" && item.earlier ? (
        <div className="flex flex-wrap gap-2">
          <Button asChild size="sm" variant="primary">
            <Link
              href={`/meetings/${item.earlier.id}`}
              onClick={() => {
                void uploadQueue.cancel(id);
                onLeave?.();
              }}
            >
              Open it
            </Link>
          </Button>
          <Button size="sm" onClick={() => void uploadQueue.uploadAnyway(id)}>
            Upload anyway
          </Button>
        </div>
      ) : null}
      {phase === "unfinished" ? <ChooseAgain item={item} /> : null}
    </div>
  );
}

function PhaseIcon({ phase }: { readonly phase: UploadItem["phase"] }) {
  const look = "mt-0.5 size-4 shrink-0";
  if (phase === "done") return <CircleCheck aria-hidden className={`${look} text-success-ink`} />;
  if (phase === "failed") return <CircleX aria-hidden className={`${look} text-danger-ink`} />;
  if (phase === "interrupted" || phase === "asking") {
    return <TriangleAlert aria-hidden className={`${look} text-warning-ink`} />;
  }
  return <FileClock aria-hidden className={`${look} text-ink-faint`} />;
}

const pausable = new Set<UploadItem["phase"]>(["waiting", "preparing", "uploading"]);

function RowButtons({ item }: { readonly item: UploadItem }) {
  const { id, name, phase } = item;
  const isOver = phase === "done" || phase === "failed";
  return (
    <div className="flex shrink-0 gap-0.5">
      {pausable.has(phase) ? (
        <IconButton label={`Pause ${name}`} size="sm" onClick={() => uploadQueue.pause(id)}>
          <Pause />
        </IconButton>
      ) : null}
      {phase === "paused" || phase === "interrupted" ? (
        <IconButton label={`Go on with ${name}`} size="sm" onClick={() => uploadQueue.goOn(id)}>
          <Play />
        </IconButton>
      ) : null}
      {isOver ? (
        <IconButton
          label={`Take ${name} off the list`}
          size="sm"
          onClick={() => uploadQueue.dismiss(id)}
        >
          <X />
        </IconButton>
      ) : (
        <IconButton
          label={`Cancel the upload of ${name}`}
          size="sm"
          onClick={() => void uploadQueue.cancel(id)}
        >
          <X />
        </IconButton>
      )}
    </div>
  );
}

/** Asks for the file once more: a page that was loaded anew may not open it by itself. */
function ChooseAgain({ item }: { readonly item: UploadItem }) {
  const inputId = useId();
  const [isOther, setIsOther] = useState(false);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = Array.from(event.target.files ?? []);
    event.target.value = "";
    if (file) setIsOther(!uploadQueue.chooseAgain(item.id, file));
  };
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={inputId} className="text-sm">
        {`Choose ${item.name} (${formatBytes(item.size)}) to go on from ${percentOf(item)}%`}
      </label>
      <input id={inputId} type="file" onChange={choose} className="w-full text-sm" />
      <p role="alert" className="text-danger-ink text-sm empty:hidden">
        {isOther
          ? `That is another file. Choose ${item.name} as it was, or cancel this upload.`
          : null}
      </p>
    </div>
  );
}
