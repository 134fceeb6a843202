import { spawn } from "node:child_process";
import { once } from "node:events";
import postgres from "postgres";
import { inject } from "vitest";
import { makeEmptyDatabase } from "../../support/empty-database";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type CliEnv = Readonly<Record<string, string>>;

/** Runs the CLI as its own process, the way `npm run harmony` does, and waits for its end. */
export async function runCli(env: CliEnv, args: readonly string[], input = ""): Promise<CliResult> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/harmony.ts", ...args], {
    env: { NODE_ENV: "production", ...env },
    stdio: "pipe",
    timeout: 60_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

/** The JSON that a command printed with --json. */
export function jsonOf(result: CliResult): Record<string, unknown> {
  if (result.code !== 0) throw new Error(`exit code ${result.code}: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

export interface OwnDatabase {
  readonly env: CliEnv;
  readonly sql: postgres.Sql;
  readonly drop: () => Promise<void>;
}

/** An empty database beside the one under test, so that what the CLI seeds disturbs no other test. */
export async function makeDatabase(): Promise<OwnDatabase> {
  const database = await makeEmptyDatabase("cli");
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  return {
    env: { ...inject("serverEnv"), DATABASE_URL: database.url },
    sql,
    drop: async () => {
      await sql.end({ timeout: 5 });
      await database.drop();
    },
  };
}
