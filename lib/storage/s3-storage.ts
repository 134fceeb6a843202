import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { S3Settings } from "@/lib/core/env";
import { notFound } from "@/lib/core/errors";
import { asStorageError, sweepFolder, tooLargeToRead } from "@/lib/storage/files";
import { ignoreErrorsOf, untilBroken, wrongOffset } from "@/lib/storage/folder-parts";
import { headBytes } from "@/lib/storage/meter";
import { pacedRead } from "@/lib/storage/pace";
import { s3Client } from "@/lib/storage/s3-client";
import {
  abortTransfers,
  type Bucket,
  beginPieces,
  dropPieces,
  hashPieces,
  joinPieces,
  listObjects,
  readPieces,
  sizeOfPieces,
  writePieces,
} from "@/lib/storage/s3-pieces";
import type { ByteRange, Staged, Storage, StoredObject } from "@/lib/storage/storage";

const lasting = ["recordings/", "playback/"] as const;

/** Groups what is listed by the first `depth` names of its key; the age of a group is that of its newest object. */
async function* grouped(
  objects: AsyncIterable<StoredObject>,
  depth: number,
): AsyncGenerator<StoredObject> {
  let group = null as StoredObject | null;
  for await (const { key, modifiedAt } of objects) {
    const name = key.split("/").slice(0, depth).join("/");
    if (group?.key !== name) {
      if (group) yield group;
      group = { key: name, modifiedAt };
    } else if (modifiedAt > group.modifiedAt) {
      group = { key: name, modifiedAt };
    }
  }
  if (group) yield group;
}

async function readAllOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

/** Storage in a bucket of an S3 service. Staged bytes wait under `staged/`, local copies in `work/` of the data directory. */
export function s3Storage(settings: S3Settings, dataDir: string): Storage {
  const bucket: Bucket = { name: settings.bucket, ask: s3Client(settings) };
  const work = join(resolve(dataDir), "work");

  function stagedAt(prefix: string, facts: Pick<Staged, "bytes" | "sha256" | "head">): Staged {
    let joined: string | null = null;
    return {
      ...facts,
      async readAll(max) {
        if (facts.bytes > max) throw tooLargeToRead(facts.bytes, max);
        return readAllOf(readPieces(bucket, prefix, facts.bytes));
      },
      async prepare(key) {
        if (joined !== key) await joinPieces(bucket, prefix, facts.bytes, key);
        joined = key;
      },
      async keep(key) {
        if (joined === key) return;
        await joinPieces(bucket, prefix, facts.bytes, key);
        await dropPieces(bucket, prefix);
      },
      discard: () => dropPieces(bucket, prefix),
    };
  }

  async function begunSize(key: string): Promise<number> {
    const { size, hasBegun } = await sizeOfPieces(bucket, key);
    if (!hasBegun) throw notFound("Stored file");
    return size;
  }

  async function statObject(key: string) {
    const facts = await bucket.ask((s3) => s3.headObject({ Bucket: bucket.name, Key: key }));
    return { size: facts.ContentLength ?? 0, version: (facts.ETag ?? "").replace(/[^\w.-]/g, "") };
  }

  async function openObject(key: string, wanted?: ByteRange) {
    if (wanted && (wanted.start < 0 || wanted.end < wanted.start)) {
      throw new RangeError(`bytes ${wanted.start} to ${wanted.end} are no stretch`);
    }
    const Range = wanted && `bytes=${wanted.start}-${wanted.end}`;
    const answer = await bucket.ask((s3) => s3.getObject({ Bucket: bucket.name, Key: key, Range }));
    const stream = answer.Body instanceof Readable ? answer.Body : Readable.from([]);
    const length = answer.ContentLength ?? 0;
    const size = wanted ? Number(answer.ContentRange?.split("/")[1]) : length;
    const start = wanted?.start ?? 0;
    return { size, range: { start, end: start + length - 1 }, stream: pacedRead(stream) };
  }

  return {
    async stage(source, signal) {
      const prefix = `staged/${randomUUID()}`;
      const hash = createHash("sha256");
      const heads: Buffer[] = [];
      let headLeft = headBytes;
      async function* watched() {
        for await (const data of addAbortSignal(signal, source)) {
          const chunk: Buffer = typeof data === "string" ? Buffer.from(data) : data;
          hash.update(chunk);
          if (headLeft > 0) heads.push(Buffer.from(chunk.subarray(0, headLeft)));
          headLeft -= Math.min(headLeft, chunk.length);
          yield chunk;
        }
      }
      try {
        const bytes = await writePieces(bucket, prefix, 0, watched());
        return stagedAt(prefix, { bytes, sha256: hash.digest("hex"), head: Buffer.concat(heads) });
      } catch (error) {
        // The first failure is the one to tell; what stays is swept.
        await dropPieces(bucket, prefix).catch(() => undefined);
        throw error;
      }
    },

    async readAll(key, max) {
      const { size } = await statObject(key);
      if (size > max) throw tooLargeToRead(size, max);
      return readAllOf((await openObject(key)).stream);
    },

    stat: statObject,
    open: openObject,

    async withLocalFile(key, signal, use) {
      signal.throwIfAborted();
      const { stream } = await openObject(key);
      const path = join(work, randomUUID());
      try {
        await mkdir(work, { recursive: true });
        await pipeline(stream, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
        return await use(path);
      } catch (error) {
        stream.destroy();
        throw asStorageError(error);
      } finally {
        await rm(path, { force: true });
      }
    },

    async remove(key) {
      await bucket.ask((s3) => s3.deleteObject({ Bucket: bucket.name, Key: key }));
    },

    async *list() {
      for (const prefix of lasting) yield* listObjects(bucket, prefix);
      yield* grouped(listObjects(bucket, "uploads/"), 3);
    },

    async sweepStaged(before) {
      let removed = await sweepFolder(work, before);
      for await (const { key, modifiedAt } of grouped(listObjects(bucket, "staged/"), 2)) {
        if (modifiedAt >= before) continue;
        await dropPieces(bucket, key);
        removed += 1;
      }
      const isOurs = (key: string) => lasting.some((prefix) => key.startsWith(prefix));
      return removed + (await abortTransfers(bucket, isOurs, before));
    },

    async beginParts(key) {
      const { hasBegun } = await sizeOfPieces(bucket, key);
      if (!hasBegun) await beginPieces(bucket, key);
    },

    partsSize: begunSize,

    async appendPart(key, offset, source, signal) {
      ignoreErrorsOf(source);
      const size = await begunSize(key);
      if (size !== offset) throw wrongOffset(offset, size);
      return writePieces(bucket, key, offset, untilBroken(source, signal));
    },

    async finishParts(key) {
      const bytes = await begunSize(key);
      return stagedAt(key, { bytes, ...(await hashPieces(bucket, key, bytes, headBytes)) });
    },

    dropParts: (key) => dropPieces(bucket, key),
  };
}
