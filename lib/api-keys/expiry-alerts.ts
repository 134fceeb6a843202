import { sql } from "drizzle-orm";
import { db } from "@/db/client";

// "API key expiring in 7 days" and "API key expired" (handbook 13), to everyone who may manage keys.

/**
 * Writes the alerts that are due; each key is marked in the same statement that notifies, so a repeat is silent.
 * Safe to run at any time and twice at once.
 */
export async function alertExpiringKeys(): Promise<void> {
  await notify(
    "expiry_warned_at",
    sql`k.expires_at > now() and k.expires_at < now() + interval '7 days'`,
    {
      type: "api_key_expiring",
      severity: "warning",
      title: "expires soon",
      body: "Rotate it under Settings → Integrations → API before it stops working.",
    },
  );
  await notify("expired_notified_at", sql`k.expires_at <= now()`, {
    type: "api_key_expired",
    severity: "error",
    title: "has expired",
    body: "Requests with it are refused. Generate a new key under Settings → Integrations → API.",
  });
}

async function notify(
  column: "expiry_warned_at" | "expired_notified_at",
  due: ReturnType<typeof sql>,
  alert: { type: string; severity: string; title: string; body: string },
): Promise<void> {
  const mark = sql.identifier(column);
  await db().execute(sql`
    with due as (
      update api_keys set ${mark} = now() where id in (
        select k.id from api_keys k where k.${mark} is null and (k.revoked_at is null or k.revoked_at > now())
          and ${due} order by k.expires_at limit 1000 for update skip locked)
      returning id, workspace_id, name, expires_at)
    insert into notifications (id, workspace_id, user_id, type, severity, title, body, link)
    select 'ntf_' || replace(gen_random_uuid()::text, '-', ''), d.workspace_id, m.user_id, ${alert.type},
      ${alert.severity}, 'API key “' || d.name || '” ' || ${alert.title}::text, ${alert.body},
      '/settings/integrations/api'
    from due d join memberships m on m.workspace_id = d.workspace_id and m.removed_at is null
    join roles r on r.id = m.role_id and (r.key = 'admin' or 'api-keys:create:all' = any(r.permissions))`);
}
