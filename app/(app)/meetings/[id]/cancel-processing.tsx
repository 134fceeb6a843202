"use client";

import { useState } from "react";
import { cancelProcessing } from "@/app/(app)/meetings/[id]/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";

/** Ends the processing of a meeting, after a question. */
export function CancelProcessing({ id }: { readonly id: string }) {
  const [asking, setAsking] = useState(false);
  const action = useAction(cancelProcessing, {
    onSuccess: () => {
      setAsking(false);
      toast.success("Processing cancelled");
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setAsking(next);
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setAsking(true)}>
        Cancel processing
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={change}
        title="Cancel the processing of this meeting?"
        confirmLabel="Cancel processing"
        cancelLabel="Keep going"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({ id })}
      >
        <p>
          <strong className="font-medium text-ink">Stops now:</strong> the transcript, summary and
          insight answers are not made, and the meeting is shown as failed.
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> the uploaded file and your notes.
          Retry starts the processing again whenever you like.
        </p>
      </ConfirmDialog>
    </>
  );
}
