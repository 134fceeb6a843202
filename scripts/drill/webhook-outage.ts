import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { closePool, db, pool } from "@/db/client";
import { migrate } from "@/db/migrate";
import { newId } from "@/lib/core/ids";
import { emit } from "@/lib/events/emit";
import { hostileUrls } from "@/lib/outbound/hostile-urls";
import { closeOutbound } from "@/lib/outbound/outbound-client";
import { Dispatcher } from "@/lib/webhooks/dispatcher";
import { webhookInput } from "@/lib/webhooks/schema";
import { createWebhook } from "@/lib/webhooks/service";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { adminContext } from "../harmony/workspaces";
import { type DrillPart, type Finding, none } from "./drill-part";

// A receiver is away for 71 hours of a clock that the drill moves; the engine, its database and the receiver are real.

const outageHours = 71;
const stepSeconds = 1800;
/** Until the tenth attempt of what failed last: the longest delay with its jitter. */
const afterHours = 27;
const eventsMax = 1000;
const hourMs = 3_600_000;

interface Away {
  readonly url: string;
  isAway: boolean;
  /** Requests that it cut off. */
  cut: number;
  /** By the event's id: the webhook-ids under which it came. */
  readonly received: Map<string, string[]>;
  readonly stop: () => void;
}

const payload = z.object({ id: z.string() });

async function startReceiver(): Promise<Away> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (receiver.isAway) {
        receiver.cut += 1;
        response.destroy();
        return;
      }
      const { id } = payload.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const webhookId = String(request.headers["webhook-id"]);
      receiver.received.set(id, [...(receiver.received.get(id) ?? []), webhookId]);
      response.writeHead(204).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP server");
  const receiver: Away = {
    url: `http://127.0.0.1:${address.port}/hooks`,
    isAway: true,
    cut: 0,
    received: new Map(),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

async function emitEvents(workspaceId: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const data = { meeting_id: newId("meeting"), title: `Call ${number}`, duration: 1800 };
    await db().transaction((tx) => emit(tx, { workspaceId, type: "meeting.processed", data }));
  }
}

async function statuses(workspaceId: string): Promise<Map<string, number>> {
  const rows = await pool()<{ status: string; n: number }[]>`select status, count(*)::int as n
    from webhook_deliveries where workspace_id = ${workspaceId} group by status`;
  return new Map(rows.map(({ status, n }) => [status, n]));
}

async function endure(events: number, signal: AbortSignal): Promise<Finding[]> {
  const plan = "enterprise" as const;
  const receiver = await startReceiver();
  try {
    const { id: workspaceId } = await createWorkspace({ name: "Drill", plan });
    const ctx = adminContext({ id: workspaceId, plan });
    const input = { url: receiver.url, events: ["meeting.processed"] };
    const webhook = await createWebhook(ctx, webhookInput.parse(input));
    await emitEvents(workspaceId, events);
    let now = Date.now() + 1000;
    const engine = new Dispatcher({ clock: () => new Date(now) });
    const isBackAt = now + outageHours * hourMs;
    for (; now < isBackAt; now += stepSeconds * 1000) {
      signal.throwIfAborted();
      await engine.runOnce();
    }
    const before = await statuses(workspaceId);
    const cut = receiver.cut;
    receiver.isAway = false;
    now += afterHours * hourMs;
    await engine.runOnce();
    const after = await statuses(workspaceId);
    const rows = await pool()<{ id: string; event_id: string }[]>`
      select id, event_id from webhook_deliveries where webhook_id = ${webhook.id}`;
    const once = rows.filter(({ id, event_id }) => {
      const ids = receiver.received.get(event_id) ?? [];
      return ids.length === 1 && ids[0] === id;
    });
    return [
      {
        name: `attempts that failed during ${outageHours} hours`,
        promised: "every delivery waits for its next",
        seen: `${cut}; ${before.get("retrying") ?? 0} of ${events} waiting`,
        isKept: before.get("retrying") === events,
      },
      none("events lost", events - (after.get("succeeded") ?? 0)),
      none("events not received exactly once under their first webhook-id", events - once.length),
    ];
  } finally {
    receiver.stop();
  }
}

/** Hostile addresses that stand in the table, as if saved before the guard knew them, and the engine's way to them. */
async function meetHostile(): Promise<Finding[]> {
  const plan = "enterprise" as const;
  const { id: workspaceId } = await createWorkspace({ name: "Hostile", plan });
  const ctx = adminContext({ id: workspaceId, plan });
  let connections = 0;
  const listener = createServer().on("connection", (socket) => {
    connections += 1;
    socket.destroy();
  });
  listener.listen(0, "::");
  await once(listener, "listening");
  const address = listener.address();
  const port = address === null || typeof address === "string" ? 0 : address.port;
  const urls = hostileUrls
    .filter(({ url, isLoopback }) => !isLoopback && url !== "")
    .map(({ url }) => url.replace(":8443", `:${port}`));
  const input = { url: "https://hooks.example.com/", events: ["meeting.processed"] };
  // One webhook meets them all in turn: the plan allows fewer webhooks than there are URLs.
  const { id } = await createWebhook(ctx, webhookInput.parse(input));
  let now = Date.now() + 1000;
  const engine = new Dispatcher({ clock: () => new Date(now) });
  try {
    for (const url of urls) {
      await pool()`update webhooks set url = ${url} where id = ${id}`;
      await emitEvents(workspaceId, 1);
      await engine.runOnce();
      // Its later attempts would go to the next address.
      await pool()`update webhook_deliveries set status = 'cancelled', next_attempt_at = null
        where webhook_id = ${id} and next_attempt_at is not null`;
      now += 1000;
    }
    const errors = await pool()<{ error: string | null }[]>`
      select error from webhook_attempts where webhook_id = ${id}`;
    const known = new Set(["invalid_url", "blocked_address", "dns_error"]);
    const through = errors.filter(({ error }) => error === null || !known.has(error));
    return [
      {
        name: "hostile URLs that the engine met in its table",
        promised: "all logged",
        seen: `${errors.length} attempts`,
        isKept: errors.length === urls.length,
      },
      none("of these not refused", through.length, through[0]?.error ?? ""),
      none("connections at the listener", connections),
    ];
  } finally {
    listener.close();
  }
}

export const webhookOutage: DrillPart = {
  id: "outage",
  title: `${outageHours} hours of outage on a clock of the drill's own`,
  run: async ({ events, signal, say }) => {
    const dir = await mkdtemp(join(projectRoot, ".data-drill-"));
    const database = await startEmbeddedPostgres({ dataDir: join(dir, "pg"), fsync: false });
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      HARMONY_EMBEDDED: "1",
      HARMONY_DATA_DIR: dir,
      HARMONY_SECRET: randomBytes(32).toString("base64"),
      HARMONY_DEMO: "0",
      LOG_LEVEL: "error",
    });
    try {
      await migrate(database.url);
      const count = Math.min(events, eventsMax);
      say(`${count} events`);
      return [...(await endure(count, signal)), ...(await meetHostile())];
    } finally {
      await closeOutbound();
      await closePool();
      await database.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};
