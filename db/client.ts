import { setTimeout as delay } from "node:timers/promises";
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";

/**
 * Seconds before the next try to connect: postgres.js would wait up to 20 after some failed ones, long after a database
 * that was restarted is back.
 */
export function reconnectSeconds(failures: number): number {
  return Math.min(0.05 * 2 ** failures, 1);
}

function connect(planCacheMode: "auto" | "force_generic_plan", max: number): postgres.Sql {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = env();
  if (!DATABASE_URL) {
    throw new Error(
      "DATABASE_URL is not set. `npm start` sets it; elsewhere point it at a PostgreSQL 15 or newer.",
    );
  }
  return postgres(DATABASE_URL, {
    max,
    connect_timeout: 10,
    idle_timeout: 60,
    backoff: reconnectSeconds,
    // A transaction-mode pooler (then DATABASE_DIRECT_URL is set beside it) cannot keep prepared statements.
    prepare: DATABASE_DIRECT_URL === undefined,
    connection: {
      application_name: "harmony",
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      plan_cache_mode: planCacheMode,
    },
    onnotice: () => undefined,
  });
}

/** The pool of this process. */
export function pool(): postgres.Sql {
  return singleton("pool", () => connect("auto", env().DATABASE_POOL_SIZE));
}

const readPoolSize = 4;

/**
 * The pool for reads that are always short: one row by its id, or the first rows of an index. Their plan does not
 * depend on their values, yet for a large workspace PostgreSQL would plan each execution anew, which costs more than
 * running it; here a statement is planned once. The connections are few, so that requests of the same moment share a
 * write to the socket; a slow query would hold up those behind it and belongs on the other pool.
 */
export function readPool(): postgres.Sql {
  return singleton("read-pool", () =>
    connect("force_generic_plan", Math.min(readPoolSize, env().DATABASE_POOL_SIZE)),
  );
}

export type Db = PostgresJsDatabase;
/** A transaction, or the pool outside of one: what a query may run on. */
export type Tx = Pick<Db, "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute">;

const followUps = () => singleton("after-commit", () => new WeakMap<object, (() => void)[]>());

/**
 * Calls `work` once the transaction of `tx` has committed, and not at all when it rolls back; at once outside of a
 * transaction. A crash in between loses it: for signals that something else makes up for, never for facts.
 */
export function afterCommit(tx: Tx, work: () => void): void {
  const waiting = followUps().get(tx);
  if (waiting) waiting.push(work);
  else work();
}

function withFollowUps(client: Db): Db {
  const begin = client.transaction.bind(client);
  client.transaction = async (work, config) => {
    const waiting: (() => void)[] = [];
    const result = await begin((tx) => {
      followUps().set(tx, waiting);
      return work(tx);
    }, config);
    for (const followUp of waiting) followUp();
    return result;
  };
  return client;
}

/** Drizzle over the same pool. Instants come and go as `Date` here, and as ISO text in raw `pool()` queries. */
export function db(): Db {
  return singleton("drizzle", () => withFollowUps(drizzle(pool())));
}

/** Ends the pools; running queries get five seconds. */
export async function closePool(): Promise<void> {
  await Promise.all([pool().end({ timeout: 5 }), readPool().end({ timeout: 5 })]);
}

const databasePatienceMs = 60_000;

/** Waits until the database answers, for instance one that is restarted at this moment; throws after a minute. */
export async function waitForDatabase(): Promise<void> {
  const deadline = Date.now() + databasePatienceMs;
  while (!(await databaseAnswers())) {
    if (Date.now() > deadline) throw new Error("The database has not answered for a minute.");
    await delay(100);
  }
}

/** True when the database answers within two seconds. */
export async function databaseAnswers(): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(resolve, 2000, false).unref();
  });
  const answer = db()
    .execute(drizzleSql`select 1`)
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answer, late]);
}
