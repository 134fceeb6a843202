"use client";

import { CalendarDays, Check, Lightbulb, ListChecks, Pencil, Plus, Trash2, X } from "lucide-react";
import dynamic from "next/dynamic";
import { useOptimistic, useRef, useState, useTransition } from "react";
import type { TaskDraft } from "@/app/(app)/meetings/[id]/action-item-form";
import {
  addActionItem,
  dismissActionItem,
  restoreActionItem,
  setActionItem,
} from "@/app/(app)/meetings/[id]/actions";
import { TurnLink } from "@/app/(app)/meetings/[id]/turn-link";
import { type ActionResult, useAction } from "@/components/hooks/use-action";
import { DueDate } from "@/components/meetings/due-date";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { PageActionItem } from "@/lib/meetings/page-queries";

// Its code comes with the first press on Edit or Add.
const ActionItemForm = dynamic(() =>
  import("@/app/(app)/meetings/[id]/action-item-form").then((module) => module.ActionItemForm),
);

interface ActionItemListProps {
  readonly meetingId: string;
  readonly items: readonly PageActionItem[];
  readonly mayUpdate: boolean;
}

/** What is taken on first, what may be a task after it. */
export function ActionItemList({ meetingId, items, mayUpdate }: ActionItemListProps) {
  const tasks = items.filter((item) => !item.isSuggestion);
  const suggestions = items.filter((item) => item.isSuggestion);
  const place = useRef<HTMLDivElement>(null);
  // The row that was confirmed or dismissed leaves its list, and the focus would be lost with it.
  const shared = { meetingId, mayUpdate, onMoved: () => place.current?.focus() };
  return (
    <div ref={place} tabIndex={-1} className="flex flex-col gap-8 outline-none">
      {items.length === 0 ? (
        <EmptyState icon={ListChecks} title="No action items">
          Nobody took on a task in this meeting, as far as its words tell.
        </EmptyState>
      ) : null}
      {tasks.length === 0 ? null : (
        <ul aria-label="Action items" className="flex flex-col divide-y">
          {tasks.map((item) => (
            <ActionItem key={item.id} item={item} {...shared} />
          ))}
        </ul>
      )}
      {suggestions.length === 0 ? null : (
        <section aria-labelledby="suggestions-title">
          <h2 id="suggestions-title" className="font-semibold text-base">
            Suggestions
          </h2>
          <p className="pt-0.5 pb-2 text-ink-muted text-sm">
            These may be tasks. Accept the ones that are; nobody is reminded of the others.
          </p>
          <ul aria-labelledby="suggestions-title" className="flex flex-col divide-y">
            {suggestions.map((item) => (
              <ActionItem key={item.id} item={item} {...shared} />
            ))}
          </ul>
        </section>
      )}
      {mayUpdate ? <AddActionItem meetingId={meetingId} /> : null}
    </div>
  );
}

const emptyDraft: TaskDraft = { text: "", assignee: null, dueDate: null };

function AddActionItem({ meetingId }: { readonly meetingId: string }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const add = useAction(addActionItem, {
    onSuccess: () => {
      toast.success("Action item added");
      close();
    },
  });
  return (
    <div className="flex flex-col items-start gap-3">
      {isOpen ? (
        <div className="flex w-full">
          <ActionItemForm
            label="New action item"
            start={emptyDraft}
            saveLabel="Add"
            pending={add.pending}
            error={add.error}
            onSave={({ text, assignee, dueDate }) =>
              void add.run({ meetingId, text, assigneeUserId: assignee?.id ?? null, dueDate })
            }
            onCancel={close}
          />
        </div>
      ) : null}
      <Button ref={button} disabled={isOpen} onClick={() => setOpen(true)}>
        <Plus />
        Add action item
      </Button>
    </div>
  );
}

/** How sure the engine is, in words; the bounds are those of the rules (0.5 is a coin's). */
function confidenceWords(confidence: number | null): string {
  if (confidence === null) return "Suggestion";
  if (confidence >= 0.6) return "Suggestion, likely";
  return confidence >= 0.4 ? "Suggestion, unsure" : "Suggestion, a guess";
}

interface ActionItemProps {
  readonly meetingId: string;
  readonly item: PageActionItem;
  readonly mayUpdate: boolean;
  /** The item has left its list. */
  readonly onMoved: () => void;
}

function say(result: ActionResult<unknown>) {
  if (!result.ok) toast.error(problemText(result.error));
}

function ActionItem({ meetingId, item, mayUpdate, onMoved }: ActionItemProps) {
  const [status, showStatus] = useOptimistic(item.status);
  const [, startTransition] = useTransition();
  const [isEditing, setEditing] = useState(false);
  const confirm = useAction(setActionItem, {
    onSuccess: () => {
      toast.success("Accepted as an action item");
      onMoved();
    },
  });
  const dismiss = useAction(dismissActionItem, {
    onSuccess: ({ undo }) => {
      toast.message(item.isSuggestion ? "Suggestion dismissed" : "Action item deleted", {
        action: { label: "Undo", onClick: async () => say(await restoreActionItem({ undo })) },
      });
      onMoved();
    },
  });
  const complete = (done: boolean) =>
    startTransition(async () => {
      showStatus(done ? "done" : "open");
      say(await setActionItem({ id: item.id, status: done ? "done" : "open" }));
    });
  const done = status === "done";
  if (isEditing) {
    return (
      <li className="flex py-3 first:pt-1">
        <EditActionItem item={item} onDone={() => setEditing(false)} />
      </li>
    );
  }
  return (
    <li className="flex gap-3 py-3 first:pt-1">
      <span className="flex h-5 items-center">
        <Checkbox
          aria-label={`Done: ${item.text}`}
          checked={done}
          disabled={!mayUpdate}
          onCheckedChange={(checked) => complete(checked === true)}
        />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-4">
          <p className={cn("min-w-0 break-words text-base", done && "text-ink-muted line-through")}>
            {item.text}
          </p>
          <TurnLink meetingId={meetingId} turn={item.turn} startMs={item.startMs} />
        </div>
        <div className="mt-1 flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-sm">
          {item.assignee === null ? (
            <span>Nobody assigned</span>
          ) : (
            <span className="flex items-center gap-1.5">
              <Avatar name={item.assignee} size="sm" />
              {item.assignee}
              {item.isMine ? <Badge>You</Badge> : null}
            </span>
          )}
          {item.dueDate === null ? null : (
            <span className="flex items-center gap-1.5">
              <CalendarDays aria-hidden className="size-3.5 text-ink-faint" />
              <DueDate day={item.dueDate} />
            </span>
          )}
          {item.isSuggestion ? (
            <Badge tone="warning">
              <Lightbulb aria-hidden />
              {confidenceWords(item.confidence)}
            </Badge>
          ) : null}
          {item.isSuggestion && mayUpdate ? (
            <span className="flex gap-1.5 sm:ml-auto">
              <Button
                size="sm"
                loading={confirm.pending}
                aria-label={`Accept: ${item.text}`}
                onClick={async () => say(await confirm.run({ id: item.id, confirm: true }))}
              >
                <Check />
                Accept
              </Button>
              <Button
                size="sm"
                variant="ghost"
                loading={dismiss.pending}
                aria-label={`Dismiss: ${item.text}`}
                onClick={async () => say(await dismiss.run({ id: item.id }))}
              >
                <X />
                Dismiss
              </Button>
            </span>
          ) : null}
        </div>
      </div>
      {mayUpdate ? (
        <span className="-my-1 flex shrink-0">
          <IconButton label={`Edit: ${item.text}`} size="sm" onClick={() => setEditing(true)}>
            <Pencil />
          </IconButton>
          {item.isSuggestion ? null : (
            <IconButton
              label={`Delete: ${item.text}`}
              size="sm"
              loading={dismiss.pending}
              onClick={async () => say(await dismiss.run({ id: item.id }))}
            >
              <Trash2 />
            </IconButton>
          )}
        </span>
      ) : null}
    </li>
  );
}

interface EditActionItemProps {
  readonly item: PageActionItem;
  readonly onDone: () => void;
}

/** Only what the person changed is sent, so that two who edit the same task do not undo each other. */
function EditActionItem({ item, onDone }: EditActionItemProps) {
  const save = useAction(setActionItem, {
    onSuccess: () => {
      toast.success("Action item saved");
      onDone();
    },
  });
  const assignee = item.assignee === null ? null : { id: item.assigneeUserId, name: item.assignee };
  return (
    <ActionItemForm
      label={`Edit: ${item.text}`}
      start={{ text: item.text, assignee, dueDate: item.dueDate }}
      saveLabel="Save"
      pending={save.pending}
      error={save.error}
      onSave={(draft) =>
        void save.run({
          id: item.id,
          ...(draft.text === item.text ? {} : { text: draft.text }),
          ...(draft.dueDate === item.dueDate ? {} : { dueDate: draft.dueDate }),
          ...(draft.assignee?.name === assignee?.name && draft.assignee?.id === assignee?.id
            ? {}
            : { assigneeUserId: draft.assignee?.id ?? null }),
        })
      }
      onCancel={onDone}
    />
  );
}
