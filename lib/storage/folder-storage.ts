import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  asStorageError,
  rangeWithin,
  sweepFolder,
  syncToDisk,
  throwStorageError,
  tooLargeToRead,
  walk,
} from "@/lib/storage/files";
import { appendToFile, beginFile, readBack, sizeOfFile } from "@/lib/storage/folder-parts";
import { Meter } from "@/lib/storage/meter";
import { pacedRead } from "@/lib/storage/pace";
import type { Staged, Storage } from "@/lib/storage/storage";

const kept = ["recordings", "playback", "uploads"] as const;

async function readBounded(path: string, max: number): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > max) throw tooLargeToRead(size, max);
  return readFile(path);
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

  /** A second name for the same bytes. @returns false where the file system has none, or the name is taken. */
  async function linkTo(path: string, target: string): Promise<boolean> {
    try {
      await mkdir(dirname(target), { recursive: true });
      await syncToDisk(path);
    } catch (error) {
      throw asStorageError(error);
    }
    return link(path, target).then(
      () => true,
      () => false,
    );
  }

  async function moveTo(path: string, target: string): Promise<void> {
    try {
      await mkdir(dirname(target), { recursive: true });
      await syncToDisk(path);
      await rename(path, target);
    } catch (error) {
      throw asStorageError(error);
    }
  }

  function stagedAt(path: string, facts: Pick<Staged, "bytes" | "sha256" | "head">): Staged {
    let linked: string | null = null;
    return {
      ...facts,
      readAll: (max) => readBounded(path, max),
      discard: () => rm(path, { force: true }),
      async prepare(key) {
        if (linked !== key && (await linkTo(path, pathOf(key)))) linked = key;
      },
      async keep(key) {
        if (linked !== key) await moveTo(path, pathOf(key));
        await syncToDisk(dirname(pathOf(key)));
      },
    };
  }

  return {
    async stage(source, signal) {
      await mkdir(staging, { recursive: true }).catch(throwStorageError);
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
      return stagedAt(path, { bytes: meter.bytes, sha256, head: Buffer.concat(meter.heads) });
    },

    readAll: async (key, max) => readBounded(pathOf(key), max).catch(throwStorageError),

    async stat(key) {
      const { size, mtimeMs, ino } = await stat(pathOf(key)).catch(throwStorageError);
      return { size, version: `${ino}-${size}-${Math.floor(mtimeMs * 1000)}` };
    },

    async open(key, wanted) {
      const handle = await open(pathOf(key), "r").catch(throwStorageError);
      try {
        const { size } = await handle.stat();
        const range = rangeWithin(wanted, size);
        // A stream of an empty stretch would read to the end of the file.
        const bounds = range.end < range.start ? { start: 0 } : range;
        const stream = handle.createReadStream({ ...bounds, highWaterMark: 262_144 });
        return { size, range, stream: pacedRead(stream) };
      } catch (error) {
        await handle.close();
        throw error;
      }
    },

    async withLocalFile(key, signal, use) {
      signal.throwIfAborted();
      const path = pathOf(key);
      await stat(path).catch(throwStorageError);
      return use(path);
    },

    remove: (key) => rm(pathOf(key), { force: true }),

    async *list() {
      for (const folder of kept) yield* walk(join(root, folder), folder);
    },

    async sweepStaged(before) {
      return (await sweepFolder(staging, before)) + (await sweepFolder(join(root, "work"), before));
    },

    beginParts: async (key) => beginFile(pathOf(key)),
    partsSize: async (key) => sizeOfFile(pathOf(key)),
    appendPart: async (key, offset, source, signal) =>
      appendToFile(pathOf(key), offset, source, signal),
    async finishParts(key) {
      const path = pathOf(key);
      return stagedAt(path, await readBack(path));
    },
    dropParts: (key) => rm(pathOf(key), { force: true }),
  };
}
