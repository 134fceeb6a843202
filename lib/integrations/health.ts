import type { Tx } from "@/db/client";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Fault } from "@/lib/integrations/contract";

/**
 * Records what a tool did instead of answering: a dead or narrowed grant turns the connection to needs attention at
 * once, trouble of transport counts. The row may be older than the database; a disconnected one stays so.
 */
export async function recordFault(
  _tx: Tx,
  _connection: Pick<ConnectionRow, "id" | "workspaceId">,
  _fault: Fault,
  _now: Date,
): Promise<void> {
  await Promise.reject(new Error("not built yet"));
}

/** Records that the tool answered: what was failing is over. Writes nothing where nothing was. */
export async function recordSuccess(
  _tx: Tx,
  _connection: Pick<ConnectionRow, "id" | "workspaceId">,
  _now: Date,
): Promise<void> {
  await Promise.reject(new Error("not built yet"));
}
