"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/http/action";
import * as apps from "@/lib/oauth-server/apps";
import * as kills from "@/lib/oauth-server/kills";
import { logoBytesMax } from "@/lib/oauth-server/logo";
import { oauthAppInput } from "@/lib/oauth-server/schema";

const mayChange = ["api-keys:create", "all"] as const;
const mayEnd = ["api-keys:delete", "all"] as const;
const appRef = z.object({ id: z.string() });

export const createOAuthApp = action({
  permission: mayChange,
  input: oauthAppInput,
  run: async (ctx, input) => {
    const issued = await apps.createOAuthApp(ctx, input);
    refresh();
    return issued;
  },
});

export const updateOAuthApp = action({
  permission: mayChange,
  input: oauthAppInput.extend(appRef.shape),
  run: async (ctx, input) => {
    await apps.updateOAuthApp(ctx, input);
    refresh();
    return null;
  },
});

export const addOAuthSecret = action({
  permission: mayChange,
  input: appRef,
  run: async (ctx, input) => {
    const issued = await apps.addOAuthSecret(ctx, input);
    refresh();
    return issued;
  },
});

export const removeOAuthSecret = action({
  permission: mayEnd,
  input: appRef.extend({ secret_id: z.string() }),
  run: async (ctx, input) => {
    await apps.removeOAuthSecret(ctx, input);
    refresh();
    return null;
  },
});

export const setOAuthAppStatus = action({
  permission: mayChange,
  input: appRef.extend({ status: z.enum(["active", "disabled"]) }),
  run: async (ctx, input) => {
    await apps.setOAuthAppStatus(ctx, input);
    refresh();
    return null;
  },
});

/** The page of the app is gone with it: whoever deletes it goes to the list. */
export const deleteOAuthApp = action({
  permission: mayEnd,
  input: appRef,
  run: apps.deleteOAuthApp,
});

export const setOAuthAppLogo = action({
  permission: mayChange,
  input: appRef.extend({
    logo: z.file().max(logoBytesMax, "Larger than 256 KiB. Make it smaller."),
  }),
  run: async (ctx, { id, logo }) => {
    await apps.setOAuthAppLogo(ctx, { id, logo: Buffer.from(await logo.arrayBuffer()) });
    refresh();
    return null;
  },
});

export const removeOAuthAppLogo = action({
  permission: mayChange,
  input: appRef,
  run: async (ctx, input) => {
    await apps.removeOAuthAppLogo(ctx, input);
    refresh();
    return null;
  },
});

/** Asked every other second while the access of deleted apps ends. */
export const readKills = action({
  permission: ["api-keys:read", "all"],
  input: z.strictObject({}),
  run: (ctx) => kills.listKills(ctx, "publisher"),
});
