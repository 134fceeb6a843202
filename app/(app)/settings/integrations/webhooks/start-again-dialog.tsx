"use client";

import { useState } from "react";
import { reEnableWebhook, resumeWebhook } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { TaskDialogProps } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Checkbox } from "@/components/ui/checkbox";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatCount } from "@/components/ui/format";
import { Spinner } from "@/components/ui/spinner";
import { toast } from "@/components/ui/toast";

interface StartAgainDialogProps extends TaskDialogProps {
  /** How many events it has missed; null until they are counted. */
  readonly missed: number | null;
}

const says = {
  paused: { verb: "Resume", done: "Webhook resumed" },
  disabled: { verb: "Re-enable", done: "Webhook re-enabled" },
} as const;

/** Ends a pause or a disabling, and offers to send what was missed. */
export function StartAgainDialog({ webhook, open, missed, onClose }: StartAgainDialogProps) {
  const [sendsMissed, setSendsMissed] = useState(true);
  const { verb, done } = says[webhook.status === "disabled" ? "disabled" : "paused"];
  const action = useAction(webhook.status === "disabled" ? reEnableWebhook : resumeWebhook, {
    onSuccess: ({ sent }) => {
      toast.success(done, {
        ...(sent === 0 ? {} : { description: `${formatCount(sent, "missed event")} on the way.` }),
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
    <ConfirmDialog
      open={open}
      onOpenChange={change}
      title={`${verb} “${webhook.name}”?`}
      confirmLabel={verb}
      tone="primary"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() =>
        void action.run({ id: webhook.id, send_missed: sendsMissed && (missed ?? 0) > 0 })
      }
    >
      <p>
        {webhook.status === "disabled"
          ? "New events are sent from now on. If the receiver still fails, they are tried again for three days."
          : "New events are sent from now on."}
      </p>
      <div role="status">
        {missed === null ? (
          <span className="flex items-center gap-2">
            <Spinner />
            Counting what it has missed…
          </span>
        ) : null}
        {missed === 0 ? "It has missed nothing." : null}
      </div>
      {missed === null || missed === 0 ? null : (
        <Checkbox
          label={`Send ${formatCount(missed, "missed event")}`}
          description="They carry their own times. Receivers that keep to the delivery id take each once."
          checked={sendsMissed}
          onCheckedChange={setSendsMissed}
        />
      )}
    </ConfirmDialog>
  );
}
