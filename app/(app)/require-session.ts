import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { accountOfSession } from "@/lib/auth/account-of-session";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import type { Session } from "@/lib/auth/session";
import { currentSession } from "@/lib/http/action";
import { pagePathHeader } from "@/lib/http/call";

async function currentPath(): Promise<string> {
  const path = sameOriginPath((await headers()).get(pagePathHeader));
  // Soft navigation asks for the page's data under a query of Next's own.
  return path.replace(/([?&])_rsc=[^&]*&?/, "$1").replace(/[?&]$/, "");
}

/**
 * The session of a signed-in page, read once a request. Without one the visitor goes to the sign-in page and
 * comes back here afterwards; a person who is in no workspace goes to the page that explains it. Layouts do not
 * protect their pages, so every signed-in page calls this itself.
 */
export const requireSession = cache(async (): Promise<Session> => {
  const session = await currentSession();
  if (session) return session;
  const { sessionToken } = await currentVisitor();
  if (await accountOfSession(sessionToken)) redirect("/no-workspace");
  const path = await currentPath();
  redirect(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
});
