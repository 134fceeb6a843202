import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  countUsers,
  findProcess,
  lockHolder,
  registerUser,
  tryLock,
  withLock,
} from "./process-lock";

const folder = mkdtempSync(join(tmpdir(), "harmony-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process of its own that takes the lock, says so, and then hangs. */
async function holderOf(path: string) {
  const code = `import { tryLock } from "./scripts/process-lock.ts";
    console.log(JSON.stringify(tryLock(${JSON.stringify(path)})));
    setInterval(() => undefined, 1000);`;
  const args = ["--import", "tsx", "--input-type=module", "-e", code];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [answer] = await once(child.stdout, "data");
  return { child, answer: JSON.parse(String(answer)) };
}

describe("a lock file", () => {
  test("is refused while its process runs, and is free once that was killed", async () => {
    const path = join(folder, "killed");
    const { child, answer } = await holderOf(path);
    expect(answer).toEqual({ held: true });
    expect(tryLock(path)).toEqual({ held: false, holder: child.pid });
    expect(lockHolder(path)).toBe(child.pid);

    child.kill("SIGKILL");
    await once(child, "exit");
    expect(lockHolder(path)).toBeNull();
    expect(tryLock(path).held).toBe(true);
  });

  test("of another process with our number (a container that was started again) is taken over", () => {
    const path = join(folder, "reused");
    writeFileSync(path, `${process.pid} 1`);
    expect(lockHolder(path)).toBeNull();
    expect(tryLock(path).held).toBe(true);
  });

  test.for(["", "garbage", "-1 0"])("with the content %j is taken over", (content) => {
    const path = join(folder, "broken");
    writeFileSync(path, content);
    const attempt = tryLock(path);
    expect(attempt.held).toBe(true);
    if (attempt.held) attempt.release();
  });

  test("can be taken again after its release, and leaves no other file behind", () => {
    const path = join(folder, "clean", "lock");
    const first = tryLock(path);
    if (first.held) first.release();
    expect(tryLock(path).held).toBe(true);
    expect(readdirSync(join(folder, "clean"))).toEqual(["lock"]);
  });
});

describe("withLock", () => {
  test("lets one work at a time", async () => {
    const path = join(folder, "turns");
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path, 5_000, work)));
    expect(most).toBe(1);
  });

  test("gives up after its timeout and names the holder", async () => {
    const path = join(folder, "late");
    tryLock(path);
    await expect(withLock(path, 100, async () => undefined)).rejects.toThrow(
      `Process ${process.pid} has held`,
    );
  });

  test("frees the lock when the work fails", async () => {
    const path = join(folder, "failing");
    const work = async () => {
      throw new Error("no");
    };
    await expect(withLock(path, 100, work)).rejects.toThrow("no");
    expect(lockHolder(path)).toBeNull();
  });
});

test("users who left and users who were killed do not count", () => {
  const users = join(folder, "users");
  const first = registerUser(users);
  registerUser(users);
  writeFileSync(join(users, "killed"), `${process.pid} 1`);
  expect(countUsers(users)).toBe(2);
  first.leave();
  expect(countUsers(users)).toBe(1);
  expect(readdirSync(users)).toHaveLength(1);
});

test("a process is found with its command line, a missing one is not", () => {
  expect(findProcess(process.pid)?.command).toContain("node");
  expect(findProcess(2 ** 30)).toBeNull();
});
