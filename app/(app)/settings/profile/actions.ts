"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { clearSessionCookie } from "@/app/(auth)/session-cookie";
import { newPassword, typedPassword } from "@/lib/auth/new-password";
import { action } from "@/lib/http/action";
import * as profile from "@/lib/members/profile";
import { personName } from "@/lib/members/schema";

const nothing = z.strictObject({});

export const renameMyself = action({
  permission: null,
  input: z.strictObject({ name: personName }),
  run: async (ctx, input) => {
    await profile.renameMyself(ctx, input);
    revalidatePath("/", "layout");
    return null;
  },
});

export const changePassword = action({
  permission: null,
  input: z.strictObject({ current: typedPassword, next: newPassword }),
  run: async (ctx, input) => {
    const { sessionToken } = await currentVisitor();
    const result = await profile.changePassword(ctx, { ...input, sessionToken });
    revalidatePath("/settings/profile");
    return result;
  },
});

export const endOtherSessions = action({
  permission: null,
  input: nothing,
  run: async (ctx) => {
    const { sessionToken } = await currentVisitor();
    const result = await profile.endOtherSessions(ctx, sessionToken);
    revalidatePath("/settings/profile");
    return result;
  },
});

/** Signs out everywhere, here too. */
export const endAllSessions = action({
  permission: null,
  input: nothing,
  run: async (ctx) => {
    await profile.endAllSessions(ctx);
    await clearSessionCookie();
    return null;
  },
});
