import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { waitFor } from "../tests/support/wait-for";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { findProcess } from "./process-lock";

// mkdtemp makes folders of mode 700, like a clone made by `mktemp -d`; so all of this happens in such a folder.
const folder = mkdtempSync(join(tmpdir(), "harmony-pg-"));
const isRoot = process.getuid?.() === 0;

const started: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

async function start(name: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, name), fsync: false });
  started.push(server);
  return server;
}

async function ask(url: string, query: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql.unsafe(query).values();
    return row?.[0];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** A process of its own that starts the server of a folder, prints its address and pid, and hangs. */
function startElsewhere(dataDir: string, prefix: readonly string[] = []): ChildProcess {
  const code = `import { startEmbeddedPostgres } from "./scripts/embedded-postgres.ts";
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, fsync: false });
    console.log(JSON.stringify({ url: server.url, pid: server.pid }));
    process.on("SIGTERM", () => server.stop().then(() => process.exit(0)));
    setInterval(() => undefined, 1000);`;
  const node = [process.execPath, "--import", "tsx", "--input-type=module", "-e", code];
  const [command = "", ...args] = [...prefix, ...node];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function addressOf(child: ChildProcess): Promise<{ url: string; pid: number }> {
  if (!child.stdout) throw new Error("no output");
  const [line] = await once(child.stdout, "data");
  return JSON.parse(String(line));
}

const isGone = (pid: number) => waitFor(`the end of ${pid}`, () => findProcess(pid) === null);

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the embedded database", () => {
  test("starts in a folder of mode 700 as a role that owns its database and is no superuser", async () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const { url } = await start("main");
    expect(new URL(url).hostname).toBe("127.0.0.1");
    expect(await ask(url, "select lower('ÄÖ')")).toBe("äö");
    expect(await ask(url, "select current_user || '/' || current_database()")).toBe(
      "harmony/harmony",
    );
    expect(await ask(url, "select rolsuper from pg_roles where rolname = current_user")).toBe(
      false,
    );
    await ask(url, "create extension pg_trgm");
    expect(statSync(join(folder, "main", "password")).mode & 0o777).toBe(0o600);
  });

  test("does not pass our environment on to the server", async () => {
    vi.stubEnv("HARMONY_SECRET", "not for the database");
    const { pid } = await start("main");
    vi.unstubAllEnvs();
    const environment = execFileSync("ps", ["eww", "-o", "command=", "-p", String(pid)]);
    expect(environment.toString()).not.toContain("not for the database");
  });

  test("writes no failed statement and no row into its log", async () => {
    const { url } = await start("main");
    await expect(ask(url, "select 'customer text'::int")).rejects.toThrow("customer text");
    expect(readFileSync(join(folder, "main", "postgres.log"), "utf8")).not.toContain(
      "customer text",
    );
  });

  test("is shared by all who start it; the last one to leave stops it", async () => {
    const first = await startEmbeddedPostgres({ dataDir: join(folder, "main"), fsync: false });
    const second = await startEmbeddedPostgres({ dataDir: join(folder, "main"), fsync: false });
    expect(second).toMatchObject({ pid: first.pid, url: first.url });
    await first.stop();
    expect(await ask(second.url, "select 1")).toBe(1);
    await second.stop();
    expect(findProcess(second.pid)).toBeNull();
  });

  test("keeps every acknowledged row when the server is killed with SIGKILL", async () => {
    // With fsync, as in production: this is about the write-ahead log.
    const dataDir = join(folder, "durable");
    const server = await startEmbeddedPostgres({ dataDir });
    const sql = postgres(server.url, { max: 4, onnotice: () => undefined });
    await sql`create table fact (n int primary key)`;
    let acknowledged = 0;
    let killed = false;
    const write = async (first: number) => {
      for (let n = first; !killed; n += 4) {
        await sql`insert into fact values (${n})`;
        acknowledged += 1;
      }
    };
    const writers = Promise.allSettled([0, 1, 2, 3].map(write));
    await waitFor("some rows", () => acknowledged > 200);
    process.kill(server.pid, "SIGKILL");
    await isGone(server.pid);
    killed = true;
    await sql.end({ timeout: 0 });
    await writers;

    const again = await startEmbeddedPostgres({ dataDir });
    started.push(server, again);
    const rows = Number(await ask(again.url, "select count(*)::int from fact"));
    expect(again.pid).not.toBe(server.pid);
    expect(rows).toBeGreaterThanOrEqual(acknowledged);
    // At most one statement of each of the four connections was done but not yet acknowledged.
    expect(rows).toBeLessThanOrEqual(acknowledged + 4);
  });

  test("survives the process that started it, and is found and stopped by the next one", async () => {
    const child = startElsewhere(join(folder, "main"));
    const { pid, url } = await addressOf(child);
    child.kill("SIGKILL");
    await once(child, "exit");
    const next = await start("main");
    expect(next).toMatchObject({ pid, url });
    await next.stop();
    expect(findProcess(pid)).toBeNull();
  });

  test("starts although its old process number belongs to another program now", async () => {
    const pidFile = join(folder, "main", "data", "postmaster.pid");
    writeFileSync(pidFile, `${process.pid}\n${folder}\n0\n5432\n\n127.0.0.1\n\nready\n`);
    const { url } = await start("main");
    expect(await ask(url, "select 1")).toBe(1);
  });

  test("starts after its making was interrupted, and clears the remains away", async () => {
    const dataDir = join(folder, "interrupted");
    mkdirSync(join(dataDir, "new-abcdef", "data"), { recursive: true });
    writeFileSync(join(dataDir, "new-abcdef", "data", "PG_VERSION"), "18\n");
    const { url } = await start("interrupted");
    expect(await ask(url, "select 1")).toBe(1);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("new-"))).toEqual([]);
  });

  test("says what is wrong when a setting keeps the server from starting", async () => {
    const options = { dataDir: join(folder, "main"), settings: { shared_buffers: "many" } };
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(
      /did not start: .*shared_buffers.*postgres\.log/,
    );
  });

  test("names the version that is missing for a cluster of another version", async () => {
    const dataDir = join(folder, "ancient");
    mkdirSync(join(dataDir, "data"), { recursive: true });
    writeFileSync(join(dataDir, "data", "PG_VERSION"), "9\n");
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow("No PostgreSQL 9 was found");
  });
});

describe.runIf(isRoot)("as root", () => {
  test("leaves the files with root where user namespaces work, and else hands them to nobody", async () => {
    const { url, pid } = await start("rooted");
    await ask(url, "create table kept as select 42 as n");
    const ownerAtFirst = statSync(join(folder, "rooted", "data")).uid;
    expect(Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^Uid:\s+(\d+)/m)?.[1])).toBe(
      ownerAtFirst,
    );
    await started.pop()?.stop();

    // The same machine without unshare: a program of that name that fails, found first.
    const programs = join(folder, "programs");
    mkdirSync(programs);
    writeFileSync(join(programs, "unshare"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    vi.stubEnv("PATH", `${programs}:${process.env.PATH}`);
    try {
      const again = await start("rooted");
      expect(statSync(join(folder, "rooted", "data")).uid).toBe(65_534);
      expect(await ask(again.url, "select n from kept")).toBe(42);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  const become = (uid: number) => [
    ...["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"],
    ...["env", `HOME=${tmpdir()}`],
  ];

  /** The clone may lie where only root can read it; then an ordinary user cannot even try. */
  const others = () => {
    const [command = "", ...args] = [...become(1), process.execPath, "-e", read];
    return spawnSync(command, args).status === 0;
  };
  const read = 'require("fs").readFileSync("package.json")';

  // 1 is `daemon`, a user on every Linux; the other number has no name, as in many containers.
  test.runIf(others()).for([1, 12_345])(
    "user %i gets a database of its own, which stays that user's when root starts it later",
    async (uid) => {
      const home = mkdtempSync(join(tmpdir(), "harmony-user-"));
      chownSync(home, uid, uid);
      const dataDir = join(home, "pg");
      try {
        const child = startElsewhere(dataDir, become(uid));
        const { pid, url } = await addressOf(child);
        expect(await ask(url, "select 1")).toBe(1);
        expect(statSync(`/proc/${pid}`).uid).toBe(uid);
        child.kill("SIGTERM");
        await once(child, "exit");
        expect(findProcess(pid)).toBeNull();

        const server = await startEmbeddedPostgres({ dataDir, fsync: false });
        started.push(server);
        expect(statSync(`/proc/${server.pid}`).uid).toBe(uid);
        expect(await ask(server.url, "select 1")).toBe(1);
      } finally {
        for (const server of started.splice(0)) await server.stop();
        rmSync(home, { recursive: true, force: true });
      }
    },
  );
});
