"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { usePathname } from "next/navigation";
import { useState } from "react";
import {
  readDelivery,
  redeliver,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/actions";
import { DeliveryDetail } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-detail";
import {
  deliveryStatusWords,
  isUnfinished,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-words";
import {
  closeDelivery,
  openDelivery,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/use-delivery-param";
import { answerOfAction } from "@/components/hooks/answer-of-action";
import type { ApiClientError } from "@/components/hooks/api-client";
import { queryClient } from "@/components/hooks/query-client";
import { useAction } from "@/components/hooks/use-action";
import { ListSteps } from "@/components/logs/list-steps";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorState } from "@/components/ui/error-state";
import { problemText } from "@/components/ui/problem";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Status } from "@/components/ui/status";
import { focusAgain } from "@/components/ui/use-dialog-focus";
import type { DeliveryRow, DeliveryView } from "@/lib/webhooks/schema";

interface DeliveryDrawerProps {
  readonly webhookId: string;
  readonly openId: string | null;
  /** The list behind it, for previous and next. */
  readonly rows: readonly DeliveryRow[];
  readonly opened: DeliveryView | null;
  /** How long deliveries are kept. */
  readonly keptDays: number;
  readonly maySend: boolean;
}

const everyMs = 2000;

/** A delivery that is read when it is opened, and again until it is finished. */
function useDelivery(webhookId: string, id: string | null, opened: DeliveryView | null) {
  return useQuery<DeliveryView, ApiClientError>(
    {
      queryKey: ["delivery", webhookId, id],
      queryFn: () => answerOfAction(readDelivery({ webhook_id: webhookId, id: id ?? "" })),
      enabled: id !== null,
      ...(opened !== null && opened.id === id ? { initialData: opened } : {}),
      staleTime: 0,
      gcTime: 0,
      refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) ? everyMs : false),
    },
    queryClient(),
  );
}

/** One delivery over the list: what was sent, what came back, attempt by attempt. */
export function DeliveryDrawer(props: DeliveryDrawerProps) {
  const { webhookId, openId, rows, opened, keptDays, maySend } = props;
  // What was open last stays in place while the drawer slides out.
  const [lastId, setLastId] = useState(openId);
  if (openId !== null && openId !== lastId) setLastId(openId);
  const id = openId ?? lastId;
  const { data, error, refetch, isFetching } = useDelivery(webhookId, id, opened);
  const row = data ?? rows.find((known) => known.id === id) ?? null;
  return (
    <Sheet open={openId !== null} onOpenChange={(open) => (open ? undefined : closeDelivery())}>
      <SheetContent
        size="xl"
        title={
          row === null ? (
            "Delivery"
          ) : (
            <span className="flex min-w-0 items-center gap-3">
              <span className="truncate">{row.event}</span>
              <Status kind={row.status} />
            </span>
          )
        }
        actions={
          <>
            {id === null ? null : <CopyLink id={id} />}
            <ListSteps
              what="delivery"
              rows={rows}
              id={id}
              isOn={openId !== null}
              onOpen={openDelivery}
            />
          </>
        }
        footer={
          data === undefined || !maySend || data.isTest ? undefined : (
            <Redeliver key={data.id} webhookId={webhookId} delivery={data} />
          )
        }
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusRow(id);
        }}
      >
        <p role="status" className="sr-only">
          {row === null ? "" : placeWords(rows, row)}
        </p>
        {data !== undefined ? <DeliveryDetail key={data.id} delivery={data} /> : null}
        {data === undefined && error !== null ? (
          <NotRead
            error={error}
            keptDays={keptDays}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : null}
        {data === undefined && error === null ? <SkeletonRows rows={8} /> : null}
      </SheetContent>
    </Sheet>
  );
}

/** Said when another delivery takes the place of the one before, since the drawer itself stays open. */
function placeWords(rows: readonly DeliveryRow[], row: DeliveryRow): string {
  const at = rows.findIndex(({ id }) => id === row.id);
  const place = at === -1 ? "" : ` ${at + 1} of ${rows.length}`;
  return `Delivery${place}: ${row.event}, ${deliveryStatusWords[row.status]}`;
}

interface NotReadProps {
  readonly error: ApiClientError;
  readonly keptDays: number;
  readonly retrying: boolean;
  readonly onRetry: () => void;
}

function NotRead({ error, keptDays, ...retry }: NotReadProps) {
  if (error.status !== 404) {
    return <ErrorState title="The delivery could not be read" error={error} {...retry} />;
  }
  const message = `Deliveries are kept for ${keptDays} days. This one is older, or of another webhook.`;
  return <ErrorState title="This delivery is not in the log" error={{ message }} />;
}

/** The focus goes to the row of the delivery that was shown last, not to the one that was opened first. */
function focusRow(id: string | null) {
  focusAgain(document.querySelector<HTMLElement>(`a[href$="delivery=${CSS.escape(id ?? "")}"]`));
}

interface RedeliverProps {
  readonly webhookId: string;
  readonly delivery: DeliveryView;
}

/** Sends it again. What came of it is said here: a toast could not be reached from inside the drawer. */
function Redeliver({ webhookId, delivery }: RedeliverProps) {
  const [madeId, setMadeId] = useState<string | null>(null);
  const action = useAction(redeliver, { onSuccess: ({ ids }) => setMadeId(ids[0] ?? null) });
  return (
    <>
      <div role="status" className="mr-auto flex min-h-8 items-center gap-2 text-sm">
        {madeId === null ? null : (
          <>
            <Status plain kind="success" label="Sent again as a new delivery" />
            <Button variant="link" onClick={() => openDelivery(madeId)}>
              Show it
            </Button>
          </>
        )}
        {action.error === null ? null : (
          <span className="text-danger-ink">{problemText(action.error)}</span>
        )}
      </div>
      <Button
        variant="primary"
        loading={action.pending}
        onClick={() => void action.run({ id: webhookId, delivery_ids: [delivery.id] })}
      >
        <RotateCw />
        Redeliver
      </Button>
    </>
  );
}

function CopyLink({ id }: { readonly id: string }) {
  const path = usePathname();
  return (
    <CopyButton
      value={`${window.location.origin}${path}?delivery=${id}`}
      label="Copy link to this delivery"
      text="Copy link"
    />
  );
}
