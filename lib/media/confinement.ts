import { execFile } from "node:child_process";
import { access, constants, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";

// What keeps a program that reads files of strangers from doing harm: an unprivileged user where we are root, and
// limits of memory, processor time and file size where the system has them.

const run = promisify(execFile);
/** `nobody` and `nogroup` on Linux. */
const nobody = 65_534;
const memoryBytes = 2 * 1024 ** 3;
const limiter = "/usr/bin/prlimit";

export interface Confinement {
  /** User and group to run as; null: as ourselves. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Goes before the program and its arguments. */
  readonly prefix: readonly string[];
}

async function canBeNobody(): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    await run("/bin/true", { uid: nobody, gid: nobody });
    return true;
  } catch (error) {
    // A container may keep its root from changing users.
    log().warn({ err: error }, "ffmpeg cannot be run as an unprivileged user");
    return false;
  }
}

async function look(): Promise<Confinement> {
  const user = (await canBeNobody()) ? { uid: nobody, gid: nobody } : null;
  try {
    await access(limiter, constants.X_OK);
  } catch {
    return { user, prefix: [] };
  }
  // It answers through a pipe, so it never has a file to write.
  const limits = [`--as=${memoryBytes}`, "--cpu=3600", "--fsize=0", "--core=0", "--nofile=64"];
  return { user, prefix: [limiter, ...limits, "--"] };
}

/** What this system offers; looked up once a process. */
export function confinement(): Promise<Confinement> {
  return singleton("media-confinement", look);
}

/**
 * Lets the unprivileged user read one file while `use` runs, by its group: other files, and the way to this one,
 * stay closed to it. Hands over whether that worked.
 */
export async function lend<T>(
  file: FileHandle,
  user: Confinement["user"],
  use: (isLent: boolean) => Promise<T>,
): Promise<T> {
  if (user === null) return use(false);
  const { uid, mode } = await file.stat();
  try {
    await file.chown(uid, user.gid);
    await file.chmod(mode | 0o040);
  } catch (error) {
    log().warn({ err: error }, "a recording cannot be lent to the unprivileged user");
    return use(false);
  }
  try {
    return await use(true);
  } finally {
    await file.chmod(mode);
  }
}
