import { Readable } from "node:stream";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Context } from "@/lib/auth/principal";
import { storage } from "@/lib/storage/storage";
import { judgeFile } from "@/lib/uploads/judge-file";
import { type AroundMeeting, takeFile } from "@/lib/uploads/take-file";
import { makeVtt, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";

// The step in which a file that has arrived becomes a meeting, with the trouble that doors cannot make.

const never = new AbortController().signal;
const vtt = makeVtt();
let workspace: TestWorkspace;
let ctx: Context;

beforeAll(async () => {
  workspace = await makeWorkspace();
  ctx = await workspace.admin.ctx();
});
beforeEach(async () => {
  await sql`delete from meetings where workspace_id = ${workspace.id}`;
});

async function arrived() {
  const fileName = "call.vtt";
  const file = await storage().stage(Readable.from([vtt]), never);
  return {
    ...({ source: "api", fields: {}, fileName, file } as const),
    judged: await judgeFile(file, fileName),
  };
}

const take = async (around: AroundMeeting) => {
  const given = await arrived();
  return { given, taking: takeFile(ctx, given, around) };
};

const meetings = () => sql`select id from meetings where workspace_id = ${workspace.id}`;

test("the bytes have their lasting place before the transaction begins, and no staged copy is left", async () => {
  const before = await storedFiles(workspace.id);
  let duringIt: string[] = [];
  const { given, taking } = await take({
    before: async () => {
      duringIt = await storedFiles(workspace.id);
      return null;
    },
  });
  const { id } = JSON.parse((await taking).text) as { id: string };
  expect(duringIt).toEqual([...before, id]);
  expect(await storedFiles(workspace.id)).toEqual([...before, id]);
  await expect(given.file.readAll(1_000_000)).rejects.toThrow();
});

test("a database that fails in the middle leaves neither meeting nor lasting file, but what arrived", async () => {
  const before = await storedFiles(workspace.id);
  const { given, taking } = await take({
    after: async () => {
      throw new Error("the database went away");
    },
  });
  await expect(taking).rejects.toThrow("the database went away");
  expect(await meetings()).toEqual([]);
  expect(await storedFiles(workspace.id)).toEqual(before);
  expect((await given.file.readAll(1_000_000)).toString()).toBe(vtt);
  await given.file.discard();
});

test("a commit that fails leaves nothing either", async () => {
  const before = await storedFiles(workspace.id);
  const { given, taking } = await take({
    after: async (tx) => {
      // Checked when the transaction commits.
      await tx.execute(
        "create temporary table late (id int primary key deferrable initially deferred) on commit drop",
      );
      await tx.execute("insert into late values (1), (1)");
    },
  });
  await expect(taking).rejects.toThrow();
  expect(await meetings()).toEqual([]);
  expect(await storedFiles(workspace.id)).toEqual(before);
  expect((await given.file.readAll(1_000_000)).toString()).toBe(vtt);
  await given.file.discard();
});

test("a repeat that is known already makes no meeting and keeps no bytes", async () => {
  const before = await storedFiles(workspace.id);
  const { given, taking } = await take({ before: async () => '{"id":"known"}' });
  expect((await taking).text).toBe('{"id":"known"}');
  expect(await meetings()).toEqual([]);
  expect(await storedFiles(workspace.id)).toEqual(before);
  await expect(given.file.readAll(1_000_000)).rejects.toThrow();
});
