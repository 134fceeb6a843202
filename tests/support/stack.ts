import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureBuilt } from "../../scripts/build-app";
import {
  type EmbeddedPostgres,
  findFreePort,
  startEmbeddedPostgres,
} from "../../scripts/embedded-postgres";
import { projectRoot } from "../../scripts/environment";
import { runOnce, signalGroup } from "../../scripts/keep-running";
import { waitFor } from "./wait-for";

// The real product for tests: an embedded PostgreSQL in a temporary folder, and the same processes that
// `npm start` runs, on free ports. Nothing is replaced or faked.

/** Environment of a server process; also what a test needs to call services in its own process. */
export type ServerEnv = Readonly<Record<string, string>>;

export interface RunningProcess {
  readonly pid: number;
  /** Throws with the end of the log when the process has ended by itself. */
  readonly assertRunning: () => void;
  /** SIGTERM, then SIGKILL after ten seconds. */
  readonly stop: () => Promise<void>;
}

export interface RunningWeb extends RunningProcess {
  /** Origin without a trailing slash; also the server's APP_URL. */
  readonly url: string;
}

export interface Stack {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly env: ServerEnv;
  readonly stop: () => Promise<void>;
}

const STOP_TIMEOUT_MS = 10_000;

/** What this process has started; the stack stops what is left of it. */
const started = new Set<ChildProcess>();

/** Only what programs need to run; a developer's own SMTP_URL or LLM_URL must not change a test. */
export function inheritedEnv(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LANG", "CI"];
  const entries = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** Where the output of one run's servers goes; printed when the run fails. */
export function logPath(run: string): string {
  return join(projectRoot, "test-results", `${run}-servers.log`);
}

function tail(path: string, lines: number): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

function startProcess(path: string, env: ServerEnv, log: string): ChildProcess {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "a");
  // The IPC channel makes the process end when the test runner is killed (lib/core/parent-watch.ts).
  const child = spawn(process.execPath, ["--import", "tsx", path], {
    cwd: projectRoot,
    env: { NODE_ENV: "production", ...env },
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  started.add(child);
  return child;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  started.delete(child);
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  const impatience = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(impatience);
}

function runningProcess(name: string, child: ChildProcess, log: string): RunningProcess {
  return {
    pid: child.pid ?? 0,
    assertRunning: () => {
      if (!hasEnded(child)) return;
      throw new Error(`The ${name} ended with exit code ${child.exitCode}.\n${tail(log, 40)}`);
    },
    stop: () => stopProcess(child),
  };
}

/**
 * Starts one more web server on the stack's database, with its own port and the given changes to the environment,
 * and waits until it is ready. Stop it in the test file that started it.
 */
export async function startWeb(
  base: ServerEnv,
  changes: ServerEnv = {},
  log = logPath("extra"),
): Promise<RunningWeb> {
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const child = startProcess(
    "server.ts",
    { ...base, PORT: String(port), APP_URL: url, ...changes },
    log,
  );
  const running = runningProcess("web server", child, log);
  try {
    await waitFor(
      `${url}/readyz`,
      async () => {
        if (hasEnded(child)) return true;
        return (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200;
      },
      120_000,
    );
    running.assertRunning();
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { ...running, url };
}

/** Starts one worker on the stack's database. It takes jobs as soon as it is up; there is nothing to wait for. */
export function startWorker(base: ServerEnv, log = logPath("extra")): RunningProcess {
  return runningProcess("worker", startProcess("worker.ts", base, log), log);
}

/** Starts one media worker on the stack's database; as with the worker, there is nothing to wait for. */
export function startMediaWorker(base: ServerEnv, log = logPath("extra")): RunningProcess {
  return runningProcess("media worker", startProcess("media-worker.ts", base, log), log);
}

/** Clears the database and its folder away when the test runner is gone without having stopped the stack. */
function startJanitor(databasePid: number, dataDir: string): ChildProcess {
  const code = `process.once("disconnect", () => {
    try { process.kill(${databasePid}, "SIGQUIT"); } catch {}
    setTimeout(() => require("fs").rmSync(${JSON.stringify(dataDir)}, { recursive: true, force: true }), 2000);
  });`;
  const janitor = spawn(process.execPath, ["-e", code], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  janitor.unref();
  janitor.channel?.unref();
  return janitor;
}

/**
 * An empty, migrated database and the environment for servers on it; with `demo`, the demo workspace too. Builds
 * the app when its sources changed. The caller starts the servers; stopping the stack stops them first.
 */
export async function startStack(options: { readonly demo: boolean }): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), "harmony-test-"));
  const database = await startEmbeddedPostgres({
    dataDir: join(dataDir, "pg"),
    fsync: false,
    settings: { max_connections: "200" },
  });
  const janitor = startJanitor(database.pid, dataDir);
  const stop = async () => {
    await Promise.all([...started].map(stopProcess));
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
    janitor.kill("SIGKILL");
  };
  try {
    return {
      databaseUrl: database.url,
      dataDir,
      env: await prepare(database, dataDir, options),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(
  database: EmbeddedPostgres,
  dataDir: string,
  options: { readonly demo: boolean },
): Promise<ServerEnv> {
  const env: ServerEnv = {
    ...inheritedEnv(),
    HOST: "127.0.0.1",
    DATABASE_URL: database.url,
    HARMONY_EMBEDDED: "1",
    HARMONY_DATA_DIR: dataDir,
    HARMONY_SECRET: randomBytes(32).toString("base64"),
    HARMONY_SETUP_TOKEN: randomBytes(12).toString("base64url"),
    HARMONY_DEMO: options.demo ? "1" : "0",
    NEXT_MANUAL_SIG_HANDLE: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
  };
  const never = new AbortController().signal;
  await runOnce(
    {
      name: "database preparation",
      args: ["--import", "tsx", "scripts/prepare-database.ts"],
      env: { NODE_ENV: "production", ...env },
    },
    never,
    { quiet: true },
  );
  await ensureBuilt(never, () => process.stdout.write("Building the app…\n"));
  return env;
}
