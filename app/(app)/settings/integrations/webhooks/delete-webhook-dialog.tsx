"use client";

import { deleteWebhook } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

/** Asks before a webhook is ended for good. */
export function DeleteWebhookDialog({ webhook, open, onClose }: TaskDialogProps) {
  const action = useAction(deleteWebhook, {
    onSuccess: () => {
      toast.success("Webhook deleted");
      onClose();
    },
  });
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={change}
      title={`Delete “${webhook.name}”?`}
      confirmLabel="Delete"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id: webhook.id })}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> nothing more is sent,
        waiting deliveries are cancelled, and the signing secret is destroyed.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> the log of deliveries, for 30 days
        after each.
      </p>
      <p>
        A deleted webhook cannot be brought back. To stop it only for a while, pause it instead.
      </p>
    </ConfirmDialog>
  );
}
