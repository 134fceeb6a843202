import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderStorage } from "@/lib/storage/folder-storage";
import type { Storage } from "@/lib/storage/storage";

let folder: string;
let storage: Storage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harmony-storage-"));
  storage = folderStorage(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const staged = () => readdirSync(join(folder, "staged"));

async function* brokenAfter(bytes: number) {
  yield Buffer.alloc(bytes);
  throw new Error("cut off");
}

describe("staging", () => {
  test("counts, hashes and keeps the head of what flows through", async () => {
    const content = Buffer.alloc(200_000, "harmony ");
    const file = await storage.stage(
      Readable.from([
        content.subarray(0, 1),
        content.subarray(1, 70_000),
        content.subarray(70_000),
      ]),
      never,
    );
    expect(file.bytes).toBe(200_000);
    expect(file.sha256).toBe(createHash("sha256").update(content).digest("hex"));
    expect(file.head).toEqual(content.subarray(0, 65_536));
    expect(await file.readAll(200_000)).toEqual(content);
    expect(staged()).toHaveLength(1);
    expect(statSync(join(folder, "staged", staged()[0] ?? "")).mode & 0o777).toBe(0o600);
  });

  test("a large file, hashed on another core while it arrives, has the hash of its bytes", async () => {
    const chunk = Buffer.alloc(1_000_003, "large ");
    const hash = createHash("sha256");
    async function* large() {
      for (let n = 0; n < 40; n += 1) {
        chunk.writeUInt32LE(n);
        hash.update(chunk);
        yield Buffer.from(chunk);
      }
    }
    const file = await storage.stage(Readable.from(large()), never);
    expect(file.bytes).toBe(40 * 1_000_003);
    expect(file.sha256).toBe(hash.digest("hex"));
  });

  test("a large file that breaks leaves nothing, its hashing thread neither", async () => {
    async function* broken() {
      for (let n = 0; n < 20; n += 1) yield Buffer.alloc(1_000_000);
      throw new Error("cut off");
    }
    await expect(storage.stage(Readable.from(broken()), never)).rejects.toThrow("cut off");
    expect(staged()).toEqual([]);
  });

  test("an empty file is one", async () => {
    const file = await storage.stage(Readable.from([]), never);
    expect([file.bytes, file.head.length]).toEqual([0, 0]);
  });

  test("a source that breaks leaves nothing", async () => {
    await expect(storage.stage(Readable.from(brokenAfter(100_000)), never)).rejects.toThrow(
      "cut off",
    );
    expect(staged()).toEqual([]);
  });

  test("aborting leaves nothing", async () => {
    const abort = new AbortController();
    const source = new Readable({ read: () => undefined });
    source.push(Buffer.alloc(1000));
    const staging = storage.stage(source, abort.signal);
    abort.abort();
    await expect(staging).rejects.toThrow();
    expect(staged()).toEqual([]);
  });

  test("discarding removes it, and may be repeated", async () => {
    const file = await storage.stage(Readable.from(["x"]), never);
    await file.discard();
    await file.discard();
    expect(staged()).toEqual([]);
  });
});

describe("keeping", () => {
  test("moves the bytes to their key, where they can be read, listed and removed", async () => {
    const file = await storage.stage(Readable.from(["content"]), never);
    await file.keep("recordings/wsp_1/mtg_1");
    await file.discard();
    expect(staged()).toEqual([]);
    expect((await storage.readAll("recordings/wsp_1/mtg_1", 100)).toString()).toBe("content");
    const listed = [];
    for await (const object of storage.list()) listed.push(object.key);
    expect(listed).toEqual(["recordings/wsp_1/mtg_1"]);
    await storage.remove("recordings/wsp_1/mtg_1");
    await storage.remove("recordings/wsp_1/mtg_1");
    await expect(storage.readAll("recordings/wsp_1/mtg_1", 100)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("reading is bounded", async () => {
    const file = await storage.stage(Readable.from(["12345"]), never);
    await expect(file.readAll(4)).rejects.toMatchObject({ code: "payload_too_large" });
    await file.keep("recordings/w/m");
    await expect(storage.readAll("recordings/w/m", 4)).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });

  test.for(["../outside", "/etc/passwd", "recordings/../../outside", "."])(
    "a key that points outside is refused: %s",
    async (key) => {
      const file = await storage.stage(Readable.from(["x"]), never);
      await expect(file.keep(key)).rejects.toThrow("outside");
      await expect(storage.readAll(key, 10)).rejects.toThrow("outside");
      expect(existsSync(join(folder, "..", "outside"))).toBe(false);
    },
  );
});

test("an empty storage lists nothing and sweeps nothing", async () => {
  const listed = [];
  for await (const object of storage.list()) listed.push(object);
  expect(listed).toEqual([]);
  expect(await storage.sweepStaged(new Date())).toBe(0);
});
