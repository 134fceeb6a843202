/**
 * The one error table of the product (seed "Error Handling", handbook 16.7): code → HTTP status.
 * Codes are part of the public contract; adding is fine, renaming is not.
 */
export const STATUS_BY_CODE = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  quota_exceeded: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_ready: 409,
  conflict: 409,
  length_required: 411,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  server_error: 500,
  service_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS_BY_CODE;

export interface ErrorOptions {
  /** Machine-readable facts that the caller may act on, such as `fields` or `status`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** One sentence: what the caller can do about it. */
  readonly fix?: string;
  /** Seconds until a repeat can succeed; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Only logged, never shown. */
  readonly cause?: unknown;
}

const brand = Symbol.for("harmony.AppError");

/**
 * An expected failure. Its message and details are public by definition; `cause` is only logged.
 * `instanceof` works across module graphs (fast lane and Next hold two copies of this class).
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly fix: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? {};
    this.fix = options.fix ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    Object.defineProperty(this, brand, { value: true });
  }

  get status(): number {
    return STATUS_BY_CODE[this.code];
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** The very same 404 for what is missing and for what belongs to somebody else. */
export function notFound(what: string): AppError {
  return new AppError("not_found", `${what} not found`, {
    fix: "Check the id, and that your credential may see it.",
  });
}

/** A 400 that names the fields at fault: `fields` maps each one to a sentence. */
export function invalidRequest(
  message: string,
  fields: Record<string, string>,
  fix?: string,
): AppError {
  return new AppError("invalid_request", message, {
    details: { fields },
    fix: fix ?? "Correct the fields named in details.fields and send the request again.",
  });
}
