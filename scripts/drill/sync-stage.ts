import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { runOnce, signalGroup } from "../keep-running";

// Where the sync drills play, and the sync cases of the bench: a database that syncs every commit, the reference tool as a process, and processes of the
// product that know it. Their code is with the tests, since no product knows the reference tool; it is only started here.

const support = "tests/support/reference-tool";

export interface Stage {
  readonly sql: postgres.Sql;
  readonly toolUrl: string;
  /** Starts a process beside the product's on the same database, with a channel to it. */
  readonly start: (script: "worker" | "source" | "refresher" | "bulk") => ChildProcess;
  readonly stop: () => Promise<void>;
}

/** The environment in which the reference providers reach the tool. */
function toolEnv(toolUrl: string): Record<string, string> {
  const prefixes = ["CRM", "SLOW_CRM", "SCALED_CRM", "CHAT", "CALENDAR"].map(
    (name) => `REFERENCE_${name}`,
  );
  return Object.fromEntries(
    prefixes.flatMap((prefix) => [
      [`${prefix}_CLIENT_ID`, "reference-client"],
      [`${prefix}_CLIENT_SECRET`, "reference-client-secret"],
      [`${prefix}_API_URL`, toolUrl],
      [`${prefix}_TOKEN_URL`, `${toolUrl}/token`],
    ]),
  );
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The next message of a process; throws when it ends without one. */
export async function messageOf<T>(child: ChildProcess, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const options = { signal: AbortSignal.any([signal, settled.signal]) };
  const ended = once(child, "exit", options).then(([code]) => {
    throw new Error(`a process of the drill ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", options), ended]);
    return message as T;
  } finally {
    ended.catch(() => undefined);
    settled.abort();
  }
}

export async function startStage(signal: AbortSignal): Promise<Stage> {
  const dataDir = await mkdtemp(join(projectRoot, ".data-drill-"));
  const log = join(projectRoot, "test-results", "drill-sync.log");
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const children = new Set<ChildProcess>();
  const database = await startEmbeddedPostgres({
    dataDir: join(dataDir, "pg"),
    settings: { max_connections: "200" },
  });
  const base: NodeJS.ProcessEnv = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: database.url,
    HARMONY_EMBEDDED: "1",
    HARMONY_DATA_DIR: dataDir,
    HARMONY_SECRET: randomBytes(32).toString("base64"),
    HARMONY_DEMO: "0",
    LOG_LEVEL: "warn",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
  };

  function launch(script: string, env: NodeJS.ProcessEnv, args: string[] = []): ChildProcess {
    const child = spawn(process.execPath, ["--import", "tsx", `${support}/${script}.ts`, ...args], {
      cwd: projectRoot,
      env,
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
    });
    children.add(child);
    return child;
  }

  async function stop(): Promise<void> {
    for (const child of children) {
      if (hasEnded(child)) continue;
      const exited = once(child, "exit");
      signalGroup(child, "SIGKILL");
      await exited;
    }
    await sql.end({ timeout: 5 });
    await database.stop();
    closeSync(output);
    await rm(dataDir, { recursive: true, force: true });
  }

  const sql = postgres(database.url, { max: 2, connect_timeout: 10, onnotice: () => undefined });
  try {
    await runOnce(
      {
        name: "database preparation",
        args: ["--import", "tsx", "scripts/prepare-database.ts"],
        env: { ...base },
      },
      signal,
      { quiet: true },
    );
    const tool = launch("main", base, [join(dataDir, "tool.jsonl")]);
    const { url } = await messageOf<{ url: string }>(tool, signal);
    const env = { ...base, ...toolEnv(url) };
    return { sql, toolUrl: url, start: (script) => launch(script, env), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the tool says about itself. */
export async function askTool<T>(stage: Stage, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${stage.toolUrl}/_control/${path}`, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`the tool answered ${answer.status} to ${path}`);
  return (await answer.json()) as T;
}
