import { and, asc, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { events } from "@/db/schema/activity";
import { webhookAttempts, webhookDeliveries } from "@/db/schema/webhooks";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { dateRange, dateText } from "@/lib/core/dates";
import { notFound } from "@/lib/core/errors";
import { eventTypes } from "@/lib/events/schema";
import { countUpTo, type LogPage, logOrder, logPage } from "@/lib/http/log-page";
import { type DeliveryRow, type DeliveryView, deliveryStatuses } from "@/lib/webhooks/schema";

// Reading the delivery log (handbook 21.5), newest first.

const perPageDefault = 50;
const perPageMax = 100;
/** Longer totals are shown as "10,000+": counting all rows of a busy webhook would cost more than it tells. */
export const deliveriesCountedMax = 10_000;
const newerMax = 100;
const attemptsMax = 50;

const deliveries = webhookDeliveries;

const order = logOrder({
  ...{ at: deliveries.createdAt, id: deliveries.id, prefix: "dlv", name: "log" },
  fix: "Open the log again from its first page.",
});

/** Where a page begins, as `nextCursor` and `newest` gave it. */
export const logPosition = order.schema;

/** The log's filters, as they stand in the address of the page. */
export const deliveryFilters = z
  .object({
    event: z.enum(eventTypes),
    status: z.enum(deliveryStatuses),
    /** The exact id of a delivery, an event or a meeting. */
    q: z.string().trim().max(100),
    date_from: dateText,
    date_to: dateText,
  })
  .partial();
export type DeliveryFilters = z.output<typeof deliveryFilters>;

interface LogQuery extends DeliveryFilters {
  readonly webhookId: string;
}

function searched(workspaceId: string, q: string): SQL {
  const [, kind] = /^(dlv|evt|mtg)_[0-9A-Za-z]{1,40}$/.exec(q) ?? [];
  if (kind === "dlv") return eq(deliveries.id, q);
  if (kind === "evt") return eq(deliveries.eventId, q);
  if (kind === undefined) return sql`false`;
  const ofMeeting = db()
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.workspaceId, workspaceId), eq(events.meetingId, q)));
  return inArray(deliveries.eventId, ofMeeting);
}

function matching(ctx: Context, query: LogQuery): SQL | undefined {
  const { workspaceId } = ctx.principal;
  const { from, before } = dateRange(query.date_from, query.date_to);
  return and(
    eq(deliveries.webhookId, query.webhookId),
    eq(deliveries.workspaceId, workspaceId),
    query.event === undefined ? undefined : eq(deliveries.eventType, query.event),
    query.status === undefined ? undefined : eq(deliveries.status, query.status),
    query.q ? searched(workspaceId, query.q) : undefined,
    from === null ? undefined : gte(deliveries.createdAt, new Date(from)),
    before === null ? undefined : lt(deliveries.createdAt, new Date(before)),
  );
}

/** Of a delivery that got no answer: the code of its last attempt's error, for which pages have short words. */
const lastErrorCode = sql<string | null>`case when ${deliveries.lastError} is not null then
  (select a.error from webhook_attempts a where a.delivery_id = ${deliveries.id}
    and a.workspace_id = ${deliveries.workspaceId} and a.number = ${deliveries.attemptsCount}
    and a.started_at >= ${deliveries.createdAt} - interval '1 minute' limit 1) end`;

/** The rows of a condition, each with its position, newest first. */
function rowsWhere(condition: SQL | undefined, limit: number) {
  return db()
    .select({
      row: deliveries,
      meetingId: events.meetingId,
      position: order.text,
      errorCode: lastErrorCode,
    })
    .from(deliveries)
    .leftJoin(
      events,
      and(eq(events.id, deliveries.eventId), eq(events.workspaceId, deliveries.workspaceId)),
    )
    .where(condition)
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(limit);
}

type Found = Awaited<ReturnType<typeof rowsWhere>>[number];

function rowOf({ row, meetingId, errorCode }: Found): DeliveryRow {
  return {
    id: row.id,
    eventId: row.eventId,
    event: row.eventType,
    meetingId,
    status: row.status,
    reason: row.reason,
    attempts: row.attemptsCount,
    lastStatus: row.lastStatus,
    lastError: errorCode ?? row.lastError,
    durationMs: row.lastDurationMs,
    isTest: row.isTest,
    redeliveryOf: row.redeliveryOf,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    completedAt: row.completedAt?.toISOString() ?? null,
  };
}

const mayRead = (ctx: Context) => requirePermission(ctx, "organization:read", "all");

/** Rows that match are counted up to `deliveriesCountedMax`. */
export type DeliveryPage = LogPage<DeliveryRow>;

/** One page of a webhook's deliveries, newest first, tests among them. @param perPage default 50, at most 100. */
export async function listDeliveries(
  ctx: Context,
  query: LogQuery & { readonly cursor?: string | undefined; readonly perPage?: number },
): Promise<DeliveryPage> {
  mayRead(ctx);
  const perPage = Math.min(query.perPage ?? perPageDefault, perPageMax);
  const condition = matching(ctx, query);
  const older = query.cursor === undefined ? undefined : order.beyond(query.cursor, "older");
  const [found, total] = await Promise.all([
    rowsWhere(and(condition, older), perPage + 1),
    countUpTo(deliveries, condition, deliveriesCountedMax),
  ]);
  return logPage(found, perPage, total, rowOf);
}

/** How many deliveries of the same filters are newer than a position, counted up to 100; null counts all. */
export async function countNewer(
  ctx: Context,
  query: LogQuery & { readonly after: string | null },
): Promise<number> {
  mayRead(ctx);
  const newer = query.after === null ? undefined : order.beyond(query.after, "newer");
  return await countUpTo(deliveries, and(matching(ctx, query), newer), newerMax);
}

/** The rows of these deliveries as they are now; ids that the webhook does not have are left out. */
export async function readDeliveries(
  ctx: Context,
  query: { readonly webhookId: string; readonly ids: readonly string[] },
): Promise<DeliveryRow[]> {
  mayRead(ctx);
  if (query.ids.length === 0) return [];
  const chosen = inArray(deliveries.id, query.ids.slice(0, perPageMax));
  const found = await rowsWhere(
    and(matching(ctx, { webhookId: query.webhookId }), chosen),
    perPageMax,
  );
  return found.map(rowOf);
}

/** One delivery with its attempts, the newest last; `not_found` for one of another webhook or workspace. */
export async function getDelivery(
  ctx: Context,
  query: { readonly webhookId: string; readonly id: string },
): Promise<DeliveryView> {
  mayRead(ctx);
  const one = and(matching(ctx, { webhookId: query.webhookId }), eq(deliveries.id, query.id));
  const [found] = await rowsWhere(one, 1);
  if (!found) throw notFound("Delivery");
  const attempts = await db()
    .select()
    .from(webhookAttempts)
    .where(
      and(
        eq(webhookAttempts.deliveryId, query.id),
        eq(webhookAttempts.workspaceId, ctx.principal.workspaceId),
        // Leaves out the months before it, each a partition of its own. A minute for clocks that differ.
        gte(webhookAttempts.startedAt, new Date(found.row.createdAt.getTime() - 60_000)),
      ),
    )
    .orderBy(desc(webhookAttempts.number), asc(webhookAttempts.startedAt))
    .limit(attemptsMax);
  const maySeeContents = hasGrant(ctx.principal.grants, "organization:update", "all");
  return {
    ...rowOf(found),
    requestBody: maySeeContents ? found.row.requestBody : null,
    attemptLog: attempts
      .reverse()
      .map(({ workspaceId: _w, webhookId: _h, deliveryId: _d, startedAt, ...attempt }) => ({
        ...attempt,
        responseBody: maySeeContents ? attempt.responseBody : null,
        startedAt: startedAt.toISOString(),
      })),
  };
}
