import { Agent, type IncomingHttpHeaders, request } from "node:http";
import autocannon from "autocannon";

export type Headers = Readonly<Record<string, string>>;

/** One request that a measurement repeats. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers?: Headers;
  /** Runs before each request of `compareLatency`, outside of the measured time. */
  readonly before?: () => Promise<unknown>;
}

/** The middle of the values; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) throw new Error("a median of nothing");
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** The value below which this share of the values lies; the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error("a percentile of nothing");
  return value;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One GET over `agent`; the body as it came over the wire. */
export function get(url: string, headers: Headers = {}, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { headers, timeout: 30_000, ...(agent ? { agent } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`${url} did not answer within 30 s`)));
    sent.on("error", reject);
    sent.end();
  });
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

const connections = 32;

async function load({ name, url, headers }: Target, seconds: number): Promise<Throughput> {
  const result = await autocannon({ url, connections, duration: seconds, headers: { ...headers } });
  const bad = result.errors + result.timeouts + result.non2xx;
  if (bad > 0) throw new Error(`${name}: ${bad} of ${result.requests.total} requests failed`);
  return { requestsPerSecond: result.requests.average, p99: result.latency.p99 };
}

/** Of two targets, round by round: the median of the quotients, steadier than a quotient of medians. */
export function medianQuotient(above: readonly number[], below: readonly number[]): number {
  return median(above.map((value, round) => value / (below[round] ?? Number.NaN)));
}

/**
 * Throughput and p99 of several targets under 32 connections, in interleaved rounds, so that whatever else the
 * machine does hits all of them alike. One warming run of each does not count.
 * @returns for each target its rounds.
 */
export async function loadInRounds(
  targets: readonly Target[],
  rounds: number,
  seconds: number,
): Promise<Throughput[][]> {
  for (const target of targets) await load(target, 2);
  const results: Throughput[][] = targets.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      results[index]?.push(await load(target, seconds));
    }
  }
  return results;
}

async function timeRequests(target: Target, count: number, agent: Agent): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await target.before?.();
    const startedAt = performance.now();
    const { status } = await get(target.url, target.headers, agent);
    times.push(performance.now() - startedAt);
    if (status !== 200) throw new Error(`${target.name}: answered ${status}`);
  }
  return times;
}

const blockSize = 100;

/** Milliseconds at p50 of each target, one request at a time, in interleaved blocks of a hundred. */
export async function compareLatency(
  targets: readonly Target[],
  blocks: number,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[][] = targets.map(() => []);
  try {
    for (const target of targets) await timeRequests(target, 3 * blockSize, agent);
    for (let block = 0; block < blocks; block += 1) {
      for (const [index, target] of targets.entries()) {
        times[index]?.push(...(await timeRequests(target, blockSize, agent)));
      }
    }
  } finally {
    agent.destroy();
  }
  return times.map(median);
}
