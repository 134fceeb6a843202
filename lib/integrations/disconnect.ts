import { and, eq, inArray, ne } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { connectionChoices, connections, syncItems, syncRuns } from "@/db/schema/integrations";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { endGrantOf } from "@/lib/integrations/grants";
import { auditOf, endIncidents } from "@/lib/integrations/health";
import { shredTokens } from "@/lib/integrations/vault";

/**
 * Ends a connection in the caller's transaction (D-11): tokens are destroyed, queued runs and items cancelled; settings,
 * links, logs and what was synced stay. A job ends the grant at the tool. Safe to repeat.
 * @param why for the audit trail, where it was not the owner's own wish.
 */
async function endConnection(
  tx: Tx,
  ctx: Context,
  connection: Pick<ConnectionRow, "id" | "workspaceId">,
  why?: "forced" | "member_removed",
): Promise<void> {
  const now = ctx.now();
  const itself = and(
    eq(connections.id, connection.id),
    eq(connections.workspaceId, connection.workspaceId),
  );
  const [row] = await tx
    .select()
    .from(connections)
    .where(and(itself, ne(connections.status, "disconnected")))
    .for("no key update");
  if (!row) return;
  await endGrantOf(tx, row);
  await shredTokens(tx, row.id);
  await tx
    .update(connections)
    .set({
      status: "disconnected",
      ...{ attentionReason: null, attentionSince: null, attentionDetail: null },
      ...{ failingSince: null, failures: 0, lastError: null, nextSyncAt: null },
      ...{ wants: [], disconnectedAt: now, updatedAt: now },
    })
    .where(itself);
  await tx
    .update(syncItems)
    .set({ state: "cancelled", nextAttemptAt: null, claimedUntil: null, updatedAt: now })
    .where(
      and(
        eq(syncItems.connectionId, row.id),
        inArray(syncItems.state, ["pending", "held", "sending"]),
      ),
    );
  await tx
    .update(syncRuns)
    .set({ status: "cancelled", finishedAt: now })
    .where(and(eq(syncRuns.connectionId, row.id), inArray(syncRuns.status, ["queued", "running"])));
  await tx.delete(connectionChoices).where(eq(connectionChoices.connectionId, row.id));
  await endIncidents(tx, row, "ended", now);
  const { target, metadata } = auditOf(row);
  await recordAudit(tx, ctx, {
    category: "connection_changes",
    action: "connection.disconnected",
    target,
    metadata: { ...metadata, ...(why === undefined ? {} : { why }) },
  });
}

const personalMax = 100;

/** Ends the personal connections of a member who is removed (D-60); those of the workspace keep working. */
export async function endPersonalConnections(
  tx: Tx,
  ctx: Context,
  userId: string,
): Promise<number> {
  const rows = await tx
    .select({ id: connections.id, workspaceId: connections.workspaceId })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, ctx.principal.workspaceId),
        eq(connections.ownerUserId, userId),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(personalMax);
  for (const row of rows) await endConnection(tx, ctx, row, "member_removed");
  return rows.length;
}

/** The same in a transaction of its own. */
export async function endNow(
  ctx: Context,
  connection: Pick<ConnectionRow, "id" | "workspaceId">,
  why?: "forced",
): Promise<void> {
  await db().transaction((tx) => endConnection(tx, ctx, connection, why));
}
