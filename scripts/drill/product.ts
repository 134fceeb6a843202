import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { findFreePort, startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { signalGroup } from "../keep-running";
import { findProcess } from "../process-lock";
import { waitUntil } from "./wait-until";

const readyTimeoutMs = 300_000;
const stopTimeoutMs = 30_000;

export type ProductProcess = "web" | "worker";
const scripts: Readonly<Record<ProductProcess, string>> = {
  web: "server.ts",
  worker: "worker.ts",
};

/** The product as `npm start` runs it: the supervisor, its embedded database, one web process and one worker. */
export interface Product {
  /** Origin of the web process. */
  readonly url: string;
  /** For processes that work beside the product on its database. */
  readonly env: Readonly<Record<string, string>>;
  readonly sql: postgres.Sql;
  /** Null while it does not run. */
  readonly pidOf: (what: ProductProcess) => number | null;
  readonly databasePid: () => number | null;
  readonly stop: () => Promise<void>;
}

/** Only what programs need: the settings of the person who runs the drill must not change it. */
function supervisorEnv(dataDir: string, port: number): Record<string, string> {
  const inherited = ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // Set to nothing, so that a `.env` in the project does not fill them in.
  const unset = [
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "HARMONY_SECRET",
    "REDIS_URL",
    "SMTP_URL",
    "LLM_URL",
  ];
  return {
    ...Object.fromEntries([...inherited, ...unset.map((name) => [name, ""] as const)]),
    PORT: String(port),
    APP_URL: `http://localhost:${port}`,
    HARMONY_DATA_DIR: dataDir,
    HARMONY_DEMO: "0",
    LOG_LEVEL: "warn",
    // As under npm: the supervisor stops when the drill is gone.
    npm_lifecycle_event: "start",
  };
}

function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return list === "" ? [] : list.split(" ").map(Number);
  } catch {
    return [];
  }
}

function childRunning(parent: number, script: string): number | null {
  const found = childrenOf(parent).find((pid) => findProcess(pid)?.command.endsWith(` ${script}`));
  return found ?? null;
}

function postmasterPid(dataDir: string): number | null {
  try {
    const [line] = readFileSync(join(dataDir, "pg", "data", "postmaster.pid"), "utf8").split("\n");
    const pid = Number(line);
    return findProcess(pid) === null ? null : pid;
  } catch {
    return null;
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(
    () => null,
  );
  return answer?.status === 200;
}

async function stopSupervisor(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  const exited = once(supervisor, "exit");
  const impatience = setTimeout(() => signalGroup(supervisor, "SIGKILL"), stopTimeoutMs);
  supervisor.kill("SIGTERM");
  await exited;
  clearTimeout(impatience);
}

/** Starts the product in a folder of its own beside the usual data folder; `stop` ends it and removes everything. */
export async function startProduct(signal: AbortSignal): Promise<Product> {
  if (process.platform !== "linux") {
    throw new Error("this drill finds the processes to kill under /proc: run it on Linux");
  }
  const dataDir = await mkdtemp(join(projectRoot, ".data-drill-"));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = supervisorEnv(dataDir, port);
  // Kept after the drill: it says why a promise was broken.
  const log = join(projectRoot, "test-results", "drill-product.log");
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const supervisor = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    cwd: projectRoot,
    env: { ...env, NODE_ENV: "production" },
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const hasEnded = () => supervisor.exitCode !== null || supervisor.signalCode !== null;
  const clear = async () => {
    await stopSupervisor(supervisor);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await waitUntil("the product to start", async () => hasEnded() || (await isReady(url)), {
      timeoutMs: readyTimeoutMs,
      signal,
    });
    if (hasEnded()) throw new Error(`it did not start:\n${readFileSync(log, "utf8").slice(-3000)}`);
    // Joins the running server; its address and password come from the data folder.
    const database = await startEmbeddedPostgres({ dataDir: join(dataDir, "pg") });
    const sql = postgres(database.url, { max: 2, connect_timeout: 10, onnotice: () => undefined });
    return {
      url,
      env: {
        ...env,
        DATABASE_URL: database.url,
        HARMONY_EMBEDDED: "1",
        HARMONY_SECRET: readFileSync(join(dataDir, "secret"), "utf8").trim(),
      },
      sql,
      pidOf: (what) => childRunning(supervisor.pid ?? 0, scripts[what]),
      databasePid: () => postmasterPid(dataDir),
      stop: async () => {
        await sql.end({ timeout: 5 });
        await stopSupervisor(supervisor);
        await database.stop();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
