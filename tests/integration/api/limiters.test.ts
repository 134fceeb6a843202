import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomBase62 } from "@/lib/core/ids";
import { memoryLimiter } from "@/lib/rate-limit/memory-limiter";
import { postgresLimiter } from "@/lib/rate-limit/postgres-limiter";
import { redisLimiter } from "@/lib/rate-limit/redis-limiter";
import type { Limiter } from "@/lib/rate-limit/window";
import { findFreePort } from "../../../scripts/embedded-postgres";
import { sql } from "../../support/pg";
import { waitFor } from "../../support/wait-for";

// The three drivers must decide alike. Time is moved where each of them keeps it: an injected clock, the row in
// the real database, the time to live in a real Redis.

interface Driver {
  readonly limiter: Limiter;
  /** Makes a window look `ms` older. */
  readonly age: (key: string, ms: number) => Promise<void>;
  readonly connect?: () => Promise<void>;
}

let skewMs = 0;
const memory = (): Driver => ({
  limiter: memoryLimiter(() => Date.now() + skewMs),
  age: async (_key, ms) => {
    skewMs += ms;
  },
});

const database = (): Driver => ({
  limiter: postgresLimiter(),
  age: async (key, ms) => {
    await sql`update rate_windows set started_at = started_at - ${ms} * interval '1 millisecond'
      where key = ${key}`;
  },
});

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
let redisServer: ChildProcess | null = null;
let redisClient: Redis | null = null;
let redisUrl = "";

async function ageInRedis(key: string, ms: number): Promise<void> {
  const name = `harmony:rate:${key}`;
  const left = (await redisClient?.pttl(name)) ?? 0;
  await redisClient?.pexpire(name, Math.max(0, left - ms));
}

const redis = (): Driver => {
  const limiter = redisLimiter(redisUrl);
  return {
    limiter,
    age: ageInRedis,
    connect: () =>
      waitFor("the driver to use redis", async () => {
        // Until its connection stands, it counts in this process.
        const key = `test:${randomBase62(16)}`;
        await limiter.take(key, 1);
        return (await redisClient?.exists(`harmony:rate:${key}`)) === 1;
      }).then(() => undefined),
  };
};

beforeAll(async () => {
  if (!hasRedis) return;
  const port = await findFreePort();
  redisUrl = `redis://127.0.0.1:${port}`;
  redisServer = spawn(
    "redis-server",
    ["--port", String(port), "--save", "", "--bind", "127.0.0.1"],
    {
      stdio: "ignore",
    },
  );
  redisClient = new Redis(redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redisClient.on("error", () => undefined);
  await waitFor("redis", async () => (await redisClient?.ping()) === "PONG");
});

afterAll(async () => {
  redisClient?.disconnect();
  if (!redisServer || redisServer.exitCode !== null) return;
  const ended = once(redisServer, "exit");
  redisServer.kill();
  await ended;
});

const drivers = [
  { name: "memory", make: memory, isHere: true },
  { name: "postgres", make: database, isHere: true },
  { name: "redis (skipped where there is no redis-server)", make: redis, isHere: hasRedis },
];

for (const { name, make, isHere } of drivers) {
  describe.skipIf(!isHere)(`limiter: ${name}`, () => {
    let driver: Driver;
    const newKey = () => `test:${randomBase62(16)}`;
    const nowSeconds = () => (Date.now() + (name === "memory" ? skewMs : 0)) / 1000;

    beforeAll(async () => {
      driver = make();
      await driver.connect?.();
    });

    test("allows exactly the limit in a window", async () => {
      const key = newKey();
      const taken = [];
      for (let n = 0; n < 5; n += 1) taken.push(await driver.limiter.take(key, 3));
      expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
      expect(taken.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
      expect(taken.every(({ limit }) => limit === 3)).toBe(true);
    });

    test("the window starts at the first request and lasts 60 s", async () => {
      const key = newKey();
      const first = await driver.limiter.take(key, 2);
      expect(first.resetAt - nowSeconds()).toBeGreaterThan(57);
      expect(first.resetAt - nowSeconds()).toBeLessThanOrEqual(61);
      await driver.age(key, 50_000);
      await driver.limiter.take(key, 2);
      const refused = await driver.limiter.take(key, 2);
      expect(refused.allowed).toBe(false);
      expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(7);
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(11);
      await driver.age(key, 11_000);
      expect(await driver.limiter.take(key, 2)).toMatchObject({ allowed: true, remaining: 1 });
    });

    test("a refused request does not extend the window", async () => {
      const key = newKey();
      await driver.limiter.take(key, 1);
      await driver.age(key, 58_000);
      for (let n = 0; n < 5; n += 1)
        expect((await driver.limiter.take(key, 1)).allowed).toBe(false);
      await driver.age(key, 2_500);
      expect((await driver.limiter.take(key, 1)).allowed).toBe(true);
    });

    test("keys are counted apart", async () => {
      const [one, two] = [newKey(), newKey()];
      await driver.limiter.take(one, 1);
      expect((await driver.limiter.take(two, 1)).allowed).toBe(true);
      expect((await driver.limiter.take(one, 1)).allowed).toBe(false);
    });

    test("50 requests at once get exactly the limit", async () => {
      const key = newKey();
      const taken = await Promise.all(
        Array.from({ length: 50 }, () => driver.limiter.take(key, 20)),
      );
      expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20);
    });

    test("a limit that changes within the window holds at once", async () => {
      const key = newKey();
      for (let n = 0; n < 4; n += 1) await driver.limiter.take(key, 10);
      expect((await driver.limiter.take(key, 3)).allowed).toBe(false);
      expect((await driver.limiter.take(key, 10)).allowed).toBe(true);
    });
  });
}

describe.skipIf(!hasRedis)("a Redis that is gone", () => {
  test("is replaced by counting in the process, and requests go on", async () => {
    const limiter = redisLimiter(`redis://127.0.0.1:${await findFreePort()}`);
    const taken = [];
    for (let n = 0; n < 3; n += 1) taken.push(await limiter.take("gone", 2));
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, false]);
  });
});
