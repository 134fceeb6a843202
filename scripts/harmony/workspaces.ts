import { asc, eq, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import type { Context } from "@/lib/auth/principal";
import { BUILT_IN_ROLES } from "@/lib/auth/roles";
import { systemClock } from "@/lib/core/clock";
import { newId } from "@/lib/core/ids";
import type { PlanName } from "@/lib/plans/plans";
import { CliError } from "./command";

export type WorkspaceRow = typeof workspaces.$inferSelect;

const namedMax = 20;

/** The workspace with this id or slug; the error for an unknown one names those that exist. */
export async function findWorkspace(idOrSlug: string): Promise<WorkspaceRow> {
  const [found] = await db()
    .select()
    .from(workspaces)
    .where(or(eq(workspaces.id, idOrSlug), eq(workspaces.slug, idOrSlug)))
    .limit(1);
  if (found) return found;
  const known = await db()
    .select({ slug: workspaces.slug, total: sql<number>`count(*) over ()::int` })
    .from(workspaces)
    .orderBy(asc(workspaces.slug))
    .limit(namedMax);
  const more = (known[0]?.total ?? 0) - known.length;
  const names = known.map(({ slug }) => slug).join(", ") + (more > 0 ? ` and ${more} more` : "");
  throw new CliError(
    known.length === 0
      ? `there is no workspace "${idOrSlug}", and none at all; make one with: workspace create`
      : `there is no workspace "${idOrSlug}"; there are: ${names}`,
  );
}

/** Who acts: the person at the command line, known to the audit trail as "Admin CLI". */
export function adminContext(workspace: { readonly id: string; readonly plan: PlanName }): Context {
  return {
    principal: {
      kind: "job",
      id: "admin-cli",
      label: "Admin CLI",
      workspaceId: workspace.id,
      plan: workspace.plan,
      userId: null,
      teamIds: [],
      scopes: new Set(),
      grants: BUILT_IN_ROLES.admin.grants,
      guard: { kind: "none" },
      bucket: { key: "admin-cli", limit: Number.POSITIVE_INFINITY },
    },
    requestId: newId("request"),
    now: systemClock,
    ip: null,
    userAgent: null,
    proof: { checked: true },
  };
}
