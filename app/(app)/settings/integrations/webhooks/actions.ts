"use server";

import { refresh } from "next/cache";
import { action } from "@/lib/http/action";
import * as deliveries from "@/lib/webhooks/deliveries";
import {
  regenerateSecretInput,
  sendTestInput,
  startAgainInput,
  testUrlInput,
  updateWebhookInput,
  webhookInput,
  webhookRef,
} from "@/lib/webhooks/schema";
import * as webhooks from "@/lib/webhooks/service";
import * as tryOut from "@/lib/webhooks/try-out";

const mayChange = ["organization:update", "all"] as const;

export const createWebhook = action({
  permission: mayChange,
  input: webhookInput,
  run: async (ctx, input) => {
    const issued = await webhooks.createWebhook(ctx, input);
    refresh();
    return issued;
  },
});

export const updateWebhook = action({
  permission: mayChange,
  input: updateWebhookInput,
  run: async (ctx, input) => {
    await webhooks.updateWebhook(ctx, input);
    refresh();
    return null;
  },
});

export const testUrl = action({
  permission: mayChange,
  input: testUrlInput,
  run: tryOut.testUrl,
});

export const sendTest = action({
  permission: mayChange,
  input: sendTestInput,
  run: async (ctx, input) => {
    const sent = await tryOut.sendTest(ctx, input);
    refresh();
    return sent;
  },
});

export const pauseWebhook = action({
  permission: mayChange,
  input: webhookRef,
  run: async (ctx, input) => {
    await webhooks.pauseWebhook(ctx, input);
    refresh();
    return null;
  },
});

export const resumeWebhook = action({
  permission: mayChange,
  input: startAgainInput,
  run: async (ctx, input) => {
    const { sent } = await webhooks.resumeWebhook(ctx, input);
    refresh();
    return { sent };
  },
});

export const reEnableWebhook = action({
  permission: mayChange,
  input: startAgainInput,
  run: async (ctx, input) => {
    const { sent } = await webhooks.reEnableWebhook(ctx, input);
    refresh();
    return { sent };
  },
});

/** How many events a stopped webhook has missed, for the offer to send them. */
export const countMissed = action({
  permission: mayChange,
  input: webhookRef,
  run: async (ctx, input) => ({ missed: await deliveries.countMissed(ctx, input) }),
});

export const regenerateSecret = action({
  permission: mayChange,
  input: regenerateSecretInput,
  run: async (ctx, input) => {
    const issued = await webhooks.regenerateSecret(ctx, input);
    refresh();
    return issued;
  },
});

export const switchSecretNow = action({
  permission: mayChange,
  input: webhookRef,
  run: async (ctx, input) => {
    await webhooks.switchSecretNow(ctx, input);
    refresh();
    return null;
  },
});

export const deleteWebhook = action({
  permission: mayChange,
  input: webhookRef,
  run: async (ctx, input) => {
    await webhooks.deleteWebhook(ctx, input);
    refresh();
    return null;
  },
});
