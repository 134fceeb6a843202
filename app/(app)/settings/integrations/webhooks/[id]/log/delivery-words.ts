import { answerWords } from "@/components/webhooks/words";
import { attemptDelaysSeconds } from "@/lib/webhooks/schedule";
import type { AttemptView, DeliveryRow, DeliveryStatus } from "@/lib/webhooks/schema";

// What the facts of a delivery are called on its page.

export const deliveryStatusWords: Readonly<Record<DeliveryStatus, string>> = {
  pending: "Pending",
  delivering: "Delivering",
  succeeded: "Succeeded",
  retrying: "Retrying",
  failed: "Failed",
  cancelled: "Cancelled",
};

const reasonWords: Readonly<Record<NonNullable<DeliveryRow["reason"]>, string>> = {
  paused: "The webhook was paused.",
  disabled: "The webhook was disabled.",
  deleted: "The webhook was deleted.",
  gone: "The receiver answered 410, which asks to stop for good.",
  exhausted: "Every attempt failed.",
  meeting_deleted: "The meeting was deleted.",
};

/** Why it ended without success; null where that needs no words. */
export function reasonOf({ reason }: Pick<DeliveryRow, "reason">): string | null {
  return reason === null ? null : reasonWords[reason];
}

/** True while a delivery can still change by itself. */
export function isUnfinished({ status }: Pick<DeliveryRow, "status">): boolean {
  return status === "pending" || status === "delivering" || status === "retrying";
}

/** "3 of 10"; a test is tried once. */
export function attemptsWords({ attempts, isTest }: DeliveryRow): string {
  return `${attempts} of ${isTest ? 1 : attemptDelaysSeconds.length}`;
}

/** What came back, as the list says it: an HTTP code, or why there was no answer. */
export function answerOf({ lastStatus, lastError }: DeliveryRow): string | null {
  return answerWords(lastStatus, lastError);
}

/** JSON with line breaks; any other text as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Set by curl itself, or true only of the connection that was. */
const leftToCurl: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "host",
]);

/** The attempt as a command that sends it again from a shell: the same bytes and the signatures as they were sent. */
export function curlOfAttempt(
  { url, requestHeaders }: Pick<AttemptView, "url" | "requestHeaders">,
  requestBody: string,
): string {
  const headers = Object.entries(requestHeaders).filter(
    ([name]) => !leftToCurl.has(name.toLowerCase()),
  );
  return [
    `curl -X POST ${shellQuoted(url)}`,
    ...headers.map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`),
    `--data-raw ${shellQuoted(requestBody)}`,
  ].join(" \\\n  ");
}
