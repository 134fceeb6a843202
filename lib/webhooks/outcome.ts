import { nextAttemptAt, retryAfterSeconds } from "@/lib/webhooks/schedule";

/** What one attempt brought: an answer, or the reason why there was none. */
export interface AttemptResult {
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly timings: { readonly connect?: number; readonly firstByte?: number };
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
  /** A code of lib/outbound and its sentence. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What an attempt means for its delivery. */
export interface Outcome {
  readonly status: "succeeded" | "retrying" | "failed";
  readonly reason: "gone" | "exhausted" | null;
  readonly nextAttemptAt: Date | null;
  /** False for an answer of 429: it asks for patience and is no failure of the receiver. */
  readonly countsAsFailure: boolean;
}

const gone = 410;
const tooManyRequests = 429;
const waitable = new Set([tooManyRequests, 503]);

/**
 * The rule of handbook 21.4: any 2xx is success; 410 ends it and disables the webhook; everything else is tried
 * again by the schedule, later when 429 or 503 come with Retry-After. A test is never tried again.
 * @param attempts made so far, this one included.
 */
export function judgeAttempt(
  { response }: AttemptResult,
  options: {
    readonly attempts: number;
    readonly isTest: boolean;
    readonly now: Date;
    readonly random: number;
  },
): Outcome {
  const status = response?.status ?? 0;
  if (status >= 200 && status < 300) {
    return { status: "succeeded", reason: null, nextAttemptAt: null, countsAsFailure: false };
  }
  const countsAsFailure = status !== tooManyRequests;
  if (status === gone) {
    return { status: "failed", reason: "gone", nextAttemptAt: null, countsAsFailure };
  }
  const wait =
    response && waitable.has(status)
      ? retryAfterSeconds(response.headers["retry-after"], options.now)
      : null;
  const next = options.isTest
    ? null
    : nextAttemptAt(options.attempts, options.now, {
        retryAfterSeconds: wait,
        random: options.random,
      });
  if (next) return { status: "retrying", reason: null, nextAttemptAt: next, countsAsFailure };
  return { status: "failed", reason: "exhausted", nextAttemptAt: null, countsAsFailure };
}
