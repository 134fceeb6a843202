"use client";

import { CircleX, RotateCw } from "lucide-react";
import { retryMeeting } from "@/app/(app)/meetings/[id]/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { problemText } from "@/components/ui/problem";
import type { MeetingHead } from "@/lib/meetings/page-queries";

interface MeetingFailedProps {
  readonly id: string;
  readonly failure: MeetingHead["failure"];
  readonly mayRetry: boolean;
}

/** Why a meeting could not be processed, what helps, and the way to try again. */
export function MeetingFailed({ id, failure, mayRetry }: MeetingFailedProps) {
  const action = useAction(retryMeeting);
  return (
    <section
      aria-labelledby="failed-title"
      className="rounded-lg border border-danger-line bg-danger-tint p-5"
    >
      <h2 id="failed-title" className="flex items-center gap-2 font-semibold text-base">
        <CircleX aria-hidden className="size-4 text-danger-ink" />
        This meeting could not be processed
      </h2>
      <p className="mt-2 break-words text-base">
        {problemText({ message: failure?.message ?? "The reason is not known" })}
      </p>
      {mayRetry ? (
        <Button className="mt-4" loading={action.pending} onClick={() => void action.run({ id })}>
          <RotateCw />
          Retry
        </Button>
      ) : null}
      {action.error === null ? null : (
        <div className="mt-4">
          <FormError error={formProblem(action.error)} />
        </div>
      )}
    </section>
  );
}
