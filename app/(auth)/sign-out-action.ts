"use server";

import { z } from "zod";
import { publicAction } from "@/app/(auth)/public-action";
import { clearSessionCookie } from "@/app/(auth)/session-cookie";
import { signOut as endThisSession } from "@/lib/members/profile";

/** Ends this browser's session. Needs none to be there: a second press, or a session that ended, is fine. */
export const signOut = publicAction({
  input: z.strictObject({}),
  isFree: true,
  run: async (visitor) => {
    await endThisSession(visitor);
    await clearSessionCookie();
    return null;
  },
});
