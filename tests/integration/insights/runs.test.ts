import { createServer, type Server, type ServerResponse } from "node:http";
import { eq, inArray } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { closePool, db } from "@/db/client";
import { insightRuns, insights, projects } from "@/db/schema/insights";
import type { Context } from "@/lib/auth/principal";
import { deleteInsight } from "@/lib/insights/definitions";
import { cancelRun, countRun, newestRun, type RunView, startRun } from "@/lib/insights/runs";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import { storeAnswers } from "@/lib/processing/answers-step";
import { requeueStuckRuns, rerunInsights } from "@/lib/processing/rerun-insights";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import {
  makeInsight,
  makeMember,
  makeProject,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { type RunningProcess, startWorker } from "../../support/stack";
import { waitFor } from "../../support/wait-for";
import { makeTalk, runOf } from "./insight-workspace";

// Asking past meetings again, with real workers on a database apart: what is counted is what is asked, kills and
// deletions in the middle lose and repeat nothing, and a language model is a server that speaks its API.

let apart: Apart;
let workspace: TestWorkspace;
let ctx: Context;
const workers: RunningProcess[] = [];

beforeAll(async () => {
  apart = await makeDatabaseApart();
  await apart.sql`update pgboss.queue set retry_delay = 0, retry_backoff = false, heartbeat_seconds = 2
    where name = 'insights.rerun'`;
});
beforeEach(async () => {
  workspace = await makeWorkspace();
  ctx = await workspace.admin.ctx();
});
afterEach(async () => {
  // Also those of a test that failed: the next one must have the queue to itself.
  for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(async () => {
  await closePool();
  await apart.drop();
});

function start(changes: Readonly<Record<string, string>> = {}): RunningProcess {
  const worker = startWorker({ ...apart.env, ...changes });
  workers.push(worker);
  return worker;
}

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 12));
const lookUp = { type: "yes_no", question: "Was the offer mentioned?" } as const;

async function makeTalks(count: number, values: Parameters<typeof makeTalk>[1] = {}) {
  const made = [];
  for (let n = 0; n < count; n += 1) {
    made.push(await makeTalk(workspace, { date: day(n + 1), ...values }));
  }
  return made;
}

async function runOver(projectId: string, timeoutMs = 60_000): Promise<RunView> {
  return waitFor(
    `the end of the run of ${projectId}`,
    async () => {
      const run = await newestRun(ctx, projectId);
      return run && !["queued", "running"].includes(run.status) ? run : null;
    },
    timeoutMs,
  );
}

async function answersOf(insightId: string) {
  const rows = await apart.sql<
    { meeting_id: string; status: string; runs: number; value: unknown }[]
  >`
    select meeting_id, status, runs, value from insight_results where insight_id = ${insightId}
    order by meeting_id`;
  return [...rows];
}

async function eventsOf(insightId: string): Promise<string[]> {
  const rows = await apart.sql<{ meeting_id: string }[]>`select meeting_id from events
    where type = 'insight.generated' and data ->> 'insight_id' = ${insightId} order by meeting_id`;
  return rows.map(({ meeting_id: id }) => id);
}

test("what is counted is asked, once each, with an event for each answer; nothing else is touched", async () => {
  const [teamId, otherId] = [await makeTeam(workspace), await makeTeam(workspace)];
  const project = await makeProject(workspace, [teamId]);
  const found = await makeInsight(workspace, project.id, { ...lookUp, name: "Offer" });
  const judged = await makeInsight(workspace, project.id, { type: "scale", name: "Mood" });
  const off = await makeInsight(workspace, project.id, { ...lookUp, name: "Off", active: false });
  const [first, second, third] = await makeTalks(3, { teamId });
  if (!first || !second || !third) throw new Error("no meetings");
  await makeTalk(workspace, { teamId: otherId, date: day(2) });
  await makeTalk(workspace, { teamId, status: "failed", date: day(2) });
  await makeResult(second, found, { value: null });
  expect(await countRun(ctx, runOf(project.id, [found, judged]))).toEqual({
    meetings: 3,
    fitting: 3,
    asks: 5,
    needsModel: 3,
  });
  const again = runOf(project.id, [found], { only_unanswered: false, from: "2026-03-02" });
  expect(await countRun(ctx, again)).toMatchObject({ meetings: 2, asks: 2 });
  await expect(countRun(ctx, runOf(project.id, [found, off]))).rejects.toMatchObject({
    details: { fields: { insight_ids: expect.any(String) } },
  });

  await startRun(ctx, runOf(project.id, [found, judged]));
  await expect(startRun(ctx, runOf(project.id, [found]))).rejects.toMatchObject({
    code: "conflict",
    details: { reason: "run_in_progress" },
  });
  const worker = start();
  expect(await runOver(project.id)).toMatchObject({
    status: "completed",
    total: 3,
    done: 3,
    failed: 0,
    questions: 2,
    message: null,
    requestedBy: workspace.admin.name,
  });
  const byMeeting = new Map((await answersOf(found)).map((row) => [row.meeting_id, row]));
  expect([...byMeeting.keys()].sort()).toEqual([first.id, second.id, third.id].sort());
  expect(byMeeting.get(first.id)).toMatchObject({ status: "answered", runs: 1, value: true });
  // It had an answer and was left alone.
  expect(byMeeting.get(second.id)).toMatchObject({ status: "answered", runs: 1, value: null });
  expect(await eventsOf(found)).toEqual([first.id, third.id].sort());
  expect((await answersOf(judged)).map(({ status }) => status)).toEqual(
    Array(3).fill("needs_language_model"),
  );
  expect(await eventsOf(judged)).toEqual([]);

  await startRun(ctx, again);
  expect(await runOver(project.id)).toMatchObject({ status: "completed", done: 2 });
  const replaced = (await answersOf(found)).filter(({ runs }) => runs === 2);
  expect(replaced.map(({ meeting_id: id }) => id).sort()).toEqual([second.id, third.id].sort());
  await expect(startRun(ctx, runOf(project.id, [found]))).rejects.toMatchObject({
    details: { reason: "nothing_to_ask" },
  });
  await worker.stop();
});

test("criteria, teams and what the asking person may see narrow a run", async () => {
  const [teamId, otherId] = [await makeTeam(workspace), await makeTeam(workspace)];
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  await makeTalk(workspace, { teamId, tags: ["Demo"] });
  await makeTalk(workspace, { teamId: otherId, tags: ["Demo"] });
  await makeTalk(workspace, { teamId });
  const count = async (by: Context, values = {}) =>
    (await countRun(by, runOf(id, [insight], values))).meetings;
  expect(await count(ctx)).toBe(3);
  expect(await count(ctx, { team_ids: [teamId] })).toBe(2);
  await db()
    .update(projects)
    .set({ criteria: [{ kind: "attribute", field: "tags", any: ["Demo"] }] })
    .where(eq(projects.id, id));
  expect(await count(ctx)).toBe(2);
  const member = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
  const manager = await member.ctx();
  await expect(count(manager)).rejects.toMatchObject({ code: "forbidden" });
  const grants = { ...manager.principal.grants, "insights:update": "all" } as const;
  expect(await count({ ...manager, principal: { ...manager.principal, grants } })).toBe(1);
  const stranger = await (await makeWorkspace()).admin.ctx();
  await expect(count(stranger)).rejects.toMatchObject({ code: "not_found" });
});

test("a worker that is killed in the middle goes on behind the last meeting; each is asked once", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  const talks = await makeTalks(28);
  const held = talks[10];
  if (!held) throw new Error("no meeting");
  await startRun(ctx, runOf(id, [insight]));
  // Nobody can answer for this meeting: the worker gets as far as it and waits there.
  const lock = await apart.sql.reserve();
  await lock`begin`;
  await lock`select 1 from meetings where id = ${held.id} for update`;
  const killed = start();
  await waitFor(
    "the run to get there",
    async () => ((await newestRun(ctx, id))?.done ?? 0) === 17,
    60_000,
  );
  process.kill(killed.pid, "SIGKILL");
  await lock`rollback`;
  lock.release();
  const others = [start(), start()];
  expect(await runOver(id)).toMatchObject({ status: "completed", done: 28, total: 28 });
  const answers = await answersOf(insight);
  expect(answers).toHaveLength(28);
  expect(answers.every(({ runs }) => runs === 1)).toBe(true);
  expect(await eventsOf(insight)).toEqual(talks.map((meeting) => meeting.id).sort());
  for (const worker of others) await worker.stop();
}, 120_000);

test("two jobs of one run at the same moment ask each meeting once", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  await makeTalks(8);
  const run = await startRun(ctx, runOf(id, [insight]));
  const job = { signal: new AbortController().signal, isLastAttempt: false };
  const target = { workspaceId: workspace.id, runId: run.id };
  await Promise.all([rerunInsights(target, job), rerunInsights(target, job)]);
  // One gave way where the other had come further; whoever is sent next ends it.
  await rerunInsights(target, job);
  expect(await newestRun(ctx, id)).toMatchObject({ status: "completed", done: 8 });
  const answers = await answersOf(insight);
  expect(answers.map(({ runs }) => runs)).toEqual(Array(8).fill(1));
  expect(await eventsOf(insight)).toHaveLength(8);
});

test("meetings and questions that are deleted meanwhile are left out, and the run ends", async () => {
  const { id } = await makeProject(workspace);
  const kept = await makeInsight(workspace, id, { ...lookUp, name: "Kept" });
  const gone = await makeInsight(workspace, id, { ...lookUp, name: "Gone" });
  const [first, second] = await makeTalks(3);
  const run = await startRun(ctx, runOf(id, [kept, gone]));
  await deleteMeeting(ctx, { id: first?.id ?? "" });
  await deleteInsight(ctx, { id: gone });
  const job = { signal: new AbortController().signal, isLastAttempt: false };
  await rerunInsights({ workspaceId: workspace.id, runId: run.id }, job);
  expect(await newestRun(ctx, id)).toMatchObject({ status: "completed", total: 3, done: 2 });
  expect(await answersOf(kept)).toHaveLength(2);
  expect(second).toBeDefined();
});

test("what a judged criterion leaves open is counted before a run, and is what stays open after it", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  await makeTalks(2);
  const criterion = { kind: "category", question: "Kind of call", any: ["Demo", "Renewal"] };
  await db()
    .update(projects)
    .set({ criteria: [criterion] })
    .where(eq(projects.id, id));
  expect(await countRun(ctx, runOf(id, [insight]))).toMatchObject({ asks: 2, needsModel: 2 });
  const run = await startRun(ctx, runOf(id, [insight]));
  const job = { signal: new AbortController().signal, isLastAttempt: false };
  await rerunInsights({ workspaceId: workspace.id, runId: run.id }, job);
  expect((await answersOf(insight)).map(({ status }) => status)).toEqual(
    Array(2).fill("needs_language_model"),
  );
});

test("an insight that is edited while a run goes on is asked in its new words from the next meeting on", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  const [oldest, held, newest] = await makeTalks(3);
  if (!oldest || !held || !newest) throw new Error("no meetings");
  const run = await startRun(ctx, runOf(id, [insight]));
  const lock = await apart.sql.reserve();
  await lock`begin`;
  await lock`select 1 from meetings where id = ${held.id} for update`;
  const job = { signal: new AbortController().signal, isLastAttempt: false };
  const running = rerunInsights({ workspaceId: workspace.id, runId: run.id }, job);
  await waitFor("the run to get there", async () => (await newestRun(ctx, id))?.done === 1);
  await db()
    .update(insights)
    .set({ question: "Was the moonbase mentioned?" })
    .where(eq(insights.id, insight));
  await lock`rollback`;
  lock.release();
  await running;
  const values = new Map((await answersOf(insight)).map((row) => [row.meeting_id, row.value]));
  expect([values.get(newest.id), values.get(oldest.id)]).toEqual([true, null]);
});

test("an answer to an insight that has become of another type meanwhile is not kept", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  const talk = await makeTalk(workspace);
  const question = { id: insight, name: "Offer", options: {}, ...lookUp };
  const engine = { id: "rules", name: "automatic outline", model: null, version: "1" };
  const store = () =>
    db().transaction((tx) =>
      storeAnswers(
        tx,
        {
          ...{ workspaceId: workspace.id, meetingId: talk.id, questions: [question], engine },
          answers: [{ insightId: insight, status: "answered", value: true, evidence: [] }],
        },
        { keepAnswered: false },
      ),
    );
  await db().update(insights).set({ type: "scale" }).where(eq(insights.id, insight));
  expect(await store()).toEqual([]);
  expect(await answersOf(insight)).toEqual([]);
  await db().update(insights).set({ type: "yes_no" }).where(eq(insights.id, insight));
  expect(await store()).toHaveLength(1);
});

test("a run is stopped by those who may, what was answered stays, and another can begin", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  await makeTalks(2);
  const run = await startRun(ctx, runOf(id, [insight]));
  const user = await (await makeMember(workspace, { role: "user" })).ctx();
  await expect(cancelRun(user, run)).rejects.toMatchObject({ code: "forbidden" });
  const stranger = await (await makeWorkspace()).admin.ctx();
  await expect(cancelRun(stranger, run)).rejects.toMatchObject({ code: "not_found" });
  await cancelRun(ctx, run);
  await cancelRun(ctx, run);
  const job = { signal: new AbortController().signal, isLastAttempt: false };
  await rerunInsights({ workspaceId: workspace.id, runId: run.id }, job);
  expect(await newestRun(ctx, id)).toMatchObject({ status: "cancelled", done: 0 });
  expect(await answersOf(insight)).toEqual([]);
  await startRun(ctx, runOf(id, [insight]));
});

test("a run whose job was lost gets one, once; one whose job used up its attempts is ended", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, lookUp);
  await makeTalk(workspace);
  const run = await startRun(ctx, runOf(id, [insight]));
  const age = () =>
    apart.sql`update insight_runs set updated_at = now() - interval '2 minutes' where id = ${run.id}`;
  const jobs = () => apart.sql<{ state: string }[]>`select state from pgboss.job
    where name = 'insights.rerun' and data ->> 'runId' = ${run.id}`;
  await apart.sql`delete from pgboss.job where data ->> 'runId' = ${run.id}`;
  await requeueStuckRuns();
  expect(await jobs()).toHaveLength(0);
  await age();
  await requeueStuckRuns();
  await requeueStuckRuns();
  expect(await jobs()).toHaveLength(1);
  await age();
  await apart.sql`update pgboss.job set state = 'failed', completed_on = now()
    where data ->> 'runId' = ${run.id}`;
  await requeueStuckRuns();
  expect(await newestRun(ctx, id)).toMatchObject({
    status: "failed",
    message: expect.stringContaining("Start it again"),
  });
});

const requestShape = z.object({
  messages: z.array(z.object({ content: z.string() })),
});
const questionsShape = z.array(
  z.object({
    insight_id: z.string(),
    type: z.string(),
    question: z.string(),
    items: z.array(z.string()).optional(),
  }),
);

interface Model {
  readonly url: string;
  readonly prompts: string[];
  readonly server: Server;
}

/** A server that speaks chat completions: yes to what asks for "demo", seven on every scale, or one status for all. */
async function startModel(status = 200): Promise<Model> {
  const prompts: string[] = [];
  const answer = (asked: z.output<typeof questionsShape>[number]) => ({
    insight_id: asked.insight_id,
    text: "The customer wants an offer.",
    verdict: asked.question.includes("demo") ? "yes" : "no",
    rating: 7,
    items: asked.items?.map((item) => ({ item, done: item === "Renewal" })) ?? null,
    explanation: "As they say.",
    evidence: [2],
  });
  const reply = (response: ServerResponse, body: string) => {
    const prompt = requestShape.parse(JSON.parse(body)).messages.at(-1)?.content ?? "";
    prompts.push(prompt);
    const list = /Questions:\n(.+)\n/.exec(prompt)?.[1] ?? "[]";
    const answers = questionsShape.parse(JSON.parse(list)).map(answer);
    const content = JSON.stringify({ answers });
    response.end(JSON.stringify({ choices: [{ message: { content }, finish_reason: "stop" }] }));
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      response.writeHead(status, { "content-type": "application/json" });
      if (status === 200) reply(response, body);
      else response.end('{"error":{"message":"no"}}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, prompts, server };
}

test("with a language model what waited is answered, told what the project knows, and judged criteria decide", async () => {
  const { id } = await makeProject(workspace);
  await db()
    .update(projects)
    .set({ knowledge: "We sell pumps.", language: "de" })
    .where(eq(projects.id, id));
  const scale = await makeInsight(workspace, id, {
    type: "scale",
    name: "Mood",
    question: "How was the mood?",
    desiredOutcome: "A number",
    context: "B2B",
  });
  const gated = await makeProject(workspace);
  const renewals = [
    { kind: "boolean", question: "Was it a demo?" },
    { kind: "category", question: "Kind of call", any: ["Renewal", "Support"] },
  ];
  const missed = [{ kind: "boolean", question: "Was it an interview?" }];
  const inside = await makeInsight(workspace, gated.id, { type: "open_question", name: "Wish" });
  const outside = await makeProject(workspace);
  const never = await makeInsight(workspace, outside.id, { type: "open_question", name: "Never" });
  await db().update(projects).set({ criteria: renewals }).where(eq(projects.id, gated.id));
  await db().update(projects).set({ criteria: missed }).where(eq(projects.id, outside.id));
  const talk = await makeTalk(workspace);
  await makeResult(talk, scale, { status: "needs_language_model" });
  const model = await startModel();
  const worker = start({ LLM_URL: model.url, LLM_MODEL: "test-model" });
  for (const [project, insight] of [
    [id, scale],
    [gated.id, inside],
    [outside.id, never],
  ] as const) {
    await startRun(ctx, runOf(project, [insight]));
    expect(await runOver(project)).toMatchObject({ status: "completed", done: 1, failed: 0 });
  }
  expect(await answersOf(scale)).toEqual([
    { meeting_id: talk.id, status: "answered", runs: 2, value: 7 },
  ]);
  expect(await answersOf(inside)).toMatchObject([
    { status: "answered", value: "The customer wants an offer." },
  ]);
  expect(await answersOf(never)).toEqual([]);
  const told = model.prompts.find((prompt) => prompt.includes("How was the mood?"));
  expect(told).toContain(
    '"desired_outcome":"A number","context":"B2B","background":"We sell pumps.","answer_in_language":"de"',
  );
  await worker.stop();
  model.server.close();

  // Without the model an answer that it gave stays, and what it would have to judge says so.
  const offline = start();
  for (const project of [id, gated.id]) {
    const insight = project === id ? scale : inside;
    await startRun(ctx, runOf(project, [insight], { only_unanswered: false }));
    expect(await runOver(project)).toMatchObject({ status: "completed", done: 1 });
    expect(await answersOf(insight)).toMatchObject([{ status: "answered" }]);
  }
  await startRun(ctx, runOf(outside.id, [never]));
  await runOver(outside.id);
  expect(await answersOf(never)).toMatchObject([{ status: "needs_language_model" }]);
  await offline.stop();
}, 120_000);

test("a language model that refuses our key ends the run with the remedy, and replaces no answer", async () => {
  const { id } = await makeProject(workspace);
  const insight = await makeInsight(workspace, id, { type: "scale" });
  const [first] = await makeTalks(2);
  if (!first) throw new Error("no meeting");
  await makeResult(first, insight, { value: 5 });
  const model = await startModel(401);
  await startRun(ctx, runOf(id, [insight], { only_unanswered: false }));
  const worker = start({ LLM_URL: model.url, LLM_MODEL: "test-model", LLM_KEY: "wrong-key-word" });
  const run = await runOver(id);
  expect(run).toMatchObject({ status: "failed", done: 0 });
  expect(run.message).toMatch(/LLM_KEY/);
  expect(run.message).not.toContain("wrong-key-word");
  expect(await answersOf(insight)).toMatchObject([{ status: "answered", runs: 1, value: 5 }]);
  const [open] = await db()
    .select({ id: insightRuns.id })
    .from(insightRuns)
    .where(inArray(insightRuns.status, ["running"]));
  expect(open).toBeUndefined();
  await worker.stop();
  model.server.close();
}, 60_000);
