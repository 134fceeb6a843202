"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import {
  closeEntry,
  openEntry,
} from "@/app/(app)/settings/integrations/activity/activity-entry-param";
import { ActorName, ResultStatus } from "@/app/(app)/settings/integrations/activity/activity-table";
import {
  actorLooks,
  targetHref,
  targetKind,
} from "@/app/(app)/settings/integrations/activity/activity-words";
import { ListSteps } from "@/components/logs/list-steps";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { ErrorState } from "@/components/ui/error-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { focusAgain } from "@/components/ui/use-dialog-focus";
import { formatUtc } from "@/components/ui/when";
import { type ActivityRow, actionWords, auditCategories } from "@/lib/audit/schema";

interface ActivityDrawerProps {
  readonly openId: string | null;
  /** The list behind it, for previous and next. */
  readonly rows: readonly ActivityRow[];
  /** The entry that the address had open, which need not be in the list. */
  readonly opened: ActivityRow | null;
}

/** One entry over the list, with everything that is known about it. */
export function ActivityDrawer({ openId, rows, opened }: ActivityDrawerProps) {
  // What was open last stays in place while the drawer slides out.
  const [lastId, setLastId] = useState(openId);
  if (openId !== null && openId !== lastId) setLastId(openId);
  const id = openId ?? lastId;
  const row = rows.find((known) => known.id === id) ?? (opened?.id === id ? opened : null);
  const at = rows.findIndex((known) => known.id === id);
  return (
    <Sheet open={openId !== null} onOpenChange={(open) => (open ? undefined : closeEntry())}>
      <SheetContent
        size="lg"
        title={row === null ? "Entry" : actionWords(row.action)}
        actions={
          <>
            {id === null ? null : <CopyLink id={id} />}
            <ListSteps what="entry" rows={rows} id={id} isOn={openId !== null} onOpen={openEntry} />
          </>
        }
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusAgain(
            document.querySelector<HTMLElement>(`a[href$="entry=${CSS.escape(id ?? "")}"]`),
          );
        }}
      >
        <p role="status" className="sr-only">
          {row === null || at === -1
            ? ""
            : `Entry ${at + 1} of ${rows.length}: ${actionWords(row.action)}`}
        </p>
        {row === null ? (
          <ErrorState
            title="This entry cannot be shown"
            error={{
              message:
                "It is not among the entries that you may see, or its time is over: entries are kept for a year.",
            }}
          />
        ) : (
          <Entry key={row.id} row={row} />
        )}
      </SheetContent>
    </Sheet>
  );
}

/** Made in the browser only, with the sheet around it: the server does not know its own address. */
function CopyLink({ id }: { readonly id: string }) {
  const path = usePathname();
  return (
    <CopyButton
      value={`${window.location.origin}${path}?entry=${id}`}
      label="Copy link to this entry"
      text="Copy link"
    />
  );
}

function IdValue({ id, what }: { readonly id: string; readonly what: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 truncate font-mono text-sm">{id}</code>
      <CopyButton value={id} label={`Copy the id of the ${what}`} />
    </span>
  );
}

function categoryWords(category: string): string {
  return category in auditCategories
    ? auditCategories[category as keyof typeof auditCategories]
    : category;
}

function Entry({ row }: { readonly row: ActivityRow }) {
  const hasDetails = Object.keys(row.metadata).length > 0;
  return (
    <div className="flex flex-col gap-6">
      <DataList
        items={[
          {
            term: "Time",
            value: (
              <>
                <RelativeTime value={row.at} format="datetime" />
                <span className="block text-ink-muted text-sm">{formatUtc(new Date(row.at))}</span>
              </>
            ),
          },
          { term: "Result", value: <ResultStatus result={row.result} /> },
          { term: "Actor", value: <ActorFacts row={row} /> },
          { term: "Target", value: <TargetFacts row={row} /> },
          { term: "Category", value: categoryWords(row.category) },
          {
            term: "Action",
            value: (
              <>
                {actionWords(row.action)}
                <code className="block font-mono text-ink-muted text-sm">{row.action}</code>
              </>
            ),
          },
          { term: "Address", value: row.ip },
          { term: "Browser or program", value: row.userAgent },
          { term: "Entry", value: <IdValue id={row.id} what="entry" /> },
          {
            term: "Seal",
            value:
              row.seq === null ? "Waits to be sealed" : `Sealed as number ${row.seq} of the chain`,
          },
        ]}
      />
      {hasDetails ? (
        <section aria-labelledby="details-title" className="flex flex-col gap-2">
          <h3 id="details-title" className="font-semibold text-base">
            Details
          </h3>
          <CodeBlock
            samples={[{ label: "Details", code: JSON.stringify(row.metadata, null, 2) }]}
          />
        </section>
      ) : null}
    </div>
  );
}

function ActorFacts({ row }: { readonly row: ActivityRow }) {
  return (
    <>
      <ActorName row={row} />
      {row.actorId === null ? null : (
        <IdValue id={row.actorId} what={actorLooks[row.actorType].words.toLowerCase()} />
      )}
    </>
  );
}

function TargetFacts({ row }: { readonly row: ActivityRow }) {
  const { targetType, targetId, targetLabel } = row;
  if (targetType === null) return null;
  const href = targetHref(row);
  const name = `${targetKind(targetType)}: ${targetLabel ?? "without a name"}`;
  return (
    <>
      {href === null ? (
        name
      ) : (
        <Link
          href={href}
          className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
        >
          {name}
        </Link>
      )}
      {targetId === null ? null : <IdValue id={targetId} what={targetKind(targetType)} />}
    </>
  );
}
