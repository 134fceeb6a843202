"use server";

import { z } from "zod";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { action } from "@/lib/http/action";
import { switchWorkspace as showWorkspace } from "@/lib/members/profile";

/** Shows another workspace of the person in this browser. */
export const switchWorkspace = action({
  permission: null,
  input: z.strictObject({ workspaceId: z.string().min(1).max(60) }),
  run: async (ctx, { workspaceId }) => {
    const { sessionToken } = await currentVisitor();
    await showWorkspace(ctx, { workspaceId, sessionToken });
    return null;
  },
});
