import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type DrillOptions, type DrillPart, type Finding, none } from "./drill-part";
import { type OAuthStage, type Reply, startOAuthStage } from "./oauth-stage";

// Apps whose programs run twice: both copies refresh the same token at the same moment, at different processes, again
// and again. Then an old token is used by somebody else, after the grace. Then a process is killed while it answers.

const processes = 3;
/** Each app refreshes so often: 500 families at full size. */
const roundsEach = 20;
const familiesAtOnce = 32;

interface Count {
  doubles: number;
  loggedOut: number;
  differing: number;
  refusedByApi: number;
}

interface Family {
  current: string;
  access: string;
  /** Tokens that were used up. */
  readonly old: string[];
}

/** Runs `work` for all of them, so many at a time. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>) {
  let next = 0;
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function connectAll(stage: OAuthStage, people: number): Promise<Family[]> {
  const tokens = await stage.connect(people);
  return tokens.map(({ access, refresh }) => ({ current: refresh, access, old: [] }));
}

async function doubleRefresh(stage: OAuthStage, family: Family, count: Count): Promise<void> {
  const web = randomInt(processes);
  const [one, two] = await Promise.all([
    stage.refresh(web, family.current),
    stage.refresh(web + 1, family.current),
  ]);
  count.doubles += 1;
  count.loggedOut += [one, two].filter(({ status }) => status !== 200).length;
  if (one.refresh !== two.refresh || one.access !== two.access) count.differing += 1;
  const statuses = await Promise.all([
    stage.read(web + 2, one.access),
    stage.read(web, two.access),
  ]);
  count.refusedByApi += statuses.filter((status) => status !== 200).length;
  family.old.push(family.current);
  family.current = one.refresh || two.refresh;
  family.access = one.access || two.access;
}

/** Someone uses an old token after the grace. @returns what the family's own tokens got afterwards. */
async function replay(stage: OAuthStage, family: Family): Promise<string[]> {
  const stolen = family.old[randomInt(family.old.length)] ?? "";
  const answers = [
    await stage.refresh(randomInt(processes), stolen),
    await stage.refresh(randomInt(processes), family.current),
  ];
  const status = await stage.read(randomInt(processes), family.access);
  return [
    ...answers
      .filter(({ error }) => error !== "invalid_grant")
      .map((one) => `refresh ${one.status}`),
    ...(status === 401 ? [] : [`read ${status}`]),
  ];
}

async function playDoubles(stage: OAuthStage, { events, signal, say }: DrillOptions) {
  const count: Count = { doubles: 0, loggedOut: 0, differing: 0, refusedByApi: 0 };
  const families = await connectAll(stage, Math.max(1, Math.round(events / roundsEach)));
  say(`${families.length} people have connected the app`);
  const beganAt = performance.now();
  await inLanes(families, familiesAtOnce, async (family) => {
    for (let round = 0; round < roundsEach; round += 1) {
      signal.throwIfAborted();
      await doubleRefresh(stage, family, count);
      if (count.doubles % 2000 === 0) say(`${count.doubles} double refreshes`);
    }
  });
  const seconds = (performance.now() - beganAt) / 1000;
  await stage.endGrace(families.flatMap(({ old }) => old));
  const open: string[] = [];
  await inLanes(families, familiesAtOnce, async (family) => {
    open.push(...(await replay(stage, family)));
  });
  const survived = families.length - (await stage.endedByReplay());
  return { ...count, seconds, families: families.length, open, survived };
}

export const oauthRefresh: DrillPart = {
  id: "refresh",
  title: `refresh tokens used twice at the same moment, in ${processes} processes`,
  run: async (options) => {
    const stage = await startOAuthStage(processes, options.signal);
    try {
      const seen = await playDoubles(stage, options);
      const rate = Math.round((2 * seen.doubles) / seen.seconds);
      return [
        none(
          "callers that were logged out",
          seen.loggedOut,
          `of ${2 * seen.doubles}, ${rate} refreshes a second`,
        ),
        none("pairs that got different tokens", seen.differing),
        none("answers that the API refused", seen.refusedByApi),
        none("families that outlived a later replay", seen.survived, `of ${seen.families}`),
        none(
          "tokens of such families that were accepted",
          seen.open.length,
          [...new Set(seen.open)].join(", "),
        ),
      ] satisfies Finding[];
    } finally {
      await stage.stop();
    }
  },
};

// --- Kills ----------------------------------------------------------------------------------------------------

const killedProcesses = 2;
const callers = 24;
/** An app that heard nothing asks again; the grace is thirty seconds. */
const patienceMs = 25_000;

interface KillCount {
  refreshes: number;
  repeated: number;
  loggedOut: number;
  unanswered: number;
}

/** Asks until somebody answers, as a program with retries does. */
async function refreshForSure(
  stage: OAuthStage,
  token: string,
  count: KillCount,
): Promise<Reply | null> {
  const deadline = Date.now() + patienceMs;
  for (let web = randomInt(killedProcesses); Date.now() < deadline; web += 1) {
    const answer = await stage.refresh(web, token);
    if (answer.status !== 0 && answer.status < 500) return answer;
    count.repeated += 1;
    await delay(50);
  }
  return null;
}

async function keepRefreshing(
  stage: OAuthStage,
  family: Family,
  count: KillCount,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const answer = await refreshForSure(stage, family.current, count);
    if (answer === null) {
      count.unanswered += 1;
      return;
    }
    if (answer.status !== 200) {
      count.loggedOut += 1;
      return;
    }
    count.refreshes += 1;
    family.current = answer.refresh;
  }
}

export const oauthKills: DrillPart = {
  id: "kills",
  title: `kill -9 of one of ${killedProcesses} web processes in the middle of refreshes`,
  run: async ({ kills, signal, say }) => {
    const stage = await startOAuthStage(killedProcesses, signal);
    try {
      const count: KillCount = { refreshes: 0, repeated: 0, loggedOut: 0, unanswered: 0 };
      const families = await connectAll(stage, callers);
      let isOver = false;
      const work = Promise.all(
        families.map((family) => keepRefreshing(stage, family, count, () => isOver)),
      );
      const times = Math.max(1, Math.round(kills / 5));
      for (let kill = 0; kill < times && !signal.aborted; kill += 1) {
        await delay(500 + randomInt(1500));
        await stage.webs[kill % killedProcesses]?.killAndRestart();
        say(`kill ${kill + 1} of ${times}: ${count.refreshes} refreshes so far`);
      }
      isOver = true;
      await work;
      const open = await Promise.all(
        families.map(async ({ current }) => (await stage.refresh(0, current)).status),
      );
      return [
        none(
          "apps that were logged out",
          count.loggedOut,
          `${count.refreshes} refreshes, ${count.repeated} asked again, ${times} kills`,
        ),
        none("apps that nobody answered for 25 s", count.unanswered),
        none("apps that cannot refresh at the end", open.filter((status) => status !== 200).length),
      ];
    } finally {
      await stage.stop();
    }
  },
};
