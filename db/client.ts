import { sql as drizzleSql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";

function connect(planCacheMode: "auto" | "force_generic_plan"): postgres.Sql {
  const { DATABASE_URL, DATABASE_POOL_SIZE, DATABASE_DIRECT_URL } = env();
  if (!DATABASE_URL) {
    throw new Error(
      "DATABASE_URL is not set. `npm start` sets it; elsewhere point it at a PostgreSQL 15 or newer.",
    );
  }
  return postgres(DATABASE_URL, {
    max: DATABASE_POOL_SIZE,
    connect_timeout: 10,
    idle_timeout: 60,
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
  return singleton("pool", () => connect("auto"));
}

/**
 * The pool for the hot reads of the API. Their plan does not depend on their values, yet for a large workspace
 * PostgreSQL would plan each execution anew, which costs more than running it; here a statement is planned once.
 */
export function readPool(): postgres.Sql {
  return singleton("read-pool", () => connect("force_generic_plan"));
}

export type Db = PostgresJsDatabase;
/** A transaction, or the pool outside of one: what a query may run on. */
export type Tx = Pick<Db, "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute">;

/** Drizzle over the same pool. Instants come and go as `Date` here, and as ISO text in raw `pool()` queries. */
export function db(): Db {
  return singleton("drizzle", () => drizzle(pool()));
}

/** Ends the pools; running queries get five seconds. */
export async function closePool(): Promise<void> {
  await Promise.all([pool().end({ timeout: 5 }), readPool().end({ timeout: 5 })]);
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
