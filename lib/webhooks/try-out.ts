import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { webhookDeliveries } from "@/db/schema/webhooks";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { eventBody, wakeDispatcher } from "@/lib/events/fan-out";
import { EVENTS, type EventType } from "@/lib/events/schema";
import { sendOutbound } from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import { limiter } from "@/lib/rate-limit/limiter";
import type { UrlTestResult } from "@/lib/webhooks/schema";
import { auditTarget, lockWebhook, requireOutboundUrl } from "@/lib/webhooks/service";

const testsPerMinute = 20;
const timeoutMs = 10_000;

/** Every test makes us send a request to an address that somebody typed. */
async function countTest(ctx: Context): Promise<void> {
  const { userId, id } = ctx.principal;
  const taken = await limiter().take(`webhook-test:${userId ?? id}`, testsPerMinute);
  if (taken.allowed) return;
  throw new AppError("rate_limited", "Too many tests in this minute", {
    fix: `Wait ${taken.retryAfterSeconds} s and try again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

/** What an answer outside of 2xx means for the owner of the receiver, and what to do. */
function problemOf(status: number): string {
  if (status >= 300 && status < 400) {
    return "It sends on to another address, and redirects are not followed. Enter the address that it leads to.";
  }
  if (status === 401 || status === 403) {
    return "It refuses the request. Let it accept requests without a login; each event is signed, so check the signature instead.";
  }
  if (status === 404 || status === 410) {
    return "There is nothing at this path. Check the path of the address.";
  }
  if (status === 405) return "It does not accept POST here. Check the path of the address.";
  if (status === 429) return "It is receiving too many requests. Try again in a minute.";
  if (status >= 500) return "The receiver failed. Look into its own log for the reason.";
  return "Only an answer from 200 to 299 counts as received. Let it answer 2xx.";
}

async function send(url: URL, now: Date): Promise<UrlTestResult> {
  const started = performance.now();
  try {
    const { status, durationMs } = await sendOutbound({
      url: url.href,
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Harmony-Webhooks/1.0",
        "x-harmony-test": "true",
      },
      body: JSON.stringify({
        event: "webhook.test",
        timestamp: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
        data: { message: "Harmony can reach this address. This test is not signed." },
      }),
      timeoutMs,
      captureBytes: 1024,
    });
    const ok = status >= 200 && status < 300;
    return { ok, status, durationMs, problem: ok ? null : problemOf(status) };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const durationMs = Math.round(performance.now() - started);
    return { ok: false, status: null, durationMs, problem: error.message };
  }
}

/**
 * Whether an address can be reached, before a webhook is saved (handbook 21.6): one unsigned POST that stands in
 * no log. A failing receiver is a result, not an error; `rate_limited` above 20 tests a minute and person.
 */
export async function testUrl(
  ctx: Context,
  input: { readonly url: string },
): Promise<UrlTestResult> {
  requirePermission(ctx, "organization:update", "all");
  const url = requireOutboundUrl(input.url);
  await countTest(ctx);
  const result = await send(url, ctx.now());
  await recordAudit(db(), ctx, {
    category: "webhooks",
    action: "webhook.tested",
    result: result.ok ? "success" : "failure",
    metadata: { host: url.host, status: result.status },
  });
  return result;
}

/**
 * Sends the sample of an event that the webhook subscribes to: signed, marked as a test, tried once, also while
 * the webhook is paused or disabled. The delivery then stands in the log.
 */
export async function sendTest(
  ctx: Context,
  input: { readonly id: string; readonly event: EventType },
): Promise<{ readonly deliveryId: string }> {
  requirePermission(ctx, "organization:update", "all");
  await countTest(ctx);
  return db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, input.id);
    if (!row.events.includes(input.event)) {
      throw invalidRequest("The webhook does not receive this event", {
        event: "Choose one of its events, or add this one to it first.",
      });
    }
    const deliveryId = newId("delivery");
    await tx.insert(webhookDeliveries).values({
      id: deliveryId,
      workspaceId: row.workspaceId,
      webhookId: row.id,
      eventType: input.event,
      requestBody: eventBody({
        id: newId("event"),
        type: input.event,
        occurredAt: ctx.now(),
        workspaceId: row.workspaceId,
        data: EVENTS[input.event].sample,
      }),
      isTest: true,
      nextAttemptAt: sql`now()`,
    });
    await recordAudit(tx, ctx, {
      category: "webhooks",
      action: "webhook.tested",
      target: auditTarget(row),
      metadata: { event: input.event, delivery: deliveryId },
    });
    wakeDispatcher(tx);
    return { deliveryId };
  });
}
