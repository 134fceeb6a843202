import type postgres from "postgres";
import { pool } from "@/db/client";
import { type ChainEntry, chainColumns, chainHash, chainStart } from "@/lib/audit/chain";

const batchRows = 1000;
/** Bounds of one run, which is a minute's; the next one goes on. */
const workspacesMax = 500;
const batchesMax = 20;

interface End {
  readonly seq: number;
  readonly hash: string;
}

async function endOfChain(sql: postgres.TransactionSql, workspaceId: string): Promise<End> {
  const [anchor] = await sql<{ end_seq: string; end_hash: string }[]>`
    select end_seq, end_hash from audit_anchors where workspace_id = ${workspaceId}`;
  return anchor ? { seq: Number(anchor.end_seq), hash: anchor.end_hash } : chainStart;
}

interface Sealed {
  readonly id: string;
  readonly at: string;
  readonly seq: number;
  readonly hash: string;
  readonly prev_hash: string;
}

function sealAll(entries: readonly ChainEntry[], end: End): Sealed[] {
  let last = end;
  return entries.map((entry) => {
    const seq = last.seq + 1;
    const hash = chainHash(entry, seq, last.hash);
    const sealed = { id: entry.id, at: entry.at, seq, hash, prev_hash: last.hash };
    last = { seq, hash };
    return sealed;
  });
}

/** Seals the next batch of a workspace. @returns how many entries; 0 when another process is at it. */
async function sealBatch(workspaceId: string): Promise<number> {
  return await pool().begin(async (sql) => {
    const [lock] = await sql<{ taken: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`audit:${workspaceId}`}, 0)) as taken`;
    if (!lock?.taken) return 0;
    const end = await endOfChain(sql, workspaceId);
    const entries = await sql<ChainEntry[]>`
      select ${chainColumns(sql)} from audit_events where workspace_id = ${workspaceId} and seq is null
      order by audit_events.at, id limit ${batchRows}`;
    const sealed = sealAll(entries, end);
    const last = sealed.at(-1);
    if (last === undefined) return 0;
    await sql`
      update audit_events e set seq = r.seq, hash = r.hash, prev_hash = r.prev_hash
      from jsonb_to_recordset(${JSON.stringify(sealed)}::text::jsonb) as r
        (id text, at timestamptz, seq bigint, hash text, prev_hash text)
      where e.at = r.at and e.id = r.id and e.workspace_id = ${workspaceId}`;
    await sql`
      insert into audit_anchors (workspace_id, start_seq, start_hash, end_seq, end_hash)
      values (${workspaceId}, ${chainStart.seq}, ${chainStart.hash}, ${last.seq}, ${last.hash})
      on conflict (workspace_id) do update set end_seq = excluded.end_seq, end_hash = excluded.end_hash`;
    return sealed.length;
  });
}

async function sealWorkspace(workspaceId: string): Promise<number> {
  let sealed = 0;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const n = await sealBatch(workspaceId);
    sealed += n;
    if (n < batchRows) break;
  }
  return sealed;
}

/**
 * Gives entries that have no place yet theirs, in the order of their time as far as they are there: one that is
 * committed late, with an earlier time, comes after those that were sealed before. One process at a time seals a
 * workspace; safe to run twice, at once and to be killed.
 * @returns how many entries were sealed.
 */
export async function sealEntries(): Promise<number> {
  const waiting = await pool()<{ workspace_id: string }[]>`
    select distinct workspace_id from audit_events where seq is null limit ${workspacesMax}`;
  let sealed = 0;
  for (const { workspace_id: workspaceId } of waiting) sealed += await sealWorkspace(workspaceId);
  return sealed;
}
