import { Readable } from "node:stream";
import { pool } from "@/db/client";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { QUEUES } from "@/lib/jobs/queues";
import { storage } from "@/lib/storage/storage";

// What the status page looks at. Every check is a real use of the part, ends within two seconds, and says nothing
// that belongs to a workspace: no counts of rows, no names, no addresses, no texts of errors.

export type Health = "working" | "slow" | "down";

/** One part of the system as it was at this moment. */
export interface PartHealth {
  readonly name: string;
  /** What people lose when it does not work. */
  readonly purpose: string;
  readonly health: Health;
  /** One sentence for the reader. */
  readonly finding: string;
}

export interface SystemHealth {
  readonly checkedAt: Date;
  readonly parts: readonly PartHealth[];
}

const limitMs = 2000;
const slowMs = 750;
const keepMs = 5000;
/** Jobs start within seconds; a minute of waiting is noticed by people. */
const lateJobSeconds = 60;
/** The worker counts its queues every five seconds, see lib/jobs/run-worker.ts. */
const silentWorkerSeconds = 30;

interface Finding {
  readonly health: Health;
  readonly finding: string;
}

/** Named as `AbortSignal.timeout` names its own, so that both are told apart from a refusal. */
const tookTooLong = () => new DOMException("The time limit is over", "TimeoutError");

/** Waits for `work` until the limit; what goes on afterwards is ignored. */
async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong()), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function answeredAfter(ms: number): Finding {
  const text = `Answered in ${Math.max(1, Math.round(ms))} ms.`;
  return ms > slowMs
    ? { health: "slow", finding: `${text} That is slower than usual.` }
    : { health: "working", finding: text };
}

/** Runs one check; a failure is a finding, never an error of the page. */
async function examine(
  name: string,
  purpose: string,
  check: () => Promise<Finding | null>,
): Promise<PartHealth> {
  const startedAt = performance.now();
  try {
    const found = await withinLimit(check());
    return { name, purpose, ...(found ?? answeredAfter(performance.now() - startedAt)) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const finding = isLate ? "No answer within 2 seconds." : "It refuses its work.";
    return { name, purpose, health: "down", finding };
  }
}

/** A request through the real port and the real door; OPTIONS needs no credential and counts for nobody. */
async function checkApi(): Promise<null> {
  const { host, PORT } = env();
  const local = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const address = local.includes(":") ? `[${local}]` : local;
  const response = await fetch(`http://${address}:${PORT}/v1/meetings`, {
    method: "OPTIONS",
    headers: { host: "localhost" },
    signal: AbortSignal.timeout(limitMs),
    cache: "no-store",
  });
  if (response.status !== 204 || !response.headers.get("allow")?.includes("GET")) {
    throw new Error("the API did not answer as it should");
  }
  return null;
}

/** A short transaction with a limit of its own, so that a query which nobody waits for ends as well. */
async function checkDatabase(): Promise<null> {
  await pool().begin(async (sql) => {
    await sql`set local statement_timeout = ${sql.unsafe(String(limitMs))}`;
    await sql`select 1`;
  });
  return null;
}

interface QueueRow {
  readonly waiting_seconds: number | null;
  readonly silent_seconds: number | null;
}

async function readQueues(): Promise<QueueRow> {
  const names = Object.keys(QUEUES);
  return pool().begin(async (sql) => {
    await sql`set local statement_timeout = ${sql.unsafe(String(limitMs))}`;
    const [row] = await sql<QueueRow[]>`select
      (select extract(epoch from now() - min(greatest(created_on, start_after)))::float from pgboss.job
        where name = any(${names}) and state < 'active' and not blocked and start_after <= now())
        as waiting_seconds,
      (select extract(epoch from now() - max(monitor_on))::float from pgboss.queue
        where name = any(${names})) as silent_seconds`;
    return row ?? { waiting_seconds: null, silent_seconds: null };
  });
}

/** "8 s", "3 min", "2 h" */
function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** New work: how long the oldest job that could run has been waiting. */
export function judgeQueue(waitingSeconds: number | null): Finding {
  if (waitingSeconds === null || waitingSeconds < lateJobSeconds) {
    return { health: "working", finding: "Jobs start within a minute." };
  }
  return {
    health: "slow",
    finding: `The oldest job has been waiting for ${roughly(waitingSeconds)}. Nothing is lost; it runs late.`,
  };
}

/** The worker: when it last looked after its queues. */
export function judgeWorker(silentSeconds: number | null): Finding {
  if (silentSeconds === null) return { health: "down", finding: "No worker has started yet." };
  if (silentSeconds < silentWorkerSeconds) {
    return { health: "working", finding: `Last seen ${roughly(silentSeconds)} ago.` };
  }
  return {
    health: "down",
    finding: `Last seen ${roughly(silentSeconds)} ago. Uploads are kept and wait for it.`,
  };
}

/** Writes a few bytes where uploads arrive, and removes them. */
async function checkStorage(): Promise<null> {
  const staged = await storage().stage(
    Readable.from([Buffer.from("status")]),
    AbortSignal.timeout(limitMs),
  );
  await staged.discard();
  return null;
}

async function examineAll(): Promise<SystemHealth> {
  const checkedAt = new Date();
  const queues = readQueues();
  const parts = await Promise.all([
    examine("API", "Reading meetings, contacts and insights", checkApi),
    examine("Database", "Everything that is shown and stored", checkDatabase),
    examine("Job queue", "Work that waits for its turn", async () =>
      judgeQueue((await queues).waiting_seconds),
    ),
    examine("Worker", "Processing of uploads, e-mails", async () =>
      judgeWorker((await queues).silent_seconds),
    ),
    examine("Storage", "Uploading recordings and transcripts", checkStorage),
  ]);
  return { checkedAt, parts };
}

interface Latest {
  at: number;
  result: Promise<SystemHealth> | null;
}

/**
 * The health of the system, at most five seconds old. Visitors who come together share one look, so the page
 * cannot be used to load the parts it watches.
 */
export function checkSystem(): Promise<SystemHealth> {
  const latest = singleton<Latest>("status", () => ({ at: 0, result: null }));
  if (latest.result === null || Date.now() - latest.at > keepMs) {
    latest.at = Date.now();
    latest.result = examineAll();
  }
  return latest.result;
}
