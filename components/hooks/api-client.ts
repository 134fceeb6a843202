import type { Problem } from "@/components/ui/problem";

interface ErrorFacts extends Problem {
  readonly status: number;
  readonly code: string;
  readonly doc_url?: string | undefined;
  readonly details?: unknown;
  /** Seconds to wait before the next try, when the server said so. */
  readonly retryAfter?: number | undefined;
}

/** A refusal of the API, as its error envelope told it; `message` and `fix` are fit to show. */
export class ApiClientError extends Error implements Problem {
  override readonly name = "ApiClientError";
  readonly status: number;
  readonly code: string;
  readonly fix: string | undefined;
  readonly request_id: string | undefined;
  readonly doc_url: string | undefined;
  readonly details: unknown;
  readonly retryAfter: number | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.status = facts.status;
    this.code = facts.code;
    this.fix = facts.fix;
    this.request_id = facts.request_id;
    this.doc_url = facts.doc_url;
    this.details = facts.details;
    this.retryAfter = facts.retryAfter;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Reads the error envelope `{error:{code,message,…}}`. An answer that is no envelope (a proxy's page,
 * an empty body) still becomes a sentence a person can act on.
 */
export function toApiError(status: number, body: unknown, headers: Headers): ApiClientError {
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return new ApiClientError({
    status,
    code: text(error.code) ?? "unexpected_answer",
    message: text(error.message) ?? `Harmony answered in an unexpected way (status ${status}).`,
    fix: text(error.fix) ?? (text(error.message) === undefined ? "Try again." : undefined),
    request_id: text(error.request_id) ?? headers.get("x-request-id") ?? undefined,
    doc_url: text(error.doc_url),
    details: error.details,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  });
}

export type ApiParams = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Path and query of a GET; absent values are left out. */
export function apiUrl(path: `/api/v1/${string}`, params: ApiParams = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const suffix = query.toString();
  return suffix === "" ? path : `${path}?${suffix}`;
}

const timeoutMs = 20_000;

/**
 * GET with the session cookie. Throws ApiClientError for refusals, unreachable servers (status 0) and
 * answers that take longer than 20 s. The caller names the shape; the API's contract tests hold it.
 */
export async function apiGet<T>(
  path: `/api/v1/${string}`,
  params: ApiParams,
  signal: AbortSignal,
): Promise<T> {
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await fetch(apiUrl(path, params), {
    headers: { accept: "application/json" },
    signal: AbortSignal.any([signal, limit]),
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new ApiClientError({
      status: 0,
      code: "unreachable",
      message: limit.aborted ? "Harmony took too long to answer." : "Harmony could not be reached.",
      fix: "Check your connection, then try again.",
    });
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) throw toApiError(response.status, body, response.headers);
  return body as T;
}

/** Tries a query again only where a second try can help: no answer, 429 and 5xx, twice at most. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  if (!(error instanceof ApiClientError)) return false;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

/** Milliseconds before the next try: what the server asked for (up to 30 s), else 1 s, then 2 s. */
export function retryDelay(failures: number, error: unknown): number {
  const asked = error instanceof ApiClientError ? error.retryAfter : undefined;
  return asked === undefined ? 1000 * 2 ** failures : Math.min(asked, 30) * 1000;
}
