import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { closePool, db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { calendarEvents, connections, externalLinks, syncSettings } from "@/db/schema/integrations";
import type { ConflictRule } from "@/lib/integrations/contract";
import { goOn } from "@/lib/sync/service";
import { makeContact } from "../../support/factories";
import { referenceCalendar, referenceCrm } from "../../support/reference-tool/providers";
import {
  connect,
  connectionNow,
  entriesOf,
  linksOf,
  run,
  runsOf,
  type SyncBench,
  startBench,
} from "./sync-bench";

// What comes in: mirrors of calendars, and records that both sides change, on a clock that the test moves.

let bench: SyncBench;

beforeAll(async () => {
  bench = await startBench();
});

afterEach(async () => {
  bench.tool.heal();
  bench.tool.clear();
  await db().delete(connections).where(eq(connections.workspaceId, bench.workspace.id));
  await db().delete(contacts).where(eq(contacts.workspaceId, bench.workspace.id));
});

afterAll(async () => {
  await closePool();
  await bench.stop();
});

const event = (n: number) => ({
  title: `Event ${n}`,
  startsAt: "2027-01-05T09:00:00Z",
  endsAt: "2027-01-05T10:00:00Z",
});

const calendar = (calendars: readonly string[] = ["work"]) => {
  bench.clock.at = new Date();
  return connect(bench, referenceCalendar, {
    connection: { ownerUserId: bench.workspace.admin.userId },
    settings: { options: { calendars } },
  });
};

const eventsOf = (connectionId: string) =>
  db().select().from(calendarEvents).where(eq(calendarEvents.connectionId, connectionId));

const putEvents = (count: number, place = "work") =>
  Array.from({ length: count }, (_, n) => bench.tool.put("events", event(n), { place }));

test("a calendar is read page by page, and from then on only what changes", async () => {
  const made = putEvents(250);
  const id = await calendar();
  await run(bench, id, "initial");
  expect(await eventsOf(id)).toHaveLength(250);
  expect(await runsOf(id)).toMatchObject([{ status: "succeeded", createdCount: 250 }]);
  bench.clock.move(60);
  const calls = bench.tool.calls.length;
  await run(bench, id);
  expect(bench.tool.calls.length).toBe(calls + 1);
  // Nothing new: it looked, and left no line.
  expect(await runsOf(id)).toHaveLength(1);
  bench.tool.put("events", { title: "Moved" }, { id: made[3]?.id ?? "" });
  bench.tool.remove(made[4]?.id ?? "");
  bench.clock.move(60);
  await run(bench, id);
  const titles = (await eventsOf(id)).map(({ title }) => title);
  expect(titles).toHaveLength(249);
  expect(titles).toContain("Moved");
});

test("a run that was ended between two pages goes on with the next one", async () => {
  putEvents(250);
  const id = await calendar();
  bench.tool.fail({ path: "/events", kind: "status", status: 503, times: 1, skip: 1 });
  await run(bench, id, "initial");
  expect(await eventsOf(id)).toHaveLength(100);
  bench.clock.move(61);
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(250);
});

test("what changes while a whole reading is under way is in it, and nothing of it is removed", async () => {
  const made = putEvents(250);
  const id = await calendar();
  bench.tool.fail({ path: "/events", kind: "status", status: 503, times: 1, skip: 1 });
  await run(bench, id, "initial");
  bench.tool.put("events", { title: "Changed meanwhile" }, { id: made[0]?.id ?? "" });
  bench.tool.put("events", event(999), { place: "work" });
  bench.clock.move(61);
  await run(bench, id);
  const titles = (await eventsOf(id)).map(({ title }) => title);
  expect(titles).toHaveLength(251);
  expect(titles).toContain("Changed meanwhile");
});

test("a cursor that the tool forgot means a whole reading, after which what it did not meet is gone", async () => {
  const made = putEvents(150);
  const id = await calendar();
  await run(bench, id, "initial");
  for (const { id: eventId } of made.slice(0, 5)) bench.tool.remove(eventId);
  bench.tool.expireCursors();
  bench.clock.move(60);
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(145);
});

test("the brake stops before a large part would be removed, and goes on when somebody says so", async () => {
  const made = putEvents(150);
  const id = await calendar();
  await run(bench, id, "initial");
  for (const { id: eventId } of made.slice(0, 60)) bench.tool.remove(eventId);
  bench.tool.expireCursors();
  bench.clock.move(60);
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(150);
  const stopped = (await runsOf(id)).at(-1);
  expect(stopped).toMatchObject({ errorCode: "conflict", failedCount: 0 });
  expect(stopped?.status).toBe("failed");
  const told = await bench.apart
    .sql`select body from notifications where workspace_id = ${bench.workspace.id}
    and type = 'sync_error'`;
  expect(told).toHaveLength(1);
  await goOn(await bench.workspace.admin.ctx(bench.clock.now), { runId: stopped?.id ?? "" });
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(90);
});

test("the brake also counts removals that come one by one", async () => {
  const made = putEvents(150);
  const id = await calendar();
  await run(bench, id, "initial");
  for (const { id: eventId } of made.slice(0, 60)) bench.tool.remove(eventId);
  bench.clock.move(60);
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(150);
});

test("a calendar that nobody chose any more is forgotten, whatever its size", async () => {
  putEvents(150);
  putEvents(10, "home");
  const id = await calendar(["work", "home"]);
  await run(bench, id, "initial");
  expect(await eventsOf(id)).toHaveLength(160);
  await db()
    .update(syncSettings)
    .set({ options: { calendars: ["home"] } })
    .where(eq(syncSettings.connectionId, id));
  bench.clock.move(60);
  await run(bench, id);
  expect(await eventsOf(id)).toHaveLength(10);
});

test("an event that cannot be read is put aside, and the rest of the page is kept", async () => {
  putEvents(3);
  bench.tool.put("events", { title: 7 }, { place: "work" });
  const id = await calendar();
  await run(bench, id, "initial");
  expect(await eventsOf(id)).toHaveLength(3);
  expect(await runsOf(id)).toMatchObject([{ status: "partial", createdCount: 3, failedCount: 1 }]);
});

// --- Both ways --------------------------------------------------------------------------------------------------

async function twoWay(conflictRule: ConflictRule = "tool_wins") {
  const id = await connect(bench, referenceCrm, {
    settings: { direction: "two_way", conflictRule },
  });
  const email = `${conflictRule}@lindt.example`;
  const contact = await makeContact(bench.workspace, {
    name: "Mara Lindt",
    email,
    company: "Lindt",
  });
  const { offerAll } = await import("@/lib/events/offer");
  await db().transaction((tx) =>
    offerAll(tx, bench.workspace.id, [
      { topic: "contact.changed", objectId: contact, connectionId: id },
    ]),
  );
  bench.clock.at = new Date();
  await run(bench, id);
  const [link] = await linksOf(id);
  if (!link) throw new Error("there is no link");
  const offer = async () => {
    await db().transaction((tx) =>
      offerAll(tx, bench.workspace.id, [
        { topic: "contact.changed", objectId: contact, connectionId: id },
      ]),
    );
    bench.clock.at = new Date();
  };
  return { id, contact, externalId: link.externalId, offer };
}

async function contactNow(id: string) {
  const [row] = await db()
    .select()
    .from(contacts)
    .where(and(eq(contacts.id, id), eq(contacts.workspaceId, bench.workspace.id)));
  return row;
}

const theirs = (externalId: string) =>
  bench.tool.records("contacts").find(({ id }) => id === externalId)?.fields;

test("our own writing that comes back is not a change", async () => {
  const { id } = await twoWay();
  bench.clock.move(60);
  await run(bench, id);
  const writes = bench.tool.calls.filter(({ what }) => /^(POST|PUT)/.test(what));
  expect(writes).toHaveLength(1);
  expect((await runsOf(id)).length).toBe(1);
});

test("a change over there comes here, and is not sent back", async () => {
  const { id, contact, externalId } = await twoWay();
  bench.tool.put("contacts", { company: "Lindt & Co" }, { id: externalId });
  bench.clock.move(60);
  await run(bench, id);
  await run(bench, id);
  expect(await contactNow(contact)).toMatchObject({ company: "Lindt & Co" });
  expect(bench.tool.calls.filter(({ what }) => what.startsWith("PUT"))).toEqual([]);
});

test("fields that only one side changed are both kept", async () => {
  const { id, contact, externalId, offer } = await twoWay();
  await db().update(contacts).set({ title: "Buyer" }).where(eq(contacts.id, contact));
  bench.tool.put("contacts", { company: "Lindt & Co" }, { id: externalId });
  await offer();
  await run(bench, id);
  bench.clock.move(61);
  await run(bench, id);
  expect(await contactNow(contact)).toMatchObject({ title: "Buyer", company: "Lindt & Co" });
  expect(theirs(externalId)).toMatchObject({ title: "Buyer", company: "Lindt & Co" });
});

test.each([
  ["tool_wins", "Theirs", 0],
  ["harmony_wins", "Ours", 0],
  ["most_recent", "Ours", -3600],
  ["most_recent", "Theirs", 3600],
] as const)("both changed a field, %s: %s stays, on both sides", async (rule, winner, seconds) => {
  const { id, contact, externalId, offer } = await twoWay(rule);
  const now = new Date();
  await db()
    .update(contacts)
    .set({ company: "Ours", updatedAt: now })
    .where(eq(contacts.id, contact));
  bench.tool.put(
    "contacts",
    { company: "Theirs" },
    { id: externalId, modifiedAt: new Date(now.getTime() + seconds * 1000) },
  );
  await offer();
  await run(bench, id);
  bench.clock.move(61);
  await run(bench, id);
  bench.clock.move(61);
  await run(bench, id);
  expect(await contactNow(contact)).toMatchObject({ company: winner });
  expect(theirs(externalId)).toMatchObject({ company: winner });
  const conflicts = (await entriesOf(id)).filter(({ action }) => action === "conflict");
  expect(conflicts).toMatchObject([
    { details: { field: "company", harmony: "Ours", tool: "Theirs" } },
  ]);
});

test("an empty value never overwrites a filled one", async () => {
  const { id, contact, externalId } = await twoWay();
  bench.tool.put("contacts", { company: "" }, { id: externalId });
  bench.clock.move(60);
  await run(bench, id);
  expect(await contactNow(contact)).toMatchObject({ company: "Lindt" });
});

test("what is deleted over there is unlinked, kept here, and not made again by itself", async () => {
  const { id, contact, externalId, offer } = await twoWay();
  bench.tool.remove(externalId);
  bench.clock.move(60);
  await run(bench, id);
  expect(await linksOf(id)).toMatchObject([{ state: "gone" }]);
  expect(await contactNow(contact)).toBeDefined();
  await db().update(contacts).set({ title: "Buyer" }).where(eq(contacts.id, contact));
  await offer();
  await run(bench, id);
  expect(bench.tool.records("contacts")).toEqual([]);
  expect(await connectionNow(id)).toMatchObject({ status: "connected" });
});

test("what is linked while a page is on its way is not taken for deleted", async () => {
  const { id, externalId } = await twoWay();
  bench.tool.expireCursors();
  // The first call hears that the cursor is no longer known; the second begins a whole reading.
  bench.tool.fail({ method: "GET", path: "/contacts", kind: "hold_after", skip: 1, times: 1 });
  bench.clock.move(60);
  const reading = run(bench, id);
  await vi.waitFor(() => expect(bench.tool.heldCount()).toBe(1), 10_000);
  bench.clock.move(1);
  const made = bench.tool.put("contacts", { name: "Nils Berg", email: "nils@berg.example" });
  const contact = await makeContact(bench.workspace, {
    name: "Nils Berg",
    email: "nils@berg.example",
    company: "Berg",
  });
  await db().insert(externalLinks).values({
    workspaceId: bench.workspace.id,
    connectionId: id,
    objectType: "contact",
    objectId: contact,
    externalType: "contact",
    externalId: made.id,
    lastSyncedAt: bench.clock.at,
    createdAt: bench.clock.at,
  });
  bench.clock.move(1);
  bench.tool.answerHeld();
  await reading;
  const states = (await linksOf(id)).map((link) => [link.externalId, link.state]);
  expect(states.sort()).toEqual(
    [
      [externalId, "linked"],
      [made.id, "linked"],
    ].sort(),
  );
});

test("a contact that is there already is recognised by its address", async () => {
  bench.tool.put("contacts", {
    name: "Emil Brandt",
    email: "EMIL@brandt.example",
    company: "Brandt",
  });
  const contact = await makeContact(bench.workspace, {
    name: "Emil Brandt",
    email: "emil@brandt.example",
  });
  const id = await connect(bench, referenceCrm, { settings: { direction: "two_way" } });
  bench.clock.at = new Date();
  await run(bench, id, "initial");
  expect(await contactNow(contact)).toMatchObject({ company: "Brandt" });
  expect(await linksOf(id)).toMatchObject([{ objectId: contact }]);
});
