import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { Context, Principal } from "@/lib/auth/principal";
import type { Permission } from "@/lib/auth/roles";
import { AppError, notFound } from "@/lib/core/errors";

export type MeetingRow = typeof meetings.$inferSelect;

type MeetingPermission = Extract<Permission, `meetings:${string}`>;

/** True when the principal's reach for this permission takes in the meeting: all, its team's, or its owner's. */
export function mayOnMeeting(
  principal: Principal,
  permission: MeetingPermission,
  meeting: { readonly teamId: string | null; readonly userId: string | null },
): boolean {
  const reach = principal.grants[permission];
  if (reach === undefined) return false;
  if (reach === "all") return true;
  if (meeting.userId !== null && meeting.userId === principal.userId) return true;
  return reach === "team" && meeting.teamId !== null && principal.teamIds.includes(meeting.teamId);
}

/**
 * The meeting's row, locked until the transaction ends. `not_found` for one that the caller may not see (so that
 * nobody learns that it exists), `forbidden` for one that they may see but not change.
 */
export async function lockMeeting(
  tx: Tx,
  ctx: Context,
  id: string,
  permission: MeetingPermission,
): Promise<MeetingRow> {
  const { principal } = ctx;
  const [row] = await tx
    .select()
    .from(meetings)
    .where(and(eq(meetings.workspaceId, principal.workspaceId), eq(meetings.id, id)))
    .for("update");
  if (!row || !mayOnMeeting(principal, "meetings:read", row)) throw notFound("Meeting");
  if (mayOnMeeting(principal, permission, row)) return row;
  throw new AppError("forbidden", "Your role does not let you change this meeting", {
    details: { required_permission: permission },
    fix: "Ask its owner or an admin of the workspace to do it.",
  });
}
