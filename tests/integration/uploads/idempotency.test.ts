import { beforeAll, describe, expect, test } from "vitest";
import { sweepRows } from "@/lib/processing/maintenance";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeForm,
  makeKey,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { storedFiles } from "../../support/invariants";
import type { Answer } from "../../support/openapi-check";
import { sql } from "../../support/pg";

let lane: Api;
let next: Api;
let workspace: TestWorkspace;
const vtt = makeVtt();

beforeAll(async () => {
  [lane, next] = await Promise.all([makeApi(doors[0].url), makeApi(doors[1].url)]);
});

async function newKey(): Promise<string> {
  workspace = await makeWorkspace();
  return (await makeKey(workspace.admin)).token;
}

const form = (fields: Record<string, string> = {}, content = vtt, name = "a.vtt") =>
  makeForm(content, name, fields);

async function meetingCount(): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from meetings where workspace_id = ${workspace.id}`;
  expect(await storedFiles(workspace.id)).toHaveLength(row?.n ?? 0);
  return row?.n ?? 0;
}

/** Origin apart, since each server names its own. */
const seen = (answer: Answer) => [answer.status, answer.text];

describe("an Idempotency-Key", () => {
  test("repeats the first answer through either door, and makes one meeting", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "once" };
    const first = await lane.with({ key }).upload(form({ title: "One" }), headers);
    expect(first.status).toBe(202);
    for (const api of [lane, next, lane])
      expect(seen(await api.with({ key }).upload(form({ title: "One" }), headers))).toEqual(
        seen(first),
      );
    expect(await meetingCount()).toBe(1);
  });

  test("fields in another order are the same request", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "order" };
    const api = lane.with({ key });
    const first = await api.upload(form({ title: "One", medium: "other" }), headers);
    const again = await api.upload(form({ medium: "other", title: "One" }), headers);
    expect(seen(again)).toEqual(seen(first));
    expect(await meetingCount()).toBe(1);
  });

  test.for([
    ["another title", () => form({ title: "Two" })],
    ["a field more", () => form({ title: "One", medium: "other" })],
    ["a field less", () => form()],
    ["another file", () => form({ title: "One" }, makeVtt(5))],
  ] as const)("with %s is refused, and the first meeting stays alone", async ([, other]) => {
    const key = await newKey();
    const headers = { "idempotency-key": "twice" };
    await lane.with({ key }).upload(form({ title: "One" }), headers);
    for (const api of [lane, next]) {
      const answer = await api.with({ key }).upload(other(), headers);
      expect(answer.status).toBe(409);
      expect(errorOf(answer)).toMatchObject({
        code: "conflict",
        details: { reason: "idempotency_key_reused" },
      });
    }
    expect(await meetingCount()).toBe(1);
  });

  test("ten twins at once, over both doors, make one meeting and get one answer", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "twins" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? lane : next).with({ key }).upload(form({ title: "One" }), headers),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await meetingCount()).toBe(1);
    const [jobs] = await sql<{ n: number }[]>`select count(*)::int as n from pgboss.job
      where name = 'meeting.process' and data ->> 'workspaceId' = ${workspace.id}`;
    expect(jobs?.n).toBe(1);
  });

  test("ten at once with different files: one wins, the others conflict", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "rivals" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        lane.with({ key }).upload(form({}, makeVtt(n + 1)), headers),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array(9).fill(409)]);
    expect(await meetingCount()).toBe(1);
  });

  test("belongs to its credential: another key of the workspace starts anew", async () => {
    const key = await newKey();
    const other = (await makeKey(workspace.admin)).token;
    const headers = { "idempotency-key": "mine" };
    const one = await lane.with({ key }).upload(form(), headers);
    const two = await lane.with({ key: other }).upload(form({ title: "Other" }), headers);
    expect([one.status, two.status]).toEqual([202, 202]);
    expect(await meetingCount()).toBe(2);
  });

  test("a refused request does not use it up", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "again" };
    const api = lane.with({ key });
    expect((await api.upload(form({ medium: "wrong" }), headers)).status).toBe(400);
    expect((await api.upload(form({}, "%PDF-1.7"), headers)).status).toBe(415);
    expect((await api.upload(form({ team_id: "team_x" }), headers)).status).toBe(400);
    expect((await api.upload(form(), headers)).status).toBe(202);
    expect(await meetingCount()).toBe(1);
  });

  test("is free again after 24 hours, and not before", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "tomorrow" };
    const api = lane.with({ key });
    const first = await api.upload(form(), headers);
    const age = (interval: string) =>
      sql`update idempotency_records set created_at = now() - ${interval}::interval
        where workspace_id = ${workspace.id}`;
    await age("23 hours 59 minutes");
    await sweepRows();
    expect(seen(await api.upload(form(), headers))).toEqual(seen(first));
    await age("24 hours 1 minute");
    await sweepRows();
    const second = await api.upload(form({ title: "New" }), headers);
    expect(second.status).toBe(202);
    expect(second.text).not.toBe(first.text);
    expect(await meetingCount()).toBe(2);
  });

  test("is free after 24 hours even before the hourly sweep has come by", async () => {
    const key = await newKey();
    const headers = { "idempotency-key": "unswept" };
    const api = lane.with({ key });
    await api.upload(form(), headers);
    await sql`update idempotency_records set created_at = now() - interval '25 hours'
      where workspace_id = ${workspace.id}`;
    const answers = await Promise.all([
      api.upload(form({ title: "New" }), headers),
      api.upload(form({ title: "New" }), headers),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(await meetingCount()).toBe(2);
  });

  test("has 1 to 255 characters", async () => {
    const key = await newKey();
    for (const api of [lane.with({ key }), next.with({ key })]) {
      for (const length of [0, 256, 3000]) {
        const headers = { "idempotency-key": "k".repeat(length) };
        const answer = await api.upload(form(), headers);
        expect([length, answer.status]).toEqual([length, 400]);
        expect(errorOf(answer).details.fields).toHaveProperty("idempotency-key");
      }
      for (const length of [1, 255]) {
        const headers = { "idempotency-key": "k".repeat(length) };
        expect((await api.upload(form(), headers)).status).toBe(202);
      }
    }
    expect(await meetingCount()).toBe(2);
  });

  test("is stored only as a hash, and the answer is forgotten with its workspace", async () => {
    const key = await newKey();
    await lane.with({ key }).upload(form(), { "idempotency-key": "a secret word" });
    const [row] = await sql`select row_to_json(r)::text as text from idempotency_records r
      where workspace_id = ${workspace.id}`;
    expect(row?.text).not.toContain("a secret word");
  });

  test("without one, two equal uploads are two meetings", async () => {
    const key = await newKey();
    await lane.with({ key }).upload(form());
    await lane.with({ key }).upload(form());
    expect(await meetingCount()).toBe(2);
  });
});
