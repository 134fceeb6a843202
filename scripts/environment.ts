import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { keepSecret } from "./keep-secret";

// What the start supervisor and the admin CLI share: the environment as the user gave it, completed with what
// the embedded default generates. Everything is put into process.env, where lib/core/env.ts and child
// processes find it.

/** The project's folder; every command runs there, whatever the current folder is. */
export const projectRoot = dirname(import.meta.dirname);

export interface Environment {
  /** True when no DATABASE_URL was given: the database lives in the data folder. */
  readonly embedded: boolean;
  /** Absolute path of HARMONY_DATA_DIR. */
  readonly dataDir: string;
}

function given(name: string): boolean {
  return (process.env[name] ?? "") !== "";
}

/**
 * Reads `.env`, makes HARMONY_DATA_DIR absolute and, for the embedded database, generates HARMONY_SECRET once.
 * Starts nothing. Throws one readable sentence when a required variable is missing.
 */
export function loadEnvironment(): Environment {
  process.chdir(projectRoot);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const embedded = !given("DATABASE_URL");
  const dataDir = resolve(process.env.HARMONY_DATA_DIR || ".data");
  if (!(embedded || given("HARMONY_SECRET"))) {
    throw new Error(
      "DATABASE_URL is set but HARMONY_SECRET is not. It signs sessions and encrypts stored tokens, and every process of an installation needs the same one. Set it to the output of: openssl rand -base64 32",
    );
  }
  process.env.HARMONY_DATA_DIR = dataDir;
  if (embedded) {
    process.env.HARMONY_EMBEDDED = "1";
    process.env.HARMONY_SECRET ||= keepSecret(join(dataDir, "secret"), () =>
      randomBytes(32).toString("base64"),
    );
  }
  return { embedded, dataDir };
}

/**
 * Starts the embedded database, or joins the running one, and puts its address into DATABASE_URL; null when
 * the user brought a database. Call `stop()` on the result when done: the last user stops the server.
 */
export async function openDatabase(
  { embedded, dataDir }: Environment,
  port?: number,
): Promise<EmbeddedPostgres | null> {
  if (!embedded) return null;
  const options = { dataDir: join(dataDir, "pg"), ...(port === undefined ? {} : { port }) };
  const database = await startEmbeddedPostgres(options);
  process.env.DATABASE_URL = database.url;
  return database;
}
