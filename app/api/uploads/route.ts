import type { Readable } from "node:stream";
import { readSession, type Session, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { type Call, callOfRequest, toResponse } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { limiter } from "@/lib/rate-limit/limiter";
import { uploadMeeting } from "@/lib/uploads/service";

// The upload of our own pages: the session's cookie instead of a key, else the API's upload. A server action would
// hold the file in memory; this streams it.

const uploadsPerMinute = 60;

/** A cookie travels with forms of other sites too; only a browser on our own pages sends our origin. */
function requireOwnOrigin(call: Call): void {
  if (call.header("origin") === new URL(env().appUrl).origin) return;
  throw new AppError("forbidden", "Uploads with a session come from Harmony's own pages only", {
    fix: "Elsewhere, use an API key with POST /api/v1/meetings/upload.",
  });
}

async function requireUploader(call: Call): Promise<Session> {
  const token = sessionTokenOf(call.header("cookie"));
  const session = token ? await readSession(token) : null;
  if (!session) throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  const taken = await limiter().take(`upload:${session.user.id}`, uploadsPerMinute);
  if (taken.allowed) return session;
  throw new AppError("rate_limited", `More than ${uploadsPerMinute} uploads in this minute`, {
    fix: `Wait ${taken.retryAfterSeconds} s and upload again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

async function upload(call: Call, requestId: string, body: () => Readable): Promise<string> {
  requireOwnOrigin(call);
  const session = await requireUploader(call);
  const isPaste = new URLSearchParams(call.search).get("source") === "transcript_paste";
  const answer = await uploadMeeting(
    {
      principal: session.principal,
      requestId,
      now: systemClock,
      ip: call.ip,
      userAgent: call.header("user-agent") ?? null,
      proof: { checked: true },
    },
    { header: call.header, body, source: isPaste ? "transcript_paste" : "upload" },
  );
  return answer.text;
}

const drainMs = 120_000;

/** A browser reads a refusal only when it has sent everything: what is left is read and thrown away, for a while. */
function drain(body: Readable): void {
  const timer = setTimeout(() => body.destroy(), drainMs).unref();
  body.on("error", () => undefined);
  body.once("close", () => clearTimeout(timer));
  body.resume();
}

export async function POST(request: Request): Promise<Response> {
  const requestId = newId("request");
  const call = callOfRequest(request, {});
  let opened: Readable | null = null;
  const body = () => {
    opened = call.body();
    return opened;
  };
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-request-id": requestId,
  };
  try {
    return toResponse({ status: 202, headers, body: await upload(call, requestId, body) });
  } catch (error) {
    const shown = publicError(error, requestId);
    log().info({ request_id: requestId, code: shown.code }, "an upload was refused");
    drain(opened ?? call.body());
    const wait = shown.retryAfterSeconds;
    return toResponse({
      status: shown.status,
      headers: { ...headers, ...(wait === null ? {} : { "retry-after": String(wait) }) },
      body: JSON.stringify({ error: errorBody(shown, requestId) }),
    });
  }
}
