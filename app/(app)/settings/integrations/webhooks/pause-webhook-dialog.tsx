"use client";

import { pauseWebhook } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

/** Asks before a webhook stops sending. */
export function PauseWebhookDialog({ webhook, open, onClose }: TaskDialogProps) {
  const action = useAction(pauseWebhook, {
    onSuccess: () => {
      toast.success("Webhook paused");
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
      title={`Pause “${webhook.name}”?`}
      confirmLabel="Pause"
      tone="primary"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id: webhook.id })}
    >
      <p>
        <strong className="font-medium text-ink">Stops:</strong> nothing is sent until you resume
        it, and deliveries that wait for another attempt are cancelled.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> missed events are kept for 30 days;
        when you resume, you can have them sent.
      </p>
    </ConfirmDialog>
  );
}
