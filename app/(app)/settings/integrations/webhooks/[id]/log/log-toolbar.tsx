"use client";

import { CircleQuestionMark, Send } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { deliveryStatusWords } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-words";
import { DateRangeFilter } from "@/components/meetings/date-range-filter";
import { Button } from "@/components/ui/button";
import { FilterSelect } from "@/components/ui/filter-select";
import { useEverOpen } from "@/components/ui/modal";
import { SearchInput } from "@/components/ui/search-input";
import type { EventType } from "@/lib/events/schema";

// Each comes with its first opening.
const SendMissedDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/[id]/log/send-missed-dialog").then(
    (module) => module.SendMissedDialog,
  ),
);
const WhyDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/[id]/log/why-dialog").then(
    (module) => module.WhyDialog,
  ),
);

const statusOptions = Object.entries(deliveryStatusWords).map(([value, label]) => ({
  value,
  label,
}));

/** What the schemas say, handed over as values: the schemas themselves would bring their whole library along. */
export interface LogLimits {
  readonly eventTypes: readonly EventType[];
  /** Most events that are sent again at once. */
  readonly redeliverMax: number;
  readonly keptDays: number;
}

interface LogToolbarProps {
  readonly webhookId: string;
  readonly limits: LogLimits;
  readonly maySend: boolean;
}

/** The log's search and filters, and the two questions that it does not answer by itself. */
export function LogToolbar({ webhookId, limits, maySend }: LogToolbarProps) {
  const [asking, setAsking] = useState(false);
  const [sending, setSending] = useState(false);
  const dialogs = { why: useEverOpen(asking), send: useEverOpen(sending) };
  return (
    <div className="flex flex-col gap-3 pb-3">
      <div className="flex flex-wrap gap-2">
        <SearchInput
          label="Search deliveries"
          placeholder="Delivery, event or meeting id"
          className="sm:w-72"
        />
        <FilterSelect
          label="Event"
          param="event"
          options={limits.eventTypes.map((value) => ({ value, label: value }))}
          allLabel="Any event"
        />
        <FilterSelect label="Status" param="status" options={statusOptions} allLabel="Any status" />
        <DateRangeFilter label="Date of the delivery" />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button aria-haspopup="dialog" onClick={() => setAsking(true)}>
          <CircleQuestionMark />
          Why was this not delivered?
        </Button>
        {maySend ? (
          <Button aria-haspopup="dialog" onClick={() => setSending(true)}>
            <Send />
            Send missed events…
          </Button>
        ) : null}
      </div>
      {dialogs.why ? (
        <WhyDialog webhookId={webhookId} open={asking} onOpenChange={setAsking} />
      ) : null}
      {dialogs.send ? (
        <SendMissedDialog
          webhookId={webhookId}
          limits={limits}
          open={sending}
          onOpenChange={setSending}
        />
      ) : null}
    </div>
  );
}
