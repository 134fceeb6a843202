import "server-only";
import { cookies } from "next/headers";
import type { z } from "zod";
import type { Context } from "@/lib/auth/principal";
import { sessionCookieName } from "@/lib/auth/session";
import { env } from "@/lib/core/env";
import type { beginConnectInput } from "@/lib/integrations/schema";
import { beginConnect } from "@/lib/integrations/service";

/**
 * The `run` of the Connect action: begins it and ties it to this browser by a cookie that only the callback gets. The
 * page then does `location.assign(url)`.
 */
export async function beginConnectHere(
  ctx: Context,
  input: z.output<typeof beginConnectInput>,
): Promise<{ readonly url: string }> {
  const jar = await cookies();
  const sessionToken = jar.get(sessionCookieName())?.value ?? "";
  const { url, cookie } = await beginConnect(ctx, input, { sessionToken });
  jar.set(cookie.name, cookie.value, {
    httpOnly: true,
    sameSite: "lax",
    secure: env().appUrl.startsWith("https:"),
    path: "/api/integrations",
    maxAge: cookie.maxAgeSeconds,
  });
  return { url };
}
