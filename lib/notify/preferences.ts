import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { notificationPreferences } from "@/db/schema/activity";
import { type Alert, type Channel, defaultPreferences, isLocked } from "@/lib/notify/schema";

const preferencesMax = 10_000;

/** Says for an alert whether somebody wants it through a channel: locked, chosen, or as the grid begins. */
export type Wants = (userId: string, channel: Channel) => boolean;

/** Reads what these people chose for an alert. */
export async function readWants(
  tx: Tx,
  workspaceId: string,
  alert: Alert,
  userIds: readonly string[],
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
  const chosen = new Map(rows.map((row) => [`${row.userId} ${row.channel}`, row.enabled]));
  return (userId, channel) =>
    isLocked(alert, channel) ||
    (chosen.get(`${userId} ${channel}`) ?? defaultPreferences[alert][channel]);
}
