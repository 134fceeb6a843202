import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { closePool, db, pool } from "@/db/client";
import { migrate } from "@/db/migrate";
import { newId } from "@/lib/core/ids";
import { emitAll, type NewEvent } from "@/lib/events/emit";
import { webhookInput } from "@/lib/webhooks/schema";
import { createWebhook } from "@/lib/webhooks/service";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { findFreePort, startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { adminContext } from "../harmony/workspaces";
import { signalGroup } from "../keep-running";
import type { ReceiverOrder, ReceiverReport } from "./webhook-receiver";

// What the webhook measurements run on: a database of their own that syncs its commits to disk as in production, the
// product's worker process, and a receiver in a process of its own. Changes are committed by the bench process.

const deadlineMs = 120_000;
const plan = "enterprise" as const;

export interface Committed {
  /** The meeting's id. */
  readonly id: string;
  /** When the commit was confirmed: milliseconds since 1970, with fractions. */
  readonly at: number;
}

export interface WebhookStack {
  /** Origin of the receiver. */
  readonly receiverUrl: string;
  /** Forgets what came in, and sets how long the receiver thinks before it answers. */
  readonly reset: (thinkMs: number) => Promise<void>;
  readonly report: () => Promise<ReceiverReport["arrivals"]>;
  /** A workspace with one webhook for each address; each takes meetings and insights. */
  readonly makeWebhooks: (urls: readonly string[]) => Promise<string>;
  /** One transaction: a meeting that was processed, with the answers to so many questions, each an event. */
  readonly commit: (workspaceId: string, answers?: number) => Promise<Committed>;
  /** Runs a script of this folder to its one message. */
  readonly run: (script: string, env: Record<string, string>) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

interface Child {
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

function startChild(script: string, env: Record<string, string>, log: string): Child {
  const output = openSync(log, "a");
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  return {
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      const impatience = setTimeout(() => signalGroup(child, "SIGKILL"), 15_000);
      child.kill("SIGTERM");
      await exited;
      clearTimeout(impatience);
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const heard = new AbortController();
  const { signal } = heard;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error("a process of the measurement ended by itself");
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), ended]);
    return message;
  } finally {
    heard.abort();
  }
}

/** Polls until the condition holds; every wait of a measurement has an end. */
export async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs / 1000} s in vain for ${what}`);
    await delay(20);
  }
}

function processedFact(workspaceId: string, id: string): NewEvent {
  const data = { meeting_id: id, title: "Weekly sales call", duration: 1800 };
  return { workspaceId, type: "meeting.processed", data };
}

function answerFacts(workspaceId: string, meetingId: string, count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({
    workspaceId,
    type: "insight.generated",
    data: {
      insight_id: newId("insight"),
      result_id: newId("insightResult"),
      meeting_id: meetingId,
      name: "Budget discussed",
      type: "yes_no",
    },
  }));
}

/** True when the worker process listens for deliveries. */
async function isListening(): Promise<boolean> {
  const rows = await pool()`select 1 from pg_stat_activity
    where application_name = 'harmony-webhooks' and datname = current_database()`;
  return rows.length > 0;
}

let shared: Promise<WebhookStack> | null = null;

/** One for all cases of a run, in a folder below `dir`: the services keep the settings that they read first. */
export function webhookStack(dir: string): Promise<WebhookStack> {
  shared ??= startWebhookStack(dir);
  return shared;
}

/** Ends what `webhookStack` started, if it did; the caller removes the folder. */
export async function stopWebhookStack(): Promise<void> {
  const stack = await shared?.catch(() => null);
  await stack?.stop();
}

async function startWebhookStack(dir: string): Promise<WebhookStack> {
  const home = join(dir, `webhooks-${randomBytes(3).toString("hex")}`);
  await mkdir(home);
  const log = join(home, "processes.log");
  const database = await startEmbeddedPostgres({ dataDir: join(home, "pg") });
  const env = {
    DATABASE_URL: database.url,
    HARMONY_EMBEDDED: "1",
    HARMONY_DATA_DIR: home,
    HARMONY_SECRET: randomBytes(32).toString("base64"),
    HARMONY_DEMO: "0",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
    UV_THREADPOOL_SIZE: "16",
  };
  Object.assign(process.env, env);
  await migrate(database.url);
  const worker = startChild("worker.ts", env, log);
  const port = await findFreePort();
  const receiver = startChild("scripts/bench/webhook-receiver.ts", { PORT: String(port) }, log);
  await messageOf(receiver.process);
  await until("the worker to listen", isListening);

  const ask = async (order: ReceiverOrder) => {
    const answer = messageOf(receiver.process);
    receiver.process.send(order);
    return (await answer) as ReceiverReport;
  };
  return {
    receiverUrl: `http://127.0.0.1:${port}`,
    reset: async (thinkMs) => {
      await ask({ kind: "reset", thinkMs });
    },
    report: async () => (await ask({ kind: "report" })).arrivals,
    makeWebhooks: async (urls) => {
      const { id } = await createWorkspace({ name: "Bench", plan });
      const ctx = adminContext({ id, plan });
      for (const url of urls) {
        await createWebhook(
          ctx,
          webhookInput.parse({ url, events: ["meeting.processed", "insight.generated"] }),
        );
      }
      return id;
    },
    commit: async (workspaceId, answers = 0) => {
      const id = newId("meeting");
      const facts = [...answerFacts(workspaceId, id, answers), processedFact(workspaceId, id)];
      await db().transaction((tx) => emitAll(tx, facts));
      return { id, at: performance.timeOrigin + performance.now() };
    },
    run: async (script, settings) => {
      const child = startChild(`scripts/bench/${script}`, settings, log);
      return messageOf(child.process).finally(child.stop);
    },
    stop: async () => {
      await Promise.all([worker.stop(), receiver.stop()]);
      await closePool();
      await database.stop();
    },
  };
}
