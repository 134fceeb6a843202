import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError, notFound } from "@/lib/core/errors";
import { Meter } from "@/lib/storage/meter";
import type { Staged, Storage, StoredObject } from "@/lib/storage/storage";

const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** A full disk is not the caller's fault and not for ever: 503 instead of 500. */
function asStorageError(error: unknown): unknown {
  if (error instanceof Error && "code" in error && fullDisk.has(String(error.code))) {
    return new AppError("service_unavailable", "There is no room left to store the file", {
      fix: "Nothing was kept. Try again later; the operator has to free disk space.",
      retryAfterSeconds: 300,
      cause: error,
    });
  }
  return error;
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readBounded(path: string, max: number): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > max) {
    throw new AppError(
      "payload_too_large",
      `The file has ${size} bytes; at most ${max} can be read`,
    );
  }
  return readFile(path);
}

async function* walk(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const key = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path, key);
    else yield { key, modifiedAt: (await stat(path)).mtime };
  }
}

/** Storage in a folder of the data directory. Staged bytes wait in `staged/` and move by rename. */
export function folderStorage(dataDir: string): Storage {
  const root = resolve(dataDir);
  const staging = join(root, "staged");

  function pathOf(key: string): string {
    const path = resolve(root, key);
    if (!path.startsWith(root + sep))
      throw new Error("a storage key points outside of the storage");
    return path;
  }

  return {
    async stage(source: Readable, signal: AbortSignal): Promise<Staged> {
      await mkdir(staging, { recursive: true });
      const path = join(staging, randomUUID());
      const file = createWriteStream(path, { flags: "wx", mode: 0o600, highWaterMark: 1_048_576 });
      const meter = new Meter(file);
      let sha256: string;
      try {
        source.on("data", meter.take);
        await pipeline(source, file, { signal });
        sha256 = await meter.sha256();
      } catch (error) {
        await meter.cancel();
        await rm(path, { force: true });
        throw asStorageError(error);
      }
      return {
        bytes: meter.bytes,
        sha256,
        head: Buffer.concat(meter.heads),
        readAll: (max) => readBounded(path, max),
        discard: () => rm(path, { force: true }),
        async keep(key) {
          const target = pathOf(key);
          try {
            await mkdir(dirname(target), { recursive: true });
            await syncToDisk(path);
            await rename(path, target);
            await syncToDisk(dirname(target));
          } catch (error) {
            throw asStorageError(error);
          }
        },
      };
    },

    async readAll(key, max) {
      return readBounded(pathOf(key), max).catch((error: unknown) => {
        throw isMissing(error) ? notFound("Stored file") : error;
      });
    },

    remove: (key) => rm(pathOf(key), { force: true }),

    list: () => walk(join(root, "recordings"), "recordings"),

    async sweepStaged(before) {
      const names = await readdir(staging).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      let removed = 0;
      for (const name of names) {
        const path = join(staging, name);
        const facts = await stat(path).catch(() => null);
        if (!facts || facts.mtime >= before) continue;
        await rm(path, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}
