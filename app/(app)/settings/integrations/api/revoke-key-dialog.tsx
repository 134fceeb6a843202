"use client";

import { revokeApiKey } from "@/app/(app)/settings/integrations/api/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import type { ApiKeyView } from "@/lib/api-keys/schema";

interface RevokeKeyDialogProps {
  readonly apiKey: ApiKeyView | null;
  readonly onClose: () => void;
}

/** Asks before a key is ended, and says what ends with it. */
export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const action = useAction(revokeApiKey, {
    onSuccess: () => {
      toast.success("API key revoked");
      onClose();
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={apiKey !== null}
      onOpenChange={change}
      title={`Revoke “${apiKey?.name ?? ""}”?`}
      confirmLabel="Revoke"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => {
        if (apiKey !== null) void action.run({ id: apiKey.id });
      }}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> the next request with this
        key is refused (401). Programs that use it stop working.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> everything that was read or
        uploaded with it.
      </p>
      <p>A revoked key cannot be brought back; generate a new one instead.</p>
    </ConfirmDialog>
  );
}
