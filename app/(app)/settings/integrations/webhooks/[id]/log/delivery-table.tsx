"use client";

import { useSearchParams } from "next/navigation";
import {
  answerOf,
  attemptsWords,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-words";
import {
  deliveryHref,
  openDelivery,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/use-delivery-param";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { NoValue } from "@/components/ui/data-list";
import { formatMilliseconds } from "@/components/ui/format";
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
import type { DeliveryRow } from "@/lib/webhooks/schema";

interface DeliveryTableProps {
  readonly rows: readonly DeliveryRow[];
  readonly openId: string | null;
  /** The chosen rows; null where the viewer may not send, so that there is nothing to choose for. */
  readonly chosen: ReadonlySet<string> | null;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Deliveries as rows that open over the list. Tests cannot be sent again, so they cannot be chosen. */
export function DeliveryTable({ rows, openId, chosen, onChoose }: DeliveryTableProps) {
  const current = useSearchParams().toString();
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return (
    <Table label="Deliveries">
      <TableHeader>
        <TableRow>
          {chosen === null ? null : <ChooseAll rows={rows} chosen={chosen} onChoose={onChoose} />}
          <TableHead>Event</TableHead>
          <TableHead>Status</TableHead>
          <TableHead>Answer</TableHead>
          <TableHead numeric className="sm:max-xl:hidden">
            Attempts
          </TableHead>
          <TableHead numeric className="sm:max-xl:hidden">
            Duration
          </TableHead>
          <TableHead numeric>Time</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id} selected={chosen?.has(row.id) === true || openId === row.id}>
            {chosen === null ? null : (
              <TableCell className="w-8 max-sm:absolute max-sm:top-2 max-sm:right-0 max-sm:z-[1]">
                {row.isTest ? null : (
                  <span className="relative z-[1] flex">
                    <Checkbox
                      aria-label={`Select the delivery of ${row.event}, ${row.id}`}
                      checked={chosen.has(row.id)}
                      onCheckedChange={(isChosen) => choose(row.id, isChosen)}
                    />
                  </span>
                )}
              </TableCell>
            )}
            <TableCell className="sm:w-full sm:min-w-32 sm:max-w-0">
              <span className="flex min-w-0 items-center gap-2">
                <RowLink
                  href={deliveryHref(current, row.id)}
                  prefetch={false}
                  onNavigate={(event) => {
                    if (openDelivery(row.id)) event.preventDefault();
                  }}
                  className="truncate"
                >
                  {row.event}
                </RowLink>
                {row.isTest ? <Badge>Test</Badge> : null}
                {row.redeliveryOf === null ? null : <Badge>Redelivery</Badge>}
              </span>
            </TableCell>
            <DeliveryCells row={row} />
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function DeliveryCells({ row }: { readonly row: DeliveryRow }) {
  return (
    <>
      <TableCell label="Status">
        <Status kind={row.status} />
      </TableCell>
      <TableCell label="Answer" className="text-ink-muted tabular-nums xl:whitespace-nowrap">
        {answerOf(row) ?? <NoValue />}
      </TableCell>
      <TableCell
        label="Attempts"
        numeric
        className="whitespace-nowrap text-ink-muted sm:max-xl:hidden"
      >
        {row.attempts === 0 ? <NoValue /> : attemptsWords(row)}
      </TableCell>
      <TableCell
        label="Duration"
        numeric
        className="whitespace-nowrap text-ink-muted sm:max-xl:hidden"
      >
        {row.durationMs === null ? <NoValue /> : formatMilliseconds(row.durationMs)}
      </TableCell>
      <TableCell label="Time" numeric className="whitespace-nowrap text-ink-muted">
        <RelativeTime value={row.createdAt} format="datetime" />
      </TableCell>
    </>
  );
}

type ChooseAllProps = Pick<DeliveryTableProps, "rows" | "onChoose"> & {
  readonly chosen: ReadonlySet<string>;
};

function ChooseAll({ rows, chosen, onChoose }: ChooseAllProps) {
  const ids = rows.filter(({ isTest }) => !isTest).map(({ id }) => id);
  const n = ids.filter((id) => chosen.has(id)).length;
  return (
    <TableHead className="w-8 max-sm:hidden">
      <Checkbox
        aria-label="Select all deliveries of this page"
        disabled={ids.length === 0}
        checked={n === 0 ? false : n === ids.length ? true : "indeterminate"}
        onCheckedChange={(all) => onChoose(new Set(all ? ids : []))}
      />
    </TableHead>
  );
}
