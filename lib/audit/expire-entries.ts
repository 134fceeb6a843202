import { pool } from "@/db/client";
import { auditRetentionDays } from "@/lib/audit/schema";
import { sealEntries } from "@/lib/audit/seal-entries";
import { log } from "@/lib/core/log";

const dayMs = 86_400_000;

/** The first day of the month (UTC) in which the oldest entry lies that must be kept. */
function firstKeptMonth(now: Date): string {
  const oldest = new Date(now.getTime() - auditRetentionDays * dayMs);
  return new Date(Date.UTC(oldest.getUTCFullYear(), oldest.getUTCMonth(), 1)).toISOString();
}

/**
 * Removes the months of entries that lie wholly before the retention (handbook D-62). The last hash that goes is kept
 * as the anchor from which the rest of the chain is verified, in the transaction that drops. Dropping waits for
 * readers and holds writers up behind it, so it gives up after seconds, and the next hour tries again.
 */
export async function expireEntries(now: Date): Promise<void> {
  const before = firstKeptMonth(now);
  const [old] = await pool()`select 1 from audit_events where at < ${before}::timestamptz limit 1`;
  if (!old) return;
  // An entry without its place would leave the chain with nothing to show for it.
  await sealEntries();
  try {
    await pool().begin(async (sql) => {
      await sql`set local lock_timeout = '3s'`;
      const [unsealed] =
        await sql`select 1 from audit_events where at < ${before}::timestamptz and seq is null limit 1`;
      if (unsealed) return;
      await sql`
        update audit_anchors a set start_seq = e.seq, start_hash = e.hash
        from (select workspace_id, max(seq) as seq from audit_events where at < ${before}::timestamptz group by 1) gone
        join audit_events e on e.workspace_id = gone.workspace_id and e.seq = gone.seq and e.at < ${before}::timestamptz
        where a.workspace_id = gone.workspace_id and a.start_seq < gone.seq`;
      await sql`select drop_month_partitions('audit_events', ${before}::timestamptz)`;
      // Entries from before the first partition of their installation lie in the default one.
      await sql`select set_config('harmony.purge_workspace', '1', true)`;
      await sql`delete from audit_events where at < ${before}::timestamptz`;
    });
  } catch (error) {
    log().warn({ err: error }, "old audit entries could not be dropped; the next hour tries again");
  }
}
