"use server";

import { headers } from "next/headers";
import { z } from "zod";
import { allScopes, type Scope } from "@/lib/auth/scopes";
import { action } from "@/lib/http/action";
import * as consent from "@/lib/oauth-server/consent";

const uid = z.string().regex(/^[\w-]{1,64}$/);
const cookieOf = async () => (await headers()).get("cookie") ?? "";

/** Both answer with the address that the browser goes to: a redirect by the server would be held up by the CSP. */
export const allowApp = action({
  permission: null,
  input: z.object({
    uid,
    workspace_id: z.string(),
    scopes: z.array(z.enum(allScopes as [Scope, ...Scope[]])).max(20),
    team_ids: z.array(z.string()).max(500).nullable(),
  }),
  run: async (ctx, input) => ({
    goTo: await consent.allowApp(ctx, await cookieOf(), input.uid, {
      workspaceId: input.workspace_id,
      scopes: input.scopes,
      teamIds: input.team_ids,
    }),
  }),
});

export const refuseApp = action({
  permission: null,
  input: z.object({ uid }),
  run: async (ctx, input) => ({
    goTo: await consent.refuseApp(ctx, await cookieOf(), input.uid),
  }),
});

const inWorkspace = z.object({ uid, workspace_id: z.string().max(60) });

export const requestApproval = action({
  permission: null,
  input: inWorkspace,
  run: async (ctx, input) => {
    const cookie = await cookieOf();
    await consent.requestApproval(ctx, cookie, input.uid, input.workspace_id);
    return { verdict: await consent.followRequest(ctx, cookie, input.uid, input.workspace_id) };
  },
});

/** Asked every few seconds while somebody waits for an admin. */
export const followRequest = action({
  permission: null,
  input: inWorkspace,
  run: async (ctx, input) => ({
    verdict: await consent.followRequest(ctx, await cookieOf(), input.uid, input.workspace_id),
  }),
});
