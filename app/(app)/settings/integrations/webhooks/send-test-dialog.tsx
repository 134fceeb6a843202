"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { sendTest } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import { webhookHref } from "@/components/webhooks/words";
import type { EventType } from "@/lib/events/schema";

const formId = "send-webhook-test";

/** Sends the sample of one of the webhook's events. */
export function SendTestDialog({ webhook, open, onClose }: TaskDialogProps) {
  const router = useRouter();
  const action = useAction(sendTest, {
    onSuccess: ({ deliveryId }) => {
      toast.success("Test sent", {
        action: {
          label: "Show the answer",
          onClick: () => router.push(`${webhookHref(webhook.id)}?delivery=${deliveryId}`),
        },
      });
      onClose();
    },
  });
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title={`Send a test to “${webhook.name}”`}
        description="A signed sample, marked as a test in the log. It is tried once, and its result does not change the webhook’s health."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Send test
            </Button>
          </>
        }
      >
        <EventForm
          events={webhook.events}
          onSubmit={(event) => void action.run({ id: webhook.id, event })}
        />
        <FormError error={formProblem(action.error)} />
      </DialogContent>
    </Dialog>
  );
}

interface EventFormProps {
  readonly events: readonly EventType[];
  readonly onSubmit: (event: EventType) => void;
}

function EventForm({ events, onSubmit }: EventFormProps) {
  const [chosen, setChosen] = useState(events[0]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined) onSubmit(chosen);
  };
  return (
    <form id={formId} method="post" onSubmit={submit}>
      <Field group label="Event">
        <RadioGroup
          value={chosen ?? ""}
          onValueChange={(value) => setChosen(events.find((type) => type === value))}
        >
          {events.map((type) => (
            <RadioItem
              key={type}
              value={type}
              label={<span className="font-mono text-sm">{type}</span>}
            />
          ))}
        </RadioGroup>
      </Field>
    </form>
  );
}
