import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

// Lock files name the process that holds them, so that a lock left behind by `kill -9` or a power cut is
// recognised and taken over. A process id alone is not enough: containers hand out the same small numbers
// again after a restart, so the moment the process started is part of its identity.

/** What the operating system says about a process; null when it does not run. */
interface ProcessInfo {
  readonly startedAt: string;
  readonly command: string;
}

function readLinuxProcess(pid: number): ProcessInfo | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the name in brackets and may itself hold spaces and brackets (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return null;
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  return { startedAt: fields[19] ?? "", command };
}

function readOtherProcess(pid: number): ProcessInfo | null {
  const line = execFileSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  }).trim();
  // `lstart` is always 24 characters: "Sun Nov 22 15:00:00 2026".
  return line === "" ? null : { startedAt: line.slice(0, 24), command: line.slice(24).trim() };
}

/** A process that runs now, with its start time and command line; null for one that is gone (or a zombie). */
export function findProcess(pid: number): ProcessInfo | null {
  try {
    return process.platform === "linux" ? readLinuxProcess(pid) : readOtherProcess(pid);
  } catch {
    return null;
  }
}

/** Names this process so that another one can tell later whether it still runs. */
function ownIdentity(): string {
  return `${process.pid} ${findProcess(process.pid)?.startedAt ?? ""}`;
}

function runningPid(identity: string): number | null {
  const space = identity.indexOf(" ");
  const pid = Number(identity.slice(0, space));
  const found = Number.isInteger(pid) && pid > 0 ? findProcess(pid) : null;
  return found?.startedAt === identity.slice(space + 1) ? pid : null;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** The process that holds a lock file; null when it is free or was left behind. */
export function lockHolder(path: string): number | null {
  const identity = readIfThere(path);
  return identity === null ? null : runningPid(identity);
}

export type LockAttempt =
  | { readonly held: true; readonly release: () => void }
  | { readonly held: false; readonly holder: number };

/** Removes a lock that was left behind, unless another process has taken it over in the meantime. */
function clearStale(path: string, stale: string, scratch: string): void {
  if (!renameIfThere(path, scratch)) return;
  if (readIfThere(scratch) !== stale) linkIfFree(scratch, path);
  rmSync(scratch, { force: true });
}

/**
 * Takes a lock file, or says which process holds it. The file appears with its content in one step (a hard
 * link), so nobody ever reads half of it. One lock per process and path: it is not re-entrant.
 */
export function tryLock(path: string): LockAttempt {
  mkdirSync(dirname(path), { recursive: true });
  const identity = ownIdentity();
  const scratch = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(scratch, identity, { mode: 0o600 });
  try {
    for (;;) {
      if (linkIfFree(scratch, path)) return { held: true, release: () => release(path, identity) };
      const existing = readIfThere(path);
      if (existing === null) continue;
      const holder = runningPid(existing);
      if (holder !== null) return { held: false, holder };
      clearStale(path, existing, `${scratch}.stale`);
    }
  } finally {
    rmSync(scratch, { force: true });
  }
}

function release(path: string, identity: string): void {
  if (readIfThere(path) === identity) rmSync(path, { force: true });
}

/** Runs `work` while holding a lock file; waits for another holder up to `timeoutMs`, then throws. */
export async function withLock<T>(
  path: string,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const attempt = tryLock(path);
    if (attempt.held) {
      try {
        return await work();
      } finally {
        attempt.release();
      }
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${attempt.holder} has held ${path} for ${Math.round(timeoutMs / 1000)} s. Wait for it to finish, or stop it, and try again.`,
      );
    }
    await delay(50);
  }
}

/**
 * A folder with one file per process that uses something shared. Entries of processes that are gone are
 * swept, so the last user out can be trusted to be the last.
 */
export function registerUser(folder: string): { leave: () => void } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${randomBytes(4).toString("hex")}`);
  writeFileSync(file, ownIdentity(), { mode: 0o600 });
  return { leave: () => rmSync(file, { force: true }) };
}

/** How many running processes are registered in a folder of `registerUser`. */
export function countUsers(folder: string): number {
  let count = 0;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const identity = readIfThere(file);
    if (identity !== null && runningPid(identity) !== null) count += 1;
    else rmSync(file, { force: true });
  }
  return count;
}
