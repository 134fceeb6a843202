import { setTimeout as delay } from "node:timers/promises";
import { type OAuthStage, startOAuthStage } from "../drill/oauth-stage";
import type { BenchCase, BenchOptions, Figure } from "./bench-case";
import { loadInRounds, median, medianQuotient, type Throughput } from "./measure";

/** As many connected people as this times 3600 refresh once an hour. */
const refreshesPerSecond = 50;
const people = 100;
const meetings = 1000;

/** Refreshes at a steady rate, each person's one after the other, until `isOver`. @returns those answered a second. */
async function keepRefreshing(
  stage: OAuthStage,
  tokens: string[],
  isOver: () => boolean,
): Promise<number> {
  const startedAt = performance.now();
  const waiting = tokens.map((_, person) => person);
  const open = new Set<Promise<void>>();
  let [sent, answered] = [0, 0];
  const ask = async (person: number) => {
    const answer = await stage.refresh(0, tokens[person] ?? "");
    if (answer.status !== 200) throw new Error(`a refresh was answered ${answer.status}`);
    tokens[person] = answer.refresh;
    answered += 1;
    waiting.push(person);
  };
  const elapsed = () => (performance.now() - startedAt) / 1000;
  while (!isOver()) {
    for (; sent < elapsed() * refreshesPerSecond && waiting.length > 0; sent += 1) {
      const work = ask(waiting.shift() ?? 0);
      open.add(work);
      work.then(
        () => open.delete(work),
        () => undefined,
      );
    }
    await delay(2);
  }
  const rate = answered / elapsed();
  await Promise.all(open);
  return rate;
}

async function measure(stage: OAuthStage, { rounds, seconds }: BenchOptions) {
  await stage.makeMeetings(meetings);
  const [own, ...others] = await stage.connect(people + 1);
  const tokens = others.map(({ refresh }) => refresh);
  const list = {
    name: "GET /v1/meetings",
    url: `${stage.webs[0]?.url}/v1/meetings`,
    headers: { authorization: `Bearer ${own?.access}` },
  };
  const oneRound = async () => (await loadInRounds([list], 1, seconds))[0] ?? [];
  const alone: Throughput[] = [];
  const beside: Throughput[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(...(await oneRound()));
    let isOver = false;
    const refreshing = keepRefreshing(stage, tokens, () => isOver);
    beside.push(...(await oneRound()));
    isOver = true;
    rates.push(await refreshing);
  }
  return { alone, beside, rates };
}

const p99 = (runs: readonly Throughput[]) => runs.map((run) => run.p99);
const inWords = (runs: readonly Throughput[]) =>
  `${median(p99(runs)).toFixed(1)} ms at ${median(runs.map((run) => run.requestsPerSecond)).toFixed(0)} req/s`;

/** The API beside a busy token endpoint, in the same web process. */
export const oauthCase: BenchCase = {
  id: "l",
  title: "The API while people's apps refresh their tokens",
  bringsOwnData: true,
  run: async (_place, options) => {
    const stage = await startOAuthStage(1, new AbortController().signal);
    try {
      const { alone, beside, rates } = await measure(stage, options);
      return [
        {
          name: "p99 of GET /v1/meetings beside refreshes / alone",
          value: medianQuotient(p99(beside), p99(alone)),
          unit: "×",
          atMost: 2,
          from: `${inWords(beside)} beside ${median(rates).toFixed(0)} refreshes/s, against ${inWords(alone)}; 32 connections, an OAuth token`,
        },
      ] satisfies Figure[];
    } finally {
      await stage.stop();
    }
  },
};
