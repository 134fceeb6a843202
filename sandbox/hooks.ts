import { setTimeout as delay } from "node:timers/promises";
import type { Settings } from "./settings";

/** Something a tool sends by itself. */
export interface Delivery {
  /** The call log's word for it, such as `app_uninstalled`. */
  readonly what: string;
  readonly url: string;
  readonly body: string;
  /** Made anew for each try, since signatures carry its time. */
  readonly headers: (sentAt: Date, isBroken: boolean) => Readonly<Record<string, string>>;
  /** What a repeat says about the try before; `retry` counts from 1. */
  readonly retryHeaders?: (retry: number, reason: string) => Readonly<Record<string, string>>;
  readonly isRetried: (status: number) => boolean;
}

export interface Attempt {
  readonly at: string;
  readonly what: string;
  readonly url: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly note: string | null;
}

export interface Hooks {
  /** Returns at once; tries and repeats follow as the settings say. */
  readonly deliver: (delivery: Delivery) => void;
  /** Lets held deliveries go, in this order; says how many. */
  readonly release: (order: "sent" | "reversed") => number;
  /** The last 200 tries, the oldest first. */
  readonly attempts: () => readonly Attempt[];
  /** Forgets what waits, and all attempts. */
  readonly clear: () => void;
}

const ATTEMPTS_KEPT = 200;
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Where a delivery really goes: an https origin may be mapped to loopback, and nothing leaves this machine. */
function targetOf(url: string, allowHttpHooks: Readonly<Record<string, string>>): string | null {
  const { origin, pathname, search, hostname } = new URL(url);
  const mapped = allowHttpHooks[origin];
  if (mapped !== undefined) return new URL(pathname + search, mapped).href;
  return loopback.has(hostname) ? url : null;
}

/** Sends what a tool has to say, with the misbehaviour that its settings ask for. */
export function openHooks(settings: Settings, now: () => Date): Hooks {
  const attempts: Attempt[] = [];
  let held: Delivery[] = [];
  let ending = new AbortController();

  const record = (delivery: Delivery, status: number | null, note: string | null) => {
    const { what, url } = delivery;
    attempts.push({ at: now().toISOString(), what, url, status, note });
    attempts.splice(0, attempts.length - ATTEMPTS_KEPT);
  };

  /** One try: what to tell the next one, or null when there is none. */
  const attempt = async (
    delivery: Delivery,
    target: string,
    extra: Readonly<Record<string, string>>,
  ): Promise<string | null> => {
    const sentAt = new Date(now().getTime() + settings.hookClockSkewSeconds * 1_000);
    const headers = delivery.headers(sentAt, settings.breakHookSignatures);
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(settings.hookTimeoutMs)]);
    try {
      const response = await fetch(target, {
        method: "POST",
        redirect: "manual",
        headers: { ...headers, ...extra },
        body: delivery.body,
        signal,
      });
      await response.arrayBuffer();
      const isUnwanted = response.headers.get("x-slack-no-retry") === "1";
      record(delivery, response.status, null);
      return delivery.isRetried(response.status) && !isUnwanted ? "http_error" : null;
    } catch {
      const reason = signal.aborted ? "http_timeout" : "connection_failed";
      record(delivery, null, reason);
      return reason;
    }
  };

  /** Until one try needs no other, or everything ends: the wait then rejects. */
  const tryUntilTaken = async (delivery: Delivery, target: string): Promise<void> => {
    const { signal } = ending;
    let reason: string | null = null;
    for (const [retry, wait] of [settings.hookDelayMs, ...settings.hookRetryDelaysMs].entries()) {
      if (wait > 0) await delay(wait, undefined, { signal, ref: false });
      signal.throwIfAborted();
      const extra = reason === null ? {} : (delivery.retryHeaders?.(retry, reason) ?? {});
      reason = await attempt(delivery, target, extra);
      if (reason === null) return;
    }
  };

  const send = async (delivery: Delivery): Promise<void> => {
    const target = targetOf(delivery.url, settings.allowHttpHooks);
    if (target !== null) return await tryUntilTaken(delivery, target);
    record(delivery, null, "not sent: stand-ins call this machine only");
  };

  const start = (delivery: Delivery) => {
    for (let copy = 0; copy < settings.hookCopies; copy += 1) {
      // It rejects only when everything ends.
      send(delivery).catch(() => undefined);
    }
  };

  return {
    deliver: (delivery) => {
      if (settings.holdHooks) held.push(delivery);
      else start(delivery);
    },
    release: (order) => {
      const going = order === "sent" ? held : held.toReversed();
      held = [];
      for (const delivery of going) start(delivery);
      return going.length;
    },
    attempts: () => attempts,
    clear: () => {
      ending.abort();
      ending = new AbortController();
      held = [];
      attempts.length = 0;
    },
  };
}
