"use server";

import { z } from "zod";
import { publicAction } from "@/app/(auth)/public-action";
import { setSessionCookie } from "@/app/(auth)/session-cookie";
import { emailAddress, newPassword } from "@/lib/auth/new-password";
import { personName, workspaceName } from "@/lib/members/schema";
import { setUpWorkspace } from "@/lib/workspaces/set-up";

/** Makes the first workspace and its Admin, who is then signed in. */
export const setUp = publicAction({
  input: z.strictObject({
    token: z.string().min(1, "Enter the token.").max(200),
    workspace: workspaceName,
    name: personName,
    email: emailAddress,
    password: newPassword,
  }),
  run: async (visitor, input) => {
    await setSessionCookie(await setUpWorkspace(visitor, input));
    return null;
  },
});
