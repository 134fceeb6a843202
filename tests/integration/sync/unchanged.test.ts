import { afterAll, beforeAll, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { newId } from "@/lib/core/ids";
import { offerAll } from "@/lib/events/offer";
import { referenceCrm } from "../../support/reference-tool/providers";
import { connect, itemsOf, run, runsOf, type SyncBench, startBench } from "./sync-bench";

const records = 1000;
let bench: SyncBench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await closePool();
  await bench.stop();
});

test("what the tool has already is not sent: a thousand records, no call", async () => {
  const id = await connect(bench, referenceCrm);
  const workspaceId = bench.workspace.id;
  const rows = Array.from({ length: records }, (_, n) => ({
    id: newId("contact"),
    workspaceId,
    name: `Contact ${n}`,
  }));
  await db().insert(contacts).values(rows);
  const offer = async () => {
    const offers = rows.map((row) => ({
      topic: "contact.changed",
      objectId: row.id,
      connectionId: id,
    }));
    await db().transaction((tx) => offerAll(tx, workspaceId, offers));
    bench.clock.at = new Date();
  };
  await offer();
  await run(bench, id);
  expect(bench.tool.records("contacts")).toHaveLength(records);
  const calls = bench.tool.calls.length;
  await offer();
  await run(bench, id);
  expect(bench.tool.calls.length).toBe(calls);
  expect((await itemsOf(id)).every(({ state }) => state === "done")).toBe(true);
  const [first, second] = await runsOf(id);
  expect(first).toMatchObject({ createdCount: records, skippedCount: 0 });
  expect(second).toMatchObject({ createdCount: 0, updatedCount: 0, skippedCount: records });
}, 120_000);
