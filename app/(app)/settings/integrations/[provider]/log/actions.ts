"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/http/action";
import { itemRef, runRef, runsQuery } from "@/lib/sync/schema";
import * as sync from "@/lib/sync/service";

// Whose connection it is decides who may look and who may retry (handbook 22.2), so the services check it.

/** The same filters on their first page: what has come since, and how the shown ones are now. */
export const watchRuns = action({
  permission: null,
  input: z.object({ connectionId: z.string().max(40), query: runsQuery }),
  run: async (ctx, { connectionId, query }) =>
    (await sync.listRuns(ctx, connectionId, { ...query, page: 1 })).runs,
});

export const readEntries = action({
  permission: null,
  input: z.object({
    runId: z.string().max(40),
    page: z.number().int().min(1).max(100_000),
  }),
  run: (ctx, { runId, page }) => sync.listEntries(ctx, runId, page),
});

export const retryFailed = action({
  permission: null,
  input: runRef,
  run: async (ctx, input) => {
    const retried = await sync.retryFailed(ctx, input);
    refresh();
    return retried;
  },
});

/** "Go on" after a run stopped before it would have removed too much. */
export const goOn = action({
  permission: null,
  input: runRef,
  run: async (ctx, input) => {
    await sync.goOn(ctx, input);
    refresh();
    return null;
  },
});

export const retryItem = action({
  permission: null,
  input: itemRef,
  run: async (ctx, input) => {
    await sync.retryItem(ctx, input);
    refresh();
    return null;
  },
});

export const dismissItem = action({
  permission: null,
  input: itemRef,
  run: async (ctx, input) => {
    await sync.dismissItem(ctx, input);
    refresh();
    return null;
  },
});

export const postAgain = action({
  permission: null,
  input: itemRef,
  run: async (ctx, input) => {
    await sync.postAgain(ctx, input);
    refresh();
    return null;
  },
});
