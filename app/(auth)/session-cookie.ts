import { cookies } from "next/headers";
import type { NewSession } from "@/lib/auth/new-session";
import { sessionCookieName } from "@/lib/auth/session";
import { env } from "@/lib/core/env";

function attributes() {
  return {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: env().appUrl.startsWith("https:"),
  } as const;
}

/** Gives the browser its new session; only server actions may set cookies. */
export async function setSessionCookie({ token, expires }: NewSession): Promise<void> {
  (await cookies()).set(sessionCookieName(), token, { ...attributes(), expires });
}

/** Takes the session from the browser; the row is ended by whoever calls this. */
export async function clearSessionCookie(): Promise<void> {
  (await cookies()).set(sessionCookieName(), "", { ...attributes(), maxAge: 0 });
}
