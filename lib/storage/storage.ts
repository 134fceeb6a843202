import type { Readable } from "node:stream";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { folderStorage } from "@/lib/storage/folder-storage";

/** Bytes that have arrived but belong to nothing yet. Exactly one of `keep` and `discard` ends them. */
export interface Staged {
  readonly bytes: number;
  /** Lowercase hex of the whole content. */
  readonly sha256: string;
  /** The first 64 KiB, for telling what it is. */
  readonly head: Buffer;
  /** Everything, for small text only; throws when it is larger than `max` bytes. */
  readAll(max: number): Promise<Buffer>;
  /** Gives the bytes their lasting key; durable when it returns. */
  keep(key: string): Promise<void>;
  discard(): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

/** Where recordings and uploaded files live. Keys are `recordings/<workspace>/<meeting>`. */
export interface Storage {
  /** Streams `source` in with bounded memory. On any failure nothing is left behind. */
  stage(source: Readable, signal: AbortSignal): Promise<Staged>;
  /** The whole object, at most `max` bytes; throws `not_found` when there is none. */
  readAll(key: string, max: number): Promise<Buffer>;
  /** Removes the object; fine when there is none. */
  remove(key: string): Promise<void>;
  /** Every stored object, for the sweep of what no row refers to. */
  list(): AsyncIterable<StoredObject>;
  /** Removes staged bytes that a crash left, older than `before`; returns how many. */
  sweepStaged(before: Date): Promise<number>;
}

export function storage(): Storage {
  return singleton("storage", () => folderStorage(env().HARMONY_DATA_DIR));
}
