/**
 * An engine could not do its work. `retryable`: the same request may succeed later, not before
 * `retryAfterMs` when that is known; `permanent`: somebody must change the configuration first.
 * The message is safe to show and to log: no key, no transcript, no text of the endpoint's answer.
 */
export class AnalystError extends Error {
  readonly kind: "retryable" | "permanent";
  readonly retryAfterMs: number | null;

  constructor(
    kind: "retryable" | "permanent",
    message: string,
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = "AnalystError";
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
