import { and, eq, type SQL, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { webhooks } from "@/db/schema/webhooks";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { dateRange, parseIso } from "@/lib/core/dates";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { wakeDispatcher } from "@/lib/events/fan-out";
import type { EventType } from "@/lib/events/schema";
import { logRetentionDays, redeliverMax } from "@/lib/webhooks/schema";

// Sending again (handbook 21.5): always a new delivery with a new id and the same body. What is sent is chosen by one
// query, the same that counted it, under a lock on the webhook: whoever comes second finds the first one's deliveries
// open and sends none of those events.

type WebhookRow = typeof webhooks.$inferSelect;

const dayMs = 86_400_000;

const mayRead = (ctx: Context) => requirePermission(ctx, "organization:read", "all");
const maySend = (ctx: Context) => requirePermission(ctx, "organization:update", "all");

async function readWebhook(ctx: Context, id: string): Promise<WebhookRow> {
  const [row] = await db()
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.workspaceId, ctx.principal.workspaceId)));
  if (!row) throw notFound("Webhook");
  return row;
}

const silent = (message: string, fix: string) => new AppError("conflict", message, { fix });

/** The webhook, locked; refused with the remedy while it sends nothing. */
async function lockSender(tx: Tx, ctx: Context, id: string): Promise<WebhookRow> {
  const [row] = await tx
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.workspaceId, ctx.principal.workspaceId)))
    // New events of this webhook need not wait, only whoever else would send again.
    .for("no key update");
  if (!row) throw notFound("Webhook");
  if (row.deletedAt !== null)
    throw silent("This webhook was deleted and sends nothing", "Add a new one for its URL.");
  if (row.status === "paused")
    throw silent("This webhook is paused and sends nothing", "Resume it, then send again.");
  if (row.status === "disabled")
    throw silent("This webhook is disabled and sends nothing", "Re-enable it, then send again.");
  return row;
}

// --- What is sent ---------------------------------------------------------------------------------------------

/**
 * Deliveries of the webhook that may be sent again, one for each event: tests never, and nothing about a meeting that
 * was deleted since (handbook D-64).
 */
function sendable(webhook: Pick<WebhookRow, "id" | "workspaceId">, condition: SQL): SQL {
  return sql`select distinct on (d.event_id) d.id, d.created_at from webhook_deliveries d
    join events e on e.id = d.event_id and e.workspace_id = d.workspace_id
    where d.webhook_id = ${webhook.id} and d.workspace_id = ${webhook.workspaceId}
      and not d.is_test and (e.meeting_id is null or exists (select 1 from meetings m
        where m.id = e.meeting_id and m.workspace_id = e.workspace_id))
      and ${condition}
    order by d.event_id, d.created_at, d.id`;
}

interface Range {
  /** ISO 8601. */
  readonly from: string;
  readonly before: string | null;
  /** Empty for all. */
  readonly events: readonly EventType[];
  readonly onlyMissing: boolean;
}

/** The deliveries with which the events of a time first came to the webhook. */
function inRange({ from, before, events, onlyMissing }: Range): SQL {
  const conditions = [sql`d.redelivery_of is null and d.created_at >= ${from}::timestamptz`];
  if (before !== null) conditions.push(sql`d.created_at < ${before}::timestamptz`);
  if (events.length > 0) conditions.push(sql`d.event_type in ${[...events]}`);
  if (onlyMissing) {
    conditions.push(sql`not exists (select 1 from webhook_deliveries o
      where o.event_id = d.event_id and o.webhook_id = d.webhook_id
        and o.workspace_id = d.workspace_id and not o.is_test
        and (o.status = 'succeeded' or o.next_attempt_at is not null))`);
  }
  return sql.join(conditions, sql` and `);
}

async function countOf(tx: Tx, chosen: SQL): Promise<number> {
  const [row] = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${chosen}) chosen`,
  );
  return row?.n ?? 0;
}

/** Makes the new deliveries, the oldest events first and at most `max`, and wakes the engine. @returns their ids. */
async function send(tx: Tx, chosen: SQL, max: number): Promise<string[]> {
  if (max === 0) return [];
  const ids = sql.param(Array.from({ length: max }, () => newId("delivery")));
  const rows = await tx.execute<{ id: string }>(sql`
    insert into webhook_deliveries (id, workspace_id, webhook_id, event_id, event_type, status,
      next_attempt_at, request_body, redelivery_of)
    select fresh.id, d.workspace_id, d.webhook_id, d.event_id, d.event_type, 'pending',
      now(), d.request_body, d.id
    from (select c.id, row_number() over (order by c.created_at, c.id) as place
      from (${chosen}) c) chosen
    join unnest(${ids}::text[]) with ordinality fresh(id, place)
      on fresh.place = chosen.place
    join webhook_deliveries d on d.id = chosen.id
    returning id`);
  if (rows.length > 0) wakeDispatcher(tx);
  return rows.map(({ id }) => id);
}

async function recordSent(
  tx: Tx,
  ctx: Context,
  webhook: WebhookRow,
  metadata: Readonly<Record<string, unknown>> & { readonly count: number },
): Promise<void> {
  if (metadata.count === 0) return;
  await recordAudit(tx, ctx, {
    category: "webhooks",
    action: "webhook.redelivered",
    target: { type: "webhook", id: webhook.id, label: webhook.name },
    metadata,
  });
}

// --- Chosen deliveries ----------------------------------------------------------------------------------------

/**
 * Sends the events of these deliveries again; each event once, however often it was chosen. `not_found` when one of
 * them is not of this webhook, `conflict` when nothing of it can be sent.
 * @returns how many were sent, and the ids of the new deliveries.
 */
export async function redeliver(
  ctx: Context,
  input: { readonly id: string; readonly delivery_ids: readonly string[] },
): Promise<{ readonly sent: number; readonly ids: readonly string[] }> {
  maySend(ctx);
  const wanted = [...new Set(input.delivery_ids)];
  return db().transaction(async (tx) => {
    const webhook = await lockSender(tx, ctx, input.id);
    const [known] = await tx.execute<{ n: number }>(sql`select count(*)::int as n
      from webhook_deliveries d where d.webhook_id = ${webhook.id}
        and d.workspace_id = ${webhook.workspaceId} and d.id in ${wanted}`);
    if ((known?.n ?? 0) < wanted.length) throw notFound("Delivery");
    const ids = await send(tx, sendable(webhook, sql`d.id in ${wanted}`), wanted.length);
    if (ids.length === 0) {
      throw new AppError("conflict", "Nothing of this can be sent again", {
        fix: "Tests, and events of meetings that were deleted, are not. For a new test use Send test.",
      });
    }
    await recordSent(tx, ctx, webhook, { count: ids.length, deliveries: wanted });
    return { sent: ids.length, ids };
  });
}

// --- A range of time ------------------------------------------------------------------------------------------

export interface RedeliverRange {
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly events: readonly EventType[];
  readonly only_missing: boolean;
}

function rangeOf(input: RedeliverRange): Range {
  const dateHint = "Use a time such as 2026-01-31T09:00:00Z.";
  if (!parseIso(input.from)) throw invalidRequest("The start is not a time", { from: dateHint });
  if (input.to !== null && !parseIso(input.to))
    throw invalidRequest("The end is not a time", { to: dateHint });
  const { from, before, isEmpty } = dateRange(input.from, input.to ?? undefined);
  if (isEmpty || from === null) {
    throw invalidRequest("The end lies before the start", { to: "Choose a later end." });
  }
  return { from, before, events: input.events, onlyMissing: input.only_missing };
}

/** How many events `redeliverRange` would send with the same input, however many that are. */
export async function countRange(
  ctx: Context,
  input: RedeliverRange,
): Promise<{ readonly count: number }> {
  mayRead(ctx);
  const range = rangeOf(input);
  const webhook = await readWebhook(ctx, input.id);
  return { count: await countOf(db(), sendable(webhook, inRange(range))) };
}

/**
 * Sends the events of a time again: those that never reached the receiver and are not under way, or with
 * `only_missing: false` every one. `invalid_request` above `redeliverMax`.
 */
export async function redeliverRange(
  ctx: Context,
  input: RedeliverRange,
): Promise<{ readonly sent: number }> {
  maySend(ctx);
  const range = rangeOf(input);
  return db().transaction(async (tx) => {
    const webhook = await lockSender(tx, ctx, input.id);
    const chosen = sendable(webhook, inRange(range));
    const count = await countOf(tx, chosen);
    if (count > redeliverMax) {
      throw invalidRequest(
        `These are ${count} events; at most ${redeliverMax} are sent at once`,
        { to: "Choose a shorter range." },
        "Choose a shorter range, send it, then go on with the next.",
      );
    }
    const { length: sent } = await send(tx, chosen, count);
    const { from, to, events, only_missing } = input;
    await recordSent(tx, ctx, webhook, { count: sent, from, to, events, only_missing });
    return { sent };
  });
}

// --- What was missed ------------------------------------------------------------------------------------------

/** Everything missing that the log still has; `since` makes it later. */
function missed(ctx: Context, webhook: WebhookRow, since?: Date): SQL {
  const kept = ctx.now().getTime() - logRetentionDays * dayMs;
  const from = new Date(Math.max(kept, webhook.createdAt.getTime(), since?.getTime() ?? 0));
  return sendable(
    webhook,
    inRange({ from: from.toISOString(), before: null, events: [], onlyMissing: true }),
  );
}

/** How many events never reached the receiver and are not under way, in the last 30 days or since `since`. */
export async function countMissed(
  ctx: Context,
  input: { readonly id: string; readonly since?: Date },
): Promise<number> {
  mayRead(ctx);
  const webhook = await readWebhook(ctx, input.id);
  return await countOf(db(), missed(ctx, webhook, input.since));
}

/**
 * Sends what was missed in the last 30 days, the oldest first and at most `redeliverMax`; `countMissed` tells what
 * is left. Runs in the caller's transaction, after the webhook has become active.
 * @returns how many events are sent.
 */
export async function sendMissed(
  tx: Tx,
  ctx: Context,
  input: { readonly id: string },
): Promise<number> {
  maySend(ctx);
  const webhook = await lockSender(tx, ctx, input.id);
  const chosen = missed(ctx, webhook);
  const count = Math.min(await countOf(tx, chosen), redeliverMax);
  const { length: sent } = await send(tx, chosen, count);
  await recordSent(tx, ctx, webhook, { count: sent, missed: true });
  return sent;
}
