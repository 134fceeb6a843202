import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { authOptions, refusedUrl } from "@/lib/auth/next-auth";
import { countVisit } from "@/lib/auth/sign-in-visitor";
import { AppError } from "@/lib/core/errors";

interface RouteContext {
  readonly params: Promise<{ readonly nextauth: string[] }>;
}

/**
 * What we use of next-auth. Signing out is an action of ours; its log door would let anybody write into our
 * log; its own pages are replaced by ours.
 */
const allowed: Readonly<Record<string, ReadonlySet<string>>> = {
  GET: new Set(["providers", "csrf", "session", "signin", "callback", "error", "verify-request"]),
  POST: new Set(["signin"]),
};

const notHere = () => new Response(null, { status: 404 });

/** next-auth's client expects the address to go to; a form gets there by redirect. */
function refuse(url: string): Response {
  return Response.json({ url }, { status: 429, headers: { "cache-control": "no-store" } });
}

async function answer(request: NextRequest, context: RouteContext): Promise<Response> {
  const [action = "", provider = ""] = (await context.params).nextauth;
  if (!allowed[request.method]?.has(action)) return notHere();
  const visitor = await currentVisitor();
  if (request.method === "POST") {
    try {
      await countVisit(visitor);
    } catch (error) {
      if (error instanceof AppError) return refuse(refusedUrl("TooManyTries"));
      throw error;
    }
  }
  return NextAuth(request, context, authOptions({ visitor, action, provider }));
}

export { answer as GET, answer as POST };
