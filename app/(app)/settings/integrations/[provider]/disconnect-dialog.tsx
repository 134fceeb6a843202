"use client";

import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { disconnect } from "@/app/(app)/settings/integrations/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

export interface ToolDialogProps {
  readonly tool: ConnectableTool;
  readonly connectionId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks before a tool is disconnected: what stops, and what stays (handbook D-11). */
export function DisconnectDialog({ tool, connectionId, open, onClose }: ToolDialogProps) {
  const { name, scope } = tool;
  const action = useAction(disconnect, {
    onSuccess: () => {
      toast.success(`${name} disconnected`);
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
      title={`Disconnect ${name}?`}
      confirmLabel="Disconnect"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ connectionId })}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> every sync with {name}
        {scope === "workspace" ? ", for the whole workspace" : ""}. Waiting items are cancelled, and
        Harmony’s access is revoked and destroyed.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> what was already synced, in Harmony
        and in {name}; the sync settings, which a later Connect finds again; and the sync log.
      </p>
    </ConfirmDialog>
  );
}
