import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { pool } from "@/db/client";
import { limitMax } from "@/lib/webhooks/lane";
import type { BenchCase, Figure } from "./bench-case";
import { median, medianQuotient, percentile } from "./measure";
import { type Committed, until, type WebhookStack, webhookStack } from "./webhook-stack";

const payload = z.object({ data: z.object({ meeting_id: z.string() }) });
const meetingOf = (body: string) => payload.parse(JSON.parse(body)).data.meeting_id;
const whole = (value: number) => Math.round(value).toLocaleString("en");
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Commits events at a steady rate, whether or not earlier ones have arrived. */
async function commitSteadily(
  stack: WebhookStack,
  workspaceId: string,
  load: { readonly perSecond: number; readonly seconds: number },
): Promise<Committed[]> {
  const count = load.perSecond * load.seconds;
  const beganAt = performance.now();
  const commits: Promise<Committed>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueAt = beganAt + (index / load.perSecond) * 1000;
    await delay(Math.max(0, dueAt - performance.now()));
    commits.push(stack.commit(workspaceId));
  }
  return Promise.all(commits);
}

/** Commits as many transactions at a time as the pool has connections. */
async function commitAll(
  stack: WebhookStack,
  workspaceId: string,
  size: { readonly commits: number; readonly answers: number },
): Promise<Committed[]> {
  const done: Committed[] = [];
  let left = size.commits;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      done.push(await stack.commit(workspaceId, size.answers));
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  return done;
}

/** Waits until every delivery of the workspace's webhooks whose address does not hang has ended. */
async function untilDelivered(workspaceId: string): Promise<void> {
  await until("the deliveries", async () => {
    const [row] = await pool()<{ open: boolean }[]>`select exists (
      select 1 from webhooks w join webhook_deliveries d on d.webhook_id = w.id
      where w.workspace_id = ${workspaceId} and d.next_attempt_at is not null
        and w.url not like '%/hang/%') as open`;
    return row?.open === false;
  });
}

/** Milliseconds from each commit to the first byte of its request, per request. */
async function latencies(stack: WebhookStack, commits: readonly Committed[]): Promise<number[]> {
  const committedAt = new Map(commits.map(({ id, at }) => [id, at]));
  const arrivals = (await stack.report()).filter(({ path }) => !path.startsWith("/hang/"));
  return arrivals.map(({ body, at }) => at - (committedAt.get(meetingOf(body)) ?? Number.NaN));
}

export const latencyCase: BenchCase = {
  id: "f",
  title: "From commit to the first byte at an idle receiver, 50 events a second",
  bringsOwnData: true,
  run: async ({ dir }, { rounds, seconds }) => {
    const stack = await webhookStack(dir);
    const workspaceId = await stack.makeWebhooks([`${stack.receiverUrl}/hooks`]);
    await commitSteadily(stack, workspaceId, { perSecond: 50, seconds: 4 });
    await untilDelivered(workspaceId);
    await stack.reset(0);
    const load = { perSecond: 50, seconds: rounds * seconds };
    const commits = await commitSteadily(stack, workspaceId, load);
    await untilDelivered(workspaceId);
    const times = await latencies(stack, commits);
    if (times.length !== commits.length) {
      throw new Error(`${times.length} requests came for ${commits.length} events`);
    }
    const from = `${whole(times.length)} events, each committed by itself; worker, receiver and bench are three processes`;
    return [
      { name: "p50", value: percentile(times, 0.5), unit: "ms", atMost: 15, from },
      { name: "p99", value: percentile(times, 0.99), unit: "ms", atMost: 100, from },
    ] satisfies Figure[];
  },
};

/** What one webhook may have under way at most. */
const concurrency = limitMax;
const eventsPerRound = 3000;
const answer = z.object({ ms: z.number() });

/** Events a second from the first commit to the last attempt row. */
async function measurePipeline(
  stack: WebhookStack,
  workspaceId: string,
  answers: number,
): Promise<number> {
  const size = { commits: eventsPerRound / (answers + 1), answers };
  const commits = await commitAll(stack, workspaceId, size);
  await untilDelivered(workspaceId);
  const endedAt = performance.timeOrigin + performance.now();
  const [row] = await pool()<{ attempts: number }[]>`select count(*)::int as attempts
    from webhook_attempts where workspace_id = ${workspaceId} and response_status = 204`;
  const arrivals = await stack.report();
  if (arrivals.length !== eventsPerRound || (row?.attempts ?? 0) % eventsPerRound !== 0) {
    throw new Error(`${arrivals.length} requests and ${row?.attempts} attempts were seen`);
  }
  const beganAt = Math.min(...commits.map(({ at }) => at));
  return eventsPerRound / ((endedAt - beganAt) / 1000);
}

async function measureRaw(stack: WebhookStack, body: string): Promise<number> {
  const { ms: took } = answer.parse(
    await stack.run("webhook-raw-loop.ts", {
      RAW_URL: `${stack.receiverUrl}/raw`,
      RAW_BODY: body,
      RAW_COUNT: String(eventsPerRound),
      RAW_CONCURRENCY: String(concurrency),
    }),
  );
  return eventsPerRound / (took / 1000);
}

/**
 * How many questions are answered in one transaction with the end of their meeting. With none, the commits alone are
 * nearly all that the database of a small machine can do; that shape has no target.
 */
const shapes = [
  { answers: 5, words: "6 events a commit" },
  { answers: 0, words: "1 event a commit" },
];
/** A receiver across a network. One that answers at once measures how fast undici talks to itself. */
const farMs = 20;

/** The pipeline in each shape and the raw loop, in interleaved rounds to the same receiver. */
async function comparePipeline(
  stack: WebhookStack,
  thinkMs: number,
  rounds: number,
): Promise<Figure[]> {
  const workspaceId = await stack.makeWebhooks([`${stack.receiverUrl}/hooks`]);
  await stack.reset(thinkMs);
  // One run that does not count warms everything up and shows the body.
  await measurePipeline(stack, workspaceId, 5);
  const body = (await stack.report())[0]?.body ?? "";
  const ours: number[][] = shapes.map(() => []);
  const raw: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { answers }] of shapes.entries()) {
      await stack.reset(thinkMs);
      ours[index]?.push(await measurePipeline(stack, workspaceId, answers));
    }
    await stack.reset(thinkMs);
    raw.push(await measureRaw(stack, body));
  }
  const receiver = thinkMs === 0 ? "at once" : `after ${thinkMs} ms`;
  return shapes.map(({ words, answers }, index) => ({
    name: `durable pipeline / raw undici loop, answers ${receiver}, ${words}`,
    value: medianQuotient(ours[index] ?? [], raw),
    unit: "×",
    ...(thinkMs === farMs && answers > 0 ? { atLeast: 0.5 } : {}),
    from: `${whole(median(ours[index] ?? []))} against ${whole(median(raw))} requests/s, ${concurrency} under way`,
  }));
}

export const pipelineCase: BenchCase = {
  id: "g",
  title: "Commit, signed POST and attempt row against undici in a loop",
  bringsOwnData: true,
  run: async ({ dir }, { rounds }) => {
    const stack = await webhookStack(dir);
    const most = Math.min(rounds, 5);
    return [
      ...(await comparePipeline(stack, farMs, most)),
      ...(await comparePipeline(stack, 0, most)),
    ];
  },
};

const webhookCount = 50;
const hangingCount = 10;

interface Served {
  /** Requests a second of the healthy receivers under a burst. */
  readonly perSecond: number;
  /** Of the healthy receivers under a steady load. */
  readonly p99: number;
}

async function measureServed(
  stack: WebhookStack,
  workspaceId: string,
  steadySeconds: number,
): Promise<Served> {
  await stack.reset(0);
  const steady = await commitSteadily(stack, workspaceId, {
    perSecond: 4,
    seconds: steadySeconds,
  });
  await untilDelivered(workspaceId);
  const p99 = percentile(await latencies(stack, steady), 0.99);
  await stack.reset(0);
  const burst = await commitAll(stack, workspaceId, { commits: 40, answers: 0 });
  await untilDelivered(workspaceId);
  const beganAt = Math.min(...burst.map(({ at }) => at));
  const healthy = (await stack.report()).filter(({ path }) => /^\/healthy\//.test(path));
  const endedAt = healthy.reduce((latest, { at }) => Math.max(latest, at), 0);
  return { perSecond: healthy.length / ((endedAt - beganAt) / 1000), p99 };
}

export const hangingCase: BenchCase = {
  id: "h",
  title: "10 of 50 endpoints hang: what the other 40 keep",
  bringsOwnData: true,
  run: async ({ dir }, { rounds, seconds }) => {
    const stack = await webhookStack(dir);
    const urls = (hangs: boolean) =>
      Array.from({ length: webhookCount }, (_, index) => {
        // The same 40 are looked at in both runs; the other 10 answer, or hang.
        const kind = index >= hangingCount ? "healthy" : hangs ? "hang" : "others";
        return `${stack.receiverUrl}/${kind}/${index}`;
      });
    const well = await stack.makeWebhooks(urls(false));
    const partly = await stack.makeWebhooks(urls(true));
    await measureServed(stack, well, 2);
    await measureServed(stack, partly, 12);
    const alone: Served[] = [];
    const beside: Served[] = [];
    for (let round = 0; round < Math.min(rounds, 4); round += 1) {
      alone.push(await measureServed(stack, well, seconds * 2));
      beside.push(await measureServed(stack, partly, seconds * 2));
    }
    const speed = (runs: readonly Served[]) => runs.map(({ perSecond }) => perSecond);
    const p99 = (runs: readonly Served[]) => runs.map((run) => run.p99);
    return [
      {
        name: "throughput of the healthy ones / when none hangs",
        value: medianQuotient(speed(beside), speed(alone)),
        unit: "×",
        atLeast: 0.9,
        from: `${whole(median(speed(beside)))} against ${whole(median(speed(alone)))} requests/s of a burst`,
      },
      {
        name: "p99 of the healthy ones / when none hangs",
        value: medianQuotient(p99(beside), p99(alone)),
        unit: "×",
        atMost: 2,
        from: `${ms(median(p99(beside)))} against ${ms(median(p99(alone)))}, 200 deliveries a second`,
      },
    ] satisfies Figure[];
  },
};
