import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss, type SendOptions } from "pg-boss";
import { db, type Tx } from "@/db/client";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";
import { type JobName, type JobPayloads, QUEUES, type QueueSpec } from "@/lib/jobs/queues";

/** The connection that pg-boss keeps for itself; not a transaction pooler. */
export function directDatabaseUrl(): string {
  const { DATABASE_DIRECT_URL, DATABASE_URL } = env();
  const url = DATABASE_DIRECT_URL ?? DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set");
  return url;
}

/** Makes the queue's tables and every queue. Part of the migrations; safe to repeat. */
export async function installQueues(connectionString: string): Promise<void> {
  const boss = new PgBoss({ connectionString, max: 1, supervise: false, schedule: false });
  await boss.start();
  try {
    for (const name of Object.keys(QUEUES) as JobName[]) {
      const { options }: QueueSpec = QUEUES[name];
      // A queue keeps the policy that it was created with: pg-boss refuses even the same one.
      const { policy: _asCreated, ...changeable } = options;
      if (await boss.getQueue(name)) await boss.updateQueue(name, changeable);
      else await boss.createQueue(name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

function sender(): Promise<PgBoss> {
  return singleton("job-sender", async () => {
    const boss = new PgBoss({
      connectionString: directDatabaseUrl(),
      max: 1,
      supervise: false,
      schedule: false,
      migrate: false,
      createSchema: false,
    });
    boss.on("error", (error) => log().error({ err: error }, "job queue"));
    await boss.start();
    return boss;
  });
}

/**
 * Puts a job into its queue within the caller's transaction: the fact and its follow-up commit together.
 * Jobs may run more than once and in any order.
 */
export async function enqueue<N extends JobName>(
  tx: Tx,
  name: N,
  payload: JobPayloads[N],
  options: Pick<SendOptions, "startAfter" | "singletonKey" | "priority"> = {},
): Promise<void> {
  const boss = await sender();
  await boss.send(name, payload, { ...options, db: fromDrizzle(tx, sql) });
}

/** Takes jobs out of the database with what they carry, in whatever state they are. */
export async function forgetJobs(name: JobName, ids: readonly string[]): Promise<void> {
  const boss = await sender();
  await boss.deleteJob(name, [...ids]);
}

const foundMax = 1000;

/** Ids of the queue's jobs that were sent before this moment, whatever became of them; at most 1,000. */
export async function jobsBefore(name: JobName, before: Date): Promise<string[]> {
  const rows = await db().execute<{ id: string }>(sql`
    select id from pgboss.job where name = ${name} and created_on < ${before.toISOString()}::timestamptz
    limit ${foundMax}`);
  return rows.map(({ id }) => id);
}
