import { z } from "zod";
import { type ErrorCode, STATUS_BY_CODE } from "@/lib/core/errors";

/** What each error code means and what to do about it; the reference prints this table. */
export const ERROR_DOCS = {
  invalid_request: {
    meaning: "A parameter, field or header is not valid.",
    remedy: "details.fields names each field at fault. Correct it and send the request again.",
  },
  unauthorized: {
    meaning: "The credential is missing, malformed, expired or revoked.",
    remedy:
      "Send a valid key or access token as Authorization: Bearer …; details.reason says when it has expired.",
  },
  forbidden: {
    meaning: "The credential or the plan does not include this.",
    remedy: "details.required_scope or details.required_plan says what is missing.",
  },
  quota_exceeded: {
    meaning: "A limit of the plan is used up.",
    remedy:
      "details.limit and details.used say how much; details.required_plan which plan has more.",
  },
  not_found: {
    meaning: "There is no such object, or the credential may not see it.",
    remedy: "Check the id and the workspace of your key.",
  },
  method_not_allowed: {
    meaning: "The path does not take this method.",
    remedy: "Use one of the methods in Allow.",
  },
  not_ready: {
    meaning: "The meeting is not processed yet, or its processing failed.",
    remedy: "details.status says which; ask /status until it is processed.",
  },
  conflict: {
    meaning: "The Idempotency-Key was used with other fields.",
    remedy: "Use a new key for a new request.",
  },
  length_required: {
    meaning: "The request has a body of unknown length.",
    remedy: "Send Content-Length or Transfer-Encoding: chunked.",
  },
  payload_too_large: {
    meaning: "The file is larger than 2 GB (or a transcript larger than its limit).",
    remedy: "Compress or split the recording.",
  },
  unsupported_media_type: {
    meaning:
      "The file is not audio, video or a transcript, or the body is not multipart/form-data.",
    remedy: "Upload an audio or video file, or a VTT, SRT, TXT or JSON transcript.",
  },
  rate_limited: {
    meaning: "Too many requests in this minute.",
    remedy: "Wait for Retry-After seconds, then go on; back off exponentially if it happens again.",
  },
  server_error: {
    meaning: "Something went wrong on our side.",
    remedy: "Try again; if it stays, write to support with the request id.",
  },
  service_unavailable: {
    meaning: "A part that the request needs does not answer at the moment.",
    remedy: "Wait for Retry-After seconds and send the request again.",
  },
} as const satisfies Record<ErrorCode, { meaning: string; remedy: string }>;

const codes = Object.keys(STATUS_BY_CODE) as [ErrorCode, ...ErrorCode[]];

/** The error envelope (seed "Error Format"). */
export const errorView = z
  .object({
    error: z.object({
      code: z.enum(codes),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      request_id: z.string(),
      fix: z.string().meta({ description: "What to do about it." }),
      doc_url: z.string().meta({ format: "uri" }),
    }),
  })
  .meta({ id: "Error" });

const text = (description: string, example?: string) => ({
  description,
  schema: { type: "string" as const, ...(example ? { examples: [example] } : {}) },
});
const whole = (description: string, example: number) => ({
  description,
  schema: { type: "integer" as const, examples: [example] },
});

/** Headers of ours on an answer with this status. */
export function responseHeaders(status: number) {
  return {
    "X-Request-Id": text("Names this request in our logs.", "req_1Q9fK2xA7bLm0PzRtYwE"),
    ...(status === 401
      ? {
          "WWW-Authenticate": text(
            "The scheme to use, and where a client learns who gives tokens (RFC 9728).",
            'Bearer realm="Harmony API", resource_metadata="https://harmony.example/.well-known/oauth-protected-resource"',
          ),
        }
      : {
          "X-RateLimit-Limit": whole("Requests a minute.", 60),
          "X-RateLimit-Remaining": whole("Requests left in this window.", 45),
          "X-RateLimit-Reset": whole("When the window ends, Unix seconds.", 1_706_803_200),
        }),
    ...(status === 429 || status === 503 ? { "Retry-After": whole("Seconds to wait.", 30) } : {}),
    ...(status === 200 ? { ETag: text("Names this version of the answer.") } : {}),
  };
}
