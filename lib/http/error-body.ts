import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

/** The error envelope of the seed, with what helps a developer beside it. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly request_id: string;
  readonly fix: string;
  readonly doc_url: string;
}

const bug = "Something went wrong on our side. The request id finds it in our logs.";

/**
 * What the outside may know of an error: an AppError as it is, anything else as fixed words (and logged whole).
 */
export function publicError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) {
    if (error.cause !== undefined) {
      log().warn({ request_id: requestId, code: error.code, err: error.cause }, error.message);
    }
    return error;
  }
  if (isDatabaseDown(error)) {
    log().error({ request_id: requestId, err: error }, "the database does not answer");
    return new AppError("service_unavailable", "The service cannot reach its database", {
      fix: "Wait a few seconds and send the request again.",
      retryAfterSeconds: 5,
    });
  }
  log().error({ request_id: requestId, err: error }, "unexpected error");
  return new AppError("server_error", bug, {
    fix: `Try again. If it stays, write to ${env().SUPPORT_EMAIL} with the request id.`,
  });
}

const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "57P01",
  "57P02",
  "57P03",
  "53300",
]);

function isDatabaseDown(error: unknown): boolean {
  for (
    let at: unknown = error, depth = 0;
    at instanceof Error && depth < 4;
    at = at.cause, depth += 1
  ) {
    if ("code" in at && typeof at.code === "string" && connectionCodes.has(at.code)) return true;
  }
  return false;
}

export function errorBody(error: AppError, requestId: string): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    details: error.details,
    request_id: requestId,
    fix: error.fix ?? "See the documentation of this error.",
    doc_url: `${env().appUrl}/docs#error-${error.code}`,
  };
}
