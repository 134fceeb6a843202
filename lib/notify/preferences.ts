import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { notificationPreferences } from "@/db/schema/activity";
import { connectionAlertChoices } from "@/db/schema/integrations";
import { type Alert, type Channel, defaultPreferences, isLocked } from "@/lib/notify/schema";

const preferencesMax = 10_000;

/** Says for an alert whether somebody wants it through a channel: locked, chosen, or as the grid begins. */
export type Wants = (userId: string, channel: Channel) => boolean;

/** What these people chose for one connection alone. */
async function readChoices(
  tx: Tx,
  workspaceId: string,
  alert: Alert,
  userIds: readonly string[],
  connectionId: string,
) {
  return await tx
    .select()
    .from(connectionAlertChoices)
    .where(
      and(
        eq(connectionAlertChoices.workspaceId, workspaceId),
        eq(connectionAlertChoices.connectionId, connectionId),
        eq(connectionAlertChoices.alert, alert),
        inArray(connectionAlertChoices.userId, [...userIds]),
      ),
    )
    .limit(preferencesMax);
}

/**
 * Reads what these people chose for an alert.
 * @param connectionId the connection that it is about: choices for it go before the general ones
 */
export async function readWants(
  tx: Tx,
  workspaceId: string,
  alert: Alert,
  userIds: readonly string[],
  connectionId?: string,
): Promise<Wants> {
  const rows = await tx
    .select()
    .from(notificationPreferences)
    .where(
      and(
        eq(notificationPreferences.workspaceId, workspaceId),
        eq(notificationPreferences.alert, alert),
        inArray(notificationPreferences.userId, [...userIds]),
      ),
    )
    .limit(preferencesMax);
  const own =
    connectionId === undefined
      ? []
      : await readChoices(tx, workspaceId, alert, userIds, connectionId);
  const chosen = new Map(
    [...rows, ...own].map((row) => [`${row.userId} ${row.channel}`, row.enabled]),
  );
  return (userId, channel) =>
    isLocked(alert, channel) ||
    (chosen.get(`${userId} ${channel}`) ?? defaultPreferences[alert][channel]);
}
