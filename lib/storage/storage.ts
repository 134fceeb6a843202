import type { Readable } from "node:stream";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { folderStorage } from "@/lib/storage/folder-storage";
import { s3Storage } from "@/lib/storage/s3-storage";

/** Bytes that have arrived but belong to nothing yet. `discard` ends them, and so does `keep` without `prepare`. */
export interface Staged {
  readonly bytes: number;
  /** Lowercase hex of the whole content. */
  readonly sha256: string;
  /** The first 64 KiB, for telling what it is. */
  readonly head: Buffer;
  /** Everything, for small text only; throws when it is larger than `max` bytes. */
  readAll(max: number): Promise<Buffer>;
  /**
   * Does the long part of `keep` beforehand, so that no transaction waits for it; may be repeated. From then on the
   * object may be there under `key`, to be removed by whoever does not keep it, and the staged bytes stay until
   * `discard`.
   */
  prepare(key: string): Promise<void>;
  /** Gives the bytes their lasting key; durable when it returns. */
  keep(key: string): Promise<void>;
  /** Ends the staged bytes; what was kept stays. Fine when they have ended. */
  discard(): Promise<void>;
}

/** A stretch of an object in bytes; both ends belong to it, as HTTP counts. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectFacts {
  /** Bytes of the whole object. */
  readonly size: number;
  /** Another one as soon as the bytes under the key are others; letters, digits, dots and dashes. */
  readonly version: string;
}

export interface OpenedObject {
  /** Bytes of the whole object. */
  readonly size: number;
  /** What `stream` carries; of an empty object `end` is -1. */
  readonly range: ByteRange;
  /** Must be read to its end or destroyed. */
  readonly stream: Readable;
}

export interface StoredObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

/**
 * Where uploaded files live. Keys are `recordings/<workspace>/<meeting>`, `playback/<workspace>/<meeting>` for copies
 * that browsers play, and `uploads/<workspace>/<upload session>` for files that arrive in pieces.
 */
export interface Storage {
  /** Streams `source` in with bounded memory. On any failure nothing is left behind. */
  stage(source: Readable, signal: AbortSignal): Promise<Staged>;
  /** The whole object, at most `max` bytes; throws `not_found` when there is none. */
  readAll(key: string, max: number): Promise<Buffer>;
  /** Size and version of an object; throws `not_found` when there is none. */
  stat(key: string): Promise<ObjectFacts>;
  /**
   * The object, or a stretch of it, as a stream with bounded memory. An end beyond the last byte means the last byte;
   * a start beyond it throws a RangeError. Throws `not_found` when there is no object.
   */
  open(key: string, range?: ByteRange): Promise<OpenedObject>;
  /**
   * Runs `use` with the path of a local file that has the object's bytes and must not be changed; it may be gone once
   * `use` has ended. Throws `not_found` when there is no object.
   */
  withLocalFile<T>(key: string, signal: AbortSignal, use: (path: string) => Promise<T>): Promise<T>;
  /** Removes the object; fine when there is none. */
  remove(key: string): Promise<void>;
  /** Every stored object and every file that arrives in pieces, for the sweep of what no row refers to. */
  list(): AsyncIterable<StoredObject>;
  /**
   * Removes what a crash left and nobody wrote to since `before`: staged bytes, unfinished transfers, and files in
   * `work/` of the data directory. Returns how many.
   */
  sweepStaged(before: Date): Promise<number>;

  /** Begins a file that arrives in pieces; fine when it has begun. */
  beginParts(key: string): Promise<void>;
  /** How many bytes of a file in pieces are safe; throws `not_found` when it has not begun or has ended. */
  partsSize(key: string): Promise<number>;
  /**
   * Adds what `source` carries, with bounded memory. A source that breaks off, or a signal that aborts, ends the piece:
   * what has come until then stays. One writer at a time: the caller sees to that.
   * @param offset must be the size so far; `conflict` with `details.offset` when it is not.
   * @returns the size after it; these bytes are durable.
   */
  appendPart(key: string, offset: number, source: Readable, signal: AbortSignal): Promise<number>;
  /**
   * The pieces as one file. `keep` and `discard` end it; until then finishing may be repeated.
   * Throws `not_found` when it has not begun or has ended.
   */
  finishParts(key: string): Promise<Staged>;
  /** Gives up a file in pieces; fine when there is none. */
  dropParts(key: string): Promise<void>;
}

/** The storage of this installation: an S3 bucket where one is configured, else the data directory. */
export function storage(): Storage {
  return singleton("storage", () => {
    const { s3, HARMONY_DATA_DIR: dataDir } = env();
    return s3 ? s3Storage(s3, dataDir) : folderStorage(dataDir);
  });
}
