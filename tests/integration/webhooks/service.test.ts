import { createHmac } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import type { Context } from "@/lib/auth/principal";
import { emit } from "@/lib/events/emit";
import { eventTypes } from "@/lib/events/schema";
import { closeOutbound } from "@/lib/outbound/outbound-client";
import { type WebhookInput, webhookInput } from "@/lib/webhooks/schema";
import { currentSecrets, finishRotations } from "@/lib/webhooks/secrets";
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  pauseWebhook,
  reEnableWebhook,
  regenerateSecret,
  resumeWebhook,
  switchSecretNow,
  updateWebhook,
} from "@/lib/webhooks/service";
import { sendTest, testUrl } from "@/lib/webhooks/try-out";
import {
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { hang, type Receiver, startReceiver, status } from "../../support/receiver";
import { waitFor } from "../../support/wait-for";

let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());
afterAll(() => closeOutbound());

/** What the form sends, with defaults for what is left out. */
function input(values: Partial<WebhookInput> = {}): WebhookInput {
  return webhookInput.parse({ url: receiver.url, events: ["meeting.processed"], ...values });
}

async function auditOf(workspaceId: string): Promise<string[]> {
  const rows = await sql<{ action: string }[]>`select action from audit_events
    where workspace_id = ${workspaceId} and action like 'webhook.%' order by at, id`;
  return rows.map(({ action }) => action);
}

async function rowOf(id: string) {
  const [row] = await db().select().from(webhooks).where(eq(webhooks.id, id));
  if (!row) throw new Error("the webhook is not there");
  return row;
}

const deliveriesOf = (id: string) =>
  db().select().from(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id));

async function emitProcessed(workspace: TestWorkspace): Promise<void> {
  const meeting = await makeMeeting(workspace);
  await db().transaction((tx) =>
    emit(tx, {
      workspaceId: workspace.id,
      type: "meeting.processed",
      data: { meeting_id: meeting.id, title: meeting.title, duration: 1800 },
    }),
  );
}

const hour = 3_600_000;
const later = (ms: number) => () => new Date(Date.now() + ms);

describe("adding a webhook", () => {
  test("needs URL and events only: the name is the host, and everything passes the filters", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const made = await createWebhook(ctx, input({ url: "https://hooks.example.com:8443/in?t=1" }));
    expect(await listWebhooks(ctx)).toMatchObject([
      {
        id: made.id,
        name: "hooks.example.com:8443",
        url: "https://hooks.example.com:8443/in?t=1",
        events: ["meeting.processed"],
        teamIds: [],
        userIds: [],
        sources: [],
        minDurationSeconds: null,
        status: "active",
        secretLast4: made.secret.slice(-4),
        rotation: null,
        createdBy: admin.name,
      },
    ]);
    expect(await auditOf(workspaceId)).toEqual(["webhook.created"]);
  });

  test("shows the secret once: the table holds it sealed, and the audit trail neither it nor the URL's path", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const made = await createWebhook(
      await admin.ctx(),
      input({ url: "https://hooks.example.com/path-token?query-token" }),
    );
    expect(made.secret).toMatch(/^whsec_[0-9A-Za-z+/]{43}=$/);
    const [stored] = await sql`select row_to_json(w)::text as text from webhooks w
      where id = ${made.id}`;
    expect(stored?.text).not.toContain(made.secret.slice("whsec_".length, -4));
    expect(currentSecrets(await rowOf(made.id), new Date())).toEqual({
      current: made.secret,
      next: null,
    });
    const [audit] = await sql`select row_to_json(a)::text as text from audit_events a
      where workspace_id = ${workspaceId} and action = 'webhook.created'`;
    expect(audit?.text).toContain("hooks.example.com");
    expect(audit?.text).not.toMatch(/path-token|query-token|whsec_/);
  });

  test.for([
    "not a url",
    "ftp://example.com/x",
    "https://user:word@example.com/",
    "http://10.0.0.1/hook",
    "https://169.254.169.254/latest",
    "https://intranet/hook",
    "https://example.com:22/",
  ])("%s is refused beside the URL, in words", async (url) => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    await expect(createWebhook(ctx, input({ url }))).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { url: expect.stringMatching(/\w+ \w+ .*\.$/) } },
    });
    expect(await listWebhooks(ctx)).toEqual([]);
  });

  test("the form refuses no URL, no event, an unknown event and a length that is none, each beside its field", () => {
    const refused = webhookInput.safeParse({
      url: " ",
      events: [],
      name: "n".repeat(101),
      min_duration_seconds: 0,
    });
    expect(refused.error?.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["url", "Enter the address that receives the events."],
      ["events", "Choose at least one event."],
      ["name", "At most 100 characters."],
      ["min_duration_seconds", "Choose from 1 minute to 24 hours."],
    ]);
    expect(webhookInput.safeParse({ url: "x", events: ["meeting.done"] }).success).toBe(false);
  });

  test("teams and people of another workspace are as unknown as invented ones", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    const [own, foreign] = [await makeTeam(one), await makeTeam(other)];
    const ctx = await one.admin.ctx();
    for (const unknown of [foreign, "team_invented"]) {
      await expect(createWebhook(ctx, input({ team_ids: [own, unknown] }))).rejects.toMatchObject({
        details: { fields: { team_ids: `Unknown team: ${unknown}.` } },
      });
    }
    for (const unknown of [other.admin.userId, "usr_invented"]) {
      await expect(
        createWebhook(ctx, input({ user_ids: [one.admin.userId, unknown] })),
      ).rejects.toMatchObject({
        details: { fields: { user_ids: `Unknown person: ${unknown}.` } },
      });
    }
    const made = await createWebhook(
      ctx,
      input({ team_ids: [own], user_ids: [one.admin.userId], sources: ["api"] }),
    );
    expect(await getWebhook(ctx, made.id)).toMatchObject({
      teamIds: [own],
      userIds: [one.admin.userId],
      sources: ["api"],
    });
  });
});

describe("the plan's number", () => {
  test.for([
    ["solo", 1, "plus"],
    ["plus", 5, "max"],
  ] as const)(
    "of %s is %i; paused and disabled ones count, deleted ones do not",
    async ([plan, limit, larger]) => {
      const { admin } = await makeWorkspace({ plan });
      const ctx = await admin.ctx();
      const made = [];
      for (let n = 0; n < limit; n += 1) made.push(await createWebhook(ctx, input()));
      const [first, last] = [made[0]?.id ?? "", made.at(-1)?.id ?? ""];
      await pauseWebhook(ctx, { id: first });
      if (last !== first) await sql`update webhooks set status = 'disabled' where id = ${last}`;
      await expect(createWebhook(ctx, input())).rejects.toMatchObject({
        code: "quota_exceeded",
        details: { limit, used: limit, plan, required_plan: larger },
      });
      await deleteWebhook(ctx, { id: first });
      await expect(createWebhook(ctx, input())).resolves.toMatchObject({ id: expect.any(String) });
    },
  );

  test("five at once cannot all take the last place", async () => {
    const { admin, id } = await makeWorkspace({ plan: "plus" });
    const ctx = await admin.ctx();
    for (let n = 0; n < 4; n += 1) await createWebhook(ctx, input());
    // All five stand before the count when the first of them may go on.
    const made = await sql.begin(async (holder) => {
      await holder`select id from workspaces where id = ${id} for update`;
      const five = Array.from({ length: 5 }, () => createWebhook(ctx, input()));
      const settled = Promise.allSettled(five);
      await waitFor("all five to wait", async () => {
        const [waiting] = await sql`select count(*)::int as n from pg_stat_activity
          where wait_event_type = 'Lock' and query like '%"workspaces"%for no key update%'`;
        return waiting?.n >= 5;
      });
      return { settled };
    });
    const ends = (await made.settled).map(({ status }) => status);
    expect(ends.filter((end) => end === "fulfilled")).toHaveLength(1);
    expect(await listWebhooks(ctx)).toHaveLength(5);
  });
});

/** Every change of one webhook, as somebody else may try it. */
const changes: readonly (readonly [string, (ctx: Context, id: string) => Promise<unknown>])[] = [
  ["update", (ctx, id) => updateWebhook(ctx, { ...input(), id })],
  ["pause", (ctx, id) => pauseWebhook(ctx, { id })],
  ["resume", (ctx, id) => resumeWebhook(ctx, { id, send_missed: true })],
  ["re-enable", (ctx, id) => reEnableWebhook(ctx, { id, send_missed: true })],
  ["regenerate the secret", (ctx, id) => regenerateSecret(ctx, { id, overlap: "24h" })],
  ["switch the secret", (ctx, id) => switchSecretNow(ctx, { id })],
  ["send a test", (ctx, id) => sendTest(ctx, { id, event: "meeting.processed" })],
  ["delete", (ctx, id) => deleteWebhook(ctx, { id })],
];

describe("who may do what", () => {
  test("a Team Manager sees webhooks and changes nothing; a User sees nothing", async () => {
    const workspace = await makeWorkspace();
    const { id } = await createWebhook(await workspace.admin.ctx(), input());
    const manager = await (await makeMember(workspace, { role: "manager" })).ctx();
    const user = await (await makeMember(workspace, { role: "user" })).ctx();
    expect(await listWebhooks(manager)).toMatchObject([{ id }]);
    expect(await getWebhook(manager, id)).toMatchObject({ id });
    await expect(listWebhooks(user)).rejects.toMatchObject({ code: "forbidden" });
    await expect(getWebhook(user, id)).rejects.toMatchObject({ code: "forbidden" });
    for (const ctx of [manager, user]) {
      await expect(createWebhook(ctx, input())).rejects.toMatchObject({ code: "forbidden" });
      await expect(testUrl(ctx, { url: receiver.url })).rejects.toMatchObject({
        code: "forbidden",
      });
      for (const [, change] of changes) {
        await expect(change(ctx, id)).rejects.toMatchObject({ code: "forbidden" });
      }
    }
    expect(receiver.received).toEqual([]);
    expect(await auditOf(workspace.id)).toEqual(["webhook.created"]);
  });

  test("a webhook of another workspace is not found, in the same words as an invented one", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    const { id } = await createWebhook(await other.admin.ctx(), input());
    const before = await rowOf(id);
    const ctx = await one.admin.ctx();
    const refusal = { code: "not_found", message: "Webhook not found" };
    for (const unknown of [id, "whk_invented"]) {
      await expect(getWebhook(ctx, unknown)).rejects.toMatchObject(refusal);
      for (const [, change] of changes) {
        await expect(change(ctx, unknown)).rejects.toMatchObject(refusal);
      }
    }
    expect(await listWebhooks(ctx)).toEqual([]);
    expect(await rowOf(id)).toEqual(before);
  });
});

describe("updating", () => {
  test("writes what changed and says so in the audit trail; without a change nothing is written", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id, secret } = await createWebhook(ctx, input());
    await updateWebhook(ctx, { ...input(), id });
    await updateWebhook(ctx, {
      ...input({ name: "Warehouse", events: [...eventTypes], min_duration_seconds: 600 }),
      id,
    });
    expect(await getWebhook(ctx, id)).toMatchObject({
      name: "Warehouse",
      events: eventTypes,
      minDurationSeconds: 600,
    });
    expect(currentSecrets(await rowOf(id), new Date()).current).toBe(secret);
    const audit = await sql`select metadata ->> 'changed' as changed from audit_events
      where workspace_id = ${workspaceId} and action = 'webhook.updated'`;
    expect(audit.map(({ changed }) => changed)).toEqual([
      '["name", "events", "minDurationSeconds"]',
    ]);
  });

  test("another address begins with a clean slate; another name does not", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id } = await createWebhook(ctx, input());
    await sql`update webhooks set failing_since = now() - interval '6 days', consecutive_failures = 9,
      warned_at = now() where id = ${id}`;
    await updateWebhook(ctx, { ...input({ name: "Renamed" }), id });
    expect((await getWebhook(ctx, id)).consecutiveFailures).toBe(9);
    await updateWebhook(ctx, { ...input({ url: "https://other.example.com/hooks" }), id });
    expect(await rowOf(id)).toMatchObject({
      consecutiveFailures: 0,
      failingSince: null,
      warnedAt: null,
    });
  });

  test("a filter on a team that was deleted since does not keep anybody from correcting the URL", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const team = await makeTeam(workspace);
    const { id } = await createWebhook(ctx, input({ team_ids: [team] }));
    await sql`delete from teams where id = ${team}`;
    const url = "https://hooks.example.com/new";
    await updateWebhook(ctx, { ...input({ url, team_ids: [team] }), id });
    expect(await getWebhook(ctx, id)).toMatchObject({ url, teamIds: [team] });
  });
});

describe("a new secret", () => {
  const secretsOf = async (id: string, now = new Date()) => currentSecrets(await rowOf(id), now);

  test("without overlap replaces the former one at once", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const first = await createWebhook(ctx, input());
    const second = await regenerateSecret(ctx, { id: first.id, overlap: "none" });
    expect(second.secret).not.toBe(first.secret);
    expect(await secretsOf(first.id)).toEqual({ current: second.secret, next: null });
    expect(await getWebhook(ctx, first.id)).toMatchObject({
      secretLast4: second.secret.slice(-4),
      rotation: null,
    });
    expect(await auditOf(workspaceId)).toEqual(["webhook.created", "webhook.secret_regenerated"]);
  });

  test("with overlap signs beside the former one for 24 hours and then takes over by itself", async () => {
    const { admin } = await makeWorkspace();
    const first = await createWebhook(await admin.ctx(), input());
    const { id } = first;
    const second = await regenerateSecret(await admin.ctx(), { id, overlap: "24h" });
    expect(await secretsOf(id)).toEqual({ current: first.secret, next: second.secret });
    const view = await getWebhook(await admin.ctx(), id);
    expect(view.secretLast4).toBe(first.secret.slice(-4));
    expect(view.rotation?.nextLast4).toBe(second.secret.slice(-4));
    const ends = view.rotation?.endsAt ?? new Date(0);
    expect(Math.abs(ends.getTime() - Date.now() - 24 * hour)).toBeLessThan(60_000);

    const before = new Date(ends.getTime() - 1);
    expect(await secretsOf(id, before)).toEqual({ current: first.secret, next: second.secret });
    expect(await secretsOf(id, ends)).toEqual({ current: second.secret, next: null });
    const after = await getWebhook(await admin.ctx(() => ends), id);
    expect(after).toMatchObject({ secretLast4: second.secret.slice(-4), rotation: null });

    await finishRotations(before);
    expect((await rowOf(id)).nextSecretSealed).not.toBeNull();
    expect(await finishRotations(ends)).toBeGreaterThanOrEqual(1);
    expect(await rowOf(id)).toMatchObject({
      nextSecretSealed: null,
      nextSecretLast4: null,
      rotationEndsAt: null,
      secretLast4: second.secret.slice(-4),
    });
    await finishRotations(ends);
    expect(await secretsOf(id)).toEqual({ current: second.secret, next: null });
  });

  test("during an overlap replaces the one that was to take over; without overlap it ends both", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    const first = await createWebhook(ctx, input());
    const { id } = first;
    await regenerateSecret(ctx, { id, overlap: "24h" });
    const third = await regenerateSecret(ctx, { id, overlap: "24h" });
    expect(await secretsOf(id)).toEqual({ current: first.secret, next: third.secret });
    const fourth = await regenerateSecret(ctx, { id, overlap: "none" });
    expect(await secretsOf(id)).toEqual({ current: fourth.secret, next: null });
  });

  test("after an overlap that is over, but was not written yet, goes beside the one that took over", async () => {
    const { admin } = await makeWorkspace();
    const { id } = await createWebhook(await admin.ctx(), input());
    const second = await regenerateSecret(await admin.ctx(), { id, overlap: "24h" });
    const ctx = await admin.ctx(later(25 * hour));
    const third = await regenerateSecret(ctx, { id, overlap: "24h" });
    expect(await secretsOf(id, later(26 * hour)())).toEqual({
      current: second.secret,
      next: third.secret,
    });
  });

  test("takes over at once with “Switch now”, and switching twice is one switch", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id } = await createWebhook(ctx, input());
    const second = await regenerateSecret(ctx, { id, overlap: "24h" });
    await switchSecretNow(ctx, { id });
    await switchSecretNow(ctx, { id });
    expect(await secretsOf(id)).toEqual({ current: second.secret, next: null });
    expect((await auditOf(workspaceId)).filter((name) => name.endsWith("switched"))).toHaveLength(
      1,
    );
  });
});

describe("pausing and starting again", () => {
  test("a pause cancels what waits, but not tests; resuming sends what was missed, once", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    receiver.answer = status(503);
    const { id } = await createWebhook(ctx, input());
    await emitProcessed(workspace);
    await waitFor("the first attempt", async () =>
      (await deliveriesOf(id)).some((delivery) => delivery.status === "retrying"),
    );
    receiver.answer = hang;
    const { deliveryId } = await sendTest(ctx, { id, event: "meeting.processed" });
    await waitFor("the test to be under way", () => receiver.received.length === 2);
    await pauseWebhook(ctx, { id });
    await pauseWebhook(ctx, { id });
    const isTest = (one: { id: string }) => one.id === deliveryId;
    const paused = await deliveriesOf(id);
    expect(paused.find(isTest)).toMatchObject({ status: "delivering", reason: null });
    const cancelled = paused.find((one) => !isTest(one));
    expect(cancelled).toMatchObject({ status: "cancelled", reason: "paused", nextAttemptAt: null });
    expect(cancelled?.completedAt).not.toBeNull();

    // What happens during the pause is missed too.
    await emitProcessed(workspace);
    const missed = (await deliveriesOf(id)).filter((one) => !isTest(one));
    expect(missed.map(({ reason }) => reason)).toEqual(["paused", "paused"]);

    receiver.answer = status(204);
    receiver.received.length = 0;
    expect(await resumeWebhook(ctx, { id, send_missed: true })).toEqual({ sent: 2 });
    expect(await resumeWebhook(ctx, { id, send_missed: true })).toEqual({ sent: 0 });
    await waitFor("both events", () => receiver.received.length === 2);
    expect(await getWebhook(ctx, id)).toMatchObject({ status: "active" });
    expect((await auditOf(workspace.id)).filter((name) => /paused|resumed/.test(name))).toEqual([
      "webhook.paused",
      "webhook.resumed",
    ]);
  });

  test("resuming without sending leaves what was missed in the log", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const { id } = await createWebhook(ctx, input());
    await pauseWebhook(ctx, { id });
    await emitProcessed(workspace);
    expect(await resumeWebhook(ctx, { id, send_missed: false })).toEqual({ sent: 0 });
    expect(await deliveriesOf(id)).toMatchObject([{ status: "cancelled", reason: "paused" }]);
    expect(receiver.received).toEqual([]);
  });

  test("a disabled webhook is re-enabled, not resumed, with its failures forgotten; a paused one the other way round", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id } = await createWebhook(ctx, input());
    await pauseWebhook(ctx, { id });
    await expect(reEnableWebhook(ctx, { id, send_missed: false })).rejects.toMatchObject({
      code: "invalid_request",
      message: "The webhook is paused, not disabled",
    });
    await sql`update webhooks set status = 'disabled', disabled_at = now(), disabled_reason = 'failing',
      failing_since = now() - interval '6 days', warned_at = now(), consecutive_failures = 40
      where id = ${id}`;
    await expect(resumeWebhook(ctx, { id, send_missed: false })).rejects.toMatchObject({
      message: "The webhook is disabled, not paused",
    });
    await expect(pauseWebhook(ctx, { id })).rejects.toMatchObject({ code: "invalid_request" });
    await reEnableWebhook(ctx, { id, send_missed: false });
    expect(await rowOf(id)).toMatchObject({
      status: "active",
      disabledAt: null,
      disabledReason: null,
      failingSince: null,
      warnedAt: null,
      consecutiveFailures: 0,
    });
    expect((await auditOf(workspaceId)).at(-1)).toBe("webhook.re_enabled");
  });

  test("two admins who pause at the same moment make one pause", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id } = await createWebhook(ctx, input());
    await Promise.all([pauseWebhook(ctx, { id }), pauseWebhook(ctx, { id })]);
    expect(await auditOf(workspaceId)).toEqual(["webhook.created", "webhook.paused"]);
  });
});

describe("deleting", () => {
  test("destroys the secrets, cancels what waits, and leaves the log readable for 30 days", async () => {
    const workspace = await makeWorkspace();
    const { admin } = workspace;
    const ctx = await admin.ctx();
    receiver.answer = status(503);
    const { id, secret } = await createWebhook(ctx, input());
    const next = await regenerateSecret(ctx, { id, overlap: "24h" });
    await emitProcessed(workspace);
    await waitFor("the first attempt", async () =>
      (await deliveriesOf(id)).some((delivery) => delivery.status === "retrying"),
    );
    await deleteWebhook(ctx, { id });
    expect(await deliveriesOf(id)).toMatchObject([{ status: "cancelled", reason: "deleted" }]);
    const left = currentSecrets(await rowOf(id), new Date());
    expect(left.next).toBeNull();
    expect([secret, next.secret]).not.toContain(left.current);

    expect(await listWebhooks(ctx)).toEqual([]);
    expect((await getWebhook(ctx, id)).deletedAt).not.toBeNull();
    await expect(getWebhook(await admin.ctx(later(31 * 24 * hour)), id)).rejects.toMatchObject({
      code: "not_found",
    });
    for (const [, change] of changes) {
      await expect(change(ctx, id)).rejects.toMatchObject({ code: "not_found" });
    }
    await emitProcessed(workspace);
    expect(await deliveriesOf(id)).toHaveLength(1);
    expect((await auditOf(workspace.id)).at(-1)).toBe("webhook.deleted");
  });
});

describe("testing an address before it is saved", () => {
  test("sends one unsigned POST, says what came back, and writes only the host down", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    expect(await testUrl(ctx, { url: `${receiver.url}?token=word` })).toEqual({
      ok: true,
      status: 204,
      durationMs: expect.any(Number),
      problem: null,
    });
    const [request] = receiver.received;
    expect(request?.headers).toMatchObject({
      "x-harmony-test": "true",
      "user-agent": "Harmony-Webhooks/1.0",
      "content-type": expect.stringContaining("application/json"),
    });
    expect(Object.keys(request?.headers ?? {}).join()).not.toMatch(/signature|webhook-id/);
    expect(JSON.parse(String(request?.body))).toEqual({
      event: "webhook.test",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: { message: expect.any(String) },
    });
    const audit = await sql`select result, metadata::text as text from audit_events
      where workspace_id = ${workspaceId} and action = 'webhook.tested'`;
    expect(audit).toMatchObject([{ result: "success" }]);
    expect(audit[0]?.text).not.toContain("word");
    expect(await listWebhooks(ctx)).toEqual([]);
  });

  test.for([
    [302, /redirects are not followed/],
    [401, /refuses the request/],
    [404, /nothing at this path/],
    [405, /does not accept POST/],
    [418, /from 200 to 299/],
    [500, /receiver failed/],
  ] as const)("an answer of %i is a result with its reason and remedy", async ([code, problem]) => {
    const { admin } = await makeWorkspace();
    receiver.answer = status(code, { location: `${receiver.url}/else` });
    expect(await testUrl(await admin.ctx(), { url: receiver.url })).toMatchObject({
      ok: false,
      status: code,
      problem: expect.stringMatching(problem),
    });
    expect(receiver.received).toHaveLength(1);
  });

  test("a receiver that is not there is a result too, and an address that is not allowed is refused", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    const gone = await startReceiver();
    await gone.stop();
    expect(await testUrl(ctx, { url: gone.url })).toMatchObject({
      ok: false,
      status: null,
      problem: expect.stringMatching(/\w/),
    });
    await expect(testUrl(ctx, { url: "http://192.168.0.1/" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { url: expect.any(String) } },
    });
  });

  test("the twenty-first test within a minute waits, whoever else tests", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    for (let n = 0; n < 20; n += 1) await testUrl(ctx, { url: receiver.url });
    await expect(testUrl(ctx, { url: receiver.url })).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: expect.any(Number),
    });
    expect(receiver.received).toHaveLength(20);
    const colleague = await makeMember(workspace, { role: "admin" });
    expect(await testUrl(await colleague.ctx(), { url: receiver.url })).toMatchObject({ ok: true });
  });
});

describe("sending a test", () => {
  test("delivers the signed sample of a subscribed event, also while paused, and leaves the health alone", async () => {
    const { admin, id: workspaceId } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id, secret } = await createWebhook(ctx, input());
    await pauseWebhook(ctx, { id });
    const { deliveryId } = await sendTest(ctx, { id, event: "meeting.processed" });
    const request = await waitFor("the test", () => receiver.received[0]);
    expect(request.headers).toMatchObject({
      "x-harmony-event": "meeting.processed",
      "x-harmony-delivery": deliveryId,
      "x-harmony-signature": createHmac("sha256", secret).update(request.body).digest("hex"),
    });
    expect(JSON.parse(String(request.body))).toEqual({
      event: "meeting.processed",
      timestamp: expect.any(String),
      data: { meeting_id: "mtg_abc123", title: "Sales Call", duration: 1800 },
      id: expect.stringMatching(/^evt_/),
      workspace_id: workspaceId,
      api_version: "v1",
    });
    await waitFor("its end", async () =>
      (await deliveriesOf(id)).some((delivery) => delivery.status === "succeeded"),
    );
    expect(await deliveriesOf(id)).toMatchObject([{ id: deliveryId, isTest: true, eventId: null }]);
    expect(await getWebhook(ctx, id)).toMatchObject({ status: "paused", lastDeliveryAt: null });
  });

  test("of an event that the webhook does not receive is refused beside the event", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    const { id } = await createWebhook(ctx, input());
    await expect(sendTest(ctx, { id, event: "insight.generated" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { event: expect.any(String) } },
    });
    expect(await deliveriesOf(id)).toEqual([]);
  });
});
