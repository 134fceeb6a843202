"use client";

import { useState } from "react";
import {
  dismissItem,
  postAgain,
  retryItem,
} from "@/app/(app)/settings/integrations/[provider]/log/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { ItemAction } from "@/lib/sync/schema";

interface ItemActionsProps {
  readonly itemId: string;
  readonly actions: readonly ItemAction[];
  /** What the record's entry says, to tell its buttons apart. */
  readonly what: string;
  readonly onDone: () => void;
}

const words: Readonly<Record<ItemAction, { label: string; done: string }>> = {
  retry: { label: "Retry", done: "Tried again" },
  post_again: { label: "Post again", done: "Posted again" },
  dismiss: { label: "Dismiss", done: "Dismissed" },
};

const doers = { retry: retryItem, post_again: postAgain, dismiss: dismissItem };

/** What can be done with one record that did not get through. */
export function ItemActions({ itemId, actions, what, onDone }: ItemActionsProps) {
  return (
    <span className="flex flex-wrap gap-2">
      {actions.map((name) => (
        <ItemButton key={name} name={name} itemId={itemId} what={what} onDone={onDone} />
      ))}
    </span>
  );
}

interface ItemButtonProps extends Omit<ItemActionsProps, "actions"> {
  readonly name: ItemAction;
}

function ItemButton({ name, itemId, what, onDone }: ItemButtonProps) {
  const [isDone, setIsDone] = useState(false);
  const { label, done } = words[name];
  const action = useAction(doers[name], {
    onSuccess: () => {
      setIsDone(true);
      toast.success(done);
      onDone();
    },
    onError: (error) => toast.error(`${label} did not work`, { description: problemText(error) }),
  });
  return (
    <Button
      size="sm"
      variant={name === "dismiss" ? "ghost" : "secondary"}
      loading={action.pending}
      disabled={isDone}
      onClick={() => void action.run({ itemId })}
    >
      {label}
      <span className="sr-only">: {what}</span>
    </Button>
  );
}
