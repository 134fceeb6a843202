import { and, eq, sql } from "drizzle-orm";
import { engineDb, executePrepared, type Tx } from "@/db/client";
import { webhooks } from "@/db/schema/webhooks";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import type { Claimed } from "@/lib/webhooks/claim";
import { type DisabledWebhook, tellDisabled } from "@/lib/webhooks/health";
import type { AttemptResult, Outcome } from "@/lib/webhooks/outcome";

/** One attempt that has ended. */
export interface Finished {
  /** The attempt's id: given once, so that a batch whose writing is tried again is written once. */
  readonly attemptId: string;
  readonly delivery: Claimed;
  readonly result: AttemptResult;
  readonly outcome: Outcome;
}

const failingDaysMax = 5;

function attemptRow({ attemptId, delivery, result, outcome }: Finished) {
  const { response, error } = result;
  return {
    id: attemptId,
    workspace_id: delivery.workspace_id,
    webhook_id: delivery.webhook_id,
    delivery_id: delivery.id,
    number: delivery.attempts_count + 1,
    started_at: result.startedAt,
    ended_at: new Date(result.startedAt.getTime() + result.durationMs),
    duration_ms: result.durationMs,
    timings: result.timings,
    url: result.url,
    request_headers: result.requestHeaders,
    response_status: response?.status ?? null,
    response_headers: response?.headers ?? null,
    response_body: response?.body ?? null,
    error: error?.code ?? null,
    error_message: error?.message ?? null,
    status: outcome.status,
    reason: outcome.reason,
    next_attempt_at: outcome.nextAttemptAt,
  };
}

/** What a webhook's attempts of one batch, in the order of their ends, say about its health. */
interface HealthChange {
  readonly id: string;
  readonly last_at: Date;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly success_at: Date | null;
  /** Failures since the last success of the batch, or all of them when there was none. */
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly is_gone: boolean;
}

function healthAfter(before: HealthChange | undefined, finished: Finished): HealthChange {
  const { delivery, result, outcome } = finished;
  const at = new Date(result.startedAt.getTime() + result.durationMs);
  const seen = {
    id: delivery.webhook_id,
    last_at: at,
    last_status: result.response?.status ?? null,
    last_error: result.error?.message ?? null,
    is_gone: outcome.reason === "gone" || (before?.is_gone ?? false),
  };
  if (outcome.status === "succeeded") {
    return { ...seen, success_at: at, failures: 0, failing_since: null };
  }
  const success_at = before?.success_at ?? null;
  const failures = before?.failures ?? 0;
  const failing_since = before?.failing_since ?? null;
  if (!outcome.countsAsFailure) return { ...seen, success_at, failures, failing_since };
  return { ...seen, success_at, failures: failures + 1, failing_since: failing_since ?? at };
}

/** Sums a batch up, webhook by webhook. Tests say nothing about health. */
function healthChanges(batch: readonly Finished[]): HealthChange[] {
  const changes = new Map<string, HealthChange>();
  for (const finished of batch) {
    const { webhook_id: id, is_test: isTest } = finished.delivery;
    if (!isTest) changes.set(id, healthAfter(changes.get(id), finished));
  }
  return [...changes.values()];
}

async function lockWebhooks(tx: Tx, changes: readonly HealthChange[]): Promise<void> {
  const ids = sql.param(changes.map(({ id }) => id));
  await executePrepared(
    tx,
    sql`select id from webhooks where id = any(${ids}) order by id for no key update`,
  );
}

/** @returns the deliveries that this call, and none before it, ended as failed. */
async function writeAttempts(tx: Tx, batch: readonly Finished[]): Promise<Set<string>> {
  const rows = JSON.stringify(batch.map(attemptRow));
  // A delivery that was cancelled while its attempt was under way has been delivered all the same.
  const failed = await executePrepared<{ id: string }>(
    tx,
    sql`
    with r as materialized (select * from jsonb_to_recordset(${rows}::text::jsonb) as r (
      id text, workspace_id text, webhook_id text, delivery_id text, number smallint, started_at timestamptz,
      ended_at timestamptz, duration_ms integer, timings jsonb, url text, request_headers jsonb,
      response_status smallint, response_headers jsonb, response_body text, error text, error_message text,
      status text, reason text, next_attempt_at timestamptz)),
    moved as (
      update webhook_deliveries d set status = r.status, reason = r.reason, attempts_count = r.number,
        next_attempt_at = r.next_attempt_at, claimed_until = null, last_status = r.response_status,
        last_error = r.error_message, last_duration_ms = r.duration_ms,
        completed_at = case when r.next_attempt_at is null then r.ended_at end
      from r where d.id = r.delivery_id and d.attempts_count = r.number - 1
        and (d.status = 'delivering' or (d.status = 'cancelled' and r.status = 'succeeded'))
      returning d.id, d.status),
    logged as (insert into webhook_attempts (id, workspace_id, webhook_id, delivery_id, number, started_at, duration_ms,
      timings, url, request_headers, response_status, response_headers, response_body, error, error_message)
    select id, workspace_id, webhook_id, delivery_id, number, started_at, duration_ms, timings, url,
      request_headers, response_status, response_headers, response_body, error, error_message from r
    on conflict do nothing)
    select id from moved where status = 'failed'`,
  );
  return new Set(failed.map(({ id }) => id));
}

async function writeHealth(
  tx: Tx,
  changes: readonly HealthChange[],
  now: Date,
): Promise<readonly DisabledWebhook[]> {
  const rows = JSON.stringify(changes);
  const longAgo = new Date(now.getTime() - failingDaysMax * 86_400_000);
  return await executePrepared<DisabledWebhook>(
    tx,
    sql`
    with r as (select * from jsonb_to_recordset(${rows}::text::jsonb) as r (
      id text, last_at timestamptz, last_status smallint, last_error text, success_at timestamptz,
      failures integer, failing_since timestamptz, is_gone boolean)),
    health as (
      select w.id, r.last_at, r.last_status, r.last_error, r.is_gone, r.failures,
        coalesce(r.success_at, w.last_success_at) as success_at,
        case when r.success_at is null then w.consecutive_failures else 0 end + r.failures as consecutive,
        case when r.success_at is null then coalesce(w.failing_since, r.failing_since)
          else r.failing_since end as failing_since
      from webhooks w join r on r.id = w.id),
    judged as (
      select h.*, case when h.is_gone then 'gone'
        when h.failures > 0 and h.failing_since < ${longAgo.toISOString()}::timestamptz then 'failing' end as verdict
      from health h),
    written as (
      update webhooks w set last_delivery_at = j.last_at, last_status = j.last_status, last_error = j.last_error,
        last_success_at = j.success_at, consecutive_failures = j.consecutive, failing_since = j.failing_since,
        warned_at = case when j.failing_since is not null then w.warned_at end,
        status = case when j.verdict is null or w.status <> 'active' then w.status else 'disabled' end,
        disabled_at = case when j.verdict is null or w.status <> 'active' then w.disabled_at
          else ${now.toISOString()}::timestamptz end,
        disabled_reason = case when j.verdict is null or w.status <> 'active' then w.disabled_reason
          else j.verdict end
      from judged j where w.id = j.id
      returning w.id, w.workspace_id, w.name, w.disabled_reason, w.last_status, w.last_error, w.failing_since,
        j.verdict is not null and w.status = 'disabled' and w.disabled_at = ${now.toISOString()}::timestamptz as is_new)
    select * from written where is_new`,
  );
}

interface GivenUp {
  readonly workspaceId: string;
  readonly deliveryIds: string[];
  lastStatus: number | null;
}

/** Deliveries of the batch that failed for good, webhook by webhook; a 410 disables, which is told by itself. */
function givenUpOf(batch: readonly Finished[], failed: ReadonlySet<string>): Map<string, GivenUp> {
  const found = new Map<string, GivenUp>();
  for (const { delivery, result, outcome } of batch) {
    if (!failed.has(delivery.id) || outcome.reason === "gone" || delivery.is_test) continue;
    const known = found.get(delivery.webhook_id) ?? {
      workspaceId: delivery.workspace_id,
      deliveryIds: [],
      lastStatus: null,
    };
    known.deliveryIds.push(delivery.id);
    known.lastStatus = result.response?.status ?? null;
    found.set(delivery.webhook_id, known);
  }
  return found;
}

async function auditGivenUp(
  tx: Tx,
  givenUp: ReadonlyMap<string, GivenUp>,
  now: Date,
): Promise<void> {
  for (const [id, { workspaceId, deliveryIds, lastStatus }] of givenUp) {
    const [webhook] = await tx
      .select({ name: webhooks.name })
      .from(webhooks)
      .where(and(eq(webhooks.workspaceId, workspaceId), eq(webhooks.id, id)));
    await recordOwnAudit(tx, workspaceId, now, {
      category: "errors",
      action: "webhook.delivery_failed",
      target: { type: "webhook", id, label: webhook?.name ?? id },
      result: "failure",
      metadata: {
        deliveries: deliveryIds.length,
        delivery_ids: deliveryIds.slice(0, 20),
        last_status: lastStatus,
      },
    });
  }
}

/**
 * Writes a batch of ended attempts: log, deliveries and the health of their webhooks in one transaction. A webhook
 * that answered 410, or that fails for more than five days, is disabled, its waiting deliveries are cancelled and
 * its admins told in that same transaction. Webhooks are locked first and in one order, as in every change of one,
 * so that two writers never wait for each other.
 */
export async function recordResults(batch: readonly Finished[], now: Date): Promise<void> {
  const changes = healthChanges(batch);
  await engineDb().transaction(async (tx) => {
    // Sent together, run in this order.
    const [, failed, disabled] = await Promise.all([
      lockWebhooks(tx, changes),
      writeAttempts(tx, batch),
      writeHealth(tx, changes, now),
    ]);
    await auditGivenUp(tx, givenUpOf(batch, failed), now);
    for (const webhook of disabled) {
      await tx.execute(sql`
        update webhook_deliveries set status = 'cancelled', next_attempt_at = null, claimed_until = null,
          completed_at = ${now.toISOString()}::timestamptz,
          reason = ${webhook.disabled_reason === "gone" ? "gone" : "disabled"}
        where webhook_id = ${webhook.id} and next_attempt_at is not null and not is_test`);
      await tellDisabled(tx, webhook, now);
    }
  });
}
