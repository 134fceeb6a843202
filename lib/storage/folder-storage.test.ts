import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { folderStorage } from "@/lib/storage/folder-storage";
import { describeStorage } from "@/tests/support/storage-contract";

let folder: string;

async function make() {
  folder = mkdtempSync(join(tmpdir(), "harmony-storage-"));
  return folderStorage(folder);
}

const staged = () =>
  existsSync(join(folder, "staged")) ? readdirSync(join(folder, "staged")) : [];

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeStorage(make, async () => staged());

const never = new AbortController().signal;

test("only the server's own account reads the files", async () => {
  const storage = await make();
  await storage.stage(Readable.from(["x"]), never);
  await storage.beginParts("uploads/w/u");
  const paths = [join("staged", staged()[0] ?? ""), join("uploads", "w", "u")];
  for (const path of paths) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600);
});

test.for(["../outside", "/etc/passwd", "recordings/../../outside", "."])(
  "a key that points outside is refused: %s",
  async (key) => {
    const storage = await make();
    const file = await storage.stage(Readable.from(["x"]), never);
    await expect(file.keep(key)).rejects.toThrow("outside");
    await expect(storage.readAll(key, 10)).rejects.toThrow("outside");
    await expect(storage.open(key)).rejects.toThrow("outside");
    await expect(storage.beginParts(key)).rejects.toThrow("outside");
    expect(existsSync(join(folder, "..", "outside"))).toBe(false);
  },
);

test("an empty storage lists nothing and sweeps nothing", async () => {
  const storage = await make();
  const listed = [];
  for await (const object of storage.list()) listed.push(object);
  expect(listed).toEqual([]);
  expect(await storage.sweepStaged(new Date())).toBe(0);
});
