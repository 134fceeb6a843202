import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Staged, Storage } from "@/lib/storage/storage";

// What every storage promises; each driver's test runs it against the real thing.

const never = new AbortController().signal;
const mib = 1_048_576;

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Bytes that differ from place to place, so that a piece in the wrong one shows. */
export function patterned(bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4)
    made.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, at);
  return made;
}

async function* brokenAfter(content: Buffer) {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  throw new Error("cut off");
}

async function allKeys(storage: Storage): Promise<string[]> {
  const keys = [];
  for await (const object of storage.list()) keys.push(object.key);
  return keys.sort();
}

async function read(storage: Storage, key: string, start?: number, end?: number) {
  const range = start === undefined || end === undefined ? undefined : { start, end };
  const opened = await storage.open(key, range);
  return { size: opened.size, range: opened.range, bytes: await buffer(opened.stream) };
}

/**
 * @param make a storage with nothing in it.
 * @param leftovers what is there beside the objects that `list` tells: staged bytes, unfinished transfers, copies.
 */
export function describeStorage(make: () => Promise<Storage>, leftovers: () => Promise<string[]>) {
  let storage: Storage;

  beforeEach(async () => {
    storage = await make();
  });

  async function put(key: string, content: Buffer): Promise<Staged> {
    const file = await storage.stage(Readable.from([content]), never);
    await file.keep(key);
    return file;
  }

  describe("staging", () => {
    test.for([0, 1, 65_536, 200_000, 9 * mib + 17, 21 * mib])(
      "counts, hashes and keeps the head of %i bytes, and they come back as they were",
      async (size) => {
        const content = patterned(size);
        const file = await storage.stage(Readable.from(pieces(content, 100_003)), never);
        expect(file.bytes).toBe(size);
        expect(file.sha256).toBe(sha256(content));
        expect(file.head.equals(content.subarray(0, 65_536))).toBe(true);
        expect((await file.readAll(size)).equals(content)).toBe(true);
        expect(await allKeys(storage)).toEqual([]);
        await file.keep("recordings/w/m");
        expect((await storage.readAll("recordings/w/m", size)).equals(content)).toBe(true);
        expect(await leftovers()).toEqual([]);
      },
    );

    test.for([100_000, 12 * mib])(
      "a source that breaks after %i bytes leaves nothing",
      async (size) => {
        const broken = Readable.from(brokenAfter(patterned(size)));
        await expect(storage.stage(broken, never)).rejects.toThrow("cut off");
        expect(await allKeys(storage)).toEqual([]);
        expect(await leftovers()).toEqual([]);
      },
    );

    test("aborting leaves nothing", async () => {
      const abort = new AbortController();
      const source = new PassThrough();
      source.write(Buffer.alloc(1000));
      const staging = storage.stage(source, abort.signal);
      abort.abort();
      await expect(staging).rejects.toThrow();
      expect(await leftovers()).toEqual([]);
    });

    test("discarding removes it, and may be repeated", async () => {
      const file = await storage.stage(Readable.from(["x"]), never);
      await file.discard();
      await file.discard();
      expect(await leftovers()).toEqual([]);
    });

    test("what was kept is not discarded any more", async () => {
      const file = await put("recordings/w/m", Buffer.from("content"));
      await file.discard();
      expect((await storage.readAll("recordings/w/m", 10)).toString()).toBe("content");
    });

    test("prepared bytes become the object when they are kept, and stay staged until discarded", async () => {
      const content = patterned(9 * mib + 5);
      const file = await storage.stage(Readable.from([content]), never);
      await file.prepare("recordings/w/m");
      await file.prepare("recordings/w/m");
      expect(await leftovers()).toHaveLength(1);
      await file.keep("recordings/w/m");
      expect((await file.readAll(content.length)).equals(content)).toBe(true);
      await file.discard();
      expect((await storage.readAll("recordings/w/m", content.length)).equals(content)).toBe(true);
      expect(await leftovers()).toEqual([]);
    });

    test("prepared under a key that has bytes, they replace them when they are kept", async () => {
      await put("recordings/w/m", Buffer.from("first"));
      const file = await storage.stage(Readable.from(["other"]), never);
      await file.prepare("recordings/w/m");
      await file.keep("recordings/w/m");
      await file.discard();
      expect((await storage.readAll("recordings/w/m", 5)).toString()).toBe("other");
      expect(await leftovers()).toEqual([]);
    });

    test("what a crash left is swept once it is old, and not before", async () => {
      await storage.stage(Readable.from(["x"]), never);
      await storage.stage(Readable.from([patterned(9 * mib)]), never);
      expect(await storage.sweepStaged(new Date(Date.now() - 60_000))).toBe(0);
      expect(await leftovers()).toHaveLength(2);
      expect(await storage.sweepStaged(new Date(Date.now() + 60_000))).toBe(2);
      expect(await leftovers()).toEqual([]);
    });
  });

  describe("objects", () => {
    test("can be listed with their age, and removed, also twice", async () => {
      const before = Date.now();
      await put("recordings/w/a", Buffer.from("a"));
      await put("playback/w/a", Buffer.from("b"));
      expect(await allKeys(storage)).toEqual(["playback/w/a", "recordings/w/a"]);
      for await (const { modifiedAt } of storage.list()) {
        expect(Math.abs(modifiedAt.getTime() - before)).toBeLessThan(60_000);
      }
      await storage.remove("recordings/w/a");
      await storage.remove("recordings/w/a");
      expect(await allKeys(storage)).toEqual(["playback/w/a"]);
    });

    test("keeping under a key that has bytes replaces them, and the version tells", async () => {
      await put("recordings/w/a", Buffer.from("first"));
      const first = await storage.stat("recordings/w/a");
      expect(await storage.stat("recordings/w/a")).toEqual(first);
      await put("recordings/w/a", Buffer.from("other"));
      const second = await storage.stat("recordings/w/a");
      expect([first.size, second.size]).toEqual([5, 5]);
      expect(second.version).not.toBe(first.version);
      expect(second.version).toMatch(/^[\w.-]+$/);
      expect((await storage.readAll("recordings/w/a", 5)).toString()).toBe("other");
    });

    test("what is not there is not found, by every way to ask", async () => {
      const missing = { code: "not_found" };
      const key = "recordings/w/none";
      const use = async () => "ran";
      await expect(storage.stat(key)).rejects.toMatchObject(missing);
      await expect(storage.open(key)).rejects.toMatchObject(missing);
      await expect(storage.readAll(key, 10)).rejects.toMatchObject(missing);
      await expect(storage.withLocalFile(key, never, use)).rejects.toMatchObject(missing);
      expect(await leftovers()).toEqual([]);
    });

    test("reading is bounded", async () => {
      const file = await storage.stage(Readable.from(["12345"]), never);
      await expect(file.readAll(4)).rejects.toMatchObject({ code: "payload_too_large" });
      await file.keep("recordings/w/m");
      await expect(storage.readAll("recordings/w/m", 4)).rejects.toMatchObject({
        code: "payload_too_large",
      });
    });
  });

  describe("reading a stretch", () => {
    const content = patterned(1 * mib);

    test.for([
      [0, 0],
      [0, 99],
      [77_777, 900_001],
      [mib - 1, mib - 1],
      [mib - 10, mib + 500],
    ] as const)("gives bytes %i to %i, whatever the size", async ([start, end]) => {
      await put("recordings/w/m", content);
      const last = Math.min(end, mib - 1);
      const found = await read(storage, "recordings/w/m", start, end);
      expect(found.size).toBe(mib);
      expect(found.range).toEqual({ start, end: last });
      expect(found.bytes.equals(content.subarray(start, last + 1))).toBe(true);
    });

    test("a reader who goes away, before the first byte or in the middle, holds nothing open", async () => {
      await put("recordings/w/m", content);
      const unread = await storage.open("recordings/w/m");
      unread.stream.destroy();
      await finished(unread.stream, { error: false }).catch(() => undefined);
      const half = await storage.open("recordings/w/m");
      for await (const chunk of half.stream) {
        expect(content.indexOf(chunk as Buffer)).toBe(0);
        break;
      }
      expect([unread.stream.destroyed, half.stream.destroyed]).toEqual([true, true]);
    });

    test("without one, gives everything, of an empty object nothing", async () => {
      await put("recordings/w/m", content);
      const whole = await read(storage, "recordings/w/m");
      expect(whole.range).toEqual({ start: 0, end: mib - 1 });
      expect(whole.bytes.equals(content)).toBe(true);
      await put("recordings/w/empty", Buffer.alloc(0));
      const empty = await read(storage, "recordings/w/empty");
      expect(empty).toEqual({ size: 0, range: { start: 0, end: -1 }, bytes: Buffer.alloc(0) });
    });

    test.for([
      [mib, mib + 1],
      [10, 9],
      [-1, 5],
    ] as const)("a stretch that is none is refused: %i to %i", async ([start, end]) => {
      await put("recordings/w/m", content);
      await expect(storage.open("recordings/w/m", { start, end })).rejects.toThrow(RangeError);
    });
  });

  describe("a local file", () => {
    test("has the bytes while it is used, and leaves none behind", async () => {
      const content = patterned(9 * mib);
      await put("recordings/w/m", content);
      const seen = await storage.withLocalFile("recordings/w/m", never, async (path) =>
        sha256(readFileSync(path)),
      );
      expect(seen).toBe(sha256(content));
      expect(await leftovers()).toEqual([]);
    });

    test("goes when its use fails, and the failure is told", async () => {
      await put("recordings/w/m", patterned(1000));
      const failing = storage.withLocalFile("recordings/w/m", never, async () => {
        throw new Error("cannot decode");
      });
      await expect(failing).rejects.toThrow("cannot decode");
      expect(await leftovers()).toEqual([]);
    });

    test("is not used after an abort", async () => {
      await put("recordings/w/m", patterned(1000));
      const abort = new AbortController();
      abort.abort();
      let isUsed = false;
      const use = async () => {
        isUsed = true;
      };
      await expect(storage.withLocalFile("recordings/w/m", abort.signal, use)).rejects.toThrow();
      expect(isUsed).toBe(false);
      expect(await leftovers()).toEqual([]);
    });
  });

  describe("a file in pieces", () => {
    const key = "uploads/w/u";
    const content = patterned(25 * mib + 12_345);
    const add = (offset: number, end: number) =>
      storage.appendPart(
        key,
        offset,
        Readable.from(pieces(content.subarray(offset, end), 65_536)),
        never,
      );

    afterEach(async () => {
      await storage.dropParts(key);
      await storage.remove("recordings/w/m");
    });

    test("becomes the whole file, whatever the size of its pieces", async () => {
      await storage.beginParts(key);
      expect(await storage.partsSize(key)).toBe(0);
      let offset = 0;
      for (const size of [1, 0, 3 * mib, 5 * mib - 1, 6, 17 * mib + 3]) {
        expect(await add(offset, offset + size)).toBe(offset + size);
        offset += size;
        expect(await storage.partsSize(key)).toBe(offset);
      }
      await add(offset, content.length);
      const file = await storage.finishParts(key);
      expect(file.bytes).toBe(content.length);
      expect(file.sha256).toBe(sha256(content));
      expect(file.head.equals(content.subarray(0, 65_536))).toBe(true);
      expect((await file.readAll(content.length)).equals(content)).toBe(true);
      await file.keep("recordings/w/m");
      await file.discard();
      expect((await storage.readAll("recordings/w/m", content.length)).equals(content)).toBe(true);
      expect(await allKeys(storage)).toEqual(["recordings/w/m"]);
      expect(await leftovers()).toEqual([]);
      await expect(storage.partsSize(key)).rejects.toMatchObject({ code: "not_found" });
    });

    test.for([300_000, 19 * mib + 7])(
      "keeps what came before its source broke after %i bytes",
      async (size) => {
        await storage.beginParts(key);
        const broken = Readable.from(brokenAfter(content.subarray(0, size)));
        const stored = await storage.appendPart(key, 0, broken, never);
        expect(stored).toBe(size);
        expect(await storage.partsSize(key)).toBe(size);
        await add(stored, content.length);
        expect((await storage.finishParts(key)).sha256).toBe(sha256(content));
      },
    );

    test("keeps what came before an abort, and waits for no source that says nothing", async () => {
      await storage.beginParts(key);
      const abort = new AbortController();
      const source = new PassThrough({ highWaterMark: 4 * mib });
      source.write(content.subarray(0, mib));
      const adding = storage.appendPart(key, 0, source, abort.signal);
      while (source.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      const stored = await adding;
      expect(stored).toBe(mib);
      expect(await storage.partsSize(key)).toBe(mib);
    });

    test("a source that broke before it was read adds nothing and harms nobody", async () => {
      await storage.beginParts(key);
      const source = new PassThrough();
      const adding = storage.appendPart(key, 0, source, never);
      source.destroy(new Error("cut off"));
      expect(await adding).toBe(0);
      expect(await storage.partsSize(key)).toBe(0);
    });

    test.for([0, 999, 1001])(
      "an append at %i of 1000 is refused with the right place",
      async (offset) => {
        await storage.beginParts(key);
        await add(0, 1000);
        await expect(add(offset, 2000)).rejects.toMatchObject({
          code: "conflict",
          details: { offset: 1000 },
        });
        expect(await storage.partsSize(key)).toBe(1000);
      },
    );

    test("beginning twice loses nothing", async () => {
      await storage.beginParts(key);
      await add(0, 1000);
      await storage.beginParts(key);
      expect(await storage.partsSize(key)).toBe(1000);
    });

    test("an empty one is a file", async () => {
      await storage.beginParts(key);
      const file = await storage.finishParts(key);
      expect([file.bytes, file.sha256]).toEqual([0, sha256(Buffer.alloc(0))]);
      await file.keep("recordings/w/m");
      expect(await storage.readAll("recordings/w/m", 1)).toEqual(Buffer.alloc(0));
    });

    test("finishing may be repeated until it is kept", async () => {
      await storage.beginParts(key);
      await add(0, 9 * mib);
      await storage.finishParts(key);
      const file = await storage.finishParts(key);
      expect(file.sha256).toBe(sha256(content.subarray(0, 9 * mib)));
      expect(await storage.partsSize(key)).toBe(9 * mib);
      await file.discard();
      await expect(storage.finishParts(key)).rejects.toMatchObject({ code: "not_found" });
    });

    test("prepared and not kept, it can be finished again", async () => {
      await storage.beginParts(key);
      await add(0, 9 * mib);
      await (await storage.finishParts(key)).prepare("recordings/w/m");
      await storage.remove("recordings/w/m");
      expect(await storage.partsSize(key)).toBe(9 * mib);
      const file = await storage.finishParts(key);
      await file.prepare("recordings/w/m");
      await file.keep("recordings/w/m");
      await file.discard();
      expect(sha256(await storage.readAll("recordings/w/m", 9 * mib))).toBe(file.sha256);
      expect(await allKeys(storage)).toEqual(["recordings/w/m"]);
      expect(await leftovers()).toEqual([]);
    });

    test("is listed while it arrives, and gone when it is dropped, also twice", async () => {
      await storage.beginParts(key);
      await add(0, 9 * mib);
      expect(await allKeys(storage)).toEqual([key]);
      await storage.dropParts(key);
      await storage.dropParts(key);
      expect(await allKeys(storage)).toEqual([]);
      expect(await leftovers()).toEqual([]);
      await expect(add(0, 10)).rejects.toMatchObject({ code: "not_found" });
    });
  });
}

function* pieces(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
