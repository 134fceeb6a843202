import postgres from "postgres";
import { z } from "zod";
import type { BenchCase, Figure } from "./bench-case";
import type { BenchDatabase, RunningServer } from "./bench-stack";
import {
  compareLatency,
  get,
  loadInRounds,
  median,
  medianQuotient,
  type Target,
  type Throughput,
} from "./measure";

const page = z.object({
  data: z.array(z.object({ id: z.string() })),
  pagination: z.object({ total: z.number(), next_cursor: z.string().nullable() }),
});

const credential = ({ key }: BenchDatabase) => ({ authorization: `Bearer ${key}` });

function listOf(server: RunningServer, database: BenchDatabase, name: string): Target {
  return { name, url: `${server.url}/api/v1/meetings`, headers: credential(database) };
}

async function readPage(target: Target): Promise<z.output<typeof page>> {
  const { status, body } = await get(target.url, target.headers);
  if (status !== 200)
    throw new Error(`${target.name} answered ${status}: ${body.toString().slice(0, 300)}`);
  return page.parse(JSON.parse(body.toString()));
}

/** Proves that the measured answer is the right one: twenty rows and the exact total. */
async function checkList(target: Target, database: BenchDatabase): Promise<void> {
  const { data, pagination } = await readPage(target);
  const expected = database.workspace.meetings;
  if (data.length !== 20 || pagination.total !== expected) {
    throw new Error(
      `${target.name}: ${data.length} rows of ${pagination.total}, expected 20 of ${expected}`,
    );
  }
}

/** Makes every kept page of the database's workspaces outdated, as any change of a meeting does. */
function outdatePages({ url }: BenchDatabase) {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return {
    outdate: () => sql`update meeting_versions set version = version + 1`,
    end: () => sql.end({ timeout: 5 }),
  };
}

const changesPerSecond = 20;

/** The list's throughput while the workspace changes all the time. */
async function loadWhileChanging(
  list: Target,
  database: BenchDatabase,
  rounds: number,
  seconds: number,
): Promise<Throughput[]> {
  const pages = outdatePages(database);
  const timer = setInterval(() => void pages.outdate(), 1000 / changesPerSecond);
  const [runs = []] = await loadInRounds([list], rounds, seconds);
  clearInterval(timer);
  await pages.end();
  return runs;
}

const whole = (value: number) => Math.round(value).toLocaleString("en");
const ms = (value: number) => `${value.toFixed(2)} ms`;
const rate = (runs: readonly Throughput[]) => median(runs.map((run) => run.requestsPerSecond));
const perSecond = (runs: readonly Throughput[]) => `${whole(rate(runs))} req/s`;

export const throughputCase: BenchCase = {
  id: "a",
  title: "Authenticated, rate-limited list, 32 connections",
  run: async ({ large, startWeb, startFloor }, { rounds, seconds }) => {
    const web = await startWeb(large);
    const fastify = await startFloor("fastify-floor.ts", {
      DATABASE_URL: large.url,
      WORKSPACE_ID: large.workspace.id,
    });
    const list = listOf(web, large, "GET /api/v1/meetings");
    await checkList(list, large);
    const targets: Target[] = [
      list,
      { name: "static Next route handler", url: `${web.url}/api/floor` },
      { name: "Fastify + postgres.js", url: `${fastify.url}/rows` },
      { name: "Fastify + postgres.js, JSON by the database", url: `${fastify.url}/json` },
    ];
    const [ours = [], next = [], rows = [], json = []] = await loadInRounds(
      targets,
      rounds,
      seconds,
    );
    const changing = await loadWhileChanging(list, large, Math.ceil(rounds / 2), seconds);
    await Promise.all([web.stop(), fastify.stop()]);
    // The stricter of the two ways to write the floor.
    const [floor, way, other] =
      rate(json) > rate(rows)
        ? [json, "JSON by the database", rows]
        : [rows, "rows serialised by Fastify", json];
    const throughput = (runs: readonly Throughput[]) => runs.map((run) => run.requestsPerSecond);
    const p99 = (runs: readonly Throughput[]) => runs.map((run) => run.p99);
    return [
      {
        name: "throughput / static Next route handler",
        value: medianQuotient(throughput(ours), throughput(next)),
        unit: "×",
        atLeast: 3,
        from: `${perSecond(ours)} against ${perSecond(next)}; ${perSecond(changing)} while the workspace changes ${changesPerSecond} times a second`,
      },
      {
        name: "throughput / Fastify + postgres.js",
        value: medianQuotient(throughput(ours), throughput(floor)),
        unit: "×",
        atLeast: 0.6,
        from: `${perSecond(ours)} against ${perSecond(floor)} (${way}; the other way ${perSecond(other)})`,
      },
      {
        name: "p99 / Fastify's p99",
        value: medianQuotient(p99(ours), p99(floor)),
        unit: "×",
        atMost: 2,
        from: `${ms(median(p99(ours)))} against ${ms(median(p99(floor)))}`,
      },
    ] satisfies Figure[];
  },
};

export const sizeCase: BenchCase = {
  id: "b",
  title: "The same request on a small and on a large database",
  run: async ({ large, small, startWeb }, { rounds }) => {
    const [webLarge, webSmall] = await Promise.all([startWeb(large), startWeb(small)]);
    const [largePages, smallPages] = [outdatePages(large), outdatePages(small)];
    // Each request makes its page: an unchanged one would be answered alike whatever the size.
    const onLarge = { ...listOf(webLarge, large, "large database"), before: largePages.outdate };
    const onSmall = { ...listOf(webSmall, small, "small database"), before: smallPages.outdate };
    await checkList(onLarge, large);
    await checkList(onSmall, small);
    const [slow = 0, quick = 1] = await compareLatency([onLarge, onSmall], rounds * 3);
    await Promise.all([webLarge.stop(), webSmall.stop(), largePages.end(), smallPages.end()]);
    const inWorkspace = `${whole(large.workspace.meetings)} of them in the workspace asked for`;
    return [
      {
        name: `p50 on ${whole(large.seeded.meetings)} rows / on ${whole(small.seeded.meetings)}`,
        value: slow / quick,
        unit: "×",
        atMost: 1.2,
        from: `${ms(slow)} (${inWorkspace}) against ${ms(quick)}`,
      },
    ] satisfies Figure[];
  },
};

const deepPage = 500;

export const cursorCase: BenchCase = {
  id: "c",
  title: "A deep page by cursor",
  run: async ({ large, startWeb }, { rounds }) => {
    const web = await startWeb(large);
    const pages = outdatePages(large);
    const first = { ...listOf(web, large, "page 1"), before: pages.outdate };
    let deep = first;
    for (let number = 2; number <= deepPage; number += 1) {
      const { pagination } = await readPage(deep);
      if (pagination.next_cursor === null) {
        throw new Error(`the list ends before page ${deepPage}; seed at least 20,100 meetings`);
      }
      const url = `${first.url}?cursor=${encodeURIComponent(pagination.next_cursor)}`;
      deep = { ...first, name: `page ${number}`, url };
    }
    const [slow = 0, quick = 1] = await compareLatency([deep, first], rounds * 3);
    await Promise.all([web.stop(), pages.end()]);
    return [
      {
        name: `p50 of cursor page ${deepPage} / of page 1`,
        value: slow / quick,
        unit: "×",
        atMost: 1.3,
        from: `${ms(slow)} against ${ms(quick)}`,
      },
    ] satisfies Figure[];
  },
};
