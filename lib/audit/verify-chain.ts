import type postgres from "postgres";
import { pool } from "@/db/client";
import { type ChainEntry, chainColumns, chainHash } from "@/lib/audit/chain";

const batchRows = 2000;
/** Problems that are told one by one; the rest is only counted. */
const problemsMax = 100;

/** One place where a chain does not hold, in a sentence that names the entry. */
export interface ChainProblem {
  readonly kind: "changed" | "removed" | "inserted" | "anchor_missing";
  /** The place in the chain, from 1 on; the first one of a gap. Null where the chain as a whole is meant. */
  readonly seq: number | null;
  /** The entry at fault; null where it is gone. */
  readonly id: string | null;
  readonly message: string;
}

export interface ChainReport {
  readonly workspaceId: string;
  /** Entries that were read and fit. */
  readonly verified: number;
  /** Entries that have no place yet: the worker seals them within a minute or two. */
  readonly waiting: number;
  readonly problems: readonly ChainProblem[];
  readonly problemsTotal: number;
}

interface SealedEntry extends ChainEntry {
  readonly seq: string;
  readonly hash: string;
  readonly prev_hash: string;
}

/** All entries that claim one place; more than one when somebody inserted some. */
interface Place {
  readonly seq: number;
  readonly entries: readonly SealedEntry[];
}

interface Link {
  readonly seq: number;
  /** Hashes that what follows was made for; empty when nothing trustworthy says so. */
  readonly hashes: readonly string[];
}

interface Anchor {
  readonly start: { readonly seq: number; readonly hash: string };
  readonly end: { readonly seq: number; readonly hash: string };
}

const isIntact = (entry: SealedEntry) =>
  chainHash(entry, Number(entry.seq), entry.prev_hash) === entry.hash;

const nameOf = (entry: SealedEntry) =>
  `entry ${entry.seq} (${entry.id}, ${entry.action}, ${entry.at})`;

/** Walks a chain place by place and collects what does not fit. */
class Walk {
  verified = 0;
  problemsTotal = 0;
  readonly problems: ChainProblem[] = [];
  private readonly anchor: Anchor;
  /** The place before, judged once it is known what follows it. */
  private pending: Place | null = null;
  private last: number;

  constructor(anchor: Anchor) {
    this.anchor = anchor;
    this.last = anchor.start.seq;
  }

  private add(problem: ChainProblem): void {
    this.problemsTotal += 1;
    if (this.problems.length < problemsMax) this.problems.push(problem);
  }

  private changed(entry: SealedEntry, why: string): void {
    this.add({
      kind: "changed",
      seq: Number(entry.seq),
      id: entry.id,
      message: `${nameOf(entry)} was changed: ${why}`,
    });
  }

  private inserted(entry: SealedEntry, why: string): void {
    const seq = Number(entry.seq);
    this.add({
      kind: "inserted",
      seq,
      id: entry.id,
      message: `${nameOf(entry)} was inserted: ${why}`,
    });
  }

  private missing(from: number, to: number): void {
    if (from > to) return;
    const what =
      from === to ? `entry ${from} was removed` : `entries ${from} to ${to} were removed`;
    this.add({ kind: "removed", seq: from, id: null, message: what });
  }

  /** One of several entries at a place is the sealed one: the intact one that its neighbours were made for. */
  private judge({ seq, entries }: Place, next: Link | null): void {
    const follows = next !== null && next.seq === seq + 1 ? next.hashes : [];
    const fits = (entry: SealedEntry) => isIntact(entry) && follows.includes(entry.hash);
    const own = entries.find(fits) ?? entries.find(isIntact) ?? entries[0];
    for (const entry of entries) {
      if (entry !== own) this.inserted(entry, "another one has its place in the chain");
    }
    if (own === undefined) return;
    const why = this.whyNot(own, follows);
    if (why === null) this.verified += 1;
    else this.changed(own, why);
  }

  private whyNot(entry: SealedEntry, follows: readonly string[]): string | null {
    if (!isIntact(entry)) return "its content does not give the hash that it was sealed with";
    if (follows.length > 0 && !follows.includes(entry.hash)) {
      return "what follows it was sealed after another entry at this place";
    }
    const { start } = this.anchor;
    const isFirst = Number(entry.seq) === start.seq + 1;
    return isFirst && entry.prev_hash !== start.hash
      ? "it does not follow the anchor of the chain"
      : null;
  }

  /** An entry of months that are gone, sealed late: its neighbours may be gone too, so it stands for itself. */
  private alone({ entries }: Place): void {
    for (const entry of entries) {
      if (isIntact(entry)) this.verified += 1;
      else this.changed(entry, "its content does not give the hash that it was sealed with");
    }
  }

  take(place: Place): void {
    const { start, end } = this.anchor;
    if (place.seq <= start.seq) {
      this.alone(place);
      return;
    }
    if (place.seq > end.seq) {
      for (const entry of place.entries)
        this.inserted(entry, `the chain ends with entry ${end.seq}`);
      return;
    }
    if (this.pending !== null) {
      const hashes = place.entries.filter(isIntact).map(({ prev_hash }) => prev_hash);
      this.judge(this.pending, { seq: place.seq, hashes });
    }
    this.missing(this.last + 1, place.seq - 1);
    this.last = place.seq;
    this.pending = place;
  }

  finish(): void {
    const { end } = this.anchor;
    if (this.pending !== null) this.judge(this.pending, { seq: end.seq + 1, hashes: [end.hash] });
    this.pending = null;
    this.missing(this.last + 1, end.seq);
  }
}

async function readAnchor(
  sql: postgres.TransactionSql,
  workspaceId: string,
): Promise<Anchor | null> {
  const [row] = await sql<
    { start_seq: string; start_hash: string; end_seq: string; end_hash: string }[]
  >`select start_seq, start_hash, end_seq, end_hash from audit_anchors where workspace_id = ${workspaceId}`;
  if (!row) return null;
  return {
    start: { seq: Number(row.start_seq), hash: row.start_hash },
    end: { seq: Number(row.end_seq), hash: row.end_hash },
  };
}

/** The sealed entries of a workspace by their place; entries of one place come together. */
async function* placesOf(sql: postgres.TransactionSql, workspaceId: string): AsyncGenerator<Place> {
  let place: { seq: number; entries: SealedEntry[] } | null = null;
  const cursor = sql<SealedEntry[]>`
    select ${chainColumns(sql)}, seq, hash, prev_hash from audit_events
    where workspace_id = ${workspaceId} and seq is not null order by seq, audit_events.at, id`.cursor(
    batchRows,
  );
  for await (const rows of cursor) {
    for (const row of rows) {
      const seq = Number(row.seq);
      if (place !== null && place.seq === seq) place.entries.push(row);
      else {
        if (place !== null) yield place;
        place = { seq, entries: [row] };
      }
    }
  }
  if (place !== null) yield place;
}

async function walkChain(
  sql: postgres.TransactionSql,
  workspaceId: string,
): Promise<Pick<ChainReport, "verified" | "problems" | "problemsTotal">> {
  const anchor = await readAnchor(sql, workspaceId);
  if (anchor === null) {
    const [sealed] = await sql`
      select 1 from audit_events where workspace_id = ${workspaceId} and seq is not null limit 1`;
    if (!sealed) return { verified: 0, problems: [], problemsTotal: 0 };
    const message = "the anchor of the chain was removed, so nothing can be said about its entries";
    const problem = { kind: "anchor_missing", seq: null, id: null, message } as const;
    return { verified: 0, problems: [problem], problemsTotal: 1 };
  }
  const walk = new Walk(anchor);
  for await (const place of placesOf(sql, workspaceId)) walk.take(place);
  walk.finish();
  return walk;
}

/**
 * Reads a workspace's whole chain from its anchor, in one snapshot, and says what does not hold: entries that were
 * changed, removed (also at the end) or inserted. It cannot see what somebody did who also made the rest of the chain
 * and its anchor anew, nor an entry that was changed before it was sealed.
 */
export async function verifyChain(workspaceId: string): Promise<ChainReport> {
  return await pool().begin("isolation level repeatable read read only", async (sql) => {
    const { verified, problems, problemsTotal } = await walkChain(sql, workspaceId);
    const [waiting] = await sql<{ n: number }[]>`
      select count(*)::int as n from audit_events where workspace_id = ${workspaceId} and seq is null`;
    return { workspaceId, verified, waiting: waiting?.n ?? 0, problems, problemsTotal };
  });
}
