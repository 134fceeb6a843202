"use client";

import { Check, Circle, LoaderCircle } from "lucide-react";
import { CancelProcessing } from "@/app/(app)/meetings/[id]/cancel-processing";
import { type KnownStatus, useMeetingStatus } from "@/components/meetings/use-meeting-status";
import { progressWords, stageWords } from "@/components/meetings/words";
import { cn } from "@/components/ui/cn";
import { ProgressBar } from "@/components/ui/progress";
import { Status } from "@/components/ui/status";

const everyMs = 1500;

interface MeetingProgressProps extends KnownStatus {
  readonly id: string;
  readonly mayCancel: boolean;
}

/** How far a meeting is, live; the page itself becomes the finished meeting when it ends. */
export function MeetingProgress({ id, mayCancel, ...known }: MeetingProgressProps) {
  const { status, stage, progress } = useMeetingStatus(id, known, everyMs);
  const at = stageWords.findIndex((step) => step.stage === stage);
  const words = progressWords(status, stage);
  const ended = status === "processed" || status === "failed";
  return (
    <section aria-label="Processing" className="rounded-lg border bg-surface p-5 shadow-lift">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="font-medium text-base">
          {ended ? "Done. Opening the meeting" : words}
        </p>
        <Status kind={status} {...(status === "processing" ? { progress } : {})} />
      </div>
      <ProgressBar
        label={words}
        value={status === "processing" ? progress : status === "processed" ? 100 : null}
        className="mt-4"
      />
      <ol className="mt-5 flex flex-col gap-2.5">
        {stageWords.map((step, index) => (
          <Step
            key={step.stage}
            label={step.label}
            state={status === "processed" || index < at ? "done" : index === at ? "now" : "later"}
          />
        ))}
      </ol>
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted text-sm">You can leave this page: the processing goes on.</p>
        {mayCancel && (status === "queued" || status === "processing") ? (
          <CancelProcessing id={id} />
        ) : null}
      </div>
    </section>
  );
}

interface StepProps {
  readonly label: string;
  readonly state: "done" | "now" | "later";
}

const stepWords = { done: "Done: ", now: "Now: ", later: "Later: " } as const;

function Step({ label, state }: StepProps) {
  return (
    <li
      className={cn(
        "flex items-center gap-2.5 text-base",
        state === "later" ? "text-ink-faint" : "text-ink",
      )}
    >
      {state === "done" ? <Check aria-hidden className="size-4 text-success-solid" /> : null}
      {state === "now" ? (
        <LoaderCircle aria-hidden className="size-4 animate-spin text-brand-ink" />
      ) : null}
      {state === "later" ? <Circle aria-hidden className="size-4 text-ink-faint" /> : null}
      <span>
        <span className="sr-only">{stepWords[state]}</span>
        {label}
      </span>
    </li>
  );
}
