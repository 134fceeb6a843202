import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import { newId } from "@/lib/core/ids";
import { emit, emitAll } from "@/lib/events/emit";
import { outboxGaps } from "@/lib/events/outbox-check";
import { closeOutbound } from "@/lib/outbound/outbound-client";
import { Dispatcher } from "@/lib/webhooks/dispatcher";
import { endStrandedDeliveries, warnAboutFailing } from "@/lib/webhooks/health";
import { attemptDelaysSeconds } from "@/lib/webhooks/schedule";
import { makeSecret, sealedSecret } from "@/lib/webhooks/secrets";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import { makeMeeting, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { hang, type Receiver, startReceiver, status } from "../../support/receiver";
import { type RunningProcess, startWorker } from "../../support/stack";
import { waitFor } from "../../support/wait-for";

// The delivery engine against real receivers, on a database apart, with a clock that the test moves.

let apart: Apart;
let workspace: TestWorkspace;
let receiver: Receiver;
const workers: RunningProcess[] = [];

beforeAll(async () => {
  apart = await makeDatabaseApart();
  workspace = await makeWorkspace();
});

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await receiver.stop();
  const gaps = await outboxGaps(apart.sql);
  await apart.sql`delete from webhooks where workspace_id = ${workspace.id}`;
  await apart.sql`delete from events where workspace_id = ${workspace.id}`;
  expect(gaps).toEqual([]);
});

afterAll(async () => {
  await closeOutbound();
  await closePool();
  await apart.drop();
});

/** A clock that stands still until it is moved. */
class TestClock {
  at = new Date();
  readonly now = () => this.at;
  move(seconds: number) {
    this.at = new Date(this.at.getTime() + seconds * 1000);
  }
}

async function makeWebhook(
  values: Partial<typeof webhooks.$inferInsert> = {},
): Promise<{ id: string; secret: string }> {
  const id = newId("webhook");
  const secret = makeSecret();
  // Before the events of the same moment, which the outbox check asks it about.
  const createdAt = new Date(Date.now() - 1000);
  await db()
    .insert(webhooks)
    .values({
      id,
      workspaceId: workspace.id,
      name: "Receiver",
      url: receiver.url,
      events: ["meeting.processed"],
      ...sealedSecret(secret, id),
      createdByLabel: "Test",
      createdAt,
      updatedAt: createdAt,
      ...values,
    });
  return { id, secret };
}

async function processed(title = "Sales Call", meetingId = newId("meeting")): Promise<string> {
  await db().transaction((tx) =>
    emit(tx, {
      workspaceId: workspace.id,
      type: "meeting.processed",
      data: { meeting_id: meetingId, title, duration: 1800 },
    }),
  );
  return meetingId;
}

const deliveriesOf = (webhookId: string) =>
  apart.sql`select * from webhook_deliveries where webhook_id = ${webhookId} order by created_at, id`;
const attemptsOf = (webhookId: string) =>
  apart.sql`select * from webhook_attempts where webhook_id = ${webhookId} order by started_at, number`;

async function webhookNow(id: string) {
  const [row] = await db().select().from(webhooks).where(eq(webhooks.id, id));
  if (!row) throw new Error("the webhook is gone");
  return row;
}

test("an event, its deliveries and the change commit together or not at all", async () => {
  const { id } = await makeWebhook();
  await expect(
    db().transaction(async (tx) => {
      await emit(tx, {
        workspaceId: workspace.id,
        type: "meeting.processed",
        data: { meeting_id: "mtg_undone", title: "Undone", duration: 1 },
      });
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  expect(await deliveriesOf(id)).toHaveLength(0);
  expect(await apart.sql`select 1 from events where meeting_id = 'mtg_undone'`).toHaveLength(0);
});

test("many facts of one change are written together, each for every webhook that receives it", async () => {
  const webhooksMade = await Promise.all(
    Array.from({ length: 12 }, () => makeWebhook({ events: ["insight.generated"] })),
  );
  const meeting = await makeMeeting(workspace, { durationSeconds: 600, source: "zoom" });
  const filtered = await makeWebhook({ events: ["insight.generated"], sources: ["upload"] });
  const facts = Array.from({ length: 100 }, (_, n) => ({
    workspaceId: workspace.id,
    type: "insight.generated" as const,
    data: {
      insight_id: newId("insight"),
      result_id: newId("insightResult"),
      meeting_id: meeting.id,
      name: `Question ${n}`,
      type: "yes_no",
    },
  }));
  await db().transaction((tx) => emitAll(tx, facts));
  for (const { id } of webhooksMade) {
    const names = (await deliveriesOf(id)).map((row) => JSON.parse(row.request_body).data.name);
    expect(new Set(names)).toEqual(new Set(facts.map(({ data }) => data.name)));
  }
  expect(await deliveriesOf(filtered.id)).toHaveLength(0);
});

test("a delivery carries exactly the source document's keys first, the same bytes on every attempt, and is logged whole", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  const dispatcher = new Dispatcher({ clock: clock.now });
  const meetingId = await processed();
  receiver.answer = (response) => response.writeHead(500, { "x-trace": "t1" }).end("not today");
  clock.move(1);
  await dispatcher.runOnce();
  receiver.answer = status(200);
  clock.move(6);
  await dispatcher.runOnce();
  const [first, second] = receiver.received;
  expect(receiver.received).toHaveLength(2);
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  const [delivery] = await deliveriesOf(id);
  const body = JSON.parse(first?.body.toString() ?? "");
  expect(Object.keys(body)).toEqual([
    "event",
    "timestamp",
    "data",
    "id",
    "workspace_id",
    "api_version",
  ]);
  expect(body).toEqual({
    event: "meeting.processed",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    data: { meeting_id: meetingId, title: "Sales Call", duration: 1800 },
    id: delivery?.event_id,
    workspace_id: workspace.id,
    api_version: "v1",
  });
  expect(first?.headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Harmony-Webhooks/1.0",
    "x-harmony-event": "meeting.processed",
    "x-harmony-delivery": delivery?.id,
    "webhook-id": delivery?.id,
    "x-harmony-signature": second?.headers["x-harmony-signature"],
  });
  expect(first?.headers["webhook-timestamp"]).not.toBe(second?.headers["webhook-timestamp"]);
  expect(delivery).toMatchObject({ status: "succeeded", attempts_count: 2, last_status: 200 });
  const attempts = await attemptsOf(id);
  expect(attempts).toMatchObject([
    {
      number: 1,
      response_status: 500,
      response_body: "not today",
      response_headers: expect.objectContaining({ "x-trace": "t1" }),
      request_headers: expect.objectContaining({ "webhook-id": delivery?.id }),
      error: null,
    },
    { number: 2, response_status: 200 },
  ]);
});

test("ten attempts over three days: the schedule holds, and the last comes no earlier than 71.6 hours", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  // The shortest jitter there is.
  const dispatcher = new Dispatcher({ clock: clock.now, random: () => 0 });
  receiver.answer = status(503);
  await processed();
  clock.move(1);
  const begin = clock.at.getTime();
  for (const delay of attemptDelaysSeconds) {
    clock.move(Math.max(0, delay - 1));
    const before = receiver.received.length;
    if (delay > 0) await dispatcher.runOnce();
    expect(receiver.received).toHaveLength(before);
    clock.move(delay > 0 ? 1 : 0);
    await dispatcher.runOnce();
    expect(receiver.received).toHaveLength(before + 1);
  }
  expect((clock.at.getTime() - begin) / 3_600_000).toBeGreaterThanOrEqual(71.6);
  expect(await deliveriesOf(id)).toMatchObject([
    { status: "failed", reason: "exhausted", attempts_count: 10, next_attempt_at: null },
  ]);
  expect(
    await apart.sql`select action, result, metadata - 'delivery_ids' as facts from audit_events
      where target_id = ${id}`,
  ).toEqual([
    {
      action: "webhook.delivery_failed",
      result: "failure",
      facts: { deliveries: 1, last_status: 503 },
    },
  ]);
  clock.move(30 * 86_400);
  await dispatcher.runOnce();
  expect(receiver.received).toHaveLength(10);
});

test("after 71 hours of outage everything is delivered, each under the id of its first attempt", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  const dispatcher = new Dispatcher({ clock: clock.now });
  receiver.answer = (response) => response.destroy();
  const expected = new Set<string>();
  for (let n = 0; n < 40; n += 1) expected.add(await processed(`Call ${n}`));
  clock.move(1);
  const end = clock.at.getTime() + 71 * 3_600_000;
  while (clock.at.getTime() < end) {
    await dispatcher.runOnce();
    clock.move(1200);
  }
  expect((await deliveriesOf(id)).map((row) => row.status)).toEqual(Array(40).fill("retrying"));
  receiver.answer = status(204);
  receiver.received.length = 0;
  clock.move(26 * 3_600);
  await dispatcher.runOnce();
  const rows = await deliveriesOf(id);
  expect(rows.filter((row) => row.status !== "succeeded")).toEqual([]);
  const got = receiver.received.map((one) => JSON.parse(one.body.toString()).data.meeting_id);
  expect(new Set(got)).toEqual(expected);
  expect(new Set(receiver.received.map((one) => one.headers["webhook-id"]))).toEqual(
    new Set(rows.map((row) => row.id)),
  );
  expect((await webhookNow(id)).status).toBe("active");
});

test("Retry-After is honoured in seconds and as a date, and 429 never counts towards disabling", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  const dispatcher = new Dispatcher({ clock: clock.now, random: () => 0 });
  await processed();
  clock.move(1);
  receiver.answer = status(429, { "retry-after": "90" });
  await dispatcher.runOnce();
  clock.move(89);
  await dispatcher.runOnce();
  expect(receiver.received).toHaveLength(1);
  expect(await webhookNow(id)).toMatchObject({ consecutiveFailures: 0, failingSince: null });
  clock.move(1);
  const date = new Date(Math.floor(clock.at.getTime() / 1000) * 1000 + 600_000);
  receiver.answer = status(503, { "retry-after": date.toUTCString() });
  await dispatcher.runOnce();
  expect(receiver.received).toHaveLength(2);
  clock.at = new Date(date.getTime() - 2000);
  await dispatcher.runOnce();
  expect(receiver.received).toHaveLength(2);
  clock.at = new Date(date.getTime() + 1000);
  receiver.answer = status(200);
  await dispatcher.runOnce();
  expect(await deliveriesOf(id)).toMatchObject([{ status: "succeeded", attempts_count: 3 }]);
});

test("410 stops at once: the webhook is disabled, what waits is cancelled, the admins are told once", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  receiver.answer = status(500);
  await processed("First");
  clock.move(1);
  await new Dispatcher({ clock: clock.now }).runOnce();
  receiver.answer = status(410);
  await processed("Second");
  clock.move(2);
  await new Dispatcher({ clock: clock.now }).runOnce();
  expect(await webhookNow(id)).toMatchObject({ status: "disabled", disabledReason: "gone" });
  expect(await deliveriesOf(id)).toMatchObject([
    { status: "cancelled", reason: "gone" },
    { status: "failed", reason: "gone", attempts_count: 1 },
  ]);
  await processed("Third");
  expect((await deliveriesOf(id)).at(-1)).toMatchObject({
    status: "cancelled",
    reason: "disabled",
    next_attempt_at: null,
  });
  const notices = await apart.sql`select type, title from notifications
    where workspace_id = ${workspace.id} and link like ${`%${id}`}`;
  expect(notices).toEqual([{ type: "webhook_disabled", title: "Webhook “Receiver” was disabled" }]);
  const mails = await apart.sql`select subject from mail_messages where text like ${`%${id}%`}`;
  expect(mails).toEqual([{ subject: "Webhook “Receiver” was disabled" }]);
  expect(
    await apart.sql`select action, actor_type from audit_events where target_id = ${id}`,
  ).toEqual([{ action: "webhook.disabled", actor_type: "system" }]);
});

test("redirects are never followed", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  receiver.answer = status(302, { location: `${receiver.url}/elsewhere` });
  await processed();
  clock.move(1);
  await new Dispatcher({ clock: clock.now }).runOnce();
  expect(receiver.received.map((one) => one.path)).toEqual(["/hooks"]);
  expect(await deliveriesOf(id)).toMatchObject([{ status: "retrying", last_status: 302 }]);
});

test("a webhook is disabled only after five days of failure, with warnings before, and a success clears all", async () => {
  const { id } = await makeWebhook();
  const clock = new TestClock();
  const dispatcher = new Dispatcher({ clock: clock.now });
  const warnings = async () =>
    (
      await apart.sql`select 1 from notifications where type = 'webhook_failing' and link like ${`%${id}`}`
    ).length;
  receiver.answer = status(500);
  await processed();
  clock.move(1);
  await dispatcher.runOnce();
  expect(await warnAboutFailing(clock.now())).toBe(0);
  clock.move(3700);
  expect(await warnAboutFailing(clock.now())).toBe(1);
  expect(await warnAboutFailing(clock.now())).toBe(0);
  expect(await warnings()).toBe(1);
  clock.move(4.9 * 86_400 - 3700);
  await dispatcher.runOnce();
  expect((await webhookNow(id)).status).toBe("active");
  expect(await warnAboutFailing(clock.now())).toBe(1);
  expect(await warnings()).toBe(2);
  receiver.answer = status(200);
  clock.move(60);
  await processed("Works in between");
  await apart.sql`update webhook_deliveries set next_attempt_at = created_at where next_attempt_at is not null`;
  await dispatcher.runOnce();
  expect(await webhookNow(id)).toMatchObject({
    consecutiveFailures: 0,
    failingSince: null,
    warnedAt: null,
  });
  receiver.answer = hangUp;
  await processed("Fails again");
  await dispatcher.runOnce();
  clock.move(5.1 * 86_400);
  await processed("And after five days");
  await dispatcher.runOnce();
  expect(await webhookNow(id)).toMatchObject({ status: "disabled", disabledReason: "failing" });
});

const hangUp: Receiver["answer"] = (response) => response.destroy();

test("filters: each webhook gets only what its team, owner, source and minimum duration let pass", async () => {
  const meeting = await makeMeeting(workspace, { durationSeconds: 600, source: "zoom" });
  const passes = await makeWebhook({ sources: ["zoom"], minDurationSeconds: 600 });
  const short = await makeWebhook({ minDurationSeconds: 601 });
  const source = await makeWebhook({ sources: ["upload"] });
  const team = await makeWebhook({ teamIds: ["team_other"] });
  const other = await makeWebhook({ events: ["meeting.failed"] });
  await processed("Filtered", meeting.id);
  const counts = await Promise.all(
    [passes, short, source, team, other].map(async ({ id }) => (await deliveriesOf(id)).length),
  );
  expect(counts).toEqual([1, 0, 0, 0, 0]);
});

test("a receiver that hangs costs only itself: the others are served meanwhile", async () => {
  const slow = await startReceiver();
  slow.answer = hang;
  const hanging = await makeWebhook({ url: slow.url });
  const well = await makeWebhook();
  for (let n = 0; n < 60; n += 1) await processed(`Call ${n}`);
  const dispatcher = new Dispatcher();
  await dispatcher.start();
  await waitFor("the receiver that is well to have everything", async () => {
    const rows = await deliveriesOf(well.id);
    return rows.every((row) => row.status === "succeeded");
  });
  const statuses = (await deliveriesOf(hanging.id)).map((row) => row.status);
  expect(statuses.filter((one) => one === "delivering").length).toBeGreaterThan(0);
  expect(statuses.filter((one) => one === "succeeded")).toHaveLength(0);
  await slow.stop();
  await dispatcher.stop();
});

test("a killed worker loses nothing: another resumes within 30 s under the same webhook-id", async () => {
  const { id } = await makeWebhook();
  receiver.answer = hang;
  await processed();
  const first = startWorker(apart.env);
  workers.push(first);
  await waitFor("the first attempt", () => receiver.received.length === 1, 20_000);
  process.kill(first.pid, "SIGKILL");
  receiver.answer = status(204);
  workers.push(startWorker(apart.env));
  await waitFor(
    "the delivery",
    async () => (await deliveriesOf(id))[0]?.status === "succeeded",
    30_000,
  );
  const ids = receiver.received.map((one) => one.headers["webhook-id"]);
  expect(ids).toEqual([ids[0], ids[0]]);
}, 60_000);

test("two engines share the work and no delivery is made twice", async () => {
  const { id } = await makeWebhook();
  for (let n = 0; n < 100; n += 1) await processed(`Call ${n}`);
  const engines = [new Dispatcher(), new Dispatcher()];
  await Promise.all(engines.map((engine) => engine.start()));
  await waitFor("all deliveries", async () =>
    (await deliveriesOf(id)).every((row) => row.status === "succeeded"),
  );
  await Promise.all(engines.map((engine) => engine.stop()));
  expect(receiver.received).toHaveLength(100);
  expect(new Set(receiver.received.map((one) => one.headers["webhook-id"])).size).toBe(100);
});

test("a database that goes away in the middle delays results and loses none", async () => {
  const { id } = await makeWebhook();
  const dispatcher = new Dispatcher();
  await dispatcher.start();
  receiver.answer = (response) => {
    // Every connection of the product is cut while the answer is on its way. Idle ones: cut in the middle of a write,
    // postgres.js ends the whole process (porsager/postgres #1208), which the supervisor would start again.
    void apart.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'harmony%' and state = 'idle'`.then(
      () => response.writeHead(204).end(),
    );
  };
  await processed();
  // A query that was under way at the cut may never be answered: it is given up, and what it was to write or had
  // claimed is taken up again within the 30 s that docs/reliability.md promises.
  const written = async () => (await deliveriesOf(id))[0]?.status === "succeeded";
  await waitFor("the result", written, 30_000);
  expect(await attemptsOf(id)).toHaveLength(1);
  receiver.answer = status(204);
  // The engine hears of events again.
  await processed("After the cut");
  const both = async () => (await deliveriesOf(id)).filter(({ status }) => status === "succeeded");
  await waitFor("the next", async () => (await both()).length === 2, 30_000);
  await dispatcher.stop();
}, 90_000);

test("a text that would make a body too large is cut, and the event is sent", async () => {
  const { id } = await makeWebhook({ events: ["meeting.failed"] });
  await db().transaction((tx) =>
    emit(tx, {
      workspaceId: workspace.id,
      type: "meeting.failed",
      data: {
        meeting_id: newId("meeting"),
        title: "Long",
        error: { code: "internal_error", message: "ß".repeat(200_000) },
      },
    }),
  );
  const [row] = await deliveriesOf(id);
  expect(Buffer.byteLength(row?.request_body)).toBeLessThanOrEqual(65_536);
  expect(JSON.parse(row?.request_body).data.error.message).toMatch(/^ß+…$/);
});

test("what a race left waiting for a paused webhook is ended by the sweep", async () => {
  const { id } = await makeWebhook();
  await processed();
  await db().update(webhooks).set({ status: "paused" }).where(eq(webhooks.id, id));
  const clock = new TestClock();
  clock.move(1);
  await new Dispatcher({ clock: clock.now }).runOnce();
  expect(receiver.received).toHaveLength(0);
  expect(await endStrandedDeliveries(clock.now())).toBe(1);
  const [row] = await db()
    .select()
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.webhookId, id));
  expect(row).toMatchObject({ status: "cancelled", reason: "paused", nextAttemptAt: null });
});
