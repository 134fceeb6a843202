import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";

// What the end of a session, or of a membership, means for apps that people authorised (handbook 15.2).

/**
 * Makes the authorization server forget in which browsers it met a person. All of them, also where one signs out: its
 * memory saves a press on the consent page and carries no right, so forgetting too much costs that press alone.
 */
export async function forgetProviderSessions(tx: Tx, userId: string): Promise<void> {
  await tx.execute(
    sql`delete from oauth_payloads where model = 'Session' and account_id = ${userId}`,
  );
}

/** Ends what somebody who leaves a workspace allowed apps in it. @returns how many grants ended. */
export async function endGrantsOfMember(
  tx: Tx,
  workspaceId: string,
  userId: string,
): Promise<number> {
  const ended = await tx.execute<{ id: string }>(sql`
    update oauth_grants set revoked_at = now(), revoked_reason = 'member_removed' where id in (
      select id from oauth_grants where workspace_id = ${workspaceId} and user_id = ${userId}
        and revoked_at is null order by id for update)
    returning id`);
  await tx.execute(sql`delete from oauth_payloads p using oauth_grants g where g.id = p.grant_id
    and g.workspace_id = ${workspaceId} and g.user_id = ${userId} and g.revoked_at is not null`);
  return ended.length;
}
