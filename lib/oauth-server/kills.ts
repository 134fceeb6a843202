import { and, count, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { oauthGrants, oauthKills } from "@/db/schema/oauth";
import type { Context } from "@/lib/auth/principal";
import { newId } from "@/lib/core/ids";

/** Pulls a kill switch: writes how many grants it ends, which a job then does. */
export async function startKill(
  tx: Tx,
  ctx: Context,
  what: { reach: "app" | "app_here" | "workspace"; appId?: string },
): Promise<{ id: string; total: number }> {
  const { workspaceId, userId } = ctx.principal;
  const [open] = await tx
    .select({ n: count() })
    .from(oauthGrants)
    .where(
      and(
        what.appId === undefined ? undefined : eq(oauthGrants.appId, what.appId),
        what.reach === "app" ? undefined : eq(oauthGrants.workspaceId, workspaceId),
        isNull(oauthGrants.revokedAt),
      ),
    );
  const total = open?.n ?? 0;
  const id = newId("oauthKill");
  await tx.insert(oauthKills).values({
    id,
    workspaceId,
    reach: what.reach,
    appId: what.appId ?? null,
    total,
    requestedBy: userId,
  });
  return { id, total };
}
