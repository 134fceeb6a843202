import * as client from "openid-client";
import { describe, expect, inject, test } from "vitest";
import { routes } from "@/app/api/v1/routes";
import { revokeApiKey } from "@/lib/api-keys/service";
import type { ApiUsage } from "@/lib/api-usage/schema";
import { wordsOfOperation } from "@/lib/api-usage/schema";
import { exportApiUsage, readApiUsage } from "@/lib/api-usage/service";
import { sweepRows } from "@/lib/processing/maintenance";
import { connectApp, discover, makeApp } from "@/tests/integration/oauth-server/oauth-client";
import {
  makeAccount,
  makeClient,
  makeToken,
} from "@/tests/integration/service-accounts/service-account";
import { doors } from "@/tests/support/doors";
import { makeKey, makeMeeting, makeMember, makeWorkspace } from "@/tests/support/factories";
import { sql } from "@/tests/support/pg";
import { makeTus } from "@/tests/support/tus";
import { waitFor } from "@/tests/support/wait-for";

// What programs asked of the API, as the admins of the workspace read it.

const laneUrl = inject("laneUrl");

function ask(token: string, path: string, url = laneUrl): Promise<number> {
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }).then(
    ({ status }) => status,
  );
}

const total = (usage: ApiUsage) =>
  usage.days.reduce((sum, day) => sum + day.answered + day.refused + day.limited + day.failed, 0);

type TestContext = Parameters<typeof readApiUsage>[0];

/** The use, as soon as every one of `requests` has been written: each process does so every few seconds. */
function usageOf(ctx: TestContext, requests: number, program: string | null = null) {
  return waitFor(
    `${requests} requests to be counted`,
    async () => {
      const usage = await readApiUsage(ctx, program);
      return total(usage) >= requests && usage;
    },
    20_000,
  );
}

const nothing = { answered: 0, refused: 0, limited: 0, failed: 0 };

describe.each(doors)("through the $door door", ({ url }) => {
  test("requests are counted by how they were answered, by program and by operation", async () => {
    const workspace = await makeWorkspace({ plan: "solo" });
    const ctx = await workspace.admin.ctx();
    const meeting = await makeMeeting(workspace);
    const key = await makeKey(workspace.admin, { access: "read" });
    expect(await ask(key.token, "/v1/meetings", url)).toBe(200);
    expect(await ask(key.token, `/v1/meetings/${meeting.id}`, url)).toBe(200);
    expect(await ask(key.token, "/v1/meetings?per_page=x", url)).toBe(400);
    expect(await ask(key.token, "/v1/meetings/mtg_none", url)).toBe(404);
    for (let sent = 4; sent < 20; sent += 1) await ask(key.token, "/v1/contacts", url);
    expect(await ask(key.token, "/v1/contacts", url)).toBe(429);
    const usage = await usageOf(ctx, 21);
    const used = { answered: 18, refused: 2, limited: 1, failed: 0 };
    expect(usage.limitPerMinute).toBe(20);
    expect(usage.programs).toEqual([
      {
        ...used,
        id: key.id,
        kind: "api_key",
        name: "Test key",
        masked: expect.stringMatching(/^hk_live_\w{4}…\w{4}$/),
        account: null,
        people: null,
      },
    ]);
    expect(usage.operations).toEqual([
      { ...nothing, operation: "listContacts", answered: 16, limited: 1 },
      { ...nothing, operation: "getMeeting", answered: 1, refused: 1 },
      { ...nothing, operation: "listMeetings", answered: 1, refused: 1 },
    ]);
    expect(usage.days).toHaveLength(30);
    expect(usage.days.at(-1)).toEqual({ ...used, day: new Date().toISOString().slice(0, 10) });
    expect(usage.days.slice(0, -1).every(({ answered }) => answered === 0)).toBe(true);
  });
});

test("what is not a program's request is not counted: own pages, wrong and revoked credentials, unknown paths", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const [key, revoked] = [await makeKey(workspace.admin), await makeKey(workspace.admin)];
  expect(await ask(revoked.token, "/v1/meetings")).toBe(200);
  await revokeApiKey(ctx, { id: revoked.id });
  expect(await ask(revoked.token, "/v1/meetings")).toBe(401);
  expect(await ask("hk_live_wrong", "/v1/meetings")).toBe(401);
  expect(await ask(key.token, "/v1/nothing")).toBe(404);
  const { cookie } = workspace.admin;
  expect((await fetch(`${laneUrl}/api/v1/meetings`, { headers: { cookie } })).status).toBe(200);
  expect(await ask(key.token, "/v1/meetings")).toBe(200);
  const usage = await usageOf(ctx, 2);
  expect(usage.programs.map(({ id, answered }) => [id, answered]).sort()).toEqual(
    [
      [key.id, 1],
      [revoked.id, 1],
    ].sort(),
  );
  expect(total(usage)).toBe(2);
});

test("an app counts for all its people together, a service account's token and client for themselves", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const member = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const accountId = await makeAccount(workspace);
  const token = await makeToken(workspace.admin, accountId);
  const made = await makeClient(workspace.admin, accountId);
  for (const person of [workspace.admin, member]) {
    const { tokens } = await connectApp(person, app);
    expect(await ask(tokens.access_token, "/v1/meetings")).toBe(200);
  }
  expect(await ask(token.token, "/v1/meetings")).toBe(200);
  const config = await discover({ clientId: made.clientId, clientSecret: made.clientSecret });
  const { access_token } = await client.clientCredentialsGrant(config);
  for (let sent = 0; sent < 3; sent += 1) expect(await ask(access_token, "/v1/contacts")).toBe(200);
  const usage = await usageOf(ctx, 6);
  expect(usage.programs.map(({ masked: _masked, ...program }) => program)).toEqual([
    {
      ...{ ...nothing, answered: 3 },
      id: accountId,
      kind: "service_account",
      name: "Warehouse sync",
      ...{ account: null, people: null },
    },
    {
      ...{ ...nothing, answered: 2 },
      id: app.clientId,
      kind: "oauth_app",
      name: expect.any(String),
      ...{ account: null, people: 2 },
    },
    {
      ...{ ...nothing, answered: 1 },
      id: token.id,
      kind: "api_key",
      name: "Nightly",
      ...{ account: "Warehouse sync", people: null },
    },
  ]);
  const ofApp = await readApiUsage(ctx, app.clientId);
  expect(total(ofApp)).toBe(2);
  expect(ofApp.operations.map(({ operation }) => operation)).toEqual(["listMeetings"]);
  expect(ofApp.programs).toHaveLength(3);
  expect(total(await readApiUsage(ctx, "key_none"))).toBe(0);
});

test("what a key sends to the resumable door is counted, and what is refused there", async () => {
  const workspace = await makeWorkspace();
  const [writes, reads] = [
    await makeKey(workspace.admin),
    await makeKey(workspace.admin, { access: "read" }),
  ];
  const tus = makeTus(laneUrl, { authorization: `Bearer ${writes.token}` });
  const path = await tus.begin(10);
  expect((await tus.head(path)).status).toBe(200);
  const refused = makeTus(laneUrl, { authorization: `Bearer ${reads.token}` });
  expect((await refused.head(path)).status).toBe(403);
  const usage = await usageOf(await workspace.admin.ctx(), 3);
  expect(usage.operations).toEqual([
    { ...nothing, operation: "resumableUpload", answered: 2, refused: 1 },
  ]);
});

test("the file has every credential, day and operation of 30 days, also past a thousand lines", async () => {
  const workspace = await makeWorkspace();
  const other = await makeWorkspace();
  await sql`insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
    select w, 'key_gone' || n, (now() at time zone 'UTC')::date - age, op, 1, 2, 3, 4
    from unnest(array[${workspace.id}, ${other.id}]) w, generate_series(1, 25) n, generate_series(0, 30) age,
      unnest(array['listMeetings', 'getMeeting']) op`;
  const rows = [];
  const ctx = await workspace.admin.ctx();
  for await (const page of exportApiUsage(ctx)) rows.push(...page);
  expect(rows).toHaveLength(25 * 30 * 2);
  expect(new Set(rows.map((row) => `${row.credentialId} ${row.day} ${row.operation}`)).size).toBe(
    1500,
  );
  expect(rows[0]).toMatchObject({
    ...{ answered: 1, refused: 2, limited: 3, failed: 4 },
    ...{ kind: "removed", name: "Removed", id: "key_gone1", operation: "getMeeting" },
  });
  const { cookie } = workspace.admin;
  const file = await fetch(`${laneUrl}/settings/integrations/api/usage/export`, {
    headers: { cookie },
  });
  expect(file.headers.get("content-disposition")).toMatch(/harmony-api-usage-\d{4}-\d\d-\d\d\.csv/);
  const lines = (await file.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(1501);
  expect(lines[0]).toBe(
    "day_utc,program_type,program,program_id,credential_id,operation,answered,refused,rate_limited,failed",
  );
});

test("somebody without the right to read keys gets neither page nor file, and nobody another workspace's", async () => {
  const workspace = await makeWorkspace();
  const other = await makeWorkspace();
  const key = await makeKey(workspace.admin);
  expect(await ask(key.token, "/v1/meetings")).toBe(200);
  await usageOf(await workspace.admin.ctx(), 1);
  expect(await readApiUsage(await other.admin.ctx(), key.id)).toMatchObject({
    programs: [],
    operations: [],
  });
  const user = await makeMember(workspace, { role: "user" });
  await expect(readApiUsage(await user.ctx(), null)).rejects.toMatchObject({ code: "forbidden" });
  const { cookie } = user;
  const path = "/settings/integrations/api/usage";
  const page = await fetch(`${laneUrl}${path}`, { headers: { cookie } });
  expect(await page.text()).not.toContain(key.id);
  expect((await fetch(`${laneUrl}${path}/export`, { headers: { cookie } })).status).toBe(403);
  expect((await fetch(`${laneUrl}${path}/export`)).status).toBe(401);
});

test("the hourly sweep takes counts that are older than 30 days", async () => {
  const workspace = await makeWorkspace();
  await sql`insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
    select ${workspace.id}, 'key_x', (now() at time zone 'UTC')::date - age, 'getMeeting', 1, 0, 0, 0
    from unnest(array[0, 30, 31]) age`;
  await Promise.all([sweepRows(), sweepRows()]);
  const left = await sql`select (now() at time zone 'UTC')::date - day as age from api_usage
    where workspace_id = ${workspace.id} order by age`;
  expect(left.map(({ age }) => age)).toEqual([0, 30]);
});

test("every operation of the API has plain words", () => {
  const operations = routes.flatMap(([, route]) =>
    [route.GET.spec, route.POST.spec].flatMap((spec) =>
      spec && spec.scope !== "public" ? [spec.docs.id] : [],
    ),
  );
  expect(operations.length).toBeGreaterThan(10);
  expect(operations.filter((operation) => wordsOfOperation(operation) === operation)).toEqual([]);
});
