import { open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, notFound } from "@/lib/core/errors";
import type { ByteRange, StoredObject } from "@/lib/storage/storage";

const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** A full disk is not the caller's fault and not for ever: 503 instead of 500. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof Error && "code" in error && fullDisk.has(String(error.code))) {
    return new AppError("service_unavailable", "There is no room left to store the file", {
      fix: "Nothing was kept. Try again later; the operator has to free disk space.",
      retryAfterSeconds: 300,
      cause: error,
    });
  }
  return error;
}

/** For `catch` around what opens a stored file: one that is not there is a 404. */
export function throwStorageError(error: unknown): never {
  throw isMissing(error) ? notFound("Stored file") : asStorageError(error);
}

export function tooLargeToRead(size: number, max: number): AppError {
  return new AppError(
    "payload_too_large",
    `The file has ${size} bytes; at most ${max} can be read`,
  );
}

/** `range` cut to an object of `size` bytes; the whole object where none is given. */
export function rangeWithin(range: ByteRange | undefined, size: number): ByteRange {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (start < 0 || start > size || (range && (start === size || end < start))) {
    throw new RangeError(`bytes ${start} to ${end} are not in an object of ${size} bytes`);
  }
  return { start, end: Math.min(end, size - 1) };
}

export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Every file below `folder`, with keys that begin with `prefix`. */
export async function* walk(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const key = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      yield* walk(path, key);
      continue;
    }
    // It may have been removed since the folder was read.
    const facts = await stat(path).catch(() => null);
    if (facts) yield { key, modifiedAt: facts.mtime };
  }
}

/** Removes the files of a folder that were last written before a moment; returns how many. */
export async function sweepFolder(folder: string, before: Date): Promise<number> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  let removed = 0;
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (!facts || facts.mtime >= before) continue;
    await rm(path, { force: true, recursive: true });
    removed += 1;
  }
  return removed;
}
