import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import {
  makeForm,
  makeKey,
  makeMeeting,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectNothingKept } from "../../support/invariants";
import { type RunningWeb, startWeb } from "../../support/stack";
import { waitFor } from "../../support/wait-for";

// One more web server, whose disk is a file system of one mebibyte and whose database is behind a door that can
// be shut.

/** Passes connections on to the database until it is shut. */
class DatabaseDoor {
  private readonly target: URL;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  port = 0;

  constructor(url: string) {
    this.target = new URL(url);
  }

  async open(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on("error", () => undefined);
      }
      near.pipe(far).pipe(near);
    });
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (typeof address === "object" && address) this.port = address.port;
  }

  shut(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  /** The database's address through this door. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = "127.0.0.1";
    url.port = String(this.port);
    return url.toString();
  }
}

const disk = mkdtempSync(join(tmpdir(), "harmony-small-disk-"));

function mountSmallDisk(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const hasSmallDisk = mountSmallDisk();
const door = new DatabaseDoor(inject("databaseUrl"));
let web: RunningWeb;
let api: Api;
let workspace: TestWorkspace;

beforeAll(async () => {
  await door.open();
  web = await startWeb(inject("serverEnv"), { HARMONY_DATA_DIR: disk, DATABASE_URL: door.url });
  workspace = await makeWorkspace();
  api = await makeApi(web.url, { key: (await makeKey(workspace.admin)).token });
});

afterAll(async () => {
  await web.stop();
  door.shut();
  if (hasSmallDisk) execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!hasSmallDisk)("a full disk (skipped where no tmpfs can be mounted)", () => {
  test.for([
    ["while a large file arrives", new Uint8Array(3_000_000).fill(0x61), "a.txt"],
    ["from the start", makeVtt(), "a.vtt"],
  ] as const)("%s is 503 with a remedy, and leaves nothing", async ([when, content, name]) => {
    if (when === "from the start") {
      // Fills what is left; the last write fails, as it should.
      expect(() => writeFileSync(join(disk, "filler"), new Uint8Array(2_000_000))).toThrow(
        /ENOSPC/,
      );
    }
    const answer = await api.upload(makeForm(content, name), { "idempotency-key": "full" });
    expect(answer.status).toBe(503);
    expect(errorOf(answer)).toMatchObject({
      code: "service_unavailable",
      message: "There is no room left to store the file",
    });
    expect(answer.headers["retry-after"]).toBe("300");
    await expectNothingKept(workspace.id, disk);
    rmSync(join(disk, "filler"), { force: true });
  });

  test("once there is room again, the same request succeeds", async () => {
    const answer = await api.upload(makeForm(makeVtt(), "a.vtt"), { "idempotency-key": "full" });
    expect(answer.status).toBe(202);
  });
});

describe("a database that does not answer", () => {
  const isReady = async () => (await fetch(`${web.url}/readyz`)).status === 200;

  test("is 503 with Retry-After on every endpoint, keeps nothing, and passes by itself", async () => {
    const other = await makeWorkspace();
    const meeting = await makeMeeting(other);
    const { token } = await makeKey(other.admin);
    const client = api.with({ key: token });
    expect((await client.get("/meetings")).status).toBe(200);
    door.shut();
    for (const path of ["/meetings", `/meetings/${meeting.id}`, "/contacts", "/insights"]) {
      const answer = await client.get(path);
      expect(answer.status).toBe(503);
      expect(errorOf(answer)).toMatchObject({
        code: "service_unavailable",
        message: "The service cannot reach its database",
      });
      expect(answer.headers["retry-after"]).toBe("5");
    }
    expect((await client.upload(makeForm(makeVtt(), "a.vtt"))).status).toBe(503);
    const signedIn = await api.with({ cookie: other.admin.cookie }).get("/meetings");
    expect(signedIn.status).toBe(503);
    expect(await isReady()).toBe(false);
    await door.open();
    await waitFor("the server to be ready again", isReady);
    expect((await client.get(`/meetings/${meeting.id}`)).status).toBe(200);
  });
});
