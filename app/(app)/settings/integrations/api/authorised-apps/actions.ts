"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/http/action";
import * as approvals from "@/lib/oauth-server/approvals";
import * as authorised from "@/lib/oauth-server/authorised-apps";
import * as kills from "@/lib/oauth-server/kills";

const id = z.string().min(1).max(60);

/** One's own, or as an admin somebody's of the workspace: the service looks. */
export const revokeAuthorisedApp = action({
  permission: null,
  input: z.strictObject({ id }),
  run: async (ctx, input) => {
    await authorised.revokeAuthorisedApp(ctx, input);
    refresh();
    return null;
  },
});

export const decideApp = action({
  permission: ["organization:update", "all"],
  input: z.strictObject({
    id,
    seen: z.enum(["pending", "approved", "blocked"]).nullable(),
    decision: z.enum(["approved", "blocked"]),
  }),
  run: async (ctx, input) => {
    await approvals.decideApp(ctx, input);
    refresh();
    return null;
  },
});

export const setOauthPolicy = action({
  permission: ["organization:update", "all"],
  input: z.strictObject({ policy: z.enum(approvals.oauthPolicies) }),
  run: async (ctx, input) => {
    await approvals.setOauthPolicy(ctx, input);
    refresh();
    return null;
  },
});

export const killAllApps = action({
  permission: ["organization:update", "all"],
  input: z.strictObject({}),
  run: async (ctx) => {
    const { id: killId } = await kills.killAllApps(ctx);
    refresh();
    return { killId };
  },
});

/** Asked every other second while a kill switch works. */
export const readKills = action({
  permission: ["organization:update", "all"],
  input: z.strictObject({}),
  run: (ctx) => kills.listKills(ctx, "workspace"),
});
