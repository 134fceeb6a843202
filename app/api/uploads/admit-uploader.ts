import type { Context } from "@/lib/auth/principal";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import type { Call } from "@/lib/http/call";
import { admit } from "@/lib/http/endpoint";
import { limiter } from "@/lib/rate-limit/limiter";

/** Files begun, and requests about them, of one person in a minute. */
const perMinute = { begin: 60, go_on: 1200 } as const;

export interface Uploader {
  readonly ctx: Context;
  /** Whether our own pages ask; otherwise it is a credential. */
  readonly isOwnPage: boolean;
  /** What the answer tells about the rate limit. */
  readonly headers: Readonly<Record<string, string>>;
}

function isOwnOrigin(call: Call): boolean {
  return call.header("origin") === new URL(env().appUrl).origin;
}

/** A cookie travels with requests of other sites too; only a browser on our own pages sends our origin. */
function requireOwnOrigin(call: Call): void {
  // Browsers send no Origin with a HEAD to their own site; nobody else can read what it answers.
  if (call.method === "HEAD") return;
  if (isOwnOrigin(call)) return;
  throw new AppError("forbidden", "Uploads with a session come from Harmony's own pages only", {
    fix: "Elsewhere, use an API key: here, or with POST /api/v1/meetings/upload.",
  });
}

/** The person behind the session's cookie, on our own pages only. */
export async function admitSession(
  call: Call,
  requestId: string,
  what: keyof typeof perMinute,
): Promise<Uploader> {
  requireOwnOrigin(call);
  const token = sessionTokenOf(call.header("cookie"));
  const session = token ? await readSession(token) : null;
  if (!session) throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  const limit = perMinute[what];
  const taken = await limiter().take(`upload-${what}:${session.user.id}`, limit);
  if (!taken.allowed) {
    throw new AppError("rate_limited", `More than ${limit} requests for uploads in this minute`, {
      fix: `Wait ${taken.retryAfterSeconds} s and go on.`,
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }
  const ctx: Context = {
    principal: session.principal,
    requestId,
    now: systemClock,
    ip: call.ip,
    userAgent: call.header("user-agent") ?? null,
    proof: { checked: true },
  };
  return { ctx, isOwnPage: true, headers: {} };
}

/** A session of our own pages, or a credential with `meetings:write` on a plan that includes uploads. */
export async function admitUploader(
  call: Call,
  requestId: string,
  what: keyof typeof perMinute,
): Promise<Uploader> {
  const hasCookie = sessionTokenOf(call.header("cookie")) !== null;
  const isPage = call.header("authorization") === undefined && (hasCookie || isOwnOrigin(call));
  if (isPage) return admitSession(call, requestId, what);
  const admitted = await admit(call, requestId, {
    scope: "meetings:write",
    operation: "resumableUpload",
    plan: { what: "Uploading through the API", includes: (plan) => plan.apiUpload },
  });
  return { ...admitted, isOwnPage: false };
}
