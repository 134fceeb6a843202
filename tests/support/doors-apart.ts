import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { inject } from "vitest";
import { migrate } from "@/db/migrate";
import { makeEmptyDatabase } from "./empty-database";
import type { ServerEnv } from "./stack";

// For tests that need the job queue to themselves: the stack's own worker must not take their work.

export interface Apart {
  /** For `startWorker` and `startWeb`: the stack's environment with the database and the folder below. */
  readonly env: ServerEnv;
  readonly dataDir: string;
  /** A connection to it. */
  readonly sql: postgres.Sql;
  readonly drop: () => Promise<void>;
}

/**
 * A migrated database of its own on the stack's server, and a data folder. Services that this test file calls use
 * them from now on, so they must be made before the first of them. Lost and failed jobs come back at once rather than after seconds.
 */
export async function makeDatabaseApart(): Promise<Apart> {
  const database = await makeEmptyDatabase("apart");
  const dataDir = await mkdtemp(join(tmpdir(), "harmony-apart-"));
  const env = {
    ...inject("serverEnv"),
    DATABASE_URL: database.url,
    HARMONY_DATA_DIR: dataDir,
  };
  Object.assign(process.env, env);
  await migrate(env.DATABASE_URL);
  const sql = postgres(env.DATABASE_URL, { max: 4, onnotice: () => undefined });
  await sql`update pgboss.queue set retry_delay = 0, retry_backoff = false, heartbeat_seconds = 2
    where name in ('meeting.process', 'meeting.transcribe')`;
  return {
    env,
    dataDir,
    sql,
    drop: async () => {
      await sql.end({ timeout: 5 });
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
