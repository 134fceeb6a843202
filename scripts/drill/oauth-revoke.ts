import { setTimeout as delay } from "node:timers/promises";
import { type DrillPart, none } from "./drill-part";
import { type OAuthStage, startOAuthStage, type Tokens } from "./oauth-stage";

// Two web processes serve an app at a steady rate while its person revokes: what began after the answer is refused.

const requestsPerSecond = 500;
const beforeMs = 1500;
const afterMs = 1500;
const expected = new Set([200, 401]);

interface Request {
  readonly beganAt: number;
  readonly status: number;
}

/** Requests at a steady rate, whether or not earlier ones were answered, in turn at both processes. */
async function load(stage: OAuthStage, token: string, isOver: () => boolean): Promise<Request[]> {
  const asked: Promise<Request>[] = [];
  const startedAt = performance.now();
  while (!isOver()) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * requestsPerSecond);
    while (asked.length < due) {
      const beganAt = performance.now();
      asked.push(stage.read(asked.length, token).then((status) => ({ beganAt, status })));
    }
    await delay(1);
  }
  return Promise.all(asked);
}

/** 0 stands for a connection that broke, or an answer that took a minute. */
const otherwise = (statuses: readonly number[]) =>
  statuses.length === 0 ? "" : `; answers: ${[...new Set(statuses)].join(", ")}`;

async function revokeUnderLoad(stage: OAuthStage, { access, refresh }: Tokens, round: number) {
  let isOver = false;
  const startedAt = performance.now();
  const work = load(stage, access, () => isOver);
  await delay(beforeMs);
  const status = await stage.revoke(round, round % 2 === 0 ? refresh : access);
  const revokedAt = performance.now();
  await delay(afterMs);
  isOver = true;
  const seconds = (performance.now() - startedAt) / 1000;
  const requests = await work;
  const later = requests.filter(({ beganAt }) => beganAt > revokedAt);
  return {
    hasFailed: status !== 200,
    rate: requests.length / seconds,
    accepted: requests.filter(({ status: one }) => one === 200).length,
    later: later.length,
    acceptedLater: later.filter(({ status: one }) => one === 200).length,
    broken: requests.map(({ status: one }) => one).filter((one) => !expected.has(one)),
  };
}

export const oauthRevoke: DrillPart = {
  id: "revoke",
  title: `revocations while two web processes serve ${requestsPerSecond} requests a second`,
  run: async ({ kills, signal, say }) => {
    const stage = await startOAuthStage(2, signal);
    try {
      const rounds = Math.max(2, Math.round(kills / 2.5));
      const seen: Awaited<ReturnType<typeof revokeUnderLoad>>[] = [];
      for (const [round, tokens] of (await stage.connect(rounds)).entries()) {
        signal.throwIfAborted();
        seen.push(await revokeUnderLoad(stage, tokens, round));
        if ((round + 1) % 5 === 0) say(`${round + 1} of ${rounds} revocations`);
      }
      const sum = (of: (one: (typeof seen)[number]) => number) =>
        seen.reduce((total, one) => total + of(one), 0);
      const rate = Math.round(sum((one) => one.rate) / seen.length);
      return [
        none(
          "requests that began after the answer and were accepted",
          sum((one) => one.acceptedLater),
          `of ${sum((one) => one.later)} after ${rounds} revocations, at ${rate} a second`,
        ),
        none("revocations that failed", seen.filter(({ hasFailed }) => hasFailed).length),
        none(
          "requests with another answer than 200 or 401",
          sum((one) => one.broken.length),
          `${sum((one) => one.accepted)} were accepted before${otherwise(seen.flatMap((one) => one.broken))}`,
        ),
      ];
    } finally {
      await stage.stop();
    }
  },
};
