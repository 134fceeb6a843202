"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/http/action";
import * as deliveries from "@/lib/webhooks/deliveries";
import * as log from "@/lib/webhooks/delivery-log";
import { redeliverInput, redeliverRangeInput, whyInput } from "@/lib/webhooks/schema";
import * as why from "@/lib/webhooks/why";

const mayRead = ["organization:read", "all"] as const;
const maySend = ["organization:update", "all"] as const;

const id = z.string().max(60);

const watchInput = z.object({
  webhook_id: id,
  filters: log.deliveryFilters,
  /** The position of the newest row that is shown, null where none is; absent where new rows do not belong. */
  after: log.logPosition.nullable().optional(),
  /** Rows on the page that can still change by themselves. */
  open_ids: z.array(id).max(100),
});

/** What has changed since the page was shown: how many rows are new, and how the open ones are now. */
export const watchDeliveries = action({
  permission: mayRead,
  input: watchInput,
  run: async (ctx, { webhook_id: webhookId, filters, after, open_ids: ids }) => {
    const [newer, rows] = await Promise.all([
      after === undefined ? 0 : log.countNewer(ctx, { ...filters, webhookId, after }),
      log.readDeliveries(ctx, { webhookId, ids }),
    ]);
    return { newer, rows };
  },
});

export const readDelivery = action({
  permission: mayRead,
  input: z.object({ webhook_id: id, id }),
  run: (ctx, input) => log.getDelivery(ctx, { webhookId: input.webhook_id, id: input.id }),
});

export const redeliver = action({
  permission: maySend,
  input: redeliverInput,
  run: async (ctx, input) => {
    const sent = await deliveries.redeliver(ctx, input);
    refresh();
    return sent;
  },
});

export const countRange = action({
  permission: maySend,
  input: redeliverRangeInput,
  run: deliveries.countRange,
});

export const redeliverRange = action({
  permission: maySend,
  input: redeliverRangeInput,
  run: async (ctx, input) => {
    const sent = await deliveries.redeliverRange(ctx, input);
    refresh();
    return sent;
  },
});

export const explainDelivery = action({
  permission: mayRead,
  input: whyInput,
  run: why.explainDelivery,
});
