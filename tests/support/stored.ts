import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inject } from "vitest";
import { storage } from "@/lib/storage/storage";

// Bytes in the storage of the servers under test, as an upload or a job would leave them.

const never = new AbortController().signal;

/** Puts bytes under a key. */
export async function store(key: string, content: Buffer | string): Promise<void> {
  const staged = await storage().stage(Readable.from([Buffer.from(content)]), never);
  await staged.keep(key);
}

/** Begins a file in pieces that has some bytes. */
export async function storePieces(key: string, content: Buffer | string): Promise<void> {
  await storage().beginParts(key);
  await storage().appendPart(key, 0, Readable.from([Buffer.from(content)]), never);
}

/** Makes a stored file look as if it had been written two days ago. */
export async function makeOld(key: string): Promise<void> {
  const at = new Date(Date.now() - 2 * 86_400_000);
  await utimes(join(inject("dataDir"), key), at, at);
}

/** Whether there are bytes under a key, a recording's or those of a file in pieces. */
export async function isStored(key: string): Promise<boolean> {
  for await (const object of storage().list()) {
    if (object.key === key) return true;
  }
  return false;
}
