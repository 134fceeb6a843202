import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { closePool } from "@/db/client";
import type { Context } from "@/lib/auth/principal";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import { retryMeeting } from "@/lib/meetings/retry-meeting";
import { requeueStuckMeetings, sweepStorage } from "@/lib/processing/maintenance";
import { uploadMeeting } from "@/lib/uploads/service";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import {
  makeForm,
  makeInsight,
  makeMeeting,
  makeProject,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { type RunningProcess, startWorker } from "../../support/stack";
import { waitFor } from "../../support/wait-for";

// Workers that are killed, work that has lost its job, an engine that is down: on a database apart, whose queue
// no other worker serves.

let apart: Apart;
let workspace: TestWorkspace;
let ctx: Context;
const workers: RunningProcess[] = [];

beforeAll(async () => {
  apart = await makeDatabaseApart();
  workspace = await makeWorkspace();
  ctx = await workspace.admin.ctx();
  const project = await makeProject(workspace);
  await makeInsight(workspace, project.id, { type: "yes_no" });
});

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await closePool();
  await apart.drop();
});

function start(changes: Readonly<Record<string, string>> = {}): RunningProcess {
  const worker = startWorker({ ...apart.env, ...changes });
  workers.push(worker);
  return worker;
}

async function upload(content = makeVtt()): Promise<string> {
  const response = new Response(makeForm(content, "call.vtt"));
  const body = Buffer.from(await response.arrayBuffer());
  const headers: Record<string, string> = {
    "content-type": response.headers.get("content-type") ?? "",
    "content-length": String(body.length),
  };
  const answer = await uploadMeeting(ctx, {
    header: (name) => headers[name],
    body: () => Readable.from([body]),
    source: "api",
  });
  return z.object({ id: z.string() }).parse(JSON.parse(answer.text)).id;
}

interface Row {
  readonly status: string;
  readonly stage: string | null;
  readonly progress: number;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
}

async function meetingOf(id: string): Promise<Row> {
  const [row] = await apart.sql<Row[]>`select * from meetings where id = ${id}`;
  if (!row) throw new Error("the meeting is gone");
  return row;
}

async function reach(id: string, test: (row: Row) => boolean, timeoutMs = 60_000): Promise<Row> {
  return waitFor(
    `meeting ${id} to get there`,
    async () => {
      const row = await meetingOf(id);
      return test(row) ? row : null;
    },
    timeoutMs,
  );
}

const isOver = ({ status }: Row) => status === "processed" || status === "failed";

async function eventTypes(id: string): Promise<string[]> {
  const rows = await apart.sql<{ type: string }[]>`
    select type from events where meeting_id = ${id} order by occurred_at, type`;
  return rows.map(({ type }) => type);
}

test("a meeting whose job was lost gets a new one, once; a fresh one is left alone", async () => {
  const lost = await upload();
  const fresh = await upload();
  await apart.sql`delete from pgboss.job where name = 'meeting.process'`;
  await apart.sql`update meetings set updated_at = now() - interval '2 minutes' where id = ${lost}`;
  expect(await requeueStuckMeetings()).toBe(1);
  expect(await requeueStuckMeetings()).toBe(0);
  const jobs = await apart.sql<{ id: string }[]>`
    select data ->> 'meetingId' as id from pgboss.job where name = 'meeting.process'`;
  expect([...jobs]).toEqual([{ id: lost }]);
  await apart.sql`update meetings set updated_at = now() - interval '2 minutes' where id = ${fresh}`;
  expect(await requeueStuckMeetings()).toBe(1);
  const worker = start();
  for (const id of [lost, fresh]) {
    expect((await reach(id, isOver)).status).toBe("processed");
    expect((await eventTypes(id)).filter((type) => type === "meeting.processed")).toHaveLength(1);
  }
  await worker.stop();
});

test("a meeting that takes every worker down is ended, not tried for ever; Retry begins anew", async () => {
  const id = await upload();
  await apart.sql`update meetings set status = 'processing', updated_at = now() - interval '2 minutes'
    where id = ${id}`;
  await apart.sql`update pgboss.job set state = 'failed', completed_on = now()
    where data ->> 'meetingId' = ${id}`;
  expect(await requeueStuckMeetings()).toBe(0);
  expect(await meetingOf(id)).toMatchObject({ status: "failed", failure_code: "internal_error" });
  expect(await eventTypes(id)).toEqual(["meeting.failed"]);
  await retryMeeting(ctx, { id });
  const worker = start();
  expect((await reach(id, isOver)).status).toBe("processed");
  const told = (await eventTypes(id)).filter((type) => type.startsWith("meeting."));
  expect(told).toEqual(["meeting.failed", "meeting.processed"]);
  await worker.stop();
});

test("a meeting that is deleted before its turn leaves a job that does nothing", async () => {
  const id = await upload();
  const next = await upload();
  await deleteMeeting(ctx, { id });
  const worker = start();
  expect((await reach(next, isOver)).status).toBe("processed");
  const jobState = async () =>
    (await apart.sql`select state from pgboss.job where data ->> 'meetingId' = ${id}`)[0]?.state;
  await waitFor(
    "the job of the deleted meeting to end",
    async () => (await jobState()) === "completed",
  );
  expect(await eventTypes(id)).toEqual([]);
  expect(existsSync(join(apart.dataDir, "recordings", workspace.id, id))).toBe(false);
  await worker.stop();
});

test("a worker that is killed in the middle of a meeting loses nothing and tells nothing twice", async () => {
  const killed = start();
  const id = await upload(makeVtt(60));
  // Nobody can write summaries: the worker gets as far as the outline and waits there.
  const lock = await apart.sql.reserve();
  await lock`begin`;
  await lock`lock table summaries in access exclusive mode`;
  try {
    await reach(id, ({ stage }) => stage === "summarizing");
    process.kill(killed.pid, "SIGKILL");
    await waitFor("the end of the worker", () => hasEnded(killed.pid));
  } finally {
    await lock`rollback`;
    lock.release();
  }
  expect(await meetingOf(id)).toMatchObject({ status: "processing", stage: "summarizing" });
  expect(await eventTypes(id)).toEqual([]);
  const others = [start(), start()];
  const row = await reach(id, isOver);
  expect(row).toMatchObject({ status: "processed", stage: null, progress: 100 });
  const types = await eventTypes(id);
  expect(types.filter((type) => type === "meeting.processed")).toHaveLength(1);
  expect(types.filter((type) => type === "insight.generated").length).toBeLessThanOrEqual(1);
  const [job] = await apart.sql`select retry_count from pgboss.job
    where name = 'meeting.process' and data ->> 'meetingId' = ${id}`;
  expect(job?.retry_count).toBeGreaterThanOrEqual(1);
  for (const worker of others) await worker.stop();
}, 90_000);

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test("a worker that is asked to stop ends what it is doing", async () => {
  const worker = start();
  const id = await upload(makeVtt(60));
  const lock = await apart.sql.reserve();
  await lock`begin`;
  await lock`lock table summaries in access exclusive mode`;
  await reach(id, ({ stage }) => stage === "summarizing");
  const stopped = worker.stop();
  await lock`rollback`;
  lock.release();
  await stopped;
  expect(await meetingOf(id)).toMatchObject({ status: "processed" });
});

/** A language model endpoint that answers every request with one status. */
async function startEndpoint(
  status: number,
): Promise<{ url: string; calls: () => number; server: Server }> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.writeHead(status, { "content-type": "application/json" });
    response.end('{"error":{"message":"nothing here"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, calls: () => calls, server };
}

test("a language model that is down fails the meeting after every retry, and never falls back in silence", async () => {
  const endpoint = await startEndpoint(500);
  const worker = start({ LLM_URL: endpoint.url, LLM_MODEL: "test-model" });
  const id = await upload();
  const row = await reach(id, isOver);
  expect(row).toMatchObject({ status: "failed", failure_code: "internal_error" });
  expect(row.failure_message).toMatch(/language model/i);
  // The first try and five retries.
  expect(endpoint.calls()).toBe(6);
  expect(await eventTypes(id)).toEqual(["meeting.failed"]);
  const written = await apart.sql`select meeting_id from summaries where meeting_id = ${id}
    union all select meeting_id from insight_results where meeting_id = ${id}`;
  expect(written).toHaveLength(0);
  await worker.stop();
  endpoint.server.close();
  const offline = start();
  await retryMeeting(ctx, { id });
  expect((await reach(id, isOver)).status).toBe("processed");
  expect((await eventTypes(id)).filter((type) => type.startsWith("meeting."))).toEqual([
    "meeting.failed",
    "meeting.processed",
  ]);
  const [summary] =
    await apart.sql`select engine ->> 'id' as engine from summaries where meeting_id = ${id}`;
  expect(summary?.engine).toBe("rules");
  await offline.stop();
}, 90_000);

test("a language model that refuses our key fails the meeting at once", async () => {
  const endpoint = await startEndpoint(401);
  const worker = start({
    LLM_URL: endpoint.url,
    LLM_MODEL: "test-model",
    LLM_KEY: "wrong-key-word",
  });
  const id = await upload();
  const row = await reach(id, isOver);
  expect(row.status).toBe("failed");
  expect(endpoint.calls()).toBe(1);
  expect(row.failure_message).not.toContain("wrong-key-word");
  await worker.stop();
  endpoint.server.close();
});

test("the sweep removes files of no meeting and forgotten pieces after a day, and nothing else", async () => {
  const { dataDir } = apart;
  const folder = join(dataDir, "recordings", workspace.id);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(dataDir, "staged"), { recursive: true });
  const kept = await makeMeeting(workspace, {
    recordingKey: `recordings/${workspace.id}/kept-old`,
  });
  const old = new Date(Date.now() - 2 * 86_400_000);
  const files = {
    orphanOld: join(folder, "orphan-old"),
    orphanNew: join(folder, "orphan-new"),
    keptOld: join(folder, "kept-old"),
    stagedOld: join(dataDir, "staged", `old-${workspace.id}`),
    stagedNew: join(dataDir, "staged", `new-${workspace.id}`),
  };
  for (const path of Object.values(files)) writeFileSync(path, "x");
  for (const path of [files.orphanOld, files.keptOld, files.stagedOld]) utimesSync(path, old, old);
  expect(await sweepStorage(new Date())).toBeGreaterThanOrEqual(2);
  const left = Object.entries(files).filter(([, path]) => existsSync(path));
  expect(left.map(([name]) => name).sort()).toEqual(["keptOld", "orphanNew", "stagedNew"]);
  expect(kept.status).toBe("processed");
});
