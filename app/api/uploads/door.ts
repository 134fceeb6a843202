import type { Readable } from "node:stream";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { type Call, callOfRequest, type Reply, toResponse } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { tusStatus, tusVersion } from "@/lib/uploads/tus-protocol";

const drainMs = 120_000;

/** A browser reads a refusal only when it has sent everything: what is left is read and thrown away, for a while. */
function drain(body: Readable): void {
  const timer = setTimeout(() => body.destroy(), drainMs).unref();
  body.on("error", () => undefined);
  body.once("close", () => clearTimeout(timer));
  body.resume();
}

function refusal(error: unknown, requestId: string): Reply {
  const shown = publicError(error, requestId);
  log().info({ request_id: requestId, code: shown.code }, "an upload was refused");
  const { allow, offset, reason } = shown.details;
  return {
    status: tusStatus(shown),
    headers: {
      "content-type": "application/json; charset=utf-8",
      ...(shown.retryAfterSeconds === null
        ? {}
        : { "retry-after": String(shown.retryAfterSeconds) }),
      ...(typeof offset === "number" ? { "upload-offset": String(offset) } : {}),
      ...(typeof allow === "string" ? { allow } : {}),
      ...(reason === "tus_version" ? { "tus-version": tusVersion } : {}),
    },
    body: JSON.stringify({ error: errorBody(shown, requestId) }),
  };
}

type Handler = (call: Call, requestId: string) => Promise<Reply>;

/** The method that is meant: clients behind old proxies send another one with `X-HTTP-Method-Override`. */
function methodOf(call: Call): string {
  return (call.header("x-http-method-override") ?? call.method).toUpperCase();
}

/** An address of the resumable door: callable by Next, runnable by the lane. */
export interface UploadDoor {
  (request: Request, route: { params: Promise<unknown> }): Promise<Response>;
  readonly run: (call: Call) => Promise<Reply>;
}

/**
 * One address of the resumable door, for every method that it exports: finds the handler, catches everything, and adds
 * what each answer carries.
 */
export function door(handlers: Readonly<Record<string, Handler>>): UploadDoor {
  const answer = async (call: Call, requestId: string): Promise<Reply> => {
    const method = methodOf(call);
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    let opened: Readable | null = null;
    const body = () => {
      opened = call.body();
      return opened;
    };
    try {
      if (!handler) throw notAllowed(method, Object.keys(handlers).join(", "));
      return await handler({ ...call, method, body }, requestId);
    } catch (error) {
      drain(opened ?? call.body());
      return refusal(error, requestId);
    }
  };
  const run = async (call: Call): Promise<Reply> => {
    const requestId = newId("request");
    const reply = await answer(call, requestId);
    const headers = {
      "cache-control": "no-store",
      "tus-resumable": tusVersion,
      "x-request-id": requestId,
      ...reply.headers,
    };
    return { ...reply, headers };
  };
  const web = async (request: Request, route: { params: Promise<unknown> }) => {
    const params = ((await route.params) ?? {}) as Record<string, string>;
    return toResponse(await run(callOfRequest(request, params)));
  };
  return Object.assign(web, { run });
}

function notAllowed(method: string, allow: string): AppError {
  return new AppError("method_not_allowed", `${method} is not allowed here`, {
    details: { allow },
    fix: `Use one of: ${allow}.`,
  });
}
