import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Env, env } from "@/lib/core/env";
import { ensureBuilt } from "./build-app";
import type { EmbeddedPostgres } from "./embedded-postgres";
import { type Environment, loadEnvironment, openDatabase } from "./environment";
import { type KeptProcess, keepRunning, type ProcessSpec, runOnce } from "./keep-running";
import { keepSecret } from "./keep-secret";
import { findProcess, lockHolder, tryLock } from "./process-lock";

// The supervisor behind `npm start` and, with --dev, `npm run dev`: database, migrations, build, then the web
// server, both workers and the stand-ins of connected tools, which it keeps running until Ctrl-C. It holds no state of
// its own.

const READY_TIMEOUT_MS = 120_000;
const CHILD_GRACE_MS = 25_000;
const STOP_DEADLINE_MS = 29_000;
const STARTUP_CRASHES_MAX = 3;

const development = process.argv.includes("--dev");
const say = (line: string) => console.log(line);

/** The first signal asks for an orderly stop; its listeners end what is going on. */
const stopping = new AbortController();
const running: KeptProcess[] = [];
let database: EmbeddedPostgres | null = null;

// --- Before anything heavy --------------------------------------------------------------------------------

/** Listens for a moment; rejects with the system's error when that cannot be. */
async function tryPort(port: number, host: string): Promise<void> {
  const probe = createServer();
  probe.listen({ port, host, exclusive: true });
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
}

async function assertPortFree({ host, PORT }: Env, supervisorLock: string): Promise<void> {
  try {
    await tryPort(PORT, host);
  } catch (error) {
    throw new Error(portMessage(error, host, PORT, lockHolder(supervisorLock)));
  }
}

function portMessage(error: unknown, host: string, port: number, holder: number | null): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE" && holder !== null) {
    return `Port ${port} is already in use: Harmony runs from this folder already (process ${holder}). Open http://localhost:${port}, or stop it with: kill ${holder}`;
  }
  if (code === "EADDRINUSE") {
    return `Port ${port} is already in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`;
  }
  if (code === "EACCES") {
    return `Port ${port} needs more rights than this user has. Choose a port from 1024 up: PORT=3000 npm start`;
  }
  return `Harmony cannot listen on ${host} port ${port}: ${error instanceof Error ? error.message : error}. Check HOST and PORT.`;
}

/** One supervisor per data folder; with a DATABASE_URL several machines may share everything. */
function takeSupervisorLock({ embedded }: Environment, path: string): () => void {
  if (!embedded) return () => undefined;
  const attempt = tryLock(path);
  if (attempt.held) return attempt.release;
  throw new Error(
    `Harmony runs from this data folder already (process ${attempt.holder}). Stop it with "kill ${attempt.holder}", or start a second one elsewhere: HARMONY_DATA_DIR=.data-2 PORT=3001 npm start`,
  );
}

// --- Processes --------------------------------------------------------------------------------------------

function childEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: development ? "development" : "production",
    NEXT_MANUAL_SIG_HANDLE: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
    // Lookups of names that users typed share libuv's threads, four by default, with password hashes and files: a few
    // that hang must not hold those up.
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || "16",
  };
}

function script(name: string, path: string): ProcessSpec {
  return { name, args: ["--import", "tsx", path], env: childEnv() };
}

/** `tsx watch` outlives its parent; this makes it end, and its own child then sees the same. */
const endWithParent =
  'data:text/javascript,process.once("disconnect",()=>process.kill(process.pid,"SIGTERM"))';

function watchedScript(name: string, path: string): ProcessSpec {
  const tsx = join("node_modules", "tsx", "dist", "cli.mjs");
  return {
    name,
    args: ["--import", endWithParent, tsx, "watch", "--clear-screen=false", path],
    env: childEnv(),
  };
}

/** The status of GET /readyz; null while nothing answers. */
async function probeReadiness({ host, PORT }: Env): Promise<number | null> {
  const target = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return new Promise((resolve) => {
    const probe = request(
      { host: target, port: PORT, path: "/readyz", headers: { host: "localhost" }, timeout: 5_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? null);
      },
    );
    probe.once("timeout", () => probe.destroy());
    probe.once("error", () => resolve(null));
    probe.end();
  });
}

async function waitUntilReady(settings: Env, web: KeptProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    stopping.signal.throwIfAborted();
    if ((await probeReadiness(settings)) === 200) return;
    if (web.crashes() >= STARTUP_CRASHES_MAX) {
      throw new Error("The web server does not start; the lines above say why.");
    }
    await delay(100);
  }
  throw new Error(`Harmony was not ready after ${READY_TIMEOUT_MS / 1000} s.`);
}

/**
 * Under npm, killing npm means us: then we stop in order instead of holding the port as an orphan. Started in
 * another way, losing the parent is normal (a shell that was closed after `nohup`).
 */
const npmPid = process.env.npm_lifecycle_event === undefined ? null : process.ppid;

/**
 * Runs until we stop. Starts the embedded database again, on the same port, when its process is gone.
 */
async function standGuard(environment: Environment): Promise<void> {
  const { signal } = stopping;
  while (!signal.aborted) {
    await delay(500, undefined, { signal }).catch(() => undefined);
    if (npmPid !== null && process.ppid !== npmPid) stopping.abort(new Error("stopped"));
    if (signal.aborted || !database || findProcess(database.pid) !== null) continue;
    console.error("The database stopped unexpectedly. Starting it again.");
    const lost = database;
    try {
      database = await openDatabase(environment, Number(new URL(lost.url).port));
      await lost.stop();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      await delay(5_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

// --- Start and stop ---------------------------------------------------------------------------------------

function announce(
  { appUrl, demo }: Env,
  { embedded, dataDir }: Environment,
  sandboxUrl: string | null,
): void {
  const signIn = demo
    ? `open ${appUrl}/login and press one of the demo buttons`
    : `${appUrl}/login. First time: ${appUrl}/setup?token=${process.env.HARMONY_SETUP_TOKEN}`;
  say("");
  say(`Harmony is ready: ${appUrl}`);
  say("");
  say(`  Sign in   ${signIn}`);
  say(
    `  Data      ${dataDir}${embedded ? "" : " (files); the database is the one in DATABASE_URL"}`,
  );
  if (sandboxUrl !== null) say(`  Tools     stand-ins of Slack and others: ${sandboxUrl}`);
  say("  Stop      Ctrl-C");
  say("");
}

/** Stand-ins of connected tools are a convenience: without their port everything else goes on. Null: none. */
async function startSandbox({ sandbox, SANDBOX_PORT, sandboxUrl }: Env): Promise<string | null> {
  if (!sandbox) return null;
  try {
    await tryPort(SANDBOX_PORT, "127.0.0.1");
    running.push(keepRunning(script("stand-ins of connected tools", "sandbox/main.ts")));
    return sandboxUrl;
  } catch {
    console.error(
      `Port ${SANDBOX_PORT} is already in use, so the stand-ins of connected tools do not run. Everything else does. Choose another port for them: SANDBOX_PORT=${SANDBOX_PORT + 1} npm start`,
    );
    return null;
  }
}

async function start(environment: Environment, settings: Env): Promise<void> {
  const { signal } = stopping;
  const began = Date.now();
  say(`Harmony is starting. Its data is kept in ${environment.dataDir}`);
  if (environment.embedded) say("Starting the database…");
  database = await openDatabase(environment);
  say(settings.demo ? "Preparing the database and the demo workspace…" : "Preparing the database…");
  await runOnce(script("database preparation", "scripts/prepare-database.ts"), signal);
  if (!development) {
    await ensureBuilt(signal, () => say("Building the app (about 20 s, only after changes)…"));
  }
  signal.throwIfAborted();
  const web = keepRunning(script("web server", "server.ts"));
  running.push(web);
  const worker = development ? watchedScript : script;
  running.push(keepRunning(worker("worker", "worker.ts")));
  running.push(keepRunning(worker("media worker", "media-worker.ts")));
  const sandboxUrl = await startSandbox(settings);
  await waitUntilReady(settings, web);
  announce(settings, environment, sandboxUrl);
  say(`Started in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

async function stop(): Promise<void> {
  const deadline = setTimeout(killEverything, STOP_DEADLINE_MS);
  await Promise.all(running.map((child) => child.stop(CHILD_GRACE_MS)));
  await database?.stop();
  clearTimeout(deadline);
}

/** The second Ctrl-C. The database recovers from its log at the next start. */
function killEverything(): never {
  for (const child of running) child.kill();
  if (database) {
    try {
      process.kill(database.pid, "SIGQUIT");
    } catch {
      // It is gone already.
    }
  }
  process.exit(1);
}

function listenForSignals(): void {
  let firstAt = 0;
  const onSignal = () => {
    if (firstAt === 0) {
      firstAt = Date.now();
      say("\nStopping… (Ctrl-C again stops at once)");
      stopping.abort(new Error("stopped"));
    } else if (Date.now() - firstAt > 500) {
      // One Ctrl-C can arrive twice: from the terminal, and passed on by npm.
      killEverything();
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
}

async function main(): Promise<number> {
  const environment = loadEnvironment();
  if (process.env.NODE_ENV) process.env.HARMONY_NODE_ENV_BY_USER = "1";
  const settings = env();
  const supervisorLock = join(environment.dataDir, "supervisor.lock");
  await assertPortFree(settings, supervisorLock);
  const unlock = takeSupervisorLock(environment, supervisorLock);
  if (!settings.demo) {
    process.env.HARMONY_SETUP_TOKEN ||= keepSecret(join(environment.dataDir, "setup-token"), () =>
      randomBytes(24).toString("base64url"),
    );
  }
  let code = 0;
  try {
    listenForSignals();
    await start(environment, settings);
    await standGuard(environment);
  } catch (error) {
    if (!stopping.signal.aborted) {
      console.error(error instanceof Error ? error.message : error);
      code = 1;
    }
    stopping.abort();
  }
  await stop();
  unlock();
  return code;
}

// The terminal may be closed while we still tidy up.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
