import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { offerAll } from "@/lib/events/offer";
import {
  countBackfill,
  dismissItem,
  exportRuns,
  listEntries,
  listRuns,
  listWaiting,
  postAgain,
  retryFailed,
  retryItem,
  sendTestMessage,
  shareMeeting,
  startBackfill,
  syncNow,
} from "@/lib/sync/service";
import {
  addContent,
  makeContact,
  makeMeeting,
  makeMember,
  makeWorkspace,
} from "../../support/factories";
import {
  referenceCalendar,
  referenceChat,
  referenceCrm,
} from "../../support/reference-tool/providers";
import {
  connect,
  entriesOf,
  itemOf,
  itemsOf,
  run,
  runsOf,
  type SyncBench,
  startBench,
} from "./sync-bench";

// What people may do and see: rights, tenants, the log, shares.

let bench: SyncBench;

beforeAll(async () => {
  bench = await startBench();
});

afterEach(async () => {
  bench.tool.heal();
  bench.tool.clear();
  await db().delete(connections).where(eq(connections.workspaceId, bench.workspace.id));
});

afterAll(async () => {
  await closePool();
  await bench.stop();
});

const firstPage = { page: 1 } as const;
const admin = () => bench.workspace.admin.ctx();
const chat = () => connect(bench, referenceChat, { settings: { options: { channel: "C100" } } });

async function failedContact(connectionId: string): Promise<string> {
  const contact = await makeContact(bench.workspace, { name: "Refused Person" });
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      { topic: "contact.changed", objectId: contact, connectionId },
    ]),
  );
  bench.clock.at = new Date();
  bench.tool.fail({ method: "POST", path: "/contacts", kind: "status", status: 422, times: 1 });
  await run(bench, connectionId);
  return contact;
}

async function shared(meetingId: string, connectionId: string, note = "Please read") {
  return { meetingId, connectionId, channel: "C100", note };
}

async function meetingWithContent(values: Parameters<typeof makeMeeting>[1] = {}) {
  const meeting = await makeMeeting(bench.workspace, values);
  await addContent(meeting);
  return meeting;
}

test("another workspace finds no run, entry, item or connection of ours", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await failedContact(id);
  const [found] = await runsOf(id);
  const item = await itemOf(id, contact);
  const stranger = await (await makeWorkspace()).admin.ctx();
  const ref = { connectionId: id };
  const attempts = [
    () => syncNow(stranger, ref),
    () => listRuns(stranger, id, firstPage),
    () => listWaiting(stranger, id),
    () => listEntries(stranger, found?.id ?? "", 1),
    () => retryFailed(stranger, { runId: found?.id ?? "" }),
    () => retryItem(stranger, { itemId: item.id }),
    () => dismissItem(stranger, { itemId: item.id }),
    () => startBackfill(stranger, { ...ref, days: 30 }),
  ];
  for (const attempt of attempts)
    await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  expect(await itemOf(id, contact)).toMatchObject({ state: "failed" });
});

test("a manager reads how a sync went and not what it carried; a member reads nothing of it", async () => {
  const id = await connect(bench, referenceCrm);
  await failedContact(id);
  const manager = await (await makeMember(bench.workspace, { role: "manager" })).ctx();
  const member = await (await makeMember(bench.workspace, { role: "user" })).ctx();
  const [found] = (await listRuns(manager, id, firstPage)).runs;
  const { entries } = await listEntries(manager, found?.id ?? "", 1);
  expect(entries).toMatchObject([{ harmonyId: null, item: null, errorCode: "invalid_value" }]);
  expect(JSON.stringify(entries)).not.toContain("Refused Person");
  await expect(syncNow(manager, { connectionId: id })).rejects.toMatchObject({ code: "forbidden" });
  await expect(listRuns(member, id, firstPage)).rejects.toMatchObject({ code: "forbidden" });
});

test("somebody's own calendar is theirs: an admin finds no log of it", async () => {
  const owner = await makeMember(bench.workspace, { role: "user" });
  const id = await connect(bench, referenceCalendar, {
    connection: { ownerUserId: owner.userId },
    settings: { options: { calendars: ["work"] } },
  });
  await run(bench, id, "manual");
  expect((await listRuns(await owner.ctx(), id, firstPage)).total).toBe(1);
  await expect(listRuns(await admin(), id, firstPage)).rejects.toMatchObject({ code: "not_found" });
});

test("an entry says what to do, and retrying sends the record", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await failedContact(id);
  const [found] = (await listRuns(await admin(), id, { ...firstPage, errors: "1" })).runs;
  const { entries } = await listEntries(await admin(), found?.id ?? "", 1);
  expect(entries).toMatchObject([
    { level: "error", message: expect.stringContaining("Refused Person"), fix: expect.any(String) },
  ]);
  expect(entries[0]?.item?.actions).toEqual(["retry", "dismiss"]);
  expect(await retryFailed(await admin(), { runId: found?.id ?? "" })).toEqual({ retried: 1 });
  bench.clock.at = new Date();
  await run(bench, id);
  expect(await itemOf(id, contact)).toMatchObject({ state: "done" });
  expect((await runsOf(id)).at(-1)).toMatchObject({ trigger: "retry", status: "succeeded" });
  // It was taken care of: the old line offers nothing any more.
  const after = await listEntries(await admin(), found?.id ?? "", 1);
  expect(after.entries[0]?.item).toBeNull();
});

test("what was dismissed is not sent, and cannot be dismissed twice", async () => {
  const id = await connect(bench, referenceCrm);
  const contact = await failedContact(id);
  const { id: itemId } = await itemOf(id, contact);
  await dismissItem(await admin(), { itemId });
  await expect(dismissItem(await admin(), { itemId })).rejects.toMatchObject({ code: "conflict" });
  await run(bench, id, "manual");
  expect(bench.tool.records("contacts")).toEqual([]);
});

test("the log as CSV has one line a run, and formulas are harmless", async () => {
  const id = await connect(bench, referenceCrm);
  await failedContact(id);
  await bench.apart.sql`update sync_runs set error_message = '=1+1' where connection_id = ${id}`;
  let text = "";
  for await (const line of exportRuns(await admin(), id, firstPage)) text += line;
  const lines = text.trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("'=1+1");
});

test("a share is one message, however often it is pressed, and the log shows it", async () => {
  const id = await chat();
  const meeting = await meetingWithContent({ title: "Shared once" });
  const input = await shared(meeting.id, id);
  const ctx = await admin();
  const answers = await Promise.all([1, 2, 3].map(() => shareMeeting(ctx, input)));
  expect(answers.map(({ state }) => state)).toContain("sent");
  const messages = bench.tool.records("messages");
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    place: "C100",
    fields: { kind: "share", note: { by: ctx.principal.label, text: "Please read" } },
  });
  expect(await shareMeeting(ctx, input)).toMatchObject({ state: "sent", url: expect.any(String) });
  expect((await listRuns(ctx, id, firstPage)).runs).toMatchObject([
    { created: 1, status: "succeeded" },
  ]);
});

test("a share is one line of the activity, which says where and by whom and not what the note says", async () => {
  const id = await chat();
  const meeting = await meetingWithContent({ title: "Shared and seen" });
  const ctx = await admin();
  const input = await shared(meeting.id, id, "Between us: 4,000 is too much");
  await shareMeeting(ctx, input);
  await shareMeeting(ctx, input);
  const lines = await bench.apart.sql`select * from audit_events
    where workspace_id = ${bench.workspace.id} and target_id = ${meeting.id}`;
  expect(lines).toMatchObject([
    {
      action: "meeting.shared",
      category: "meetings",
      actor_label: ctx.principal.label,
      target_label: "Shared and seen",
      result: "success",
      metadata: { integration: "reference_chat", channel: "C100", has_note: true },
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain("4,000");
});

test("a second message about the same meeting in the same channel follows the first", async () => {
  const id = await chat();
  const meeting = await meetingWithContent({ title: "Thread" });
  await shareMeeting(await admin(), await shared(meeting.id, id, "first"));
  await shareMeeting(await admin(), await shared(meeting.id, id, "second"));
  const [first, second] = bench.tool.records("messages");
  expect(second?.fields.follows).toBe(first?.id);
  expect(first?.fields.follows).toBeUndefined();
});

test("only who may read a meeting shares it, and only to a known channel", async () => {
  const id = await chat();
  const meeting = await meetingWithContent({ userId: bench.workspace.admin.userId });
  const member = await (await makeMember(bench.workspace, { role: "user" })).ctx();
  const input = await shared(meeting.id, id);
  await expect(shareMeeting(member, input)).rejects.toMatchObject({ code: "not_found" });
  await expect(
    shareMeeting(await admin(), { ...input, channel: "elsewhere" }),
  ).rejects.toMatchObject({ code: "invalid_request" });
  expect(bench.tool.records("messages")).toEqual([]);
});

test("a share that the tool does not take now goes out later by itself", async () => {
  const id = await chat();
  const meeting = await meetingWithContent();
  bench.tool.fail({ method: "POST", path: "/messages", kind: "status", status: 503, times: 1 });
  expect(await shareMeeting(await admin(), await shared(meeting.id, id))).toMatchObject({
    state: "waiting",
  });
  expect((await listWaiting(await admin(), id)).count).toBe(1);
  bench.clock.at = new Date(Date.now() + 61_000);
  await run(bench, id);
  expect(bench.tool.records("messages")).toHaveLength(1);
});

test("a share of which nobody knows whether it arrived is posted again only by hand", async () => {
  const id = await chat();
  const meeting = await meetingWithContent();
  bench.tool.fail({ method: "POST", path: "/messages", kind: "lost_after", times: 1 });
  expect(await shareMeeting(await admin(), await shared(meeting.id, id))).toMatchObject({
    state: "unknown",
  });
  const [item] = await itemsOf(id);
  await postAgain(await admin(), { itemId: item?.id ?? "" });
  bench.clock.at = new Date();
  await run(bench, id);
  expect(bench.tool.records("messages")).toHaveLength(2);
  expect(await itemsOf(id)).toMatchObject([{ state: "done" }]);
});

test("a test message goes to the default channel", async () => {
  const id = await chat();
  expect(await sendTestMessage(await admin(), { connectionId: id })).toMatchObject({
    state: "sent",
  });
  expect(bench.tool.records("messages")).toMatchObject([
    { place: "C100", fields: { kind: "test" } },
  ]);
});

test("past meetings are counted before they are offered, and a chat tool takes none", async () => {
  const id = await connect(bench, referenceCrm);
  const other = await chat();
  const days = 30 as const;
  await makeMeeting(bench.workspace, { date: new Date(Date.now() - 86_400_000) });
  await makeMeeting(bench.workspace, { date: new Date(Date.now() - 80 * 86_400_000) });
  const ctx = await admin();
  const count = await countBackfill(ctx, { connectionId: id, days });
  expect(await startBackfill(ctx, { connectionId: id, days })).toEqual({ total: count });
  expect(await itemsOf(id)).toHaveLength(count);
  await expect(startBackfill(ctx, { connectionId: other, days })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a run is one line of the audit trail when it begins, and one when it ends", async () => {
  const id = await connect(bench, referenceCrm);
  await run(bench, id, "manual");
  const lines = await bench.apart.sql`select action, category from audit_events
    where workspace_id = ${bench.workspace.id} and target_id = ${id} order by at, action desc`;
  expect(lines.map(({ action }) => action).sort()).toEqual(["sync.completed", "sync.started"]);
  expect(await entriesOf(id)).toEqual([]);
});
