"use server";

import { z } from "zod";
import { publicAction } from "@/app/(auth)/public-action";
import { setSessionCookie } from "@/app/(auth)/session-cookie";
import { emailAddress, typedPassword } from "@/lib/auth/new-password";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { demoRoles, signInToDemo, signInWithPassword } from "@/lib/auth/sign-in";

const next = z.string().max(4000);

/** Signs in and says where to go; the browser goes there by a full page load, free of what it held before. */
export const signIn = publicAction({
  input: z.strictObject({ email: emailAddress, password: typedPassword, next }),
  run: async (visitor, input) => {
    await setSessionCookie(await signInWithPassword(visitor, input));
    return { next: sameOriginPath(input.next) };
  },
});

export const signInAsDemo = publicAction({
  input: z.strictObject({
    role: z.enum(demoRoles),
    password: z.string().max(200).optional(),
    next,
  }),
  run: async (visitor, input) => {
    await setSessionCookie(await signInToDemo(visitor, input));
    return { next: sameOriginPath(input.next) };
  },
});
