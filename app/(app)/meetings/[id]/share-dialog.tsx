"use client";

import { type FormEvent, useEffect, useState } from "react";
import { loadPlaces, shareMeeting } from "@/app/(app)/meetings/[id]/share-actions";
import type { ShareTarget } from "@/app/(app)/meetings/[id]/share-buttons";
import { useChoices } from "@/app/(app)/settings/integrations/use-choices";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ChoiceList } from "@/components/integrations/choice-list";
import { SentResult } from "@/components/integrations/sent-result";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Textarea } from "@/components/ui/textarea";
import type { SentView } from "@/lib/sync/schema";

interface ShareDialogProps {
  readonly meetingId: string;
  readonly target: ShareTarget;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const formId = "share-meeting";
const noteMax = 1000;

/** Picks a channel, takes a note, posts the meeting and says what became of it. */
export function ShareDialog({ meetingId, target, open, onOpenChange }: ShareDialogProps) {
  const [sent, setSent] = useState<SentView | null>(null);
  const action = useAction(shareMeeting, { onSuccess: setSent });
  const { reset } = action;
  useEffect(() => {
    if (!open) return;
    setSent(null);
    reset();
  }, [open, reset]);
  const share = (channel: string, note: string) =>
    void action.run({ meetingId, connectionId: target.connectionId, channel, note });
  const { toolName } = target;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={`Share to ${toolName}`}
        description="Posts title, time, summary and action items with a link. Opening the link still takes a sign-in and the right to read the meeting."
        footer={
          <>
            <DialogClose asChild>
              <Button>{sent === null ? "Cancel" : "Close"}</Button>
            </DialogClose>
            {sent === null ? (
              <Button type="submit" form={formId} variant="primary" loading={action.pending}>
                Share
              </Button>
            ) : null}
          </>
        }
      >
        <div role="status" className="empty:hidden">
          {sent === null ? null : <SentResult sent={sent} />}
        </div>
        {sent === null ? <ShareForm target={target} error={action.error} onSubmit={share} /> : null}
      </DialogContent>
    </Dialog>
  );
}

interface ShareFormProps {
  readonly target: ShareTarget;
  readonly error: Parameters<typeof formProblem>[0];
  readonly onSubmit: (channel: string, note: string) => void;
}

function ShareForm({ target, error, onSubmit }: ShareFormProps) {
  const [channel, setChannel] = useState(target.channel);
  const [note, setNote] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const {
    list,
    isLoading,
    error: refusal,
    refresh,
  } = useChoices(loadPlaces, target.connectionId, target.setting);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsMissing(channel === null);
    if (channel !== null) onSubmit(channel, note);
  };
  const errors = fieldErrors(error);
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-5">
      <Field
        group
        label="Channel"
        error={isMissing ? "Choose the channel that gets the meeting." : errors.channel}
        required
      >
        <ChoiceList
          label="Channel"
          many={false}
          chosen={channel === null ? [] : [channel]}
          onChange={([chosen]) => {
            setChannel(chosen ?? null);
            setIsMissing(false);
          }}
          choices={list?.choices ?? null}
          fetchedAt={list?.fetchedAt ?? null}
          isLoading={isLoading}
          problem={formProblem(refusal)}
          onRefresh={refresh}
          takesPastedId={target.takesPastedId}
        />
      </Field>
      <Field label="Note" error={errors.note} optional>
        <Textarea
          value={note}
          rows={2}
          maxLength={noteMax}
          placeholder="What should they look at?"
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <FormError error={formProblem(error)} />
    </form>
  );
}
