import postgres from "postgres";
import {
  type BulkWorkspace,
  insertMeetings,
  linkParticipants,
  meetingsPerStatement,
  writeTranscripts,
} from "@/db/seed-data/bulk-meetings";
import { plantWorkspaces } from "@/db/seed-data/bulk-workspaces";

// Fast invented data for measurements. Rows are made by the database itself, a batch of one workspace per
// statement, so that the counting triggers add up once per batch. Only the newest meetings of each workspace get
// people and a transcript; none is left waiting for the worker.

export interface BulkSeedOptions {
  readonly meetings: number;
  readonly workspaces: number;
  /** `half_in_first`: the first workspace holds half of all meetings; the others share the rest evenly. */
  readonly sizes?: "even" | "half_in_first";
  /** Called after every batch with the meetings written so far. */
  readonly onProgress?: (written: number) => void;
}

export interface BulkSeedResult {
  readonly meetings: number;
  readonly transcripts: number;
  /** In the order they were made; the first is the largest. */
  readonly workspaces: readonly {
    readonly id: string;
    readonly slug: string;
    readonly meetings: number;
  }[];
  readonly seconds: number;
}

/** How many meetings each workspace gets; they add up exactly. */
export function workspaceSizes({ meetings, workspaces, sizes }: BulkSeedOptions): number[] {
  const first = sizes === "half_in_first" && workspaces > 1 ? Math.floor(meetings / 2) : null;
  const others = first === null ? workspaces : workspaces - 1;
  const rest = meetings - (first ?? 0);
  const shares = Array.from({ length: others }, (_, index) => {
    const extra = index < rest % others ? 1 : 0;
    return Math.floor(rest / others) + extra;
  });
  return first === null ? shares : [first, ...shares];
}

interface Batch {
  readonly workspace: BulkWorkspace;
  readonly rows: number;
}

function batchesOf(workspaces: readonly BulkWorkspace[], sizes: readonly number[]): Batch[] {
  return workspaces.flatMap((workspace, index) => {
    const batches: Batch[] = [];
    for (let left = sizes[index] ?? 0; left > 0; left -= meetingsPerStatement) {
      batches.push({ workspace, rows: Math.min(left, meetingsPerStatement) });
    }
    return batches;
  });
}

/** Batches of one workspace stay in one lane, so that two lanes never wait for the same counter. */
function shareOut(batches: readonly Batch[], lanes: number): Batch[][] {
  const queues = Array.from({ length: lanes }, () => ({ rows: 0, batches: [] as Batch[] }));
  const laneOf = new Map<string, (typeof queues)[number]>();
  for (const batch of batches) {
    const shortest = queues.reduce((best, queue) => (queue.rows < best.rows ? queue : best));
    const lane = laneOf.get(batch.workspace.id) ?? shortest;
    laneOf.set(batch.workspace.id, lane);
    lane.batches.push(batch);
    lane.rows += batch.rows;
  }
  return queues.map((queue) => queue.batches);
}

/** The counters must equal a count of the rows; a difference is a bug, not something to repair here. */
async function assertCountsExact(sql: postgres.Sql, ids: readonly string[]): Promise<number> {
  const [row] = await sql<{ total: number; wrong: number }[]>`
    with counted as (select workspace_id, status, count(*)::int as n from meetings
        where workspace_id = any(${[...ids]}) group by 1, 2),
      kept as (select workspace_id, status, n from meeting_counts
        where workspace_id = any(${[...ids]}) and n <> 0)
    select (select coalesce(sum(n), 0)::int from counted) as total,
      (select count(*)::int from counted full join kept using (workspace_id, status)
        where counted.n is distinct from kept.n) as wrong`;
  if (!row || row.wrong > 0) {
    throw new Error(`meeting_counts differs from the rows in ${row?.wrong ?? "all"} places`);
  }
  return row.total;
}

/**
 * Fills the database with workspaces and meetings over the last two years. Adds to what is there; running it
 * again makes more workspaces. Ends with VACUUM, ANALYZE and a check that the counters are exact.
 * @param connectionString of a migrated database; not a transaction pooler.
 */
export async function bulkSeed(
  connectionString: string,
  options: BulkSeedOptions,
): Promise<BulkSeedResult> {
  const startedAt = performance.now();
  const lanes = 2;
  const sql = postgres(connectionString, {
    max: lanes,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: {
      application_name: "harmony bulk seed",
      synchronous_commit: "off",
      // The search index then takes its entries in large portions instead of every 4 MB.
      gin_pending_list_limit: 262_144,
    },
  });
  try {
    const sizes = workspaceSizes(options);
    const workspaces = await plantWorkspaces(sql, options.workspaces);
    const queues = shareOut(batchesOf(workspaces, sizes), lanes);
    let written = 0;
    await Promise.all(
      queues.map(async (queue) => {
        for (const { workspace, rows } of queue) {
          await insertMeetings(sql, workspace, rows);
          written += rows;
          options.onProgress?.(written);
        }
      }),
    );
    const ids = workspaces.map(({ id }) => id);
    const transcripts = await writeTranscripts(sql, ids);
    await linkParticipants(sql, ids);
    // Also empties the search index's list of pending entries and marks pages as visible to everyone.
    await sql`vacuum (analyze)`;
    return {
      meetings: await assertCountsExact(sql, ids),
      transcripts,
      workspaces: workspaces.map(({ id, slug }, index) => ({
        id,
        slug,
        meetings: sizes[index] ?? 0,
      })),
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await sql.end({ timeout: 5 });
  }
}
