import { db, pool } from "@/db/client";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { notify } from "@/lib/notify/notify";

interface GrantRow {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly app_id: string;
  readonly app_name: string;
}

/** Tells the person whose grant a replayed token has ended; the audit trail as well. */
export async function tellReplay(grantId: string): Promise<void> {
  const [grant] = await pool()<
    GrantRow[]
  >`select g.workspace_id, g.user_id, g.app_id, a.name as app_name
    from oauth_grants g join oauth_apps a on a.id = g.app_id where g.id = ${grantId}`;
  if (!grant) return;
  const now = new Date();
  await db().transaction(async (tx) => {
    await recordOwnAudit(tx, grant.workspace_id, now, {
      category: "api_access",
      action: "oauth.revoked",
      target: { type: "oauth_app", id: grant.app_id, label: grant.app_name },
      result: "failure",
      metadata: { grant_id: grantId, reason: "replay" },
    });
    await notify(tx, {
      workspaceId: grant.workspace_id,
      to: { userIds: [grant.user_id] },
      type: "oauth_app_revoked",
      severity: "warning",
      title: `${grant.app_name} was disconnected from your account`,
      body: "A token of the app was used twice, as happens when one was stolen. Connect the app again if you use it; tell its publisher.",
      link: "/settings/profile#authorised-apps",
      now,
    });
  });
}
