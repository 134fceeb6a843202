import { cookies, headers } from "next/headers";
import { sessionCookieName } from "@/lib/auth/session";
import type { Visitor } from "@/lib/auth/sign-in-visitor";
import { clientIpHeader } from "@/lib/http/call";

/** Who is at the door with this request, signed in or not. */
export async function currentVisitor(): Promise<Visitor> {
  const incoming = await headers();
  return {
    ip: incoming.get(clientIpHeader) || null,
    userAgent: incoming.get("user-agent"),
    sessionToken: (await cookies()).get(sessionCookieName())?.value ?? null,
  };
}
