"use server";

import { cookies } from "next/headers";
import { z } from "zod";
import { publicAction } from "@/app/(auth)/public-action";
import { mailPass, mailPassCookie } from "@/app/dev/mail/mail-pass";
import { safeEqual } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";

/** Opens the kept mail for this browser where the demo asks for its password. */
export const openMail = publicAction({
  input: z.strictObject({ password: z.string().max(200) }),
  run: async (_visitor, { password }) => {
    const { HARMONY_DEMO_PASSWORD, appUrl } = env();
    const pass = mailPass();
    if (!pass || !HARMONY_DEMO_PASSWORD || !safeEqual(password, HARMONY_DEMO_PASSWORD)) {
      throw new AppError("unauthorized", "The demo password is not right", {
        fix: "It is HARMONY_DEMO_PASSWORD of the person who started this installation.",
      });
    }
    (await cookies()).set(mailPassCookie, pass, {
      httpOnly: true,
      sameSite: "strict",
      path: "/dev/mail",
      secure: appUrl.startsWith("https:"),
    });
    return null;
  },
});
