import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { isKnownVersion, isSameVersion, wantedRange } from "@/lib/http/byte-range";
import { answerNode } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { playableRecording } from "@/lib/meetings/recording";
import { limiter } from "@/lib/rate-limit/limiter";
import { type ByteRange, storage } from "@/lib/storage/storage";

// GET /api/recordings/<meeting>: the bytes behind the player of our own pages, by the session's cookie. A player asks
// for a stretch at a time. server.ts calls it: Next drops the length of a body that is streamed.

const readsPerMinute = 600;
/** A client that takes nothing for this long is gone; a player that was paused asks again. */
const patienceMs = 600_000;

const path = /^\/api\/recordings\/([^/]{1,100})$/;

/** The meeting whose recording a path names; null for other paths. */
export function meetingOfRecordingPath(pathname: string): string | null {
  return path.exec(pathname)?.[1] ?? null;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly ip: string | null;
  readonly meetingId: string;
}

/** What to play, for who may; the meeting's own rules decide. */
async function requireRecording({ request, requestId, ip, meetingId }: Asked) {
  const token = sessionTokenOf(request.headers.cookie);
  const session = token ? await readSession(token) : null;
  if (!session) throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  const taken = await limiter().take(`recording:${session.user.id}`, readsPerMinute);
  if (!taken.allowed) {
    throw new AppError("rate_limited", "The recording was asked for too often in this minute", {
      fix: `Wait ${taken.retryAfterSeconds} s and press Play again.`,
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }
  return playableRecording(
    {
      principal: session.principal,
      requestId,
      now: systemClock,
      ip,
      userAgent: request.headers["user-agent"] ?? null,
      proof: { checked: true },
    },
    meetingId,
  );
}

function rangeOf({ method, headers }: IncomingMessage, etag: string, size: number) {
  // Of HEAD a range means nothing (RFC 9110, 14.2); of a version that has changed it must not count.
  if (method !== "GET" || !isSameVersion(headers["if-range"]?.toString(), etag)) return "whole";
  return wantedRange(headers.range, size);
}

/** Sends bytes as fast as the client takes them; the file is closed when it has them, or is gone. */
async function send(response: ServerResponse, key: string, range: ByteRange | undefined) {
  const { stream } = await storage().open(key, range);
  response.setTimeout(patienceMs, () => response.destroy());
  try {
    await pipeline(stream, response);
  } catch (error) {
    const isClientGone =
      error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
    if (!isClientGone) log().warn({ err: error }, "a recording broke off while it was played");
  }
}

async function play(asked: Asked, response: ServerResponse): Promise<void> {
  const { request, requestId } = asked;
  const { key, contentType } = await requireRecording(asked);
  const { size, version } = await storage().stat(key);
  const etag = `"${version}"`;
  const headers = {
    "content-type": contentType,
    "content-disposition": "inline",
    "accept-ranges": "bytes",
    etag,
    // No copy for others, and none that outlives a deletion; to pack sound and pictures once more gains nothing.
    "cache-control": "private, no-cache, no-transform",
    "x-request-id": requestId,
  };
  if (isKnownVersion(request.headers["if-none-match"], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = rangeOf(request, etag, size);
  if (range === "nothing") {
    const unsatisfiable = { "content-range": `bytes */${size}`, "content-length": 0 };
    response.writeHead(416, { ...headers, ...unsatisfiable }).end();
    return;
  }
  if (range === "whole") response.writeHead(200, { ...headers, "content-length": size });
  else {
    const { start, end } = range;
    const stretch = {
      "content-range": `bytes ${start}-${end}/${size}`,
      "content-length": end - start + 1,
    };
    response.writeHead(206, { ...headers, ...stretch });
  }
  if (request.method === "HEAD") response.end();
  else await send(response, key, range === "whole" ? undefined : range);
}

/** Answers a request for a recording; always, and with the error envelope when it cannot. */
export async function playRecording(
  request: IncomingMessage,
  response: ServerResponse,
  of: Pick<Asked, "ip" | "meetingId">,
): Promise<void> {
  const requestId = newId("request");
  try {
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new AppError("method_not_allowed", "A recording can only be read", {
        fix: "Use GET or HEAD.",
      });
    }
    await play({ request, requestId, ...of }, response);
  } catch (error) {
    const shown = publicError(error, requestId);
    log().info({ request_id: requestId, code: shown.code }, "a recording was not played");
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const wait = shown.retryAfterSeconds;
    answerNode(request, response, {
      status: shown.status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-request-id": requestId,
        ...(shown.code === "method_not_allowed" ? { allow: "GET, HEAD" } : {}),
        ...(wait === null ? {} : { "retry-after": String(wait) }),
      },
      body: JSON.stringify({ error: errorBody(shown, requestId) }),
    });
  }
}
