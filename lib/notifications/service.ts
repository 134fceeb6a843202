import { and, desc, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { incidents, notificationPreferences, notifications } from "@/db/schema/activity";
import { connectionAlertChoices, connections } from "@/db/schema/integrations";
import type { Context } from "@/lib/auth/principal";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { readConnection } from "@/lib/integrations/service";
import type { AlertChoiceGrid, NotificationView, PreferenceGrid } from "@/lib/notifications/schema";
import { readWants } from "@/lib/notify/preferences";
import {
  type Alert,
  alerts,
  type Channel,
  channels,
  channelWords,
  isLocked,
  notificationTypeNames,
} from "@/lib/notify/schema";

// A person's own notifications of the workspace they are in (handbook 13). Nobody reads or changes another's.

const perPageDefault = 30;
const perPageMax = 100;
/** Above it the bell says "99+". */
const unreadCountedMax = 100;
/** More than there are tools. */
const connectionsMax = 100;

const positionShape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~(ntf_[0-9A-Za-z]{1,40})$/;

/** Where a page begins, as `nextCursor` gave it. */
export const notificationPosition = z
  .string()
  .max(80)
  .regex(positionShape, "is not from this list");

/** The list's filters, as they stand in the address of the page. */
export const notificationFilters = z
  .object({
    unread: z.literal("1"),
    type: z.enum(notificationTypeNames),
  })
  .partial();
export type NotificationFilters = z.output<typeof notificationFilters>;

function personOf(ctx: Context): string {
  const { kind, userId } = ctx.principal;
  if (kind === "session" && userId !== null) return userId;
  throw new AppError("forbidden", "Only a signed-in person has notifications");
}

function own(ctx: Context): SQL | undefined {
  return and(
    eq(notifications.workspaceId, ctx.principal.workspaceId),
    eq(notifications.userId, personOf(ctx)),
  );
}

const positionText = sql<string>`to_char(${notifications.createdAt} at time zone 'UTC',
  'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || ${notifications.id}`;

function olderThan(position: string): SQL {
  const [, at, id] = positionShape.exec(position) ?? [];
  if (at === undefined || id === undefined) {
    throw invalidRequest(
      "The position does not belong to this list",
      { cursor: "It was changed on the way." },
      "Open the notifications again from the first page.",
    );
  }
  return sql`(${notifications.createdAt}, ${notifications.id}) < (${at}::timestamptz, ${id})`;
}

/** How many are unread, counted up to 100. */
export async function countUnread(ctx: Context): Promise<number> {
  const unread = db()
    .select({ one: sql`1` })
    .from(notifications)
    .where(and(own(ctx), isNull(notifications.readAt)))
    .limit(unreadCountedMax);
  const [row] = await db().select({ n: sql<number>`count(*)::int` }).from(unread.as("unread"));
  return row?.n ?? 0;
}

export interface NotificationPage {
  readonly rows: readonly NotificationView[];
  /** The position behind the last row; null when nothing follows. */
  readonly nextCursor: string | null;
}

interface NotificationQuery {
  readonly filters?: NotificationFilters;
  readonly cursor?: string | undefined;
  /** Default 30, at most 100. */
  readonly perPage?: number;
}

/** One page of the person's notifications, newest first. */
export async function listNotifications(
  ctx: Context,
  query: NotificationQuery = {},
): Promise<NotificationPage> {
  const { filters = {}, cursor } = query;
  const perPage = Math.min(query.perPage ?? perPageDefault, perPageMax);
  const found = await db()
    .select({
      notification: notifications,
      count: incidents.count,
      resolvedAt: incidents.resolvedAt,
      position: positionText,
    })
    .from(notifications)
    .leftJoin(
      incidents,
      and(
        eq(incidents.id, notifications.incidentId),
        eq(incidents.workspaceId, notifications.workspaceId),
      ),
    )
    .where(
      and(
        own(ctx),
        filters.unread === undefined ? undefined : isNull(notifications.readAt),
        filters.type === undefined ? undefined : eq(notifications.type, filters.type),
        cursor === undefined ? undefined : olderThan(cursor),
      ),
    )
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(perPage + 1);
  const page = found.slice(0, perPage);
  return {
    rows: page.map(({ notification: row, count, resolvedAt }) => ({
      id: row.id,
      type: row.type,
      severity: row.severity,
      title: row.title,
      body: row.body,
      link: row.link,
      // The end of an incident is not what happened so often.
      count: row.severity === "info" ? 1 : (count ?? 1),
      isOpen: count !== null && resolvedAt === null,
      isRead: row.readAt !== null,
      createdAt: row.createdAt.toISOString(),
    })),
    nextCursor: found.length > perPage ? (page.at(-1)?.position ?? null) : null,
  };
}

/** Marks one as read; `not_found` for somebody else's. Safe to repeat. */
export async function markRead(ctx: Context, input: { readonly id: string }): Promise<void> {
  const marked = await db()
    .update(notifications)
    .set({
      readAt: sql`coalesce(${notifications.readAt}, ${ctx.now().toISOString()}::timestamptz)`,
    })
    .where(and(own(ctx), eq(notifications.id, input.id)))
    .returning({ id: notifications.id });
  if (marked.length === 0) throw notFound("Notification");
}

/**
 * Marks everything as read that is not newer than a notification the person has seen, so that one which arrives at
 * this moment stays unread.
 */
export async function markAllRead(
  ctx: Context,
  input: { readonly newestId: string },
): Promise<void> {
  const [newest] = await db()
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(own(ctx), eq(notifications.id, input.newestId)));
  if (!newest) throw notFound("Notification");
  await db()
    .update(notifications)
    .set({ readAt: ctx.now() })
    .where(
      and(
        own(ctx),
        isNull(notifications.readAt),
        sql`(${notifications.createdAt}, ${notifications.id}) <= (
          select n.created_at, n.id from notifications n where n.id = ${newest.id})`,
      ),
    );
}

// --- Preferences ----------------------------------------------------------------------------------------------

/** Channels that need a connected chat tool, by the tool's slug. */
const toolOf: Partial<Record<Channel, { readonly slug: string; readonly missing: string }>> = {
  slack: { slug: "slack", missing: "Connect Slack to use this" },
  microsoft_teams: {
    slug: "microsoft_teams_chat",
    missing: "Connect Microsoft Teams to use this",
  },
};

/** What to do before a channel can be chosen; null where it can. */
type Missing = (channel: Channel) => string | null;

/** Which channels the workspace lacks: a chat tool that was never connected, or was disconnected. */
async function readMissing(workspaceId: string): Promise<Missing> {
  const rows = await db()
    .select({ slug: connections.provider })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, workspaceId),
        eq(connections.scope, "workspace"),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(connectionsMax);
  const connected = new Set(rows.map(({ slug }) => slug));
  return (channel) => {
    const tool = toolOf[channel];
    return tool === undefined || connected.has(tool.slug) ? null : tool.missing;
  };
}

/** Handbook D-31: what the person gets through which channel, in this workspace. */
export async function readPreferences(ctx: Context): Promise<PreferenceGrid> {
  const userId = personOf(ctx);
  const { workspaceId } = ctx.principal;
  const missingOf = await readMissing(workspaceId);
  return await Promise.all(
    alerts.map(async (alert) => {
      const wants = await readWants(db(), workspaceId, alert, [userId]);
      return {
        alert,
        cells: channels.map((channel) => ({
          channel,
          isOn: wants(userId, channel) && missingOf(channel) === null,
          isLocked: isLocked(alert, channel),
          missing: missingOf(channel),
        })),
      };
    }),
  );
}

export const preferenceInput = z.strictObject({
  alert: z.enum(alerts),
  channel: z.enum(channels),
  enabled: z.boolean(),
});

/** Refuses a channel that is locked, or whose tool is not connected. */
function requireChoice(alert: Alert, channel: Channel, missing: string | null): void {
  if (isLocked(alert, channel)) {
    const why = "Trouble is always told in the app.";
    throw invalidRequest("This alert cannot be switched off in the app", { channel: why }, why);
  }
  if (missing !== null) {
    const message = `${channelWords[channel]} cannot be chosen`;
    throw invalidRequest(message, { channel: `${missing}.` }, `${missing}.`);
  }
}

/** Switches one alert on one channel on or off; refused where it is locked or its tool is not connected. */
export async function setPreference(
  ctx: Context,
  input: z.output<typeof preferenceInput>,
): Promise<void> {
  const { alert, channel, enabled } = input;
  const { workspaceId } = ctx.principal;
  requireChoice(alert, channel, (await readMissing(workspaceId))(channel));
  await db()
    .insert(notificationPreferences)
    .values({ alert, channel, enabled, workspaceId, userId: personOf(ctx) })
    .onConflictDoUpdate({
      target: [
        notificationPreferences.workspaceId,
        notificationPreferences.userId,
        notificationPreferences.alert,
        notificationPreferences.channel,
      ],
      set: { enabled },
    });
}

// --- Of one connection ----------------------------------------------------------------------------------------

/** An alert is not told through the tool that it is about. */
function missingFor(provider: string, missingOf: Missing): Missing {
  return (channel) =>
    toolOf[channel]?.slug === provider ? "Not about itself" : missingOf(channel);
}

/** What the person gets of one connection's alerts: in general, and where they chose otherwise for it. */
export async function readAlertChoices(
  ctx: Context,
  input: { readonly connectionId: string },
): Promise<AlertChoiceGrid> {
  const userId = personOf(ctx);
  const { workspaceId } = ctx.principal;
  const { id, provider } = await readConnection(ctx, input.connectionId, "integrations:update");
  const missingOf = missingFor(provider, await readMissing(workspaceId));
  const own = await db()
    .select()
    .from(connectionAlertChoices)
    .where(
      and(
        eq(connectionAlertChoices.workspaceId, workspaceId),
        eq(connectionAlertChoices.connectionId, id),
        eq(connectionAlertChoices.userId, userId),
      ),
    )
    .limit(alerts.length * channels.length);
  return await Promise.all(
    alerts.map(async (alert) => {
      const wants = await readWants(db(), workspaceId, alert, [userId]);
      return {
        alert,
        cells: channels.map((channel) => ({
          channel,
          general: wants(userId, channel),
          own: own.find((row) => row.alert === alert && row.channel === channel)?.enabled ?? null,
          isLocked: isLocked(alert, channel),
          missing: missingOf(channel),
        })),
      };
    }),
  );
}

export const alertChoiceInput = z.strictObject({
  connectionId: z.string().max(40),
  alert: z.enum(alerts),
  channel: z.enum(channels),
  /** Null: as in general again. */
  enabled: z.boolean().nullable(),
});

/** Chooses one alert on one channel for one connection, for the person alone. */
export async function setAlertChoice(
  ctx: Context,
  input: z.output<typeof alertChoiceInput>,
): Promise<void> {
  const { alert, channel, enabled } = input;
  const userId = personOf(ctx);
  const { workspaceId } = ctx.principal;
  const connection = await readConnection(ctx, input.connectionId, "integrations:update");
  const missingOf = missingFor(connection.provider, await readMissing(workspaceId));
  requireChoice(alert, channel, missingOf(channel));
  const key = { workspaceId, userId, connectionId: connection.id, alert, channel };
  if (enabled === null) {
    await db()
      .delete(connectionAlertChoices)
      .where(
        and(
          eq(connectionAlertChoices.workspaceId, workspaceId),
          eq(connectionAlertChoices.userId, userId),
          eq(connectionAlertChoices.connectionId, connection.id),
          eq(connectionAlertChoices.alert, alert),
          eq(connectionAlertChoices.channel, channel),
        ),
      );
    return;
  }
  await db()
    .insert(connectionAlertChoices)
    .values({ ...key, enabled })
    .onConflictDoUpdate({
      target: [
        connectionAlertChoices.connectionId,
        connectionAlertChoices.userId,
        connectionAlertChoices.alert,
        connectionAlertChoices.channel,
      ],
      set: { enabled },
    });
}
