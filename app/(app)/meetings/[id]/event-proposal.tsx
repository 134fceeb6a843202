"use client";

import { CalendarSearch } from "lucide-react";
import { decideMatch } from "@/app/(app)/meetings/[id]/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import type { ProposalView } from "@/lib/calendar/schema";

interface EventProposalProps {
  readonly meetingId: string;
  readonly proposal: ProposalView;
}

/** An event of the viewer's own calendar that may have been this meeting, and the two answers to it. */
export function EventProposal({ meetingId, proposal }: EventProposalProps) {
  const { eventId, title, startsAt, attendeeCount } = proposal;
  const answer = useAction(decideMatch);
  const decide = async (decision: "use" | "dismiss") => {
    const result = await answer.run({ meetingId, eventId, decision });
    if (!result.ok) return;
    // The notice goes away with the button that has the focus.
    document.querySelector<HTMLElement>("h1[tabindex]")?.focus();
    if (decision === "use") toast.success("Attendees added");
  };
  return (
    <Notice
      title={`This looks like “${title}” in your calendar`}
      action={
        <>
          <Button size="sm" loading={answer.pending} onClick={() => void decide("use")}>
            <CalendarSearch />
            Use its attendees
          </Button>
          <Button
            size="sm"
            variant="ghost"
            disabled={answer.pending}
            onClick={() => void decide("dismiss")}
          >
            Not this one
          </Button>
        </>
      }
    >
      <RelativeTime value={startsAt} format="datetime" />
      {` · ${formatCount(attendeeCount, "attendee")}`}
      {answer.error === null ? null : (
        <div className="mt-2">
          <FormError error={formProblem(answer.error)} />
        </div>
      )}
    </Notice>
  );
}
