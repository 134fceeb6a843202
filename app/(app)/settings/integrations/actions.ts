"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { beginConnectHere } from "@/app/api/integrations/begin-connect";
import { action } from "@/lib/http/action";
import {
  beginConnectInput,
  connectionRef,
  loadChoicesInput,
  saveSettingsInput,
} from "@/lib/integrations/schema";
import * as integrations from "@/lib/integrations/service";
import { backfillInput } from "@/lib/sync/schema";
import * as sync from "@/lib/sync/service";

// Which permission is needed depends on whose connection it is (handbook 22.2), so the services check it.

/** Where the person signs in at the tool. */
export const beginConnect = action({
  permission: null,
  input: beginConnectInput,
  run: beginConnectHere,
});

export const disconnect = action({
  permission: null,
  input: connectionRef,
  run: async (ctx, input) => {
    await integrations.disconnect(ctx, input);
    refresh();
    return null;
  },
});

/** An admin ends a member's personal connection (handbook D-15). */
export const forceDisconnect = action({
  permission: ["integrations:delete", "all"],
  input: connectionRef,
  run: async (ctx, input) => {
    await integrations.forceDisconnect(ctx, input);
    refresh();
    return null;
  },
});

export const testConnection = action({
  permission: null,
  input: connectionRef,
  run: async (ctx, input) => {
    const result = await integrations.testConnection(ctx, input);
    // A test can find that the connection needs attention, or works again.
    refresh();
    return result;
  },
});

export const loadChoices = action({
  permission: null,
  input: loadChoicesInput,
  run: (ctx, input) => integrations.loadChoices(ctx, input),
});

export const saveSettings = action({
  permission: null,
  input: saveSettingsInput,
  run: async (ctx, input) => {
    await integrations.saveSettings(ctx, input);
    refresh();
    return null;
  },
});

export const syncNow = action({
  permission: null,
  input: connectionRef,
  run: async (ctx, input) => {
    await sync.syncNow(ctx, input);
    refresh();
    return null;
  },
});

export const sendTestMessage = action({
  permission: null,
  input: connectionRef,
  run: sync.sendTestMessage,
});

export const countBackfill = action({
  permission: null,
  input: backfillInput,
  run: sync.countBackfill,
});

export const startBackfill = action({
  permission: null,
  input: backfillInput,
  run: async (ctx, input) => {
    const started = await sync.startBackfill(ctx, input);
    refresh();
    return started;
  },
});

export const cancelBackfill = action({
  permission: null,
  input: connectionRef,
  run: async (ctx, input) => {
    const ended = await sync.cancelBackfill(ctx, input);
    refresh();
    return ended;
  },
});

const watchInput = z.strictObject({ connectionId: z.string().max(40) });

/** The newest run of a connection as it is now; null before the first. */
export const watchNewestRun = action({
  permission: null,
  input: watchInput,
  run: async (ctx, { connectionId }) =>
    (await sync.listRuns(ctx, connectionId, { page: 1 })).runs[0] ?? null,
});
