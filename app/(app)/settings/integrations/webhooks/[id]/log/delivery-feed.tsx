"use client";

import { RotateCw, X } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import {
  redeliver,
  watchDeliveries,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/actions";
import { DeliveryTable } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-table";
import { isUnfinished } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-words";
import { useDeliveryParam } from "@/app/(app)/settings/integrations/webhooks/[id]/log/use-delivery-param";
import { useAction } from "@/components/hooks/use-action";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { NewRows } from "@/components/logs/new-rows";
import { Button } from "@/components/ui/button";
import { formatCount, formatNumber } from "@/components/ui/format";
import { useEverOpen } from "@/components/ui/modal";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { DeliveryFilters } from "@/lib/webhooks/delivery-log";
import type { DeliveryRow, DeliveryView } from "@/lib/webhooks/schema";

// Comes with the first delivery that is opened.
const DeliveryDrawer = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-drawer").then(
    (module) => module.DeliveryDrawer,
  ),
);

interface DeliveryFeedProps {
  readonly webhookId: string;
  readonly filters: DeliveryFilters;
  readonly rows: readonly DeliveryRow[];
  /** The position of the newest row; null when there is none. */
  readonly newest: string | null;
  readonly isFirstPage: boolean;
  /** When the server read the rows, in milliseconds: what was learned before is older than they are. */
  readonly shownAt: number;
  readonly summary: string;
  /** The delivery that the address had open when the page was made. */
  readonly opened: DeliveryView | null;
  /** How long deliveries are kept. */
  readonly keptDays: number;
  readonly maySend: boolean;
  /** Stands where the table would be when there are no rows. */
  readonly children: ReactNode;
}

interface Watched {
  /** The `shownAt` of the rows that this goes with. */
  readonly of: number;
  readonly newer: number;
  /** Rows that have changed since the server read them, by id. */
  readonly changed: Readonly<Record<string, DeliveryRow>>;
}

const everyMs = 4000;

/** The page's rows as they are now, and how many new ones wait. */
function useWatch({ webhookId, filters, rows, newest, isFirstPage, shownAt }: DeliveryFeedProps) {
  const none: Watched = { of: shownAt, newer: 0, changed: {} };
  const [last, setLast] = useState(none);
  const { newer, changed } = last.of === shownAt ? last : none;
  const current = rows.map((row) => changed[row.id] ?? row);
  useWhileVisible(async () => {
    const answer = await watchDeliveries({
      webhook_id: webhookId,
      filters,
      ...(isFirstPage ? { after: newest } : {}),
      open_ids: current.filter(isUnfinished).map(({ id }) => id),
    });
    if (!answer.ok) return;
    const fresh = Object.fromEntries(answer.data.rows.map((row) => [row.id, row]));
    setLast({ of: shownAt, newer: answer.data.newer, changed: { ...changed, ...fresh } });
  }, everyMs);
  return { newer, rows: current };
}

/** The list with everything that lives in it: what is new, what is chosen, and the delivery that is open. */
export function DeliveryFeed(props: DeliveryFeedProps) {
  const { webhookId, summary, opened, keptDays, maySend, children } = props;
  const { newer, rows } = useWatch(props);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const openId = useDeliveryParam();
  const everOpen = useEverOpen(openId !== null);
  const selected = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const clear = () => setChosen(new Set());
  return (
    <>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-2 pb-2">
        {selected.length === 0 ? (
          <p className="text-ink-muted text-sm tabular-nums">{summary}</p>
        ) : (
          <Chosen webhookId={webhookId} ids={selected} onClear={clear} />
        )}
        <NewRows count={newer} onShown={clear} />
      </div>
      {children ?? (
        <DeliveryTable
          rows={rows}
          openId={openId}
          chosen={maySend ? chosen : null}
          onChoose={setChosen}
        />
      )}
      {everOpen ? (
        <DeliveryDrawer
          webhookId={webhookId}
          openId={openId}
          rows={rows}
          opened={opened}
          keptDays={keptDays}
          maySend={maySend}
        />
      ) : null}
    </>
  );
}

interface ChosenProps {
  readonly webhookId: string;
  readonly ids: readonly string[];
  readonly onClear: () => void;
}

function Chosen({ webhookId, ids, onClear }: ChosenProps) {
  const action = useAction(redeliver, {
    onSuccess: ({ sent }) => {
      onClear();
      toast.success(`${formatCount(sent, "event")} sent again`, {
        description: "Each as a new delivery with the same body.",
      });
    },
    onError: (error) => toast.error("Nothing was sent", { description: problemText(error) }),
  });
  return (
    <section aria-label="Selected deliveries" className="flex flex-wrap items-center gap-2">
      <span role="status" className="text-sm tabular-nums">
        {formatNumber(ids.length)} selected
      </span>
      <Button
        size="sm"
        loading={action.pending}
        onClick={() => void action.run({ id: webhookId, delivery_ids: [...ids] })}
      >
        <RotateCw />
        Redeliver selected
      </Button>
      <Button size="sm" variant="ghost" onClick={onClear}>
        <X />
        Clear
      </Button>
    </section>
  );
}
