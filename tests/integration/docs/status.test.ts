import { connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { judgeQueue, judgeWorker } from "@/app/status/check-system";
import { type RunningWeb, startWeb } from "../../support/stack";
import { waitFor } from "../../support/wait-for";
import { readPage } from "./html-page";

const parts = ["API", "Database", "Job queue", "Worker", "Storage"];

describe("the status page", () => {
  test("says that every part works, to everybody", async () => {
    // The worker counts its queues some seconds after it has started.
    await waitFor("a healthy system", async () => {
      const page = await readPage(`${inject("laneUrl")}/status`);
      expect(page.status).toBe(200);
      return page.text.includes("Everything works");
    });
    const page = await readPage(`${inject("laneUrl")}/status`);
    for (const part of parts) expect(page.text).toContain(part);
    // Once for each part, and once for the whole.
    expect(page.text.match(/ Working /g)).toHaveLength(parts.length + 1);
    expect(page.text).toContain("Checked at");
    expect(page.headers.get("set-cookie")).toBeNull();
  });

  test("asks the parts once for all who look at the same time", async () => {
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => readPage(`${inject("nextUrl")}/status`)),
    );
    const moments = pages.map(({ html }) => /<time dateTime="([^"]+)"/i.exec(html)?.[1]);
    expect(moments[0]).toBeDefined();
    // Five seconds may end in the middle of the twenty; they never make twenty looks.
    expect(new Set(moments).size).toBeLessThanOrEqual(2);
  });
});

describe("the verdict", () => {
  test.for([
    [null, "working"],
    [59, "working"],
    [60, "slow"],
    [7200, "slow"],
  ] as const)("on a queue whose oldest job waits %s s is %s", ([seconds, health]) => {
    expect(judgeQueue(seconds).health).toBe(health);
  });

  test.for([
    [null, "down"],
    [4, "working"],
    [30, "down"],
  ] as const)("on a worker last seen %s s ago is %s", ([seconds, health]) => {
    expect(judgeWorker(seconds).health).toBe(health);
  });

  test("names the time in words", () => {
    expect(judgeQueue(240).finding).toContain("waiting for 4 min");
    expect(judgeWorker(7200).finding).toContain("2 h ago");
  });
});

/** The road to the database, which can be blocked: bytes are taken and go nowhere, as behind a dead switch. */
async function makeRoad(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let blocked = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on("error", () => near.destroy());
    if (blocked) return;
    const far = connect(Number(target.port), target.hostname);
    sockets.add(far);
    far.on("error", () => near.destroy());
    near.on("data", (bytes) => blocked || far.write(bytes));
    far.on("data", (bytes) => blocked || near.write(bytes));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the road has no port");
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    block() {
      blocked = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("while the database does not answer", () => {
  let road: Awaited<ReturnType<typeof makeRoad>>;
  let web: RunningWeb;

  beforeAll(async () => {
    road = await makeRoad(inject("databaseUrl"));
    web = await startWeb(inject("serverEnv"), { DATABASE_URL: road.url });
    road.block();
  });

  afterAll(async () => {
    road.close();
    await web.stop();
  });

  test("the status page says so within its time, and tells nothing about the inside", async () => {
    const startedAt = performance.now();
    const page = await readPage(`${web.url}/status`);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Not working: Database, Job queue, Worker");
    expect(page.text).toContain("No answer within 2 seconds.");
    const { port, password } = new URL(road.url);
    for (const secret of [port, password, inject("dataDir"), "postgres", "pgboss", "127.0.0.1"]) {
      expect(page.text).not.toContain(secret);
    }
  });

  test("the reference can still be read", async () => {
    const page = await readPage(`${web.url}/docs`);
    expect(page.status).toBe(200);
    expect(page.ids).toContain("listMeetings");
  });
});
