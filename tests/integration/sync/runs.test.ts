import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { connections, syncSettings } from "@/db/schema/integrations";
import { emit } from "@/lib/events/emit";
import { offerAll } from "@/lib/events/offer";
import { scheduleDueSyncs } from "@/lib/sync/schedule";
import { cancelBackfill, startBackfill, syncNow } from "@/lib/sync/service";
import { addContent, makeContact, makeMeeting, makeMeetings } from "../../support/factories";
import {
  referenceCalendar,
  referenceChat,
  referenceCrm,
} from "../../support/reference-tool/providers";
import { waitFor } from "../../support/wait-for";
import {
  connect,
  connectionNow,
  entriesOf,
  holdBudget,
  itemOf,
  itemsOf,
  run,
  runsOf,
  type SyncBench,
  startBench,
} from "./sync-bench";

// Runs as a whole: who comes first, what is merged, what a crash leaves, and when runs begin by themselves.

let bench: SyncBench;

beforeAll(async () => {
  bench = await startBench();
});

afterEach(async () => {
  bench.tool.heal();
  bench.tool.clear();
  await bench.apart.sql`update workspaces set time_zone = 'UTC'`;
  await db().delete(connections).where(eq(connections.workspaceId, bench.workspace.id));
  await bench.apart.sql`delete from pgboss.job where name = 'sync.run'`;
  await bench.apart.sql`delete from meetings where workspace_id = ${bench.workspace.id}`;
  await bench.apart.sql`delete from contacts where workspace_id = ${bench.workspace.id}`;
});

afterAll(async () => {
  await closePool();
  await bench.stop();
});

const crm = () => connect(bench, referenceCrm);
const chat = (frequency: "realtime" | "daily" = "realtime") =>
  connect(bench, referenceChat, { settings: { options: { channel: "C100" }, frequency } });

async function offerContact(connectionId: string, name: string): Promise<string> {
  const contact = await makeContact(bench.workspace, { name });
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      { topic: "contact.changed", objectId: contact, connectionId },
    ]),
  );
  bench.clock.at = new Date();
  return contact;
}

async function processed(title: string): Promise<string> {
  const meeting = await makeMeeting(bench.workspace, { title });
  await addContent(meeting);
  await db().transaction((tx) =>
    emit(tx, {
      workspaceId: bench.workspace.id,
      type: "meeting.processed",
      data: { meeting_id: meeting.id, title, duration: 1800 },
    }),
  );
  bench.clock.at = new Date();
  return meeting.id;
}

const jobs = () => bench.apart.sql`select data, state from pgboss.job where name = 'sync.run'`;
const named = (kind: "contacts" | "messages", field: string, value: string) =>
  bench.tool.records(kind).filter(({ fields }) => fields[field] === value);

// --- Crashes ----------------------------------------------------------------------------------------------------

/** What a worker leaves that was killed after it claimed the item and before it called. */
async function killBeforeCall(connectionId: string, objectId: string): Promise<void> {
  await bench.apart.sql`update sync_items set state = 'sending', attempts = 1,
    claimed_until = ${new Date(bench.clock.at.getTime() + 20_000)}
    where connection_id = ${connectionId} and object_id = ${objectId}`;
}

type Moment = "before" | "during" | "after";

interface Killed {
  /** The worker that hung notices that its connection is gone. */
  readonly wake: () => Promise<void>;
}

/** A worker that ends at this moment of a call: killed before it, or hanging in it while another one takes over. */
async function killAt(
  moment: Moment,
  connectionId: string,
  objectId: string,
  path: string,
): Promise<Killed> {
  if (moment === "before") {
    await killBeforeCall(connectionId, objectId);
    return { wake: () => Promise.resolve() };
  }
  const kind = moment === "during" ? "hold_before" : "hold_after";
  bench.tool.fail({ method: "POST", path, kind, times: 1 });
  const hanging = run(bench, connectionId);
  await waitFor("the call", () => bench.tool.calls.length > 0);
  return {
    wake: async () => {
      bench.tool.dropHeld();
      await hanging;
    },
  };
}

const moments: readonly Moment[] = ["before", "during", "after"];

test.each(moments)(
  "killed %s the call: a tool that can be asked has the record once",
  async (moment) => {
    const id = await crm();
    const name = `Killed ${moment}`;
    const contact = await offerContact(id, name);
    const killed = await killAt(moment, id, contact, "/contacts");
    bench.clock.move(21);
    await run(bench, id);
    expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
    expect(named("contacts", "name", name)).toHaveLength(1);
    await killed.wake();
    // The one that hung has lost its claim: it says nothing any more.
    expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
    expect(named("contacts", "name", name)).toHaveLength(1);
  },
);

test.each(moments)(
  "killed %s the call: a message is there at most once, and somebody is asked where it may have left",
  async (moment) => {
    const id = await chat();
    const title = `Killed ${moment}`;
    const meeting = await processed(title);
    const killed = await killAt(moment, id, meeting, "/messages");
    bench.clock.move(21);
    await run(bench, id);
    const end =
      moment === "before"
        ? { state: "done", errorCode: null }
        : { state: "unknown", errorCode: "outcome_unknown" };
    expect(await itemOf(id, meeting)).toMatchObject(end);
    await killed.wake();
    expect(await itemOf(id, meeting)).toMatchObject(end);
    expect(named("messages", "title", title)).toHaveLength(moment === "during" ? 0 : 1);
  },
);

test("a worker that stood still with a message until another took it over does not send it as well", async () => {
  const id = await chat();
  const meeting = await processed("Taken over");
  const budget = await holdBudget(bench, "reference_chat");
  const slow = run(bench, id);
  await budget.until(1);
  bench.clock.move(21);
  const next = run(bench, id);
  await budget.until(2);
  await budget.release();
  await Promise.all([slow, next]);
  expect(await itemOf(id, meeting)).toMatchObject({ state: "done" });
  expect(named("messages", "title", "Taken over")).toHaveLength(1);
});

test("a record that takes the worker down ten times is put aside", async () => {
  const id = await crm();
  const contact = await offerContact(id, "Deadly");
  await bench.apart
    .sql`update sync_items set state = 'sending', attempts = 10, claimed_until = now() - interval '1 s'
    where connection_id = ${id}`;
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "quarantined" });
  expect(bench.tool.calls).toEqual([]);
});

test("a run that a killed worker left goes on as the same run", async () => {
  const id = await crm();
  await offerContact(id, "First");
  await offerContact(id, "Second");
  // A slice of no length: it begins, and ends before its first step.
  await run(bench, id, "manual", 0);
  const [begun] = await runsOf(id);
  expect(begun).toMatchObject({ status: "running" });
  await run(bench, id, "realtime");
  expect(await runsOf(id)).toMatchObject([
    { id: begun?.id, status: "succeeded", trigger: "manual", createdCount: 2 },
  ]);
});

// --- Order ------------------------------------------------------------------------------------------------------

test("what just happened does not wait behind past meetings", async () => {
  const id = await crm();
  const past = new Date(Date.now() - 5 * 86_400_000);
  await makeMeetings(
    bench.workspace,
    Array.from({ length: 300 }, (_, n) => ({ title: `Past ${n}`, date: past })),
  );
  bench.clock.at = new Date();
  const { total } = await startBackfill(await bench.workspace.admin.ctx(bench.clock.now), {
    connectionId: id,
    days: 30,
  });
  expect(total).toBe(300);
  bench.tool.fail({ method: "POST", path: "/meetings", kind: "slow", ms: 30 });
  const going = run(bench, id);
  await waitFor("the first past meetings", () => bench.tool.records("meetings").length > 5);
  const contact = await makeContact(bench.workspace, { name: "Now" });
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      { topic: "contact.changed", objectId: contact, connectionId: id },
    ]),
  );
  const offeredAt = Date.now();
  bench.clock.at = new Date();
  await waitFor("the new record", () => named("contacts", "name", "Now").length === 1, 5000);
  expect(Date.now() - offeredAt).toBeLessThan(5000);
  expect(bench.tool.records("meetings").length).toBeLessThan(300);
  await going;
  expect(await runsOf(id)).toMatchObject([
    { status: "succeeded", progressDone: 300, progressTotal: 300, createdCount: 301 },
  ]);
});

test("catching up can be ended, and what was sent stays", async () => {
  const id = await crm();
  const past = new Date(Date.now() - 5 * 86_400_000);
  await makeMeetings(
    bench.workspace,
    Array.from({ length: 80 }, () => ({ date: past })),
  );
  bench.clock.at = new Date();
  const ctx = await bench.workspace.admin.ctx(bench.clock.now);
  await startBackfill(ctx, { connectionId: id, days: 30 });
  bench.tool.fail({ method: "POST", path: "/meetings", kind: "slow", ms: 30 });
  const going = run(bench, id);
  await waitFor("some", () => bench.tool.records("meetings").length > 5);
  const { cancelled } = await cancelBackfill(ctx, { connectionId: id });
  await going;
  expect(cancelled).toBeGreaterThan(0);
  expect(bench.tool.records("meetings").length).toBeLessThan(80);
  expect(await runsOf(id)).toMatchObject([{ status: "cancelled" }]);
});

test("whoever asks while a run waits shares it", async () => {
  const id = await crm();
  const ctx = await bench.workspace.admin.ctx();
  await Promise.all([1, 2, 3].map(() => syncNow(ctx, { connectionId: id })));
  expect(await runsOf(id)).toMatchObject([{ status: "queued", trigger: "manual" }]);
  expect(await jobs()).toHaveLength(1);
});

test("a run that is asked for while another is under way follows it", async () => {
  const id = await crm();
  await offerContact(id, "Slow one");
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "slow", ms: 200, times: 1 });
  const going = run(bench, id);
  await waitFor("the call", () => bench.tool.calls.length > 0);
  await syncNow(await bench.workspace.admin.ctx(), { connectionId: id });
  await going;
  expect((await runsOf(id)).map(({ status }) => status).sort()).toEqual(["queued", "succeeded"]);
  await run(bench, id);
  expect((await runsOf(id)).map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
});

/** For what goes through hundreds of steps, each with its own transactions. */
const manyStepsMs = 120_000;

// --- By the clock -----------------------------------------------------------------------------------------------

test("hourly: at the full hour, what waited goes out, and not before", async () => {
  const id = await connect(bench, referenceCrm, {
    settings: { frequency: "hourly" },
    connection: { nextSyncAt: new Date("2027-03-01T10:00:00Z") },
  });
  const contact = await offerContact(id, "Hourly");
  expect(await jobs()).toHaveLength(0);
  expect(await scheduleDueSyncs(new Date("2027-03-01T09:59:59Z"))).toBe(0);
  bench.clock.at = new Date("2027-03-01T10:00:20Z");
  expect(await scheduleDueSyncs(bench.clock.at)).toBeGreaterThan(0);
  expect(await runsOf(id)).toMatchObject([{ status: "queued", trigger: "hourly" }]);
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
  expect(await connectionNow(id)).toMatchObject({ nextSyncAt: new Date("2027-03-01T11:00:00Z") });
});

test.each([
  [
    "the day that skips 02:00",
    "2027-03-26T12:00:00Z",
    ["2027-03-27T01:00:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:00:00Z"],
  ],
  [
    "the day that has 02:00 twice",
    "2027-10-29T12:00:00Z",
    ["2027-10-30T00:00:00Z", "2027-10-31T00:00:00Z", "2027-11-01T01:00:00Z"],
  ],
])(
  "daily at 02:00 of the workspace, once a day, also on %s",
  async (_, from, expected) => {
    await bench.apart
      .sql`update workspaces set time_zone = 'Europe/Berlin' where id = ${bench.workspace.id}`;
    const begin = new Date(from);
    const id = await connect(bench, referenceCrm, {
      settings: { frequency: "daily" },
      connection: { nextSyncAt: new Date(expected[0] ?? "") },
    });
    for (let minutes = 0; minutes < 3 * 24 * 60; minutes += 15) {
      bench.clock.at = new Date(begin.getTime() + minutes * 60_000);
      await scheduleDueSyncs(bench.clock.at);
      if ((await runsOf(id)).some(({ status }) => status === "queued")) await run(bench, id);
    }
    const begun = (await runsOf(id)).map(({ trigger, startedAt }) => [trigger, startedAt]);
    expect(begun).toEqual(expected.map((at) => ["daily", new Date(at)]));
  },
  manyStepsMs,
);

test("daily at a chat tool: one digest of the day instead of its messages", async () => {
  const id = await chat("daily");
  for (const title of ["One", "Two", "Three"]) await processed(title);
  await run(bench, id);
  expect(bench.tool.records("messages")).toEqual([]);
  await run(bench, id, "daily");
  const [digest, ...more] = bench.tool.records("messages");
  expect(more).toEqual([]);
  expect(digest?.fields).toMatchObject({ kind: "digest", title: "3 meetings" });
  expect((await itemsOf(id)).every(({ state }) => state === "done")).toBe(true);
});

// --- Outages ----------------------------------------------------------------------------------------------------

/** Step by step what the worker does; queued jobs are its own. */
async function letTimePass(id: string, seconds: number, stepSeconds: number): Promise<void> {
  const until = bench.clock.at.getTime() + seconds * 1000;
  while (bench.clock.at.getTime() < until) {
    if ((await scheduleDueSyncs(bench.clock.at)) > 0) await run(bench, id);
    await bench.apart.sql`delete from pgboss.job where name = 'sync.run'`;
    bench.clock.move(stepSeconds);
  }
}

const told = async (name: string) => {
  const rows = await bench.apart.sql`select title from notifications
    where workspace_id = ${bench.workspace.id} and title like ${`${name} %answer%`} order by created_at`;
  return rows.map(({ title }) => title);
};

test.each([
  ["refuses all calls", { kind: "status", status: 503 }, 0],
  // Each of the four that were on their way has to be looked for: one try is remembered of them, however long it lasts.
  ["ends all connections", { kind: "lost_before" }, 1],
] as const)(
  "a tool that %s for a day costs no record its tries: one alert, one recovery, and everything arrives once",
  async (_, fault, spentMax) => {
    const id = await crm();
    await bench.apart.sql`delete from notifications where workspace_id = ${bench.workspace.id}`;
    for (let n = 0; n < 10; n += 1) await offerContact(id, `Patient ${n}`);
    bench.tool.fail(fault);
    await letTimePass(id, 86_400, 900);
    expect(await connectionNow(id)).toMatchObject({ status: "connected" });
    expect(await told("Reference CRM")).toEqual(["Reference CRM is not answering"]);
    for (const { state, attempts } of await itemsOf(id)) {
      expect(state).toBe("pending");
      expect(attempts).toBeLessThanOrEqual(spentMax);
    }
    bench.tool.heal();
    await letTimePass(id, 2400, 60);
    expect((await itemsOf(id)).map(({ state }) => state)).toEqual(Array(10).fill("done"));
    expect(bench.tool.records("contacts")).toHaveLength(10);
    expect(await told("Reference CRM")).toEqual([
      "Reference CRM is not answering",
      "Reference CRM answers again",
    ]);
  },
  manyStepsMs,
);

test(
  "a chat that ends all connections for a day leaves one message in doubt, and the others arrive once",
  async () => {
    const id = await chat();
    for (let n = 0; n < 6; n += 1) await processed(`Waiting ${n}`);
    bench.tool.fail({ kind: "lost_before" });
    await letTimePass(id, 86_400, 900);
    const states = async () => (await itemsOf(id)).map(({ state }) => state).sort();
    expect(await states()).toEqual([...Array(5).fill("pending"), "unknown"]);
    bench.tool.heal();
    await letTimePass(id, 2400, 60);
    expect(await states()).toEqual([...Array(5).fill("done"), "unknown"]);
    expect(bench.tool.records("messages")).toHaveLength(5);
  },
  manyStepsMs,
);

test("a record that alone gets no answer uses up its tries, and the others go out", async () => {
  const id = await crm();
  const bad = await offerContact(id, "Unanswered");
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "status", status: 500, times: 1 });
  await run(bench, id);
  expect(await itemOf(id, bad)).toMatchObject({ state: "pending", attempts: 1 });
  const good = await offerContact(id, "Answered");
  await run(bench, id);
  expect(await itemOf(id, good)).toMatchObject({ state: "done" });
});

test("nothing is selected, or a required choice is missing: skipped, and logged once", async () => {
  const id = await connect(bench, referenceChat, { settings: { options: {} } });
  await run(bench, id, "manual");
  await run(bench, id, "hourly");
  expect(await runsOf(id)).toMatchObject([{ status: "skipped" }]);
  await db()
    .update(syncSettings)
    .set({ options: { channel: "C100" } })
    .where(eq(syncSettings.connectionId, id));
  await run(bench, id, "manual");
  expect((await runsOf(id)).map(({ status }) => status)).toEqual(["skipped", "succeeded"]);
});

test("a calendar in real time is looked at every minute, and leaves no line when nothing is new", async () => {
  const id = await connect(bench, referenceCalendar, {
    connection: { ownerUserId: bench.workspace.admin.userId, nextSyncAt: new Date() },
    settings: { options: { calendars: ["work"] } },
  });
  bench.clock.at = new Date();
  expect(await scheduleDueSyncs(bench.clock.at)).toBe(1);
  await run(bench, id);
  expect(await runsOf(id)).toEqual([]);
  expect(await entriesOf(id)).toEqual([]);
  const next = (await connectionNow(id)).nextSyncAt;
  expect(next).toEqual(new Date(bench.clock.at.getTime() + 60_000));
});
