import type { Fault, Provider } from "@/lib/integrations/contract";

export interface ParsedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const retryAfterMaxMs = 24 * 3_600_000;

/** Milliseconds of a `Retry-After`, which is a number of seconds or a date; null where there is none. */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  if (value === undefined || value.trim() === "") return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now.getTime();
  if (Number.isNaN(ms)) return null;
  return Math.min(Math.max(0, Math.ceil(ms)), retryAfterMaxMs);
}

/** What an answer means by HTTP alone; null: it is a success. */
function byStatus({ status, headers }: ParsedAnswer, now: Date): Fault | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401) return { kind: "reauth", reason: "token_revoked" };
  if (status === 403) return { kind: "forbidden", detail: "answered 403" };
  if (status === 404 || status === 410) return { kind: "gone" };
  if (status === 429) {
    return { kind: "rate_limited", retryAfterMs: retryAfterMs(headers["retry-after"], now) };
  }
  if (status === 408 || status >= 500) return { kind: "transient", detail: `answered ${status}` };
  // A redirect is not followed: a token must not go where nobody meant it to.
  return { kind: "rejected", code: "invalid_value", detail: `answered ${status}` };
}

/** What an answer means: as the provider says, else as HTTP does (style-anchors 2.7). Null: it is a success. */
export function classifyAnswer(provider: Provider, answer: ParsedAnswer, now: Date): Fault | null {
  const own = provider.classify?.(answer) ?? null;
  if (own?.kind !== "rate_limited" || own.retryAfterMs !== null)
    return own ?? byStatus(answer, now);
  return { ...own, retryAfterMs: retryAfterMs(answer.headers["retry-after"], now) };
}

/** Whether a token that was good may merely have ended, so that one refresh is worth a try. */
export function isStaleToken(answer: ParsedAnswer, fault: Fault): boolean {
  if (fault.kind !== "reauth") return false;
  if (fault.reason === "token_expired") return true;
  return answer.status === 401 && fault.reason === "token_revoked";
}

/**
 * Whether a writing may have been carried out although it failed: the tool failed while it worked on it. A 503 says
 * that it did not begin.
 */
export function leavesDoubt(answer: ParsedAnswer, fault: Fault): boolean {
  return fault.kind === "transient" && answer.status !== 503;
}
