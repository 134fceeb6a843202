import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keepSecret } from "./keep-secret";

const folder = mkdtempSync(join(tmpdir(), "harmony-secret-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a secret is made once, for its owner's eyes only", () => {
  const path = join(folder, "new", "secret");
  expect(keepSecret(path, () => "first")).toBe("first");
  expect(keepSecret(path, () => "second")).toBe("first");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "new"))).toEqual(["secret"]);
});

test("of two processes that make it together, both get the one that was kept", () => {
  const path = join(folder, "raced");
  const second = keepSecret(path, () => {
    keepSecret(path, () => "theirs");
    return "ours";
  });
  expect(second).toBe("theirs");
});
