import { type SQL, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { notify } from "@/lib/notify/notify";

// "API key expiring in 7 days" and "API key expired" (handbook 13), to everyone who may manage keys.

interface DueKey extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly expires_on: string;
}

const batchKeys = 50;
const batchesMax = 100;

/** Marks the keys that are due and tells about each, in one transaction. @returns how many. */
async function alertBatch(
  column: "expiry_warned_at" | "expired_notified_at",
  due: SQL,
  tell: (tx: Tx, key: DueKey) => Promise<void>,
): Promise<number> {
  const mark = sql.identifier(column);
  return await db().transaction(async (tx) => {
    const keys = await tx.execute<DueKey>(sql`
      update api_keys set ${mark} = now() where id in (
        select k.id from api_keys k where k.${mark} is null and (k.revoked_at is null or k.revoked_at > now())
          and ${due} order by k.expires_at limit ${batchKeys} for update skip locked)
      returning id, workspace_id, name, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD') as expires_on`);
    for (const key of keys) await tell(tx, key);
    return keys.length;
  });
}

async function alertAll(...work: Parameters<typeof alertBatch>): Promise<void> {
  for (let batch = 0; batch < batchesMax; batch += 1) {
    if ((await alertBatch(...work)) < batchKeys) return;
  }
}

const noticeOf = (key: DueKey, now: Date) =>
  ({
    workspaceId: key.workspace_id,
    to: { permission: "api-keys:create:all" },
    link: "/settings/integrations/api",
    now,
  }) as const;

/**
 * Writes the alerts that are due; each key is marked in the transaction that tells, so a repeat is silent.
 * Safe to run at any time and twice at once.
 */
export async function alertExpiringKeys(now = new Date()): Promise<void> {
  await alertAll(
    "expiry_warned_at",
    sql`k.expires_at > now() and k.expires_at < now() + interval '7 days'`,
    async (tx, key) => {
      await notify(tx, {
        ...noticeOf(key, now),
        type: "api_key_expiring",
        severity: "warning",
        title: `API key “${key.name}” expires on ${key.expires_on}`,
        body: "Rotate it under Settings → Integrations → API before it stops working.",
      });
    },
  );
  await alertAll("expired_notified_at", sql`k.expires_at <= now()`, async (tx, key) => {
    await recordOwnAudit(tx, key.workspace_id, now, {
      category: "api_access",
      action: "api_key.expired",
      target: { type: "api_key", id: key.id, label: key.name },
    });
    await notify(tx, {
      ...noticeOf(key, now),
      type: "api_key_expired",
      severity: "error",
      title: `API key “${key.name}” has expired`,
      body: "Requests with it are refused. Generate a new key under Settings → Integrations → API.",
    });
  });
}
