import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@/lib/core/errors";
import { asStorageError, syncToDisk, throwStorageError } from "@/lib/storage/files";
import { GrowingHash } from "@/lib/storage/growing-hash";
import { headBytes, largeBytes } from "@/lib/storage/meter";
import { Pace } from "@/lib/storage/pace";

// Files that arrive in pieces: one file each that grows. Every write names its place in it, so that a writer who was
// given up and wakes again writes the same bytes to the same place.

export function wrongOffset(offset: number, size: number): AppError {
  return new AppError("conflict", `The file has ${size} bytes so far, not ${offset}`, {
    details: { offset: size },
    fix: "Ask how much has arrived, and go on from there.",
  });
}

/** A source may break before anybody reads it; an error that nobody hears would end the process. */
export function ignoreErrorsOf(source: Readable): void {
  source.on("error", () => undefined);
}

/** What `source` carries until it ends or breaks off; an abort breaks it off. One that is not read to its end lives on. */
export async function* untilBroken(
  source: Readable,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    const chunks = addAbortSignal(signal, source).iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  } catch {
    // Whoever sent it comes back and goes on from what was kept.
  }
}

export async function beginFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, "a", 0o600);
    await handle.close();
    await syncToDisk(dirname(path));
  } catch (error) {
    throw asStorageError(error);
  }
}

export async function sizeOfFile(path: string): Promise<number> {
  return (await stat(path).catch(throwStorageError)).size;
}

/** @returns the size after it, synced to the disk. */
export async function appendToFile(
  path: string,
  offset: number,
  source: Readable,
  signal: AbortSignal,
): Promise<number> {
  ignoreErrorsOf(source);
  const size = await sizeOfFile(path);
  if (size !== offset) throw wrongOffset(offset, size);
  const file = createWriteStream(path, { flags: "r+", start: offset, highWaterMark: 1_048_576 });
  const pace = new Pace(file);
  try {
    await pipeline(async function* counted() {
      for await (const chunk of untilBroken(source, signal)) {
        pace.add(chunk.length);
        yield chunk;
      }
    }, file);
    await syncToDisk(path);
  } catch (error) {
    if (!file.closed) await once(file, "close");
    throw asStorageError(error);
  }
  return offset + pace.bytes;
}

async function hashOf(path: string, bytes: number): Promise<string> {
  if (bytes >= largeBytes) return new GrowingHash(path).end(bytes);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 262_144 }), hash);
  return hash.digest("hex");
}

/** The first 64 KiB of a finished file, and the hash of all of it; that of a large one is made on another core. */
export async function readBack(path: string): Promise<{
  readonly bytes: number;
  readonly head: Buffer;
  readonly sha256: string;
}> {
  const handle = await open(path, "r").catch(throwStorageError);
  try {
    const { size: bytes } = await handle.stat();
    const head = Buffer.alloc(Math.min(headBytes, bytes));
    await handle.read(head, 0, head.length, 0);
    return { bytes, head, sha256: await hashOf(path, bytes) };
  } finally {
    await handle.close();
  }
}
