"use client";

import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Clock,
  Filter,
  type LucideIcon,
} from "lucide-react";
import { type FormEvent, useState } from "react";
import { explainDelivery } from "@/app/(app)/settings/integrations/webhooks/[id]/log/actions";
import { openDelivery } from "@/app/(app)/settings/integrations/webhooks/[id]/log/use-delivery-param";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/relative-time";
import { type Tone, tones } from "@/components/ui/tones";
import type { Verdict, WhyAnswer, WhyPart } from "@/lib/webhooks/why";

interface WhyDialogProps {
  readonly webhookId: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks for an event or a meeting and tells what became of it at this webhook. */
export function WhyDialog({ webhookId, open, onOpenChange }: WhyDialogProps) {
  const [subject, setSubject] = useState("");
  const [answers, setAnswers] = useState<readonly WhyAnswer[] | null>(null);
  const action = useAction(explainDelivery, { onSuccess: setAnswers });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAnswers(null);
    void action.run({ id: webhookId, subject });
  };
  const show = (id: string) => {
    onOpenChange(false);
    openDelivery(id);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Why was this not delivered?"
        description="Enter the id of an event or of a meeting, and see what became of it here."
      >
        <form method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field
            label="Event or meeting"
            hint="An event begins with evt_, a meeting with mtg_. The meeting’s id is in its address."
            error={fieldErrors(action.error).subject}
            required
          >
            <span className="flex gap-2">
              <Input
                mono
                value={subject}
                maxLength={60}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setSubject(event.target.value)}
              />
              <Button type="submit" variant="primary" loading={action.pending}>
                Explain
              </Button>
            </span>
          </Field>
          <FormError error={formProblem(action.error)} />
        </form>
        <div role="status">
          {answers === null ? null : (
            <>
              {answers.length > 1 ? (
                <p className="pb-2 text-ink-muted text-sm">
                  {formatCount(answers.length, "answer")}, the newest first
                </p>
              ) : null}
              <ul className="flex flex-col gap-4">
                {answers.map((answer) => (
                  <Answer key={answer.event?.id ?? answer.verdict} answer={answer} onShow={show} />
                ))}
              </ul>
            </>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}

const looks: Readonly<Record<Verdict, { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  delivered: { icon: CircleCheck, tone: "success" },
  delivering: { icon: CircleDashed, tone: "info" },
  waiting: { icon: Clock, tone: "info" },
  failed: { icon: CircleX, tone: "danger" },
  cancelled: { icon: Ban, tone: "neutral" },
  not_yet_made: { icon: Clock, tone: "neutral" },
  deleted_before: { icon: Ban, tone: "neutral" },
  not_received: { icon: Filter, tone: "neutral" },
  settings_changed: { icon: Filter, tone: "neutral" },
  not_yet: { icon: CircleDashed, tone: "info" },
  no_event: { icon: CircleHelp, tone: "neutral" },
  unknown: { icon: CircleHelp, tone: "warning" },
};

interface AnswerProps {
  readonly answer: WhyAnswer;
  readonly onShow: (deliveryId: string) => void;
}

function Answer({ answer, onShow }: AnswerProps) {
  const { event, meeting, deliveryId, remedy } = answer;
  const { icon: Icon, tone } = looks[answer.verdict];
  return (
    <li className="flex min-w-0 gap-3">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tones[tone].ink)} />
      <div className="min-w-0 flex-1">
        {event === null && meeting === null ? null : (
          <p className="break-words text-ink-muted text-sm">
            {event === null ? null : (
              <>
                <span className="font-medium text-ink">{event.type}</span>
                {", "}
                <RelativeTime value={event.at} format="datetime" />
              </>
            )}
            {meeting === null ? null : `${event === null ? "" : ", "}${meeting.title}`}
          </p>
        )}
        <p className="text-base">
          {answer.sentence.map((part) => (
            <Part key={typeof part === "string" ? part : JSON.stringify(part)} part={part} />
          ))}
        </p>
        {remedy === null ? null : <p className="text-ink-muted text-sm">{remedy}</p>}
        {deliveryId === null ? null : (
          <Button variant="link" className="mt-1" onClick={() => onShow(deliveryId)}>
            Open the delivery
          </Button>
        )}
      </div>
    </li>
  );
}

function Part({ part }: { readonly part: WhyPart }) {
  if (typeof part === "string") return part;
  return <RelativeTime value={part.at} format="datetime" />;
}
