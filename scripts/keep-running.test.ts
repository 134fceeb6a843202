import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { waitFor } from "../tests/support/wait-for";
import { backOffMs, type KeptProcess, keepRunning, runOnce } from "./keep-running";
import { findProcess } from "./process-lock";

const folder = mkdtempSync(join(tmpdir(), "harmony-keep-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "error").mockImplementation((line) => {
    lines.push(String(line));
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const file = (name: string) => join(folder, name);
const spec = (name: string, code: string) => ({
  name,
  args: ["-e", code],
  env: { ...process.env, FILE: file(name) },
});
const appendPid = 'require("fs").appendFileSync(process.env.FILE, process.pid + "\\n");';
const pids = (name: string) => {
  try {
    return readFileSync(file(name), "utf8").trim().split("\n").map(Number);
  } catch {
    return [];
  }
};

let kept: KeptProcess | null = null;
afterEach(async () => kept?.stop(0));

test("the pause before a restart doubles from half a second up to 5 seconds", () => {
  expect([1, 2, 3, 4, 7, 8, 100].map(backOffMs)).toEqual([
    500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000,
  ]);
});

describe("a kept process", () => {
  test("is started again after it ended, with a growing pause and a line that says so", async () => {
    kept = keepRunning(spec("crashing", `${appendPid} process.exit(7)`));
    await waitFor("three starts", () => pids("crashing").length >= 3);
    expect(lines.slice(0, 2)).toEqual([
      "The crashing stopped unexpectedly (exit code 7). Starting it again in 0.5 s.",
      "The crashing stopped unexpectedly (exit code 7). Starting it again in 1 s.",
    ]);
  });

  test("is started again after kill -9", async () => {
    kept = keepRunning(spec("killed", `${appendPid} setInterval(() => 0, 1000)`));
    const [first] = await waitFor("the start", () => pids("killed").length > 0 && pids("killed"));
    process.kill(first ?? 0, "SIGKILL");
    await waitFor("the second start", () => pids("killed").length === 2);
    expect(lines[0]).toContain("signal SIGKILL");
    expect(kept.crashes()).toBe(1);
  });

  test("that was stopped stays stopped, and got the time to finish", async () => {
    const tidy = `process.on("SIGTERM", () => { ${appendPid} process.exit(0) });`;
    kept = keepRunning(spec("tidy", `${tidy} ${appendPid} setInterval(() => 0, 1000)`));
    await waitFor("the start", () => pids("tidy").length === 1);
    await kept.stop(5_000);
    expect(pids("tidy")).toHaveLength(2);
    expect(lines).toEqual([]);
  });

  test("that does not listen is killed when its grace is over, with all that it started", async () => {
    const child = 'require("child_process").spawn("sleep", ["60"], { stdio: "ignore" }).pid';
    const append = `require("fs").appendFileSync(process.env.FILE, process.pid + "\\n" + ${child} + "\\n");`;
    kept = keepRunning(
      spec("deaf", `process.on("SIGTERM", () => 0); ${append} setInterval(() => 0, 1000)`),
    );
    await waitFor("both starts", () => pids("deaf").length === 2);
    await kept.stop(100);
    for (const pid of pids("deaf")) {
      await waitFor(`the end of ${pid}`, () => findProcess(pid) === null);
    }
  });
});

describe("a single run", () => {
  const never = new AbortController().signal;

  test("resolves when the process succeeds and names its exit code when it fails", async () => {
    await runOnce(spec("good", "process.exit(0)"), never);
    await expect(runOnce(spec("bad", "process.exit(3)"), never)).rejects.toThrow(
      "The bad failed (exit code 3)",
    );
  });

  test("that is quiet shows its output only when it fails", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await runOnce(spec("silent", 'console.log("detail")'), never, { quiet: true });
    expect(write).not.toHaveBeenCalled();
    const failing = spec("loud", 'console.log("detail"); process.exit(1)');
    await expect(runOnce(failing, never, { quiet: true })).rejects.toThrow("The loud failed");
    expect(String(write.mock.calls[0]?.[0])).toBe("detail\n");
  });

  test("ends with all that it started when it is aborted", async () => {
    const controller = new AbortController();
    const running = runOnce(
      spec("aborted", `${appendPid} setInterval(() => 0, 1000)`),
      controller.signal,
    );
    const outcome = expect(running).rejects.toThrow("enough");
    const [pid] = await waitFor("the start", () => pids("aborted").length > 0 && pids("aborted"));
    controller.abort(new Error("enough"));
    await outcome;
    expect(findProcess(pid ?? 0)).toBeNull();
  });
});
