import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { meetings } from "@/db/schema/meetings";
import { emit } from "@/lib/events/emit";
import { offerAll } from "@/lib/events/offer";
import type { Provider } from "@/lib/integrations/contract";
import { registerProvider } from "@/lib/integrations/registry";
import {
  addContent,
  makeContact,
  makeMeeting,
  makeMember,
  makeTeam,
} from "../../support/factories";
import { referenceChat, referenceCrm } from "../../support/reference-tool/providers";
import {
  connect,
  connectionNow,
  entriesOf,
  holdBudget,
  itemOf,
  itemsOf,
  linksOf,
  run,
  runsOf,
  type SyncBench,
  startBench,
} from "./sync-bench";

// What goes out, to tools that can be looked things up in and to those that cannot, on a clock that the test moves.

let bench: SyncBench;

beforeAll(async () => {
  bench = await startBench();
});

afterEach(async () => {
  bench.tool.heal();
  // A pause that the tool asked for outlives the connection: it is the account's.
  await bench.apart.sql`delete from provider_budgets`;
  await db().delete(connections).where(eq(connections.workspaceId, bench.workspace.id));
});

afterAll(async () => {
  await closePool();
  await bench.stop();
});

const chat = () => connect(bench, referenceChat, { settings: { options: { channel: "C100" } } });

async function processed(title = "Sales Call") {
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
  return meeting;
}

const posted = (title: string) =>
  bench.tool.records("messages").filter(({ fields }) => fields.title === title);

async function offerContact(connectionId: string, objectId: string) {
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [{ topic: "contact.changed", objectId, connectionId }]),
  );
  bench.clock.at = new Date();
}

test("a processed meeting becomes one message with what a person needs, and one line of the log", async () => {
  const id = await chat();
  const meeting = await processed("Offer for Mara");
  await run(bench, id);
  const [message, ...more] = posted("Offer for Mara");
  expect(more).toEqual([]);
  expect(message?.place).toBe("C100");
  expect(message?.fields).toMatchObject({
    kind: "meeting_processed",
    body: "John thanks Mara and promises an offer.",
    actionItems: [{ text: "Send the offer", assignee: "John Smith", dueOn: "2026-02-06" }],
    durationSeconds: 1800,
  });
  expect(await itemOf(id, meeting.id)).toMatchObject({ state: "done", attempts: 1 });
  expect(await entriesOf(id)).toMatchObject([
    { action: "create", harmonyId: meeting.id, externalId: message?.id, level: "info" },
  ]);
  expect(await runsOf(id)).toMatchObject([
    { status: "succeeded", createdCount: 1, failedCount: 0, trigger: "realtime" },
  ]);
  expect(await connectionNow(id)).toMatchObject({ lastSyncStatus: "succeeded" });
});

test("a meeting is one record for each thing that a tool keeps, each with its own link", async () => {
  const id = await connect(bench, referenceCrm);
  const meeting = await makeMeeting(bench.workspace, { title: "Kick-off" });
  await addContent(meeting);
  await makeContact(bench.workspace, { name: "Mara Lindt", email: "mara@lindt.example" }, [
    meeting,
  ]);
  await db().transaction((tx) =>
    emit(tx, {
      workspaceId: bench.workspace.id,
      type: "meeting.processed",
      data: { meeting_id: meeting.id, title: "Kick-off", duration: 1800 },
    }),
  );
  bench.clock.at = new Date();
  await run(bench, id);
  expect((await linksOf(id)).map(({ objectType }) => objectType).sort()).toEqual([
    "action_item",
    "contact",
    "meeting",
  ]);
  expect(await runsOf(id)).toMatchObject([{ status: "succeeded", createdCount: 3 }]);
  // Once more, unchanged: nothing is sent, and it says so.
  const calls = bench.tool.calls.length;
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [{ topic: "meeting.processed", objectId: meeting.id }]),
  );
  bench.clock.at = new Date();
  await run(bench, id);
  expect(bench.tool.calls.length).toBe(calls);
  expect((await runsOf(id)).at(-1)).toMatchObject({ status: "succeeded", skippedCount: 3 });
});

test("an answer that was lost does not make a second record where the tool can be asked", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, {
    name: "Lost Answer",
    email: "lost@a.example",
  });
  await offerContact(id, contact);
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "lost_after", times: 1 });
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({
    state: "pending",
    errorCode: "outcome_unknown",
  });
  bench.clock.move(61);
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
  const made = bench.tool.records("contacts").filter(({ fields }) => fields.name === "Lost Answer");
  expect(made).toHaveLength(1);
  expect(await linksOf(id)).toMatchObject([{ externalId: made[0]?.id, state: "linked" }]);
});

test("a message whose answer was lost is never sent again by itself", async () => {
  const id = await chat();
  const meeting = await processed("Maybe there");
  bench.tool.fail({ method: "POST", path: "/messages", kind: "lost_after", times: 1 });
  await run(bench, id);
  expect(await itemOf(id, meeting.id)).toMatchObject({
    state: "unknown",
    errorCode: "outcome_unknown",
  });
  bench.clock.move(24 * 3600);
  await run(bench, id);
  expect(posted("Maybe there")).toHaveLength(1);
  expect(await runsOf(id)).toMatchObject([{ status: "failed", failedCount: 1 }]);
});

test("a message that could not leave, since the tool cannot be reached, arrives later and once", async () => {
  const id = await chat();
  const meeting = await processed("Behind a closed door");
  const { REFERENCE_CHAT_API_URL: url = "" } = process.env;
  process.env.REFERENCE_CHAT_API_URL = "http://127.0.0.1:1";
  await run(bench, id).finally(() => {
    process.env.REFERENCE_CHAT_API_URL = url;
  });
  expect(await itemOf(id, meeting.id)).toMatchObject({
    state: "pending",
    errorCode: "provider_unavailable",
  });
  bench.clock.move(61);
  await run(bench, id);
  expect(await itemOf(id, meeting.id)).toMatchObject({ state: "done" });
  expect(posted("Behind a closed door")).toHaveLength(1);
});

test("a message whose sender loses the database before anything has left arrives later and once", async () => {
  const id = await chat();
  const meeting = await processed("Before the restart");
  const budget = await holdBudget(bench, "reference_chat");
  const going = run(bench, id);
  await budget.until(1);
  await budget.cut();
  await going;
  await budget.release();
  expect(await itemOf(id, meeting.id)).toMatchObject({ state: "pending", errorCode: "unknown" });
  bench.clock.move(61);
  await run(bench, id);
  expect(await itemOf(id, meeting.id)).toMatchObject({ state: "done" });
  expect(posted("Before the restart")).toHaveLength(1);
});

test("an alert whose answer was lost is sent again after 60 s, and a third time only by hand", async () => {
  const id = await chat();
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      {
        ...{ topic: "alert", objectId: "alert-1", connectionId: id, isAsked: true },
        data: { title: "HubSpot needs attention", severity: "warning" },
      },
    ]),
  );
  bench.clock.at = new Date();
  const alerts = () => posted("HubSpot needs attention").length;
  bench.tool.fail({ method: "POST", path: "/messages", kind: "lost_after", times: 2 });
  await run(bench, id);
  expect(await itemOf(id, "alert-1")).toMatchObject({
    state: "pending",
    nextAttemptAt: new Date(bench.clock.at.getTime() + 60_000),
  });
  bench.clock.move(59);
  await run(bench, id);
  expect(alerts()).toBe(1);
  bench.clock.move(1);
  await run(bench, id);
  expect(alerts()).toBe(2);
  bench.clock.move(24 * 3600);
  await run(bench, id);
  expect(await itemOf(id, "alert-1")).toMatchObject({ state: "unknown" });
  expect(alerts()).toBe(2);
});

/** A task tool of which everybody connects their own account. */
const referenceTasks: Provider = {
  ...referenceCrm,
  ...{ slug: "reference_tasks", name: "Reference Tasks", envPrefix: "REFERENCE_TASKS" },
  scope: "personal",
  capabilities: { action_item: { ...referenceCrm.capabilities.action_item } },
  wants: () => ["action_item.changed"],
};

test("a task is in a tool once for the whole workspace: whoever comes second reads who has it", async () => {
  Object.assign(process.env, {
    REFERENCE_TASKS_CLIENT_ID: "reference-client",
    REFERENCE_TASKS_CLIENT_SECRET: "reference-client-secret",
    REFERENCE_TASKS_API_URL: bench.tool.url,
  });
  registerProvider(referenceTasks);
  bench.tool.clear();
  const bea = await makeMember(bench.workspace, { role: "user", name: "Bea" });
  const own = async (userId: string, connectedByLabel: string) =>
    await connect(bench, referenceTasks, {
      connection: { ownerUserId: userId, connectedByLabel },
      settings: { direction: "one_way" },
    });
  const ofAda = await own(bench.workspace.admin.userId, "Ada");
  const ofBea = await own(bea.userId, "Bea");
  const meeting = await makeMeeting(bench.workspace, { userId: bench.workspace.admin.userId });
  const { actionItemId: task } = await addContent(meeting);
  const offered = async (assignee: string) => {
    await bench.apart
      .sql`update action_items set assignee_user_id = ${assignee} where id = ${task}`;
    for (const connectionId of [ofAda, ofBea]) {
      await db().transaction((tx) =>
        offerAll(tx, bench.workspace.id, [
          {
            topic: "action_item.changed",
            objectId: task,
            connectionId,
            isAsked: true,
            userIds: [bench.workspace.admin.userId, bea.userId],
          },
        ]),
      );
    }
    bench.clock.at = new Date();
    for (const connectionId of [ofAda, ofBea]) await run(bench, connectionId);
  };
  await offered(bench.workspace.admin.userId);
  await offered(bea.userId);
  expect(bench.tool.records("tasks")).toHaveLength(1);
  expect(await linksOf(ofAda)).toMatchObject([{ objectId: task, state: "linked" }]);
  expect(await linksOf(ofBea)).toEqual([]);
  expect(await itemOf(ofBea, task)).toMatchObject({ state: "done" });
  expect((await entriesOf(ofBea)).at(-1)).toMatchObject({
    action: "skip",
    harmonyId: task,
    message: "Skipped: already in Reference Tasks by Ada",
  });
});

test("what changes while it is being sent is sent again", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, { name: "Before", email: "b@a.example" });
  await offerContact(id, contact);
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "slow", ms: 300, times: 1 });
  const going = run(bench, id);
  await expect.poll(async () => (await itemOf(id, contact)).state).toBe("sending");
  await bench.apart.sql`update contacts set name = 'After' where id = ${contact}`;
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      { topic: "contact.changed", objectId: contact, connectionId: id },
    ]),
  );
  await going;
  bench.clock.at = new Date();
  await run(bench, id);
  const [link] = await linksOf(id);
  const made = bench.tool.records("contacts").filter((one) => one.id === link?.externalId);
  expect(made).toMatchObject([{ fields: { name: "After" } }]);
  expect(await itemOf(id, contact)).toMatchObject({ state: "done", revision: 2 });
});

test("a tool that does not answer is tried after 1, 5 and 30 minutes, and then the record has failed", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, { email: "r@a.example" });
  await offerContact(id, contact);
  bench.tool.fail({ path: "/contacts", kind: "status", status: 503 });
  for (const minutes of [1, 5, 30]) {
    await run(bench, id);
    expect(await itemOf(id, contact)).toMatchObject({
      state: "pending",
      nextAttemptAt: new Date(bench.clock.at.getTime() + minutes * 60_000),
    });
    bench.clock.move(minutes * 60);
  }
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({
    state: "failed",
    errorCode: "provider_unavailable",
    attempts: 4,
  });
  expect((await connectionNow(id)).status).toBe("connected");
});

test("a rate limit spends no attempt", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, { email: "l@a.example" });
  await offerContact(id, contact);
  bench.tool.fail({
    ...{ method: "POST", path: "/contacts", kind: "status", status: 429, retryAfter: "30" },
    times: 1,
  });
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "pending", attempts: 0 });
});

test("a dead grant stops the run, the record waits, and goes out after Reconnect", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, { email: "g@a.example" });
  await offerContact(id, contact);
  bench.tool.revoke({ refresh: true });
  await run(bench, id);
  expect(await connectionNow(id)).toMatchObject({ status: "needs_attention" });
  expect(await itemOf(id, contact)).toMatchObject({ state: "pending", attempts: 0 });
  expect(await runsOf(id)).toMatchObject([{ status: "failed", errorCode: "auth_expired" }]);
  await run(bench, id, "hourly");
  await run(bench, id, "hourly");
  expect((await runsOf(id)).filter(({ status }) => status === "skipped")).toHaveLength(1);
  await bench.apart
    .sql`update connections set status = 'connected', attention_reason = null where id = ${id}`;
  bench.tool.restore();
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
});

test("an archived channel pauses, and messages to others go on", async () => {
  const id = await chat();
  bench.tool.fail({
    ...{ method: "POST", path: "/messages", kind: "status", status: 404, times: 1 },
    body: { error: "archived", place: "C100" },
  });
  const first = await processed("To nowhere");
  await run(bench, id);
  const second = await processed("Not tried");
  const calls = bench.tool.calls.length;
  await run(bench, id);
  expect(bench.tool.calls.length).toBe(calls);
  expect(await itemOf(id, first.id)).toMatchObject({
    state: "failed",
    errorCode: "channel_unavailable",
  });
  expect(await itemOf(id, second.id)).toMatchObject({
    state: "failed",
    errorCode: "channel_unavailable",
  });
  const told = await bench.apart.sql`select 1 from notifications
    where workspace_id = ${bench.workspace.id} and type = 'channel_unavailable'`;
  expect(told).toHaveLength(1);
});

test("what the tool refuses fails at once, and the rest of the run is partial", async () => {
  const id = await connect(bench, referenceCrm);
  const bad = await makeContact(bench.workspace, { name: "Refused", email: "x@a.example" });
  const good = await makeContact(bench.workspace, { name: "Taken", email: "y@a.example" });
  await offerContact(id, bad);
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "status", status: 422, times: 1 });
  await run(bench, id);
  await offerContact(id, good);
  await run(bench, id);
  expect((await runsOf(id)).map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  expect(await itemOf(id, bad)).toMatchObject({ state: "failed", errorCode: "invalid_value" });
});

test("a record that gets unreadable answers three times is put aside, and the others go on", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await makeContact(bench.workspace, { email: "m@a.example" });
  await offerContact(id, contact);
  bench.tool.fail({ path: "/contacts", kind: "malformed" });
  for (const seconds of [60, 300, 1800]) {
    await run(bench, id);
    bench.clock.move(seconds);
  }
  expect(await itemOf(id, contact)).toMatchObject({ state: "quarantined" });
  expect((await itemsOf(id)).length).toBe(1);
});

test("a team's meetings go to its own channel, those of others to the default one", async () => {
  const teamId = await makeTeam(bench.workspace);
  const id = await connect(bench, referenceChat, {
    settings: { options: { channel: "C100", routes: [{ teamId, choice: "C200" }] } },
  });
  for (const [title, team] of [
    ["Of the team", teamId],
    ["Of nobody", null],
  ] as const) {
    const meeting = await makeMeeting(bench.workspace, { title, teamId: team });
    await db().transaction((tx) =>
      offerAll(tx, bench.workspace.id, [{ topic: "meeting.processed", objectId: meeting.id }]),
    );
  }
  bench.clock.at = new Date();
  await run(bench, id);
  expect(posted("Of the team")).toMatchObject([{ place: "C200" }]);
  expect(posted("Of nobody")).toMatchObject([{ place: "C100" }]);
});

test("a deleted meeting is not sent", async () => {
  const id = await chat();
  const meeting = await processed("Deleted");
  await db().delete(meetings).where(eq(meetings.id, meeting.id));
  await run(bench, id);
  expect(posted("Deleted")).toEqual([]);
  expect(await itemOf(id, meeting.id)).toMatchObject({ state: "cancelled" });
});
