"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useOptimistic, useTransition } from "react";
import { setActionItem } from "@/app/(app)/meetings/[id]/actions";
import { DueDate } from "@/components/meetings/due-date";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { MyActionItem } from "@/lib/meetings/page-queries";

/** What the person has taken on; ticking one completes it. */
export function MyActionItems({ items }: { readonly items: readonly MyActionItem[] }) {
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2 rounded-lg border border-dashed px-4 py-6 text-base text-ink-muted">
        <CircleCheck aria-hidden className="size-4 text-success-solid" />
        Nothing open. Tasks that you take on in a meeting appear here.
      </p>
    );
  }
  return (
    <ul className="divide-y border-y">
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { readonly item: MyActionItem }) {
  const [done, showDone] = useOptimistic(false);
  const [, startTransition] = useTransition();
  const complete = () =>
    startTransition(async () => {
      showDone(true);
      const result = await setActionItem({ id: item.id, status: "done" });
      if (!result.ok) {
        toast.error(problemText(result.error));
        return;
      }
      toast.success("Action item completed", {
        action: {
          label: "Undo",
          onClick: () => void setActionItem({ id: item.id, status: "open" }),
        },
      });
    });
  return (
    <li className="flex gap-3 px-1 py-2.5">
      <span className="flex h-5 items-center">
        <Checkbox aria-label={`Done: ${item.text}`} checked={done} onCheckedChange={complete} />
      </span>
      <div className="min-w-0">
        <p className={cn("break-words text-base", done && "text-ink-muted line-through")}>
          {item.text}
        </p>
        <p className="flex flex-wrap gap-x-2 text-ink-muted text-sm">
          {item.dueDate === null ? null : <DueDate day={item.dueDate} />}
          <Link
            href={`/meetings/${item.meetingId}?tab=actions`}
            className="min-w-0 truncate rounded-sm hover:text-ink hover:underline"
          >
            {item.meetingTitle}
          </Link>
        </p>
      </div>
    </li>
  );
}
