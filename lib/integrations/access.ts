import { and, eq, or } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { notFound } from "@/lib/core/errors";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Provider } from "@/lib/integrations/contract";
import { findProvider } from "@/lib/integrations/registry";

// Who may see and use which connection (handbook 5 and 22.2): one of the workspace with the permission at `all`, one's
// own with it at `own`, somebody else's personal one never.

export type ConnectionPermission =
  `integrations:${"read" | "create" | "update" | "delete" | "execute"}`;

/** How widely the permission must reach for a tool of this scope. */
export const reachFor = (scope: ConnectionRow["scope"]) => (scope === "workspace" ? "all" : "own");

export function mayUse(
  ctx: Context,
  scope: ConnectionRow["scope"],
  permission: ConnectionPermission,
): boolean {
  return hasGrant(ctx.principal.grants, permission, reachFor(scope));
}

export function requireTool(slug: string): Provider {
  const provider = findProvider(slug);
  if (!provider) throw notFound("Integration");
  return provider;
}

/** The workspace's connections and the caller's own ones. */
export const visibleTo = ({ principal }: Context) =>
  and(
    eq(connections.workspaceId, principal.workspaceId),
    principal.userId === null
      ? eq(connections.scope, "workspace")
      : or(eq(connections.scope, "workspace"), eq(connections.ownerUserId, principal.userId)),
  );

/** The one connection that the caller can have to a tool, or null. */
export async function connectionTo(
  tx: Tx,
  ctx: Context,
  provider: Provider,
): Promise<ConnectionRow | null> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(
      and(
        visibleTo(ctx),
        eq(connections.provider, provider.slug),
        eq(connections.scope, provider.scope),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** A connection of the workspace or the caller's own; anything else is not found. */
export async function requireVisible(
  ctx: Context,
  id: string,
  tx: Tx = db(),
): Promise<ConnectionRow> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(and(visibleTo(ctx), eq(connections.id, id)));
  if (!row) throw notFound("Connection");
  return row;
}

/** A connection that the caller may use in this way; what they may not see is not found. */
export async function requireConnection(
  ctx: Context,
  id: string,
  permission: ConnectionPermission,
  tx: Tx = db(),
): Promise<ConnectionRow> {
  const row = await requireVisible(ctx, id, tx);
  requirePermission(ctx, permission, reachFor(row.scope));
  return row;
}
