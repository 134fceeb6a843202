import { Inbox } from "lucide-react";
import { z } from "zod";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { DeliveryFeed } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-feed";
import {
  type LogLimits,
  LogToolbar,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/log-toolbar";
import { LogPager } from "@/components/logs/log-pager";
import { NoMatch } from "@/components/meetings/no-match";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { type PageSearchParams, toQuery, withQuery } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { eventTypes } from "@/lib/events/schema";
import { contextOf } from "@/lib/http/action";
import {
  deliveriesCountedMax,
  deliveryFilters,
  getDelivery,
  listDeliveries,
  logPosition,
} from "@/lib/webhooks/delivery-log";
import {
  type DeliveryView,
  logRetentionDays,
  redeliverMax,
  type WebhookView,
} from "@/lib/webhooks/schema";

interface DeliveryLogProps {
  readonly webhook: WebhookView;
  readonly searchParams: PageSearchParams;
  readonly mayManage: boolean;
}

const logQuery = deliveryFilters.extend({
  cursor: logPosition.optional(),
  delivery: z.string().max(100).optional(),
});

const limits: LogLimits = { eventTypes, redeliverMax, keptDays: logRetentionDays };

const filterNames = ["event", "status", "q", "date_from", "date_to", "cursor"] as const;

/** The delivery that the address has open; null when the log does not have it (any more). */
async function openedBy(
  ctx: Context,
  webhookId: string,
  id: string | undefined,
): Promise<DeliveryView | null> {
  if (id === undefined) return null;
  try {
    return await getDelivery(ctx, { webhookId, id });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

/** What this webhook was sent and how its receiver answered, newest first (handbook 21.5). */
export async function DeliveryLog({ webhook, searchParams, mayManage }: DeliveryLogProps) {
  const ctx = await contextOf(await requireSession());
  const query = readSearch(logQuery, searchParams);
  const current = toQuery(searchParams);
  const clearHref =
    withQuery(current, Object.fromEntries(filterNames.map((name) => [name, null]))) || "?";
  const maySend = mayManage && webhook.deletedAt === null;
  const toolbar = <LogToolbar webhookId={webhook.id} limits={limits} maySend={maySend} />;
  if (query === null) {
    return (
      <>
        {toolbar}
        <NoMatch title="These filters cannot be used" clearHref={clearHref}>
          The address has an event, status, date or page that does not exist. Clear the filters and
          choose again.
        </NoMatch>
      </>
    );
  }
  const { cursor, delivery, ...filters } = query;
  const [page, opened] = await Promise.all([
    listDeliveries(ctx, { ...filters, webhookId: webhook.id, cursor }),
    openedBy(ctx, webhook.id, delivery),
  ]);
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      {toolbar}
      <DeliveryFeed
        webhookId={webhook.id}
        filters={filters}
        rows={page.rows}
        newest={page.newest}
        isFirstPage={cursor === undefined}
        shownAt={ctx.now().getTime()}
        summary={totalWords(page.total)}
        opened={opened}
        keptDays={limits.keptDays}
        maySend={maySend}
      >
        {page.rows.length > 0 ? null : isFiltered || cursor !== undefined ? (
          <NoMatch title="No delivery fits" clearHref={clearHref}>
            {noMatchWords(filters.q)}
          </NoMatch>
        ) : (
          <NothingSent webhook={webhook} maySend={maySend} />
        )}
      </DeliveryFeed>
      <LogPager
        label="Pages of deliveries"
        nextCursor={page.nextCursor}
        isFirstPage={cursor === undefined}
        current={current}
        openParam="delivery"
      />
    </>
  );
}

function totalWords(total: number): string {
  return total >= deliveriesCountedMax
    ? `${formatNumber(deliveriesCountedMax)} deliveries or more`
    : formatCount(total, "delivery", "deliveries");
}

function noMatchWords(q: string | undefined): string {
  if (q !== undefined && !/^(dlv|evt|mtg)_/.test(q)) {
    return "The search takes a whole id: of a delivery (dlv_…), an event (evt_…) or a meeting (mtg_…).";
  }
  return "No delivery of the last 30 days has this id, event, status and date at once. Try fewer filters.";
}

interface NothingSentProps {
  readonly webhook: WebhookView;
  readonly maySend: boolean;
}

function NothingSent({ webhook, maySend }: NothingSentProps) {
  const next = maySend
    ? "Choose “Send test” to see one now."
    : "They appear by themselves when the next meeting is processed.";
  return (
    <EmptyState icon={Inbox} title="No deliveries yet">
      {webhook.deletedAt === null
        ? `Every event that is sent to this webhook appears here with the receiver’s answer. ${next}`
        : "This webhook was deleted, and its log has expired."}
    </EmptyState>
  );
}
