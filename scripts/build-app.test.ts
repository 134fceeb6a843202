import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { hashSources } from "./build-app";

const folder = mkdtempSync(join(tmpdir(), "harmony-hash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

beforeEach(() => {
  write("app/page.tsx", "one");
  write("lib/core/env.ts", "two");
  write("package-lock.json", "three");
});

test.for(["app/page.tsx", "lib/core/env.ts", "package-lock.json", "components/new.tsx"])(
  "a change of %s makes the build stale",
  (file) => {
    const before = hashSources(folder);
    write(file, "changed");
    expect(hashSources(folder)).not.toBe(before);
  },
);

test("moving text from one file to the next makes the build stale", () => {
  write("app/a.ts", "xy");
  write("app/b.ts", "z");
  const before = hashSources(folder);
  write("app/a.ts", "x");
  write("app/b.ts", "yz");
  expect(hashSources(folder)).not.toBe(before);
});

test.for(["lib/core/env.test.ts", "db/migrations/0001_new.sql", "server.ts", "docs/api.md"])(
  "a change of %s does not",
  (file) => {
    const before = hashSources(folder);
    write(file, "changed");
    expect(hashSources(folder)).toBe(before);
  },
);
