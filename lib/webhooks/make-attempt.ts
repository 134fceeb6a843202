import { sendOutbound } from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import type { AttemptResult } from "@/lib/webhooks/outcome";
import { type SigningSecrets, signatureHeaders } from "@/lib/webhooks/signatures";

export const attemptTimeoutMs = 10_000;
const captureBytes = 2048;
const userAgent = "Harmony-Webhooks/1.0";

export interface Message {
  readonly deliveryId: string;
  readonly url: string;
  readonly eventType: string;
  readonly body: string;
  readonly isTest: boolean;
}

function requestHeaders(message: Message, secrets: SigningSecrets, now: Date) {
  return {
    "content-type": "application/json; charset=utf-8",
    "user-agent": userAgent,
    "x-harmony-event": message.eventType,
    "x-harmony-delivery": message.deliveryId,
    ...(message.isTest ? { "x-harmony-test": "true" } : {}),
    ...signatureHeaders(
      {
        id: message.deliveryId,
        timestampSeconds: Math.floor(now.getTime() / 1000),
        body: message.body,
      },
      secrets,
    ),
  };
}

/**
 * Sends one signed attempt and reports what came back; it never throws for what a receiver does.
 * Ten seconds in all; of the answer the first 2 KB are kept.
 */
export async function makeAttempt(
  message: Message,
  secrets: SigningSecrets,
  options: { readonly now: Date; readonly signal?: AbortSignal },
): Promise<AttemptResult> {
  const headers = requestHeaders(message, secrets, options.now);
  const sent = { startedAt: options.now, url: message.url, requestHeaders: headers };
  const begun = performance.now();
  try {
    const answer = await sendOutbound({
      url: message.url,
      method: "POST",
      headers,
      body: message.body,
      timeoutMs: attemptTimeoutMs,
      captureBytes,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return {
      ...sent,
      durationMs: Math.round(answer.durationMs),
      timings: answer.timings,
      response: {
        status: answer.status,
        headers: answer.headers,
        // PostgreSQL's text takes no NUL.
        body: answer.body.toString("utf8").replaceAll("\0", "\ufffd"),
      },
      error: null,
    };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return {
      ...sent,
      durationMs: Math.round(performance.now() - begun),
      timings: {},
      response: null,
      error: { code: error.code, message: error.message },
    };
  }
}
