"use client";

import { type FormEvent, useState } from "react";
import {
  countRange,
  redeliverRange,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/actions";
import type { LogLimits } from "@/app/(app)/settings/integrations/webhooks/[id]/log/log-toolbar";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import type { EventType } from "@/lib/events/schema";

interface SendMissedDialogProps {
  readonly webhookId: string;
  readonly limits: LogLimits;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const formId = "send-missed";
const dayMs = 86_400_000;

/** An instant as a control of type datetime-local holds it: in the viewer's zone, to the minute. */
function localText(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of such a control; text that is none goes on as it is, for the server to refuse. */
function instantOf(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** Sends events of a time again. It counts first: nothing is sent before the number was seen. */
export function SendMissedDialog(props: SendMissedDialogProps) {
  const { webhookId, limits, open, onOpenChange } = props;
  const { eventTypes, redeliverMax, keptDays } = limits;
  const [from, setFrom] = useState(() => localText(new Date(Date.now() - dayMs)));
  const [to, setTo] = useState("");
  const [events, setEvents] = useState<readonly EventType[]>(eventTypes);
  const [onlyMissing, setOnlyMissing] = useState(true);
  const [count, setCount] = useState<number | null>(null);
  const counting = useAction(countRange, { onSuccess: (found) => setCount(found.count) });
  const sending = useAction(redeliverRange, {
    onSuccess: ({ sent }) => {
      change(false);
      toast.success(`${formatCount(sent, "event")} sent again`);
    },
  });
  const error = sending.error ?? counting.error;
  const forget = () => {
    setCount(null);
    counting.reset();
    sending.reset();
  };
  const change = (next: boolean) => {
    forget();
    onOpenChange(next);
  };
  const isReady = count !== null && count > 0 && count <= redeliverMax;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = {
      id: webhookId,
      from: instantOf(from),
      to: to === "" ? null : instantOf(to),
      events: events.length === eventTypes.length ? [] : [...events],
      only_missing: onlyMissing,
    };
    void (isReady ? sending.run(input) : counting.run(input));
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title="Send missed events"
        description="Each is sent as a new delivery with the same body. First they are counted."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              type="submit"
              form={formId}
              variant="primary"
              disabled={events.length === 0}
              loading={counting.pending || sending.pending}
            >
              {isReady ? `Send ${formatCount(count, "event")}` : "Count"}
            </Button>
          </>
        }
      >
        <form
          id={formId}
          method="post"
          noValidate
          onSubmit={submit}
          onChange={forget}
          className="flex flex-col gap-4"
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="From" error={fieldErrors(error).from} required>
              <Input
                type="datetime-local"
                value={from}
                min={localText(new Date(Date.now() - keptDays * dayMs))}
                onChange={(event) => setFrom(event.target.value)}
              />
            </Field>
            <Field label="To" hint="Until now when empty." error={fieldErrors(error).to} optional>
              <Input
                type="datetime-local"
                value={to}
                min={from}
                onChange={(event) => setTo(event.target.value)}
              />
            </Field>
          </div>
          <EventChoice types={eventTypes} chosen={events} onChoose={setEvents} />
          <Checkbox
            label="Only what is missing"
            description="Leaves out events that arrived or are still being sent."
            checked={onlyMissing}
            onCheckedChange={setOnlyMissing}
          />
          <FormError error={formProblem(error)} />
          <div role="status">
            {count === null ? null : <Counted count={count} max={redeliverMax} />}
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}

interface EventChoiceProps {
  readonly types: readonly EventType[];
  readonly chosen: readonly EventType[];
  readonly onChoose: (chosen: readonly EventType[]) => void;
}

function EventChoice({ types, chosen, onChoose }: EventChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1.5 font-medium text-sm">Events</legend>
      {types.map((type) => (
        <Checkbox
          key={type}
          label={type}
          checked={chosen.includes(type)}
          onCheckedChange={(isChosen) =>
            onChoose(types.filter((known) => (known === type ? isChosen : chosen.includes(known))))
          }
        />
      ))}
    </fieldset>
  );
}

function Counted({ count, max }: { readonly count: number; readonly max: number }) {
  if (count === 0) {
    return (
      <Notice tone="success" title="Nothing is missing">
        No event of this time needs to be sent.
      </Notice>
    );
  }
  if (count > max) {
    return (
      <Notice tone="warning" title={`These are ${formatNumber(count)} events`}>
        At most {formatNumber(max)} are sent at once. Choose a shorter range, send it, then go on
        with the next.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title={`${formatCount(count, "event")} will be sent`}>
      The receiver gets them within minutes, not necessarily in their order.
    </Notice>
  );
}
