import { and, asc, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { memberships } from "@/db/schema/members";
import { workspaces } from "@/db/schema/workspaces";
import { type AuditEntry, recordAudit } from "@/lib/audit/record-audit";
import { contextAtTheDoor, type Person, type Visitor } from "@/lib/auth/sign-in-visitor";

const workspacesMax = 50;

/**
 * Records a sign-in, a failed one or a sign-out in every workspace of the person, since it concerns each of
 * them. Never hand it a password or a token.
 */
export async function auditSignIn(
  tx: Tx,
  visitor: Visitor,
  person: Person,
  entry: Omit<AuditEntry, "category" | "target">,
): Promise<void> {
  const rooms = await tx
    .select({ id: workspaces.id, plan: workspaces.plan })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(and(eq(memberships.userId, person.id), isNull(memberships.removedAt)))
    .orderBy(asc(memberships.createdAt))
    .limit(workspacesMax);
  for (const room of rooms) {
    const ctx = contextAtTheDoor(visitor, person, room);
    await recordAudit(tx, ctx, { ...entry, category: "sign_in" });
  }
}
