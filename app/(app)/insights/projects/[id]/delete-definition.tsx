"use client";

import { deleteInsight } from "@/app/(app)/insights/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatCount } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import type { DefinitionView } from "@/lib/insights/definitions";

interface DeleteDefinitionProps {
  /** Null while nothing is to be deleted. */
  readonly definition: DefinitionView | null;
  readonly onClose: () => void;
}

/** Asks before a question goes with all its answers. */
export function DeleteDefinition({ definition, onClose }: DeleteDefinitionProps) {
  const action = useAction(deleteInsight, {
    onSuccess: () => {
      toast.success("Insight deleted");
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
      open={definition !== null}
      onOpenChange={change}
      title={`Delete “${definition?.name ?? ""}”?`}
      confirmLabel="Delete insight"
      typed={definition?.name ?? ""}
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => {
        if (definition !== null) void action.run({ id: definition.id });
      }}
    >
      <p>
        <strong className="font-medium text-ink">Goes for good:</strong> the question, all its
        answers ({formatCount(definition?.results ?? 0, "answer")} that you can see) and its report,
        here and in the API.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> the meetings, and what webhooks and
        tools have received already.
      </p>
      <p>To keep the answers and stop asking, disable it instead.</p>
    </ConfirmDialog>
  );
}
