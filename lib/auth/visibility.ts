import { pool } from "@/db/client";
import type { Fragment } from "@/db/fragments";
import type { Principal } from "@/lib/auth/principal";

/** Which rows of personal data a principal sees (handbook D-71). */
export type Visibility =
  | { readonly reach: "all" }
  | { readonly reach: "team"; readonly teamIds: readonly string[]; readonly userId: string | null }
  | {
      readonly reach: "own";
      readonly userId: string | null;
      /** Their own meetings in these teams only. */
      readonly onlyTeams?: readonly string[];
    };

/** The meetings a principal may read; contacts and answers follow their meetings. */
export function meetingVisibility(principal: Principal): Visibility {
  const reach = principal.grants["meetings:read"];
  if (reach === "all") return { reach };
  const { teamIds, userId, isLimitedToTeams = false } = principal;
  // Somebody's own meetings of other teams are not among what they chose to show.
  if (reach === "team") return { reach, teamIds, userId: isLimitedToTeams ? null : userId };
  return { reach: "own", userId, ...(isLimitedToTeams ? { onlyTeams: teamIds } : {}) };
}

/** The conditions under which a principal may see a meeting `m`; none when it is all of the workspace. */
export function visibleMeetings(visibility: Visibility): Fragment[] {
  const sql = pool();
  if (visibility.reach === "all") return [];
  if (visibility.reach === "own") {
    const { userId, onlyTeams } = visibility;
    const own = sql`m.user_id = ${userId}`;
    return onlyTeams ? [own, sql`m.team_id = any(${[...onlyTeams]})`] : [own];
  }
  return [sql`(m.team_id = any(${[...visibility.teamIds]}) or m.user_id = ${visibility.userId})`];
}
