"use client";

import { createInsight, updateInsight } from "@/app/(app)/insights/actions";
import { DefinitionForm } from "@/app/(app)/insights/projects/[id]/definition-form";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ModalClose } from "@/components/ui/modal";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { toast } from "@/components/ui/toast";
import type { DefinitionView } from "@/lib/insights/definitions";

interface DefinitionSheetProps {
  readonly projectId: string;
  /** "new" adds one; null is closed. */
  readonly editing: DefinitionView | "new" | null;
  readonly hasModel: boolean;
  readonly onClose: () => void;
}

const formId = "insight-form";

/** The form of a question over its project's page. */
export function DefinitionSheet({ projectId, editing, hasModel, onClose }: DefinitionSheetProps) {
  const create = useAction(createInsight, {
    onSuccess: () => {
      toast.success("Insight added: meetings are asked from now on");
      onClose();
    },
  });
  const update = useAction(updateInsight, {
    onSuccess: () => {
      toast.success("Insight saved");
      onClose();
    },
  });
  const definition = editing === "new" ? null : editing;
  const action = definition === null ? create : update;
  const change = (open: boolean) => {
    if (open || action.pending) return;
    action.reset();
    onClose();
  };
  return (
    <Sheet open={editing !== null} onOpenChange={change}>
      <SheetContent
        title={definition === null ? "Add an insight" : `Edit “${definition.name}”`}
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
        <DefinitionForm
          key={definition?.id ?? "new"}
          formId={formId}
          definition={definition}
          hasModel={hasModel}
          error={action.error}
          onSubmit={(input) =>
            void (definition === null
              ? create.run({ ...input, project_id: projectId })
              : update.run({ ...input, id: definition.id }))
          }
        />
      </SheetContent>
    </Sheet>
  );
}
