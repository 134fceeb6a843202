"use client";

import { switchSecretNow } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

/** Asks before the overlap of a rotation ends early. */
export function SwitchSecretDialog({ webhook, open, onClose }: TaskDialogProps) {
  const action = useAction(switchSecretNow, {
    onSuccess: () => {
      toast.success("The new secret has taken over");
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
      title="Switch to the new secret now?"
      confirmLabel="Switch now"
      tone="primary"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id: webhook.id })}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> the former secret (…
        {webhook.secretLast4}) signs nothing any more. Receivers that only know it refuse what
        comes.
      </p>
      <p>Switch when every receiver uses the new one (…{webhook.rotation?.nextLast4 ?? ""}).</p>
    </ConfirmDialog>
  );
}
