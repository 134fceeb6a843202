import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { signalGroup } from "../keep-running";
import { type DrillOptions, type DrillPart, type Finding, none } from "./drill-part";
import { askTool, hasEnded, messageOf, type Stage, startStage } from "./sync-stage";
import { waitUntil } from "./wait-until";

// Workers are killed in the middle while records go out and come in, in many workspaces at once. The reference tool
// makes a second record of everything that is sent twice.

const workspaces = 24;
const secondsPerKill = 5;
/** Messages and events for each record. */
const messageShare = 0.12;
const eventShare = 0.5;
/** At least so many records go out for each kill: 2,000 with 50 of them. */
const recordsPerKill = 40;
const stuckSecondsMax = 30;
const settleTimeoutMs = 180_000;
const slowMs = 20;

interface Kept {
  readonly key: string | null;
  readonly fields: { readonly name?: string; readonly title?: string };
}

/** Kills the worker that is at work, and starts the next one at once. */
async function killInTurn(
  stage: Stage,
  { kills, signal, say }: DrillOptions,
  random: () => number,
): Promise<{ readonly at: Date[]; readonly last: ChildProcess }> {
  const at: Date[] = [];
  let worker = stage.start("worker");
  while (at.length < kills) {
    signal.throwIfAborted();
    const { calls } = await askTool<{ calls: number }>(stage, "stats");
    // At work: it has called the tool since it is up.
    await waitUntil(
      "the worker to call the tool",
      async () => (await askTool<{ calls: number }>(stage, "stats")).calls > calls,
      { timeoutMs: 60_000, signal },
    );
    await delay(random() * 1000, undefined, { signal });
    if (hasEnded(worker)) throw new Error("the worker ended by itself");
    const exited = once(worker, "exit");
    signalGroup(worker, "SIGKILL");
    await exited;
    at.push(new Date());
    if (at.length % 10 === 0) say(`${at.length} of ${kills} kills`);
    worker = stage.start("worker");
  }
  return { at, last: worker };
}

function doubled(kept: readonly Kept[], nameOf: (one: Kept) => string | undefined): number {
  const names = kept.map(nameOf);
  return names.length - new Set(names).size;
}

const open = (stage: Stage) => stage.sql<{ n: number }[]>`select count(*)::int as n from sync_items
  where state in ('pending', 'sending')`;

async function toolFindings(stage: Stage, recordsMin: number): Promise<Finding[]> {
  const people = await askTool<{ records: Kept[] }>(stage, "records/contacts");
  const messages = await askTool<{ records: Kept[] }>(stage, "records/messages");
  const events = await askTool<{ records: Kept[] }>(stage, "records/events");
  const [row] = await stage.sql<
    {
      contacts: number;
      meetings: number;
      unknown: number;
      events: number;
      gone: number;
      bad: number;
    }[]
  >`select (select count(*)::int from contacts) as contacts, (select count(*)::int from meetings) as meetings,
    (select count(*)::int from sync_items where state = 'unknown') as unknown,
    (select count(*)::int from calendar_events) as events,
    (select count(*)::int from external_links where state = 'gone') as gone,
    (select count(*)::int from sync_items where state in ('failed', 'quarantined')) as bad`;
  const {
    contacts = -1,
    meetings = -1,
    unknown = -1,
    events: kept = -1,
    gone = -1,
    bad = -1,
  } = row ?? {};
  const total = people.records.length + messages.records.length + events.records.length;
  const sent = new Set(messages.records.map(({ fields }) => fields.title));
  const lost = meetings - unknown - sent.size;
  return [
    {
      name: "records that went out and came in",
      promised: `≥ ${recordsMin}`,
      seen: `${people.records.length} contacts, ${messages.records.length} messages out, ${kept} events in`,
      isKept: total >= recordsMin,
    },
    none(
      "duplicates at the tool",
      doubled(people.records, ({ fields }) => fields.name) +
        doubled(messages.records, ({ fields }) => fields.title),
    ),
    none("contacts that the tool has not", contacts - people.records.length),
    none(
      "messages that are neither there nor asked about",
      Math.max(0, lost),
      `${unknown} are asked about`,
    ),
    none("events that are not here", events.records.length - kept),
    none("records unlinked or removed by mistake", gone),
    none("records that failed or were put aside", bad),
  ];
}

/** Seconds from each kill until another record was done, and until what was being sent then was settled: the longest. */
async function longestRest(stage: Stage, kills: readonly Date[]): Promise<number> {
  const times = kills.map((at) => at.toISOString());
  const [row] = await stage.sql<{ rest: number }[]>`
    select coalesce(max(extract(epoch from next - k.at)), 0)::float8 as rest
    from unnest(${times}::timestamptz[]) as k (at),
    lateral (select min(done_at) as next from sync_items where done_at > k.at) n`;
  return row?.rest ?? Number.POSITIVE_INFINITY;
}

async function play(stage: Stage, options: DrillOptions): Promise<Finding[]> {
  const { kills, signal, say } = options;
  await askTool(stage, "slow", { ms: slowMs });
  const source = stage.start("source");
  const recordsMin = kills * recordsPerKill;
  const contactsEach = Math.ceil(recordsMin / workspaces);
  source.send({
    ...{ toolUrl: stage.toolUrl, workspaces, contactsEach },
    messagesEach: Math.ceil(contactsEach * messageShare),
    eventsEach: Math.ceil(contactsEach * eventShare),
    seconds: kills * secondsPerKill,
  });
  await messageOf(source, signal);
  const isDone = messageOf(source, signal);
  // It is awaited below; what happens before must not leave it alone.
  isDone.catch(() => undefined);
  let state = options.seed;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const killed = await killInTurn(stage, options, random);
  say("the last kill is done; waiting for what is left");
  await isDone;
  const settledFrom = Date.now();
  await waitUntil("everything to be settled", async () => ((await open(stage))[0]?.n ?? 1) === 0, {
    timeoutMs: settleTimeoutMs,
    signal,
  });
  const settleSeconds = (Date.now() - settledFrom) / 1000;
  // Calendars are looked at every minute.
  await waitUntil(
    "every event to be here",
    async () => {
      const { records } = await askTool<{ records: Kept[] }>(stage, "records/events");
      const [row] = await stage.sql<
        { n: number }[]
      >`select count(*)::int as n from calendar_events`;
      return row?.n === records.length;
    },
    { timeoutMs: settleTimeoutMs, signal },
  );
  const rest = await longestRest(stage, killed.at);
  const within = (name: string, seconds: number): Finding => ({
    name,
    promised: `≤ ${stuckSecondsMax} s`,
    seen: `${seconds.toFixed(1)} s`,
    isKept: seconds <= stuckSecondsMax,
  });
  return [
    ...(await toolFindings(stage, recordsMin)),
    {
      name: "kills",
      promised: `${kills}`,
      seen: `${killed.at.length}`,
      isKept: killed.at.length === kills,
    },
    within("longest until records went on after a kill", rest),
    within("until nothing was open after the last change", settleSeconds),
  ];
}

export const syncKills: DrillPart = {
  id: "kills",
  title: "workers are killed while records go out and come in",
  run: async (options) => {
    const stage = await startStage(options.signal);
    try {
      return await play(stage, options);
    } finally {
      await stage.stop();
    }
  },
};
