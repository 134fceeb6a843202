import type postgres from "postgres";
import { sha256 } from "@/lib/core/crypto";

// The chain of one workspace: entry n carries the hash of everything stored about it and of entry n-1's hash. Who
// changes, removes or inserts an entry would have to make every later hash anew, and the chain's end is kept apart.

/** What the first entry of a chain follows. */
export const chainStart = { seq: 0, hash: "0".repeat(64) } as const;

/** The stored columns of an entry as text, exactly as PostgreSQL holds them. */
export interface ChainEntry {
  readonly id: string;
  readonly workspace_id: string;
  /** UTC with microseconds. */
  readonly at: string;
  readonly actor_type: string;
  readonly actor_id: string | null;
  readonly actor_label: string;
  readonly category: string;
  readonly action: string;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly target_label: string | null;
  readonly result: string;
  readonly ip: string | null;
  readonly user_agent: string | null;
  /** The text of the jsonb: PostgreSQL sorts its keys and keeps its numbers as they were given. */
  readonly metadata: string;
}

/** Selects a `ChainEntry` from audit_events. */
export const chainColumns = (sql: postgres.Sql | postgres.TransactionSql) => sql`id, workspace_id,
  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor_type, actor_id, actor_label,
  category, action, target_type, target_id, target_label, result, ip, user_agent, metadata::text as metadata`;

/**
 * SHA-256, lowercase hex, over a JSON array of a version, the place, the hash before and every stored column, in the
 * order below. JSON keeps the parts apart whatever they contain; a new column needs a new version.
 */
export function chainHash(entry: ChainEntry, seq: number, prevHash: string): string {
  return sha256(
    JSON.stringify([
      1,
      seq,
      prevHash,
      entry.id,
      entry.workspace_id,
      entry.at,
      entry.actor_type,
      entry.actor_id,
      entry.actor_label,
      entry.category,
      entry.action,
      entry.target_type,
      entry.target_id,
      entry.target_label,
      entry.result,
      entry.ip,
      entry.user_agent,
      entry.metadata,
    ]),
  );
}
