"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { setInsightActive } from "@/app/(app)/insights/actions";
import { DefinitionTable } from "@/app/(app)/insights/projects/[id]/definition-table";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";
import { toast } from "@/components/ui/toast";
import type { DefinitionView } from "@/lib/insights/definitions";

// Each comes with its first opening.
const DefinitionSheet = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/definition-sheet").then(
    (module) => module.DefinitionSheet,
  ),
);
const DeleteDefinition = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/delete-definition").then(
    (module) => module.DeleteDefinition,
  ),
);

interface DefinitionsProps {
  readonly projectId: string;
  readonly definitions: readonly DefinitionView[];
  readonly mayEdit: boolean;
  readonly hasModel: boolean;
  /** Stands where the table would be. */
  readonly empty: ReactNode;
}

/** The questions of a project with everything that is done with them. */
export function Definitions(props: DefinitionsProps) {
  const { projectId, definitions, mayEdit, hasModel, empty } = props;
  const [editing, setEditing] = useState<DefinitionView | "new" | null>(null);
  const [deleting, setDeleting] = useState<DefinitionView | null>(null);
  const shows = {
    sheet: useEverOpen(editing !== null),
    deletion: useEverOpen(deleting !== null),
  };
  const turning = useAction(setInsightActive, {
    onError: (error) => {
      toast.error(error.message, error.fix === undefined ? {} : { description: error.fix });
    },
  });
  return (
    <section aria-labelledby="insights-title">
      <div className="flex flex-wrap items-center justify-between gap-2 pb-3">
        <div className="min-w-0">
          <h2 id="insights-title" className="font-semibold text-base">
            Insights
          </h2>
          <p className="text-ink-muted text-sm">
            Asked of every meeting that is processed from now on. A change leaves past answers as
            they are.
          </p>
        </div>
        {mayEdit ? (
          <Button variant="primary" onClick={() => setEditing("new")}>
            <Plus />
            Add insight
          </Button>
        ) : null}
      </div>
      {definitions.length === 0 ? (
        empty
      ) : (
        <DefinitionTable
          definitions={definitions}
          actions={
            mayEdit
              ? {
                  onEdit: setEditing,
                  onDelete: setDeleting,
                  onTurn: ({ id, active }) => void turning.run({ id, active: !active }),
                }
              : null
          }
        />
      )}
      {shows.sheet ? (
        <DefinitionSheet
          projectId={projectId}
          editing={editing}
          hasModel={hasModel}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {shows.deletion ? (
        <DeleteDefinition definition={deleting} onClose={() => setDeleting(null)} />
      ) : null}
    </section>
  );
}
