import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { type MeetingFiles, removeFiles } from "@/lib/meetings/remove-files";

const batchSize = 100;
const batchesMax = 100;

interface Expired extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly days: number;
  readonly recording_key: string | null;
  readonly playback_key: string | null;
  readonly bytes: string | null;
}

const filesOf = (row: Expired): MeetingFiles => ({
  id: row.id,
  recordingKey: row.recording_key,
  playbackKey: row.playback_key,
});

/** Lets go of one batch in one transaction: from its commit on nothing refers to the bytes. */
async function expireBatch(now: Date): Promise<readonly Expired[]> {
  const at = now.toISOString();
  return db().transaction(async (tx) => {
    const rows = await tx.execute<Expired>(sql`
      with due as (
        select m.id, m.workspace_id, w.recording_retention_days as days, m.recording_key, m.playback_key,
          m.recording_bytes as bytes
        from workspaces w join meetings m on m.workspace_id = w.id
        where w.recording_retention_days is not null and m.recording_key is not null
          and m.recording_kind in ('audio', 'video') and m.status in ('processed', 'failed')
          and m.created_at < ${at}::timestamptz - make_interval(days => w.recording_retention_days)
        order by m.created_at limit ${batchSize} for update of m skip locked
      )
      update meetings m set recording_key = null, playback_key = null, playback_type = null,
        recording_removed_at = ${at}::timestamptz, updated_at = ${at}::timestamptz
      from due where m.id = due.id and m.workspace_id = due.workspace_id returning due.*`);
    for (const workspaceId of new Set(rows.map((row) => row.workspace_id))) {
      const own = rows.filter((row) => row.workspace_id === workspaceId);
      await recordOwnAudit(tx, workspaceId, now, {
        category: "meetings",
        action: "recordings.removed",
        metadata: {
          recordings: own.length,
          bytes: own.reduce((sum, row) => sum + Number(row.bytes ?? 0), 0),
          retention_days: own[0]?.days,
        },
      });
    }
    return rows;
  });
}

/**
 * Removes recordings, and the copies for browsers, that are older than their workspace keeps them; transcripts and all
 * that was made from them stay. A recording's age counts from the moment it came to Harmony, not from the date of its
 * meeting: an old meeting that is uploaded today is kept as long as any other. One that is still being processed waits.
 * A kill between row and bytes leaves files that the hourly sweep removes.
 * @returns how many were removed; what is beyond 10,000 waits for the next hour.
 */
export async function expireRecordings(now: Date): Promise<number> {
  let removed = 0;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const rows = await expireBatch(now);
    for (const row of rows) await removeFiles(filesOf(row));
    removed += rows.length;
    if (rows.length < batchSize) break;
  }
  return removed;
}
