"use server";

import { z } from "zod";
import { publicAction } from "@/app/(auth)/public-action";
import { setSessionCookie } from "@/app/(auth)/session-cookie";
import { newPassword } from "@/lib/auth/new-password";
import { acceptSignedIn, acceptWithNewAccount } from "@/lib/members/invitations";
import { personName } from "@/lib/members/schema";

const token = z.string().min(1).max(200);

/** Joins with a new account, which is then signed in. */
export const joinWithNewAccount = publicAction({
  input: z.strictObject({ token, name: personName, password: newPassword }),
  run: async (visitor, input) => {
    await setSessionCookie(await acceptWithNewAccount(visitor, input));
    return null;
  },
});

/** Joins with the account that is signed in. */
export const joinSignedIn = publicAction({
  input: z.strictObject({ token }),
  run: async (visitor, input) => {
    await setSessionCookie(await acceptSignedIn(visitor, input));
    return null;
  },
});
