"use client";

import { type FormEvent, useState } from "react";
import { regenerateSecret } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Notice } from "@/components/ui/notice";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import type { IssuedSecret } from "@/lib/webhooks/schema";

interface RegenerateSecretDialogProps extends TaskDialogProps {
  readonly onIssued: (issued: IssuedSecret) => void;
}

const formId = "regenerate-webhook-secret";

/** A new signing secret; says what happens to the former one, and when. */
export function RegenerateSecretDialog(props: RegenerateSecretDialogProps) {
  const { webhook, open, onClose, onIssued } = props;
  const [overlap, setOverlap] = useState<"none" | "24h">("24h");
  const action = useAction(regenerateSecret, {
    onSuccess: (issued) => {
      onClose();
      onIssued(issued);
    },
  });
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ id: webhook.id, overlap });
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title={`Regenerate the secret of “${webhook.name}”`}
        description="You get a new signing secret for the same webhook."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Regenerate
            </Button>
          </>
        }
      >
        <form id={formId} method="post" onSubmit={submit} className="flex flex-col gap-4">
          {webhook.rotation === null ? null : (
            <Notice tone="warning" title="A new secret is waiting to take over already">
              The one that ends in {webhook.rotation.nextLast4} is replaced and never takes over.
            </Notice>
          )}
          <Field group label="What happens to the current secret">
            <RadioGroup
              value={overlap}
              onValueChange={(value) => setOverlap(value === "none" ? "none" : "24h")}
            >
              <RadioItem
                value="24h"
                label="It goes on for 24 hours"
                description="Both sign: the current one X-Harmony-Signature, the new one X-Harmony-Signature-Next. After a day the new one takes over; you can switch earlier."
              />
              <RadioItem
                value="none"
                label="It ends at once"
                description="The next delivery is signed with the new secret only. Receivers refuse it until they know that secret. Choose this when the current one may have leaked."
              />
            </RadioGroup>
          </Field>
          <FormError error={formProblem(action.error)} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
