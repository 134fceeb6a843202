"use client";

import { useSearchParams } from "next/navigation";
import {
  entryHref,
  openEntry,
} from "@/app/(app)/settings/integrations/activity/activity-entry-param";
import { actorLooks } from "@/app/(app)/settings/integrations/activity/activity-words";
import { NoValue } from "@/components/ui/data-list";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { type ActivityRow, actionWords } from "@/lib/audit/schema";

interface ActivityTableProps {
  readonly rows: readonly ActivityRow[];
  readonly openId: string | null;
}

/** Entries as rows that open over the list. */
export function ActivityTable({ rows, openId }: ActivityTableProps) {
  const current = useSearchParams().toString();
  return (
    <Table label="Activity">
      <TableHeader>
        <TableRow>
          <TableHead>Action</TableHead>
          <TableHead>Target</TableHead>
          <TableHead>Actor</TableHead>
          <TableHead>Result</TableHead>
          <TableHead numeric>Time</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id} selected={openId === row.id}>
            <TableCell className="sm:w-full sm:min-w-36 sm:max-w-0">
              <RowLink
                href={entryHref(current, row.id)}
                prefetch={false}
                onNavigate={(event) => {
                  if (openEntry(row.id)) event.preventDefault();
                }}
                className="block truncate"
              >
                {actionWords(row.action)}
              </RowLink>
            </TableCell>
            <TableCell label="Target" className="sm:max-w-28 lg:max-w-56">
              {row.targetLabel === null ? (
                <NoValue />
              ) : (
                <span className="block min-w-0 truncate" title={row.targetLabel}>
                  {row.targetLabel}
                </span>
              )}
            </TableCell>
            <TableCell label="Actor" className="sm:max-w-36 lg:max-w-48">
              <ActorName row={row} />
            </TableCell>
            <TableCell label="Result">
              <ResultStatus result={row.result} />
            </TableCell>
            <TableCell label="Time" numeric className="whitespace-nowrap text-ink-muted">
              <RelativeTime value={row.at} format="datetime" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

type Actor = Pick<ActivityRow, "actorType" | "actorLabel">;

/** Who it was, with what kind of actor that is. */
export function ActorName({ row }: { readonly row: Actor }) {
  const { icon: Icon, words } = actorLooks[row.actorType];
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-ink-muted">
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="sr-only">{words}: </span>
      <span className="min-w-0 truncate" title={`${words}: ${row.actorLabel}`}>
        {row.actorLabel}
      </span>
    </span>
  );
}

export function ResultStatus({ result }: Pick<ActivityRow, "result">) {
  return result === "success" ? (
    <Status kind="succeeded" label="Success" />
  ) : (
    <Status kind="failed" label="Failure" />
  );
}
