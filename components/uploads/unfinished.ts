import type { UrlStorage } from "tus-js-client";

// What this browser knows of uploads that were begun and are not complete, so that they can go on after a reload. Only
// what finds the file and the upload again is kept, nothing of what was said about the meeting.

/** An id within this browser; `crypto.randomUUID` is missing on pages without https. */
export const localId = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

const storageKey = "harmony-uploads";
/** As long as the server keeps them. */
const keptMs = 24 * 3_600_000;
const entriesMax = 20;

export interface Unfinished {
  readonly key: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly size: number;
  readonly url: string;
  readonly begunAt: number;
}

function isEntry(value: unknown): value is Unfinished {
  if (typeof value !== "object" || value === null) return false;
  const { key, fingerprint, name, size, url, begunAt } = value as Record<string, unknown>;
  const texts = [key, fingerprint, name, url].every((part) => typeof part === "string");
  return texts && typeof size === "number" && typeof begunAt === "number";
}

/** The uploads that can still go on; none where the browser keeps nothing. */
export function readUnfinished(): Unfinished[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    if (!Array.isArray(known)) return [];
    return known.filter(isEntry).filter(({ begunAt }) => Date.now() - begunAt < keptMs);
  } catch {
    return [];
  }
}

function write(entries: readonly Unfinished[]): void {
  try {
    if (entries.length === 0) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify(entries.slice(-entriesMax)));
  } catch {
    // A private window: the upload works, it only cannot go on after a reload.
  }
}

export function forgetUpload(key: string): void {
  write(readUnfinished().filter((entry) => entry.key !== key));
}

/** Forgets what was begun at an address, which may be known with or without its origin. */
export function forgetAddress(url: string): void {
  const isSame = (entry: Unfinished) => entry.url.endsWith(url) || url.endsWith(entry.url);
  write(readUnfinished().filter((entry) => !isSame(entry)));
}

/** The same file again has the same one: browsers tell no more of a file without reading it. */
export function fingerprintOf(file: File): string {
  return [file.name, file.type, file.size, file.lastModified].join("|");
}

function asPrevious({ key, size, url, begunAt }: Unfinished) {
  return {
    size,
    metadata: {},
    creationTime: new Date(begunAt).toISOString(),
    urlStorageKey: key,
    uploadUrl: url,
    parallelUploadUrls: null,
  };
}

/** Where the tus client remembers what it has begun. */
export const unfinishedUploads: UrlStorage = {
  findAllUploads: async () => readUnfinished().map(asPrevious),
  findUploadsByFingerprint: async (fingerprint) =>
    readUnfinished()
      .filter((entry) => entry.fingerprint === fingerprint)
      .map(asPrevious),
  removeUpload: async (key) => forgetUpload(key),
  addUpload: async (fingerprint, { size, metadata, uploadUrl }) => {
    const key = localId();
    const name = metadata.filename ?? "";
    const entry = { key, fingerprint, name, size: size ?? 0, url: uploadUrl ?? "" };
    write([...readUnfinished(), { ...entry, begunAt: Date.now() }]);
    return key;
  },
};
