"use client";

import { createWebhook, updateWebhook } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { WebhookChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { WebhookForm } from "@/app/(app)/settings/integrations/webhooks/webhook-form";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ModalClose } from "@/components/ui/modal";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { toast } from "@/components/ui/toast";
import type { IssuedSecret, WebhookInput, WebhookView } from "@/lib/webhooks/schema";

interface WebhookSheetProps {
  /** Null adds a new one. */
  readonly webhook: WebhookView | null;
  readonly open: boolean;
  readonly choices: WebhookChoices;
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedSecret) => void;
}

const formId = "webhook-form";

/** The form of a webhook over the page, to add one or to edit it. */
export function WebhookSheet(props: WebhookSheetProps) {
  const { webhook, open, choices, onClose, onIssued } = props;
  const create = useAction(createWebhook, {
    onSuccess: (issued) => {
      onClose();
      onIssued(issued);
    },
  });
  const update = useAction(updateWebhook, {
    onSuccess: () => {
      toast.success("Webhook saved");
      onClose();
    },
  });
  const action = webhook === null ? create : update;
  const save = (input: WebhookInput) =>
    webhook === null ? create.run(input) : update.run({ ...input, id: webhook.id });
  const change = (next: boolean) => {
    if (next || action.pending) return;
    action.reset();
    onClose();
  };
  return (
    <Sheet open={open} onOpenChange={change}>
      <SheetContent
        title={webhook === null ? "Add a webhook" : `Edit “${webhook.name}”`}
        footer={
          <>
            <ModalClose asChild>
              <Button>Cancel</Button>
            </ModalClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Save
            </Button>
          </>
        }
      >
        <WebhookForm
          formId={formId}
          webhook={webhook}
          choices={choices}
          error={action.error}
          onSubmit={(input) => void save(input)}
        />
      </SheetContent>
    </Sheet>
  );
}
