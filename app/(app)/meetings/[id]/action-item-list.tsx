"use client";

import { CalendarDays, Check, Lightbulb, X } from "lucide-react";
import { useOptimistic, useRef, useTransition } from "react";
import {
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
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { PageActionItem } from "@/lib/meetings/page-queries";

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
            These may be tasks. Confirm the ones that are; nobody is reminded of the others.
          </p>
          <ul aria-labelledby="suggestions-title" className="flex flex-col divide-y">
            {suggestions.map((item) => (
              <ActionItem key={item.id} item={item} {...shared} />
            ))}
          </ul>
        </section>
      )}
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
  const confirm = useAction(setActionItem, {
    onSuccess: () => {
      toast.success("Confirmed as an action item");
      onMoved();
    },
  });
  const dismiss = useAction(dismissActionItem, {
    onSuccess: ({ undo }) => {
      toast.message("Suggestion dismissed", {
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
                aria-label={`Confirm: ${item.text}`}
                onClick={async () => say(await confirm.run({ id: item.id, confirm: true }))}
              >
                <Check />
                Confirm
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
    </li>
  );
}
