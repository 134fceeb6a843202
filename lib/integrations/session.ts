import type { Clock } from "@/lib/core/clock";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Session } from "@/lib/integrations/contract";

export interface SessionOptions {
  /** 0 a person waits, 1 something just happened, 2 backfill: who draws on the tool's rate limit first. */
  readonly priority: 0 | 1 | 2;
  readonly signal: AbortSignal;
  readonly now?: Clock;
}

/** Opens what a provider's functions are called with. Every call through it is authorised, paced and classified. */
export async function openSession(
  _connection: ConnectionRow,
  _options: SessionOptions,
): Promise<Session> {
  return await Promise.reject(new Error("not built yet"));
}
