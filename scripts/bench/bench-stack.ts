import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { type BulkSeedResult, bulkSeed } from "@/db/bulk-seed";
import { migrate } from "@/db/migrate";
import { ensureBuilt } from "../build-app";
import { type EmbeddedPostgres, findFreePort, startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { signalGroup } from "../keep-running";
import { get } from "./measure";

// Everything that the measurements run against, in a folder of its own beside the usual data folder (the same
// disk): a PostgreSQL server with a large and a small database, and the product's own processes.

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const smallMeetings = 1000;

/** A database with one workspace whose key may ask as often as it likes. */
export interface BenchDatabase {
  readonly url: string;
  readonly seeded: BulkSeedResult;
  /** The largest workspace. */
  readonly workspace: BulkSeedResult["workspaces"][number];
  readonly key: string;
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** A folder for data of a run. */
export interface BenchPlace {
  readonly dir: string;
  /** Ends what runs there, and removes it. */
  readonly stop: () => Promise<void>;
}

export interface BenchStack extends BenchPlace {
  readonly large: BenchDatabase;
  /** A database of a thousand meetings in all. */
  readonly small: BenchDatabase;
  /** The product's production web process on one of the databases. */
  readonly startWeb: (database: BenchDatabase) => Promise<RunningServer>;
  /** A script of this folder that listens on PORT. */
  readonly startFloor: (script: string, env: Record<string, string>) => Promise<RunningServer>;
}

type Say = (line: string) => void;

const secret = randomBytes(32).toString("base64");

function productEnv(databaseUrl: string, dir: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    HARMONY_EMBEDDED: "1",
    HARMONY_DATA_DIR: dir,
    HARMONY_SECRET: secret,
    HARMONY_DEMO: "0",
    HARMONY_BENCH: "1",
    NEXT_MANUAL_SIG_HANDLE: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
  };
}

/** Runs one command of the admin CLI and returns what it prints. */
async function harmony(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/harmony.ts", ...args], {
    cwd: projectRoot,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`harmony ${args[0]} ${args[1]} failed`);
  return output.trim();
}

async function makeDatabase(
  url: string,
  dir: string,
  seeded: BulkSeedResult,
): Promise<BenchDatabase> {
  const [workspace] = seeded.workspaces;
  if (!workspace) throw new Error("no workspace was seeded");
  const env = productEnv(url, dir);
  const on = ["--workspace", workspace.slug];
  // The limiter works on every request as in production; its limit is only out of reach.
  await harmony(env, ["plan", "set", ...on, "--plan", "enterprise", "--rate-limit", "100000000"]);
  const key = await harmony(env, [
    "key",
    "create",
    ...on,
    "--name",
    "Bench",
    "--access",
    "read_write",
  ]);
  return { url, seeded, workspace, key };
}

async function createSmall(largeUrl: string): Promise<string> {
  const sql = postgres(largeUrl, { max: 1, onnotice: () => undefined });
  await sql`create database harmony_small`;
  await sql.end();
  const url = new URL(largeUrl);
  url.pathname = "/harmony_small";
  return url.href;
}

async function startServer(
  script: string,
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<RunningServer> {
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const output = openSync(log, "a");
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: projectRoot,
    env: { ...env, PORT: String(port), APP_URL: url },
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  const address = `http://127.0.0.1:${port}`;
  await waitUntilReady(child, script, address, log);
  return { url: address, pid: child.pid ?? 0, stop: () => stopServer(child) };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function waitUntilReady(
  child: ChildProcess,
  script: string,
  url: string,
  log: string,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answer = await get(`${url}/readyz`).catch(() => null);
    // The floors have no such page; that they answer at all is enough.
    if (answer && answer.status !== 503) return;
    if (hasEnded(child)) break;
    await delay(50);
  }
  await stopServer(child);
  throw new Error(`${script} did not start:\n${readFileSync(log, "utf8").slice(-3000)}`);
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  const impatience = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(impatience);
}

async function seed(
  url: string,
  meetings: number,
  workspaces: number,
  say: Say,
): Promise<BulkSeedResult> {
  await migrate(url);
  const seeded = await bulkSeed(url, { meetings, workspaces, sizes: "half_in_first" });
  const count = seeded.meetings.toLocaleString("en");
  say(`Seeded ${count} meetings in ${workspaces} workspaces in ${seeded.seconds.toFixed(1)} s.`);
  return seeded;
}

async function fill(
  server: EmbeddedPostgres,
  dir: string,
  size: { readonly meetings: number; readonly workspaces: number },
  say: Say,
): Promise<{ large: BenchDatabase; small: BenchDatabase }> {
  const largeSeed = await seed(server.url, size.meetings, size.workspaces, say);
  const smallUrl = await createSmall(server.url);
  const smallSeed = await seed(smallUrl, smallMeetings, 1, say);
  return {
    large: await makeDatabase(server.url, dir, largeSeed),
    small: await makeDatabase(smallUrl, dir, smallSeed),
  };
}

const makeDir = () => mkdtemp(join(projectRoot, ".data-bench-"));

/** For cases that bring everything else themselves. */
export async function makeBenchPlace(): Promise<BenchPlace> {
  process.chdir(projectRoot);
  const dir = await makeDir();
  return { dir, stop: () => rm(dir, { recursive: true, force: true }) };
}

/** Builds the app when it is stale, starts a database server and fills it. `stop` removes everything. */
export async function startBenchStack(
  size: { readonly meetings: number; readonly workspaces: number },
  signal: AbortSignal,
  say: Say,
): Promise<BenchStack> {
  process.chdir(projectRoot);
  await ensureBuilt(signal, () => say("Building the app…"));
  const dir = await makeDir();
  // Throw-away data: fsync is off for the database, and on, as always, for stored recordings.
  const server = await startEmbeddedPostgres({
    dataDir: join(dir, "pg"),
    fsync: false,
    settings: { max_wal_size: "4GB" },
  });
  const running: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(running.map((process) => process.stop()));
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const keep = async (starting: Promise<RunningServer>) => {
    const started = await starting;
    running.push(started);
    return started;
  };
  const log = join(dir, "servers.log");
  try {
    const databases = await fill(server, dir, size, say);
    signal.throwIfAborted();
    return {
      dir,
      ...databases,
      startWeb: ({ url }) => keep(startServer("server.ts", productEnv(url, dir), log)),
      startFloor: (script, env) =>
        keep(
          startServer(
            `scripts/bench/${script}`,
            { PATH: process.env.PATH, NODE_ENV: "production", ...env },
            log,
          ),
        ),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
