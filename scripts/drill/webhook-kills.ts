import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { projectRoot } from "../environment";
import type { DrillOptions, DrillPart, Finding } from "./drill-part";
import type { SourceDone, SourceReady } from "./event-source";
import { type Product, startProduct } from "./product";
import { type Receiver, startReceiver } from "./receivers";
import { startUploads, type Uploads } from "./uploads";
import { waitUntil } from "./wait-until";
import { deliveryFindings, outboxFindings, resumedWithin } from "./webhook-checks";

// The real product, supervised as under `npm start`, loses its processes while thousands of changes are committed.

const secondsPerKill = 6;
const killsPerRestart = 10;
const uploadShare = 0.03;
const receiverCount = 3;
const resumeSecondsMax = 30;
const settleTimeoutMs = 180_000;

type Target = "web" | "worker" | "database";

interface Kill {
  readonly target: Target;
  readonly at: Date;
}

/** A generator of numbers from 0 up to 1 (mulberry32): the plan of a run can be had again from its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Planned {
  readonly target: Target;
  readonly afterMs: number;
}

function makePlan({ kills, seed }: DrillOptions): { plan: Planned[]; seconds: number } {
  const random = randomFrom(seed);
  const seconds = kills * secondsPerKill;
  const restarts = Math.max(1, Math.round(kills / killsPerRestart));
  // The last changes come after the last kill.
  const moment = () => random() * seconds * 950;
  const plan: Planned[] = [];
  for (let n = 0; n < kills; n += 1) {
    plan.push({ target: random() < 0.5 ? "web" : "worker", afterMs: moment() });
  }
  for (let n = 0; n < restarts; n += 1) plan.push({ target: "database", afterMs: moment() });
  return { plan: plan.sort((a, b) => a.afterMs - b.afterMs), seconds };
}

/** How PostgreSQL is taken down, in turn: its process killed, an orderly restart, a shutdown without a checkpoint. */
const databaseSignals = ["SIGKILL", "SIGINT", "SIGQUIT"] as const;
const databaseSignal = (restarts: number) =>
  databaseSignals[restarts % databaseSignals.length] ?? "SIGKILL";

/** The process to kill: the one that was planned, or the other one while the supervisor lets it rest. */
function victim(product: Product, planned: Target): { target: Target; pid: number } | null {
  if (planned === "database") {
    const pid = product.databasePid();
    return pid === null ? null : { target: planned, pid };
  }
  const order = planned === "web" ? (["web", "worker"] as const) : (["worker", "web"] as const);
  for (const target of order) {
    const pid = product.pidOf(target);
    if (pid !== null) return { target, pid };
  }
  return null;
}

/** Carries the plan out. Processes are killed as they are at that moment: at work, busy catching up, or starting. */
async function killByPlan(
  product: Product,
  plan: readonly Planned[],
  { signal, say }: DrillOptions,
): Promise<Kill[]> {
  const beganAt = Date.now();
  const done: Kill[] = [];
  let restarts = 0;
  for (const { target, afterMs } of plan) {
    await delay(Math.max(0, beganAt + afterMs - Date.now()), undefined, { signal });
    const found = await waitUntil("a process to kill", () => victim(product, target), {
      timeoutMs: 60_000,
      signal,
    });
    process.kill(found.pid, found.target === "database" ? databaseSignal(restarts) : "SIGKILL");
    if (found.target === "database") restarts += 1;
    done.push({ target: found.target, at: new Date() });
    if (done.length % 10 === 0) say(`${done.length} of ${plan.length} kills`);
  }
  return done;
}

interface Source {
  readonly ready: SourceReady;
  readonly run: () => Promise<SourceDone>;
  readonly stop: () => void;
}

async function nextMessage<T extends { kind: string }>(child: ChildProcess): Promise<T> {
  const ended = once(child, "exit").then(() => {
    throw new Error("the source of events ended by itself; its lines above say why");
  });
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message;
}

async function startSource(
  product: Product,
  receivers: readonly Receiver[],
  size: { readonly events: number; readonly seconds: number },
): Promise<Source> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/drill/event-source.ts"], {
    cwd: projectRoot,
    env: {
      ...product.env,
      NODE_ENV: "production",
      DRILL_RECEIVERS: receivers.map(({ url }) => url).join(","),
      DRILL_EVENTS: String(size.events),
      DRILL_SECONDS: String(size.seconds),
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return {
    ready: await nextMessage<SourceReady>(child),
    run: async () => {
      const done = nextMessage<SourceDone>(child);
      child.send("go");
      return await done;
    },
    stop: () => child.kill("SIGKILL"),
  };
}

async function untilSettled(product: Product, signal: AbortSignal): Promise<void> {
  const isSettled = async () => {
    const [row] = await product.sql<{ open: number }[]>`select
      (select count(*) from webhook_deliveries where next_attempt_at is not null)::int
      + (select count(*) from meetings where status in ('queued', 'processing'))::int as open`;
    return row?.open === 0;
  };
  await waitUntil("everything to be delivered", () => isSettled().catch(() => false), {
    timeoutMs: settleTimeoutMs,
    signal,
  }).catch((error: unknown) => {
    // What is left over shows in the findings.
    signal.throwIfAborted();
    process.stderr.write(`${error}\n`);
  });
}

function within(name: string, seconds: number): Finding {
  return {
    name,
    promised: `≤ ${resumeSecondsMax} s`,
    seen: Number.isFinite(seconds) ? `${seconds.toFixed(1)} s` : "never",
    isKept: seconds <= resumeSecondsMax,
  };
}

/** Seconds from each kill of the web process to the next upload that was accepted, the longest. */
function webResumedWithin(kills: readonly Kill[], uploads: Uploads): number {
  const waits = kills
    .filter(({ target }) => target === "web")
    .map(({ at }) => {
      const next = uploads.accepted.find((upload) => upload.at > at.getTime());
      // No upload was waiting any more: nothing to resume.
      return next ? (next.at - at.getTime()) / 1000 : 0;
    });
  return Math.max(0, ...waits);
}

async function findings(
  product: Product,
  ready: SourceReady,
  receivers: readonly Receiver[],
  planned: { readonly kills: number; readonly events: number },
  run: { readonly kills: readonly Kill[]; readonly done: SourceDone; readonly uploads: Uploads },
): Promise<Finding[]> {
  const { kills, done, uploads } = run;
  const webhooks = receivers.map((receiver, index) => ({
    id: ready.webhooks[index]?.id ?? "",
    receiver,
  }));
  const count = (target: Target) => kills.filter((kill) => kill.target === target).length;
  const confirmed = [...done.committed, ...uploads.accepted.map(({ id }) => id)];
  const deliveryKills = kills.filter(({ target }) => target !== "web").map(({ at }) => at);
  const resumed = await resumedWithin(product.sql, ready.workspaceId, deliveryKills);
  return [
    {
      name: "kills",
      promised: `${planned.kills}`,
      seen: `worker ${count("worker")}, web ${count("web")}, database ${count("database")}`,
      isKept: kills.length === planned.kills,
    },
    {
      name: "changes",
      promised: `${planned.events}`,
      seen: `${done.committed.length} commits (${done.unknown} cut off, ${done.foundCommitted} of these had gone through) and ${uploads.accepted.length} uploads`,
      isKept: new Set(confirmed).size === planned.events,
    },
    ...(await outboxFindings(product.sql, ready.workspaceId, confirmed)),
    ...(await deliveryFindings(product.sql, ready.workspaceId, webhooks, deliveryKills)),
    within("deliveries went on after a kill of worker or database", resumed.next),
    within("what was due at such a kill was attempted", resumed.stuck),
    within("uploads were accepted again after a kill of web", webResumedWithin(kills, uploads)),
  ];
}

export const webhookKills: DrillPart = {
  id: "kills",
  title: "kill -9 of worker and web and restarts of PostgreSQL while events are committed",
  run: async (options) => {
    const { events, signal, say } = options;
    const { plan, seconds } = makePlan(options);
    const uploadCount = Math.max(10, Math.round(events * uploadShare));
    say(`starting the product; then ${seconds} s of changes`);
    const product = await startProduct(signal);
    const receivers = await Promise.all(Array.from({ length: receiverCount }, startReceiver));
    let source: Source | null = null;
    try {
      const size = { events: events - uploadCount, seconds };
      source = await startSource(product, receivers, size);
      const { ready } = source;
      for (const [index, receiver] of receivers.entries()) {
        receiver.secret = ready.webhooks[index]?.secret ?? "";
      }
      const target = { url: product.url, key: ready.key };
      const [kills, done, uploads] = await Promise.all([
        killByPlan(product, plan, options),
        source.run(),
        startUploads(target, { count: uploadCount, seconds, signal }),
      ]);
      say("waiting until everything is delivered");
      await untilSettled(product, signal);
      return await findings(
        product,
        ready,
        receivers,
        { kills: plan.length, events },
        { kills, done, uploads },
      );
    } finally {
      source?.stop();
      await product.stop();
      await Promise.all(receivers.map((receiver) => receiver.stop()));
    }
  },
};
