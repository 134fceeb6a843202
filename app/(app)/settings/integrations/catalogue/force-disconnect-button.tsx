"use client";

import { useState } from "react";
import { forceDisconnect } from "@/app/(app)/settings/integrations/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

interface ForceDisconnectButtonProps {
  readonly connectionId: string;
  readonly toolName: string;
  readonly ownerName: string;
}

/** Ends a member's own connection, after a question that says what that means for them. */
export function ForceDisconnectButton(props: ForceDisconnectButtonProps) {
  const { connectionId, toolName, ownerName } = props;
  const [open, setOpen] = useState(false);
  const action = useAction(forceDisconnect, {
    onSuccess: () => {
      toast.success(`${toolName} of ${ownerName} disconnected`);
      setOpen(false);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        Disconnect
        <span className="sr-only">
          {" "}
          {toolName} of {ownerName}
        </span>
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={change}
        title={`Disconnect ${toolName} of ${ownerName}?`}
        confirmLabel="Disconnect"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({ connectionId })}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong> every sync between
          Harmony and this account. The access that {ownerName} gave is revoked.
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> what was already synced, in both
          places, and the settings. {ownerName} can connect it again.
        </p>
      </ConfirmDialog>
    </>
  );
}
