import { setTimeout as delay } from "node:timers/promises";
import { afterCommit, pool, type Tx } from "@/db/client";
import type { webhooks } from "@/db/schema/webhooks";
import { singleton } from "@/lib/core/singleton";
import { apiVersion, type EventPayload, type EventType } from "@/lib/events/schema";

/** What a webhook's filters look at; null where it is not known or no longer there. */
export interface EventFacts {
  readonly teamId: string | null;
  readonly userId: string | null;
  readonly durationSeconds: number | null;
  readonly source: string | null;
}

/** Why a webhook does not receive an event. */
export type Miss = "not_subscribed" | "team" | "user" | "source" | "too_short";

type Subscription = Pick<
  typeof webhooks.$inferSelect,
  "events" | "teamIds" | "userIds" | "sources" | "minDurationSeconds"
>;

const passes = (wanted: readonly string[], value: string | null) =>
  wanted.length === 0 || (value !== null && wanted.includes(value));

/**
 * The one rule of which webhook receives which event: null when it does. A minimum duration asks only about
 * meetings whose length is known: one that has just begun, or that failed before it was read, has none.
 */
export function missOf(webhook: Subscription, type: EventType, facts: EventFacts): Miss | null {
  if (!webhook.events.includes(type)) return "not_subscribed";
  if (!passes(webhook.teamIds, facts.teamId)) return "team";
  if (!passes(webhook.userIds, facts.userId)) return "user";
  if (!passes(webhook.sources, facts.source)) return "source";
  const { minDurationSeconds } = webhook;
  if (minDurationSeconds !== null && (facts.durationSeconds ?? 0) > 0) {
    if ((facts.durationSeconds ?? 0) < minDurationSeconds) return "too_short";
  }
  return null;
}

/** Longest body that is sent, in UTF-8 bytes; texts in `data` are cut until it fits. */
export const bodyBytesMax = 65_536;

function cutTexts(value: unknown, length: number): unknown {
  if (typeof value === "string") {
    return value.length > length ? `${value.slice(0, length).toWellFormed()}…` : value;
  }
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, length));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, cutTexts(inner, length)]),
  );
}

/**
 * The exact text that every attempt sends: the source document's three keys first, then what tells events apart.
 * Texts of an event that would be longer than `bodyBytesMax` are cut, since an event is never lost to its size.
 */
export function eventBody(event: {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly workspaceId: string;
  readonly data: Readonly<Record<string, unknown>>;
}): string {
  const body = (data: Readonly<Record<string, unknown>>) =>
    JSON.stringify({
      event: event.type,
      timestamp: event.occurredAt.toISOString().replace(/\.\d{3}Z$/, "Z"),
      data,
      id: event.id,
      workspace_id: event.workspaceId,
      api_version: apiVersion,
    } satisfies EventPayload);
  let text = body(event.data);
  for (let length = 8192; Buffer.byteLength(text) > bodyBytesMax && length >= 16; length >>= 1) {
    text = body(cutTexts(event.data, length) as Record<string, unknown>);
  }
  return text;
}

/** The channel on which workers hear, when the transaction commits, that deliveries are due. */
export const dueChannel = "webhook_due";

interface Signal {
  isSending: boolean;
  isWanted: boolean;
}

/** While commits pour in, they share a signal. */
const signalPauseMs = 5;

/** One signal under way at a time: those who ask meanwhile share the next. */
async function signal(state: Signal): Promise<void> {
  while (state.isWanted) {
    state.isWanted = false;
    // Lost when the database is away: the engines look by themselves every second.
    await pool()`select pg_notify(${dueChannel}, '')`.catch(() => undefined);
    await delay(signalPauseMs);
  }
  state.isSending = false;
}

/**
 * Tells the delivery engines of all workers, as soon as the transaction has committed, that rows are due. Not a
 * NOTIFY of the transaction itself: PostgreSQL commits those strictly one after the other, which was measured to cap
 * the whole product at one commit per disk flush.
 */
export function wakeDispatcher(tx: Tx): void {
  afterCommit(tx, () => {
    const state = singleton<Signal>("webhook-signal", () => ({
      isSending: false,
      isWanted: false,
    }));
    state.isWanted = true;
    if (state.isSending) return;
    state.isSending = true;
    void signal(state);
  });
}
