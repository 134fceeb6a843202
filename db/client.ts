import { setTimeout as delay } from "node:timers/promises";
import { sql as drizzleSql, type SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { within } from "@/lib/core/within";

/**
 * Seconds before the next try to connect: postgres.js would wait up to 20 after some failed ones, long after a database
 * that was restarted is back.
 */
export function reconnectSeconds(failures: number): number {
  return Math.min(0.05 * 2 ** failures, 1);
}

function connect(max: number, planner: Readonly<Record<string, string>>): postgres.Sql {
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
      ...planner,
    },
    onnotice: () => undefined,
  });
}

/** The pool of this process. */
export function pool(): postgres.Sql {
  return singleton("pool", () => connect(env().DATABASE_POOL_SIZE, {}));
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
    connect(Math.min(readPoolSize, env().DATABASE_POOL_SIZE), {
      plan_cache_mode: "force_generic_plan",
    }),
  );
}

const enginePoolSize = 4;

/**
 * The pool of the delivery engine. Its statements take a few rows from the head of an index, however long the queue
 * behind them is. PostgreSQL judges a queue by the statistics of a minute ago, when it may have been empty, and would
 * then read all of it each time; here it can only go by the index.
 */
export function enginePool(): postgres.Sql {
  return singleton("engine-pool", () =>
    connect(Math.min(enginePoolSize, env().DATABASE_POOL_SIZE), {
      plan_cache_mode: "force_generic_plan",
      enable_seqscan: "off",
      enable_bitmapscan: "off",
      enable_hashjoin: "off",
      enable_mergejoin: "off",
    }),
  );
}

export type Db = PostgresJsDatabase;
/** A transaction, or the pool outside of one: what a query may run on. */
export type Tx = Pick<
  Db,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute" | "_"
>;

const dialect = new PgDialect();

/**
 * Runs a statement that the connection keeps prepared: one round trip, where `execute` takes two. For statements whose
 * text is the same each time; several that do not wait for each other go out together.
 */
export async function executePrepared<T extends Record<string, unknown>>(
  tx: Tx,
  statement: SQL,
): Promise<readonly T[]> {
  const query = dialect.sqlToQuery(statement);
  const prepared = tx._.session.prepareQuery<{ execute: T[]; all: T[]; values: unknown }>(
    query,
    undefined,
    "prepared",
    false,
  );
  return await prepared.execute();
}

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

/** Drizzle over the pool of the delivery engine. */
export function engineDb(): Db {
  return singleton("engine-drizzle", () => withFollowUps(drizzle(enginePool())));
}

/**
 * What a loop that must never stand still waits for a query through: postgres.js can leave one unanswered for good when
 * its connection is cut at the wrong moment (porsager/postgres #1208). A query that is given up may still be carried out.
 */
export function answeredWithin<T>(ms: number, query: Promise<T>): Promise<T> {
  return within(ms, query, `the database did not answer within ${ms} ms`);
}

/** Ends the pools; running queries get five seconds. */
export async function closePool(): Promise<void> {
  await Promise.all([pool(), readPool(), enginePool()].map((one) => one.end({ timeout: 5 })));
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
