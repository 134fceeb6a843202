import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../../../scripts/embedded-postgres";
import { findProcess } from "../../../scripts/process-lock";
import { inheritedEnv } from "../../support/stack";
import { waitFor } from "../../support/wait-for";

// The supervisor of `npm start` with the real product, in a data folder of its own (mode 700, from mkdtemp).

const folder = mkdtempSync(join(tmpdir(), "harmony-start-"));
const dataDir = join(folder, "data");
const command = ["--import", "tsx", "scripts/start.ts"];
const children: ChildProcess[] = [];
let port = 0;

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(changes: Record<string, string>, args: readonly string[] = command): Started {
  // Without NODE_ENV, as a user starts it; the type that Next gives to the environment demands one.
  const env = {
    ...inheritedEnv(),
    HOST: "127.0.0.1",
    PORT: String(port),
    HARMONY_DATA_DIR: dataDir,
    HARMONY_DEMO: "0",
    ...changes,
  } as unknown as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let text = "";
  const collect = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return { child, output: () => text };
}

async function startAndWait(changes: Record<string, string> = {}, args = command) {
  const started = start(changes, args);
  await waitFor(
    "Harmony to be ready",
    () => {
      if (started.child.exitCode !== null) throw new Error(started.output());
      return started.output().includes("Harmony is ready");
    },
    90_000,
  );
  return started;
}

async function exitOf({ child }: Started): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return child.exitCode;
}

async function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.status === 200,
    () => false,
  );
}

/** Processes whose parent is the supervisor and whose command line holds a word. */
function childrenOf(pid: number | undefined, word: string): number[] {
  return execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === pid && args.join(" ").includes(word))
    .map(([child]) => Number(child));
}

const postmasterPid = () =>
  Number.parseInt(readFileSync(join(dataDir, "pg", "data", "postmaster.pid"), "utf8"), 10);

async function expectGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    await waitFor(`the end of process ${pid}`, () => findProcess(pid) === null, 30_000);
  }
}

beforeAll(async () => {
  port = await findFreePort();
});

afterAll(async () => {
  for (const child of children) child.kill("SIGINT");
  for (const child of children) await exitOf({ child, output: () => "" });
  rmSync(folder, { recursive: true, force: true });
});

// A start takes three seconds on an idle machine and twenty on a crowded one.
describe.sequential("npm start", { timeout: 120_000 }, () => {
  let harmony: Started;

  test("makes the database and the secrets, gets ready, and says where and how to sign in", async () => {
    harmony = await startAndWait();
    expect(await isReady()).toBe(true);
    const token = readFileSync(join(dataDir, "setup-token"), "utf8").trim();
    expect(harmony.output()).toContain(`http://localhost:${port}/setup?token=${token}`);
    expect(harmony.output()).toContain(dataDir);
    expect(Buffer.from(readFileSync(join(dataDir, "secret"), "utf8"), "base64")).toHaveLength(32);
    for (const name of ["secret", "setup-token"]) {
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    }
  });

  test("prints one line and does nothing else when the port is taken", async () => {
    const other = join(folder, "other");
    const second = start({ HARMONY_DATA_DIR: other });
    expect(await exitOf(second)).toBe(1);
    expect(second.output()).toBe(
      `Port ${port} is already in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start\n`,
    );
    expect(existsSync(join(other, "pg"))).toBe(false);
  });

  test("refuses a second supervisor on the same data, whatever its port", async () => {
    const samePort = start({});
    expect(await exitOf(samePort)).toBe(1);
    expect(samePort.output()).toContain(`Harmony runs from this folder already`);
    const otherPort = start({ PORT: String(await findFreePort()) });
    expect(await exitOf(otherPort)).toBe(1);
    expect(otherPort.output()).toContain(`(process ${harmony.child.pid})`);
    expect(await isReady()).toBe(true);
  });

  test("asks for the secret when a database is given without one", async () => {
    const incomplete = start({
      DATABASE_URL: "postgres://127.0.0.1:1/x",
      PORT: String(await findFreePort()),
    });
    expect(await exitOf(incomplete)).toBe(1);
    expect(incomplete.output()).toMatch(/^DATABASE_URL is set but HARMONY_SECRET is not\..*\n$/);
  });

  test("starts the web server again after kill -9", async () => {
    const [web] = childrenOf(harmony.child.pid, "server.ts");
    process.kill(web ?? 0, "SIGKILL");
    await waitFor("the line about it", () =>
      harmony
        .output()
        .includes(
          "The web server stopped unexpectedly (signal SIGKILL). Starting it again in 0.5 s.",
        ),
    );
    await waitFor("the server", isReady, 60_000);
    expect(childrenOf(harmony.child.pid, "server.ts")).not.toContain(web);
  });

  test("starts the media worker again after kill -9", async () => {
    const [lost] = childrenOf(harmony.child.pid, "media-worker.ts");
    process.kill(lost ?? 0, "SIGKILL");
    await waitFor("another media worker", () =>
      childrenOf(harmony.child.pid, "media-worker.ts").some((pid) => pid !== lost),
    );
  });

  test("starts the database again after kill -9, and the servers find it", async () => {
    const lost = postmasterPid();
    process.kill(lost, "SIGKILL");
    await waitFor("another database process", () => postmasterPid() !== lost, 30_000);
    await waitFor("the server", isReady, 60_000);
  });

  test("leaves no server behind when it is killed itself, and the next start recovers", async () => {
    const servers = childrenOf(harmony.child.pid, "--import tsx");
    expect(servers).toHaveLength(3);
    harmony.child.kill("SIGKILL");
    await expectGone(servers);
    harmony = await startAndWait();
    expect(await isReady()).toBe(true);
  });

  test("stops everything in order on Ctrl-C, within 30 seconds", async () => {
    const servers = [...childrenOf(harmony.child.pid, "--import tsx"), postmasterPid()];
    const began = Date.now();
    harmony.child.kill("SIGINT");
    expect(await exitOf(harmony)).toBe(0);
    expect(Date.now() - began).toBeLessThan(30_000);
    await expectGone(servers);
    expect(existsSync(join(dataDir, "pg", "data", "postmaster.pid"))).toBe(false);
  });

  test("runs the stand-ins of tools where asked, starts them again, and ends them with itself", async () => {
    const sandboxPort = await findFreePort();
    const url = `http://localhost:${sandboxPort}`;
    const answers = () =>
      fetch(url).then(
        ({ status }) => status === 200,
        () => false,
      );
    harmony = await startAndWait({ HARMONY_SANDBOX: "1", SANDBOX_PORT: String(sandboxPort) });
    expect(harmony.output()).toContain(url);
    await waitFor("the stand-ins", answers, 30_000);
    const [lost] = childrenOf(harmony.child.pid, "sandbox/main.ts");
    process.kill(lost ?? 0, "SIGKILL");
    await waitFor("their restart", () =>
      harmony.output().includes("stand-ins of connected tools stopped"),
    );
    await waitFor("the stand-ins", answers, 30_000);
    const again = childrenOf(harmony.child.pid, "sandbox/main.ts");
    harmony.child.kill("SIGINT");
    expect(await exitOf(harmony)).toBe(0);
    await expectGone(again);
  });

  test("says that the port of the stand-ins is taken, and runs everything else", async () => {
    const taken = createServer();
    await once(taken.listen(0, "127.0.0.1"), "listening");
    const { port: sandboxPort } = taken.address() as AddressInfo;
    harmony = await startAndWait({ HARMONY_SANDBOX: "1", SANDBOX_PORT: String(sandboxPort) });
    expect(harmony.output()).toContain(`Port ${sandboxPort} is already in use, so the stand-ins`);
    expect(await isReady()).toBe(true);
    expect(childrenOf(harmony.child.pid, "sandbox/main.ts")).toEqual([]);
    harmony.child.kill("SIGINT");
    expect(await exitOf(harmony)).toBe(0);
    taken.close();
  });

  test("stops when the npm that started it is killed", async () => {
    const npm = `require("child_process").spawn(process.execPath, ${JSON.stringify(command)}, { stdio: "inherit" })`;
    const parent = await startAndWait({ npm_lifecycle_event: "start" }, ["-e", npm]);
    const [supervisor] = childrenOf(parent.child.pid, "scripts/start.ts");
    const servers = [...childrenOf(supervisor, "--import tsx"), postmasterPid(), supervisor ?? 0];
    parent.child.kill("SIGKILL");
    await expectGone(servers);
    expect(await isReady()).toBe(false);
  });
});
