"use client";

import { syncNow } from "@/app/(app)/settings/integrations/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";

interface SyncNowButtonProps {
  readonly connectionId: string;
  readonly name: string;
}

/** Starts a sync of one tool. */
export function SyncNowButton({ connectionId, name }: SyncNowButtonProps) {
  const action = useAction(syncNow, {
    onSuccess: () => toast.success(`Sync of ${name} started`),
    onError: (error) =>
      toast.error("The sync was not started", { description: problemText(error) }),
  });
  return (
    <Button loading={action.pending} onClick={() => void action.run({ connectionId })}>
      Sync now<span className="sr-only"> {name}</span>
    </Button>
  );
}
