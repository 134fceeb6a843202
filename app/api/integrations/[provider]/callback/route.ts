import { sessionTokenOf } from "@/lib/auth/session";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { callOfRequest } from "@/lib/http/call";
import { finishConnect } from "@/lib/integrations/service";

interface RouteContext {
  readonly params: Promise<{ readonly provider: string }>;
}

function cookieOf(header: string | undefined, name: string): string | null {
  const found = (header ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

/** The referrer policy of these addresses is set by server.ts. */
const noTrace = { "cache-control": "no-store" } as const;

function ended(name: string): string {
  const secure = env().appUrl.startsWith("https:") ? "; Secure" : "";
  return `${name}=; Path=/api/integrations; HttpOnly; SameSite=Lax; Max-Age=0${secure}`;
}

/**
 * Where tools send people back to. The code in its address is used up here; the address that the browser goes on to
 * holds a word of ours and nothing of the tool.
 */
export async function GET(request: Request, context: RouteContext): Promise<Response> {
  const { provider } = await context.params;
  const call = callOfRequest(request, { provider });
  const cookies = call.header("cookie");
  try {
    const { location, endedCookie } = await finishConnect({
      slug: provider,
      query: new URLSearchParams(call.search),
      sessionToken: sessionTokenOf(cookies),
      cookie: (name) => cookieOf(cookies, name),
      ip: call.ip,
      userAgent: call.header("user-agent") ?? null,
    });
    const headers = new Headers({ ...noTrace, location: `${env().appUrl}${location}` });
    if (endedCookie !== null) headers.append("set-cookie", ended(endedCookie));
    return new Response(null, { status: 303, headers });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") {
      return new Response(null, { status: 404, headers: noTrace });
    }
    throw error;
  }
}
