import { and, eq, gt, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { incidents } from "@/db/schema/activity";
import { alertAbout } from "@/lib/integrations/health";
import { notify, resolveIncident } from "@/lib/notify/notify";
import type { Reason } from "@/lib/sync/judge";
import type { Target } from "@/lib/sync/target";

// A channel that was archived, or that the app was removed from (handbook 9): messages to it pause, everything else
// goes on. The open incident is the pause; after an hour one message tries it again.

const pauseMs = 60 * 60_000;

const keyOf = ({ connection }: Target, place: string) => `place:${connection.id}:${place}`;

/** Whether messages to the place are held back now. */
export async function isPlacePaused(
  tx: Tx,
  target: Target,
  place: string,
  now: Date,
): Promise<boolean> {
  const [open] = await tx
    .select({ id: incidents.id })
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, target.connection.workspaceId),
        eq(incidents.key, keyOf(target, place)),
        isNull(incidents.resolvedAt),
        gt(incidents.lastAt, new Date(now.getTime() - pauseMs)),
      ),
    )
    .limit(1);
  return open !== undefined;
}

/** Pauses the place, and says so once. */
export async function pausePlace(
  tx: Tx,
  target: Target,
  place: string,
  reason: Reason,
  now: Date,
): Promise<void> {
  const { name } = target.provider;
  await notify(tx, {
    ...alertAbout(target.connection, now),
    type: "channel_unavailable",
    severity: "warning",
    title: `A channel in ${name} cannot be used`,
    body: `${reason.message} Messages to it pause; everything else goes on. Choose another channel, or let Harmony in again.`,
    incidentKey: keyOf(target, place),
  });
}

/** The place took a message: the pause is over. */
export async function resumePlace(tx: Tx, target: Target, place: string, now: Date): Promise<void> {
  const { name } = target.provider;
  await resolveIncident(
    tx,
    target.connection.workspaceId,
    keyOf(target, place),
    {
      type: "channel_unavailable",
      title: `A channel in ${name} can be used again`,
      body: "Messages to it go out again. Nothing has to be done.",
    },
    now,
  );
}
