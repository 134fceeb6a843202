import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { events } from "@/db/schema/activity";
import { webhookAttempts, webhookDeliveries } from "@/db/schema/webhooks";
import { newId } from "@/lib/core/ids";
import { eventBody } from "@/lib/events/fan-out";
import type { EventType } from "@/lib/events/schema";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import {
  countMissed,
  countRange,
  type RedeliverRange,
  redeliver,
  redeliverRange,
  sendMissed,
} from "@/lib/webhooks/deliveries";
import {
  countNewer,
  getDelivery,
  listDeliveries,
  readDeliveries,
} from "@/lib/webhooks/delivery-log";
import { expireDeliveries } from "@/lib/webhooks/expire-deliveries";
import { type DeliveryStatus, redeliverMax, webhookInput } from "@/lib/webhooks/schema";
import { createWebhook, pauseWebhook, updateWebhook } from "@/lib/webhooks/service";
import { explainDelivery } from "@/lib/webhooks/why";
import {
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";

// The worker of the test stack delivers what is due. Rows that a test wants left alone are therefore due tomorrow,
// and what is sent again goes to a name that leads nowhere: it is tried, fails, and stays open.

const dayMs = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * dayMs);
const url = "https://receiver.example/hooks/harmony";

let workspace: TestWorkspace;
let stranger: TestWorkspace;

beforeAll(async () => {
  stranger = await makeWorkspace();
});

// One for each test: a plan has room for fifty webhooks.
beforeEach(async () => {
  workspace = await makeWorkspace();
});

const ctx = () => workspace.admin.ctx();

async function makeHook(
  values: { readonly of?: TestWorkspace; readonly events?: readonly EventType[] } & Record<
    string,
    unknown
  > = {},
) {
  const { of: owner = workspace, ...input } = values;
  const hook = await createWebhook(
    await owner.admin.ctx(),
    webhookInput.parse({ url, events: ["meeting.processed", "insight.generated"], ...input }),
  );
  // Long enough ago for every event of these tests.
  await sql`update webhooks set created_at = now() - interval '40 days' where id = ${hook.id}`;
  return { ...hook, workspaceId: owner.id };
}

type Hook = Awaited<ReturnType<typeof makeHook>>;

async function makeEvent(meeting: TestMeeting, type: EventType, at: Date) {
  const event = {
    id: newId("event"),
    workspaceId: meeting.workspaceId,
    type,
    data: { meeting_id: meeting.id, title: meeting.title, duration: 1800 },
    occurredAt: at,
  };
  await db()
    .insert(events)
    .values({ ...event, meetingId: meeting.id });
  return event;
}

type TestEvent = Awaited<ReturnType<typeof makeEvent>>;

const isOpen = (status: DeliveryStatus) =>
  status === "pending" || status === "delivering" || status === "retrying";

async function deliver(
  hook: Hook,
  event: TestEvent,
  values: Partial<typeof webhookDeliveries.$inferInsert> = {},
): Promise<string> {
  const status = values.status ?? "succeeded";
  const id = newId("delivery");
  await db()
    .insert(webhookDeliveries)
    .values({
      id,
      workspaceId: hook.workspaceId,
      webhookId: hook.id,
      eventId: event.id,
      eventType: event.type,
      requestBody: eventBody(event),
      createdAt: event.occurredAt,
      nextAttemptAt: isOpen(status) ? new Date(Date.now() + dayMs) : null,
      completedAt: isOpen(status) ? null : event.occurredAt,
      ...values,
      status,
    });
  return id;
}

/** An event about a meeting of its own, and its delivery. */
async function delivered(
  hook: Hook,
  values: Partial<typeof webhookDeliveries.$inferInsert> & {
    readonly at?: Date;
    readonly type?: EventType;
  } = {},
) {
  const { at = ago(1), type = "meeting.processed", ...row } = values;
  const meeting = await makeMeeting({ id: hook.workspaceId });
  const event = await makeEvent(meeting, type, at);
  return { meeting, event, id: await deliver(hook, event, row) };
}

const redeliveries = async (hook: Hook) =>
  await sql<
    {
      id: string;
      event_id: string;
      redelivery_of: string;
      request_body: string;
      is_test: boolean;
    }[]
  >`select * from webhook_deliveries where webhook_id = ${hook.id} and redelivery_of is not null`;

describe("the delivery log", () => {
  test("comes newest first in pages that neither skip nor repeat, also where instants are equal", async () => {
    const hook = await makeHook();
    const [first, middle, last] = [ago(3), ago(2), ago(1)];
    const ids: string[] = [];
    for (const at of [first, middle, middle, middle, middle, last, last])
      ids.push((await delivered(hook, { at })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listDeliveries(await ctx(), {
        webhookId: hook.id,
        perPage: 2,
        ...(cursor === null ? {} : { cursor }),
      });
      expect(page.total).toBe(7);
      expect(page.rows.length).toBeLessThanOrEqual(2);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen.at(-1)).toBe(ids[0]);
    const times = await readDeliveries(await ctx(), { webhookId: hook.id, ids: seen });
    expect(times.map(({ id }) => id)).toEqual(seen);
  });

  test("is filtered by event, status, day, and the id of a delivery, an event or a meeting", async () => {
    const hook = await makeHook();
    const failed = await delivered(hook, {
      status: "failed",
      at: new Date("2026-11-03T10:00:00Z"),
    });
    const insight = await delivered(hook, { type: "insight.generated", at: ago(2) });
    const again = await deliver(hook, failed.event, {
      status: "retrying",
      redeliveryOf: failed.id,
      createdAt: ago(1),
    });
    const trial = await deliver(hook, failed.event, {
      eventId: null,
      isTest: true,
      createdAt: ago(0),
    });
    const found = async (filters: Record<string, string>) =>
      (await listDeliveries(await ctx(), { webhookId: hook.id, ...filters })).rows.map(
        ({ id }) => id,
      );
    expect(await found({})).toEqual([trial, again, insight.id, failed.id]);
    expect(await found({ event: "insight.generated" })).toEqual([insight.id]);
    expect(await found({ status: "retrying" })).toEqual([again]);
    expect(await found({ date_from: "2026-11-03", date_to: "2026-11-03" })).toEqual([failed.id]);
    expect(await found({ q: insight.id })).toEqual([insight.id]);
    expect(await found({ q: failed.event.id })).toEqual([again, failed.id]);
    expect(await found({ q: failed.meeting.id })).toEqual([again, failed.id]);
    expect(await found({ q: failed.meeting.id, status: "failed" })).toEqual([failed.id]);
    for (const q of ["Weekly", "evt_unknown", "mtg_'; drop table", "\0"])
      expect(await found({ q })).toEqual([]);
    const [row] = (await listDeliveries(await ctx(), { webhookId: hook.id, q: trial })).rows;
    expect(row).toMatchObject({ isTest: true, eventId: null, meetingId: null });
  });

  test("says how many rows are newer than what is shown, under the same filters", async () => {
    const hook = await makeHook();
    const newer = async (after: string | null, filters: Record<string, string> = {}) =>
      countNewer(await ctx(), { webhookId: hook.id, after, ...filters });
    expect(await newer(null)).toBe(0);
    await delivered(hook, { at: ago(2) });
    expect(await newer(null)).toBe(1);
    const { newest } = await listDeliveries(await ctx(), { webhookId: hook.id });
    expect(await newer(newest)).toBe(0);
    await delivered(hook, { at: ago(1), status: "failed" });
    await delivered(hook, { at: ago(1) });
    expect(await newer(newest)).toBe(2);
    expect(await newer(newest, { status: "failed" })).toBe(1);
  });

  test.for(["x", "2026-11-22T10:00:00Z~dlv_1", "2026-11-22T10:00:00.000000Z~dlv_1'"])(
    "a position of its own making is refused: %s",
    async (cursor) => {
      const hook = await makeHook();
      await expect(
        listDeliveries(await ctx(), { webhookId: hook.id, cursor }),
      ).rejects.toMatchObject({ code: "invalid_request" });
    },
  );

  test("shows each attempt as it went over the wire, and never the secret", async () => {
    const hook = await makeHook();
    const { id, event } = await delivered(hook, {
      status: "retrying",
      attemptsCount: 2,
      lastError: "receiver.example refused the connection.",
    });
    const attempt = (number: number) => ({
      workspaceId: workspace.id,
      webhookId: hook.id,
      deliveryId: id,
      number,
      startedAt: new Date(event.occurredAt.getTime() + number * 1000),
      durationMs: 12,
      timings: { connect: 3 },
      url,
      requestHeaders: { "webhook-id": id, "x-harmony-signature": "ab".repeat(32) },
    });
    await db()
      .insert(webhookAttempts)
      .values([
        { ...attempt(2), error: "connection_refused", errorMessage: "It refused." },
        {
          ...attempt(1),
          responseStatus: 500,
          responseHeaders: { server: "x" },
          responseBody: "no",
        },
      ]);
    const view = await getDelivery(await ctx(), { webhookId: hook.id, id });
    expect(view.requestBody).toBe(eventBody(event));
    expect(view.attemptLog).toMatchObject([
      { number: 1, responseStatus: 500, responseBody: "no", error: null },
      { number: 2, responseStatus: null, error: "connection_refused", timings: { connect: 3 } },
    ]);
    expect(view.lastError).toBe("connection_refused");
    expect(view.attemptLog[0]?.requestHeaders["x-harmony-signature"]).toBe("ab".repeat(32));
    expect(JSON.stringify(view)).not.toContain(hook.secret.slice("whsec_".length, 20));
  });

  test("is as unknown to another workspace as an invented one", async () => {
    const hook = await makeHook();
    const { id } = await delivered(hook);
    const theirs = await stranger.admin.ctx();
    expect((await listDeliveries(theirs, { webhookId: hook.id })).rows).toEqual([]);
    expect(await countNewer(theirs, { webhookId: hook.id, after: null })).toBe(0);
    expect(await readDeliveries(theirs, { webhookId: hook.id, ids: [id] })).toEqual([]);
    const refused = await Promise.all(
      [id, "dlv_unknown"].map((wanted) =>
        getDelivery(theirs, { webhookId: hook.id, id: wanted }).catch((error: unknown) => error),
      ),
    );
    expect(refused[0]).toMatchObject({ code: "not_found" });
    expect(refused[0]).toEqual(refused[1]);
    const other = await makeHook();
    await expect(getDelivery(await ctx(), { webhookId: other.id, id })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("can be read by a Team Manager, who sends nothing; a User has neither", async () => {
    const hook = await makeHook();
    const { id, event } = await delivered(hook, { status: "failed" });
    const range = { id: hook.id, from: "2026-01-01", to: null, events: [], only_missing: true };
    const manager = await (await makeMember(workspace, { role: "manager" })).ctx();
    expect((await listDeliveries(manager, { webhookId: hook.id })).rows).toHaveLength(1);
    // Contents name meetings of teams that are not theirs.
    expect(await getDelivery(manager, { webhookId: hook.id, id })).toMatchObject({
      status: "failed",
      requestBody: null,
    });
    expect(await explainDelivery(manager, { id: hook.id, subject: event.id })).toHaveLength(1);
    const forbidden = { code: "forbidden" };
    await expect(redeliver(manager, { id: hook.id, delivery_ids: [id] })).rejects.toMatchObject(
      forbidden,
    );
    await expect(redeliverRange(manager, range)).rejects.toMatchObject(forbidden);
    await expect(
      db().transaction((tx) => sendMissed(tx, manager, { id: hook.id })),
    ).rejects.toMatchObject(forbidden);
    const user = await (await makeMember(workspace, { role: "user" })).ctx();
    for (const reading of [
      listDeliveries(user, { webhookId: hook.id }),
      getDelivery(user, { webhookId: hook.id, id }),
      countNewer(user, { webhookId: hook.id, after: null }),
      countRange(user, range),
      countMissed(user, { id: hook.id }),
      explainDelivery(user, { id: hook.id, subject: event.id }),
    ])
      await expect(reading).rejects.toMatchObject(forbidden);
  });
});

describe("sending chosen deliveries again", () => {
  test("makes a new delivery with the same body for each event, however often it was chosen", async () => {
    const hook = await makeHook();
    const first = await delivered(hook);
    const repeated = await deliver(hook, first.event, { redeliveryOf: first.id });
    const second = await delivered(hook, { status: "failed" });
    const before = (await redeliveries(hook)).length;
    const answer = await redeliver(await ctx(), {
      id: hook.id,
      delivery_ids: [first.id, repeated, second.id, second.id],
    });
    expect(answer.sent).toBe(2);
    const made = (await redeliveries(hook)).filter(({ id }) => answer.ids.includes(id));
    expect((await redeliveries(hook)).length - before).toBe(2);
    expect(new Set(made.map(({ event_id }) => event_id))).toEqual(
      new Set([first.event.id, second.event.id]),
    );
    for (const { request_body, event_id, is_test } of made) {
      const { event } = event_id === first.event.id ? first : second;
      expect(request_body).toBe(eventBody(event));
      expect(is_test).toBe(false);
    }
    const audit = await sql`select metadata from audit_events where workspace_id = ${workspace.id}
      and action = 'webhook.redelivered' and target_id = ${hook.id}`;
    expect(audit.map(({ metadata }) => metadata.count)).toEqual([2]);
  });

  test("refuses tests, and events of a meeting that was deleted", async () => {
    const hook = await makeHook();
    const gone = await delivered(hook, { status: "failed" });
    const trial = await deliver(hook, gone.event, { eventId: null, isTest: true });
    await deleteMeeting(await ctx(), { id: gone.meeting.id });
    await expect(
      redeliver(await ctx(), { id: hook.id, delivery_ids: [gone.id, trial] }),
    ).rejects.toMatchObject({ code: "conflict", fix: expect.stringContaining("Send test") });
  });

  test("knows no delivery of another webhook or workspace", async () => {
    const [hook, other] = [await makeHook(), await makeHook({ of: stranger })];
    const [mine, theirs] = [await delivered(hook), await delivered(other)];
    for (const delivery_ids of [[theirs.id], [mine.id, theirs.id], ["dlv_unknown"]]) {
      await expect(redeliver(await ctx(), { id: hook.id, delivery_ids })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    await expect(
      redeliver(await ctx(), { id: other.id, delivery_ids: [theirs.id] }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await redeliveries(hook)).toHaveLength(0);
    expect(await redeliveries(other)).toHaveLength(0);
  });

  test.for([
    ["status = 'paused'", "paused", "Resume it"],
    ["status = 'disabled'", "disabled", "Re-enable it"],
    ["deleted_at = now()", "deleted", "Add a new one"],
  ] as const)(
    "a webhook with %s says why it sends nothing and what to do",
    async ([state, word, fix]) => {
      const hook = await makeHook();
      const { id } = await delivered(hook, { status: "failed" });
      await sql.unsafe(`update webhooks set ${state} where id = '${hook.id}'`);
      const refusal = {
        code: "conflict",
        message: expect.stringContaining(word),
        fix: expect.stringContaining(fix),
      };
      const range = { id: hook.id, from: "2026-01-01", to: null, events: [], only_missing: true };
      const context = await ctx();
      await expect(redeliver(context, { id: hook.id, delivery_ids: [id] })).rejects.toMatchObject(
        refusal,
      );
      await expect(redeliverRange(context, range)).rejects.toMatchObject(refusal);
      await expect(
        db().transaction((tx) => sendMissed(tx, context, { id: hook.id })),
      ).rejects.toMatchObject(refusal);
      expect(await redeliveries(hook)).toHaveLength(0);
    },
  );
});

describe("sending a range", () => {
  const everything = (hook: Hook, values: Partial<RedeliverRange> = {}): RedeliverRange => ({
    id: hook.id,
    from: ago(29).toISOString(),
    to: null,
    events: [],
    only_missing: true,
    ...values,
  });

  test.for<[DeliveryStatus[], number]>([
    [["failed"], 1],
    [["cancelled"], 1],
    [["failed", "failed"], 1],
    [["cancelled", "failed", "cancelled"], 1],
    [["succeeded"], 0],
    [["pending"], 0],
    [["delivering"], 0],
    [["retrying"], 0],
    [["failed", "succeeded"], 0],
    [["succeeded", "failed"], 0],
    [["cancelled", "pending"], 0],
    [["failed", "retrying"], 0],
  ])("an event whose deliveries are %j is missing: %i", async ([statuses, missing]) => {
    const hook = await makeHook();
    const { event, id } = await delivered(hook, { status: statuses[0] ?? "failed" });
    for (const status of statuses.slice(1))
      await deliver(hook, event, { status, redeliveryOf: id, createdAt: ago(0.5) });
    const context = await ctx();
    expect(await countRange(context, everything(hook))).toEqual({ count: missing });
    expect(await countMissed(context, { id: hook.id })).toBe(missing);
    expect(await countRange(context, everything(hook, { only_missing: false }))).toEqual({
      count: 1,
    });
    expect(await redeliverRange(context, everything(hook))).toEqual({ sent: missing });
  });

  test("another webhook's success does not make an event arrive here", async () => {
    const [hook, other] = [await makeHook(), await makeHook()];
    const { event } = await delivered(hook, { status: "failed" });
    await deliver(other, event, { status: "succeeded" });
    expect(await countMissed(await ctx(), { id: hook.id })).toBe(1);
    expect(await countMissed(await ctx(), { id: other.id })).toBe(0);
  });

  test("sends what it counted: of the time and the events that were asked for, tests left out", async () => {
    const hook = await makeHook();
    const at = (text: string) => new Date(`2026-11-${text}:00Z`);
    const wanted = [
      await delivered(hook, { status: "failed", at: at("10T08:00") }),
      await delivered(hook, { status: "cancelled", at: at("10T20:00") }),
    ];
    await delivered(hook, { status: "failed", at: at("10T07:59") });
    await delivered(hook, { status: "failed", at: at("10T20:01") });
    await delivered(hook, { status: "failed", at: at("10T12:00"), type: "insight.generated" });
    await delivered(hook, { status: "failed", at: at("10T12:00"), isTest: true });
    const range = everything(hook, {
      from: "2026-11-10T08:00:00Z",
      to: "2026-11-10T20:00:00Z",
      events: ["meeting.processed"],
    });
    expect(await countRange(await ctx(), range)).toEqual({ count: 2 });
    expect(await redeliverRange(await ctx(), range)).toEqual({ sent: 2 });
    const made = await redeliveries(hook);
    expect(new Set(made.map(({ event_id }) => event_id))).toEqual(
      new Set(wanted.map(({ event }) => event.id)),
    );
    expect(await countRange(await ctx(), range)).toEqual({ count: 0 });
    expect(await redeliverRange(await ctx(), range)).toEqual({ sent: 0 });
  });

  test.for([
    [{ from: "yesterday" }, "from"],
    [{ to: "2026-02-30" }, "to"],
    [{ from: "2026-11-10", to: "2026-11-09" }, "to"],
  ] as const)("refuses %j beside the field %s", async ([values, field]) => {
    const hook = await makeHook();
    for (const run of [countRange, redeliverRange])
      await expect(run(await ctx(), everything(hook, values))).rejects.toMatchObject({
        code: "invalid_request",
        details: { fields: { [field]: expect.any(String) } },
      });
  });

  test("of two who send at once, each missing event is sent by one", async () => {
    const hook = await makeHook();
    for (let n = 0; n < 8; n += 1) await delivered(hook, { status: "failed" });
    const context = await ctx();
    const answers = await Promise.all([
      redeliverRange(context, everything(hook)),
      redeliverRange(context, everything(hook)),
      db().transaction((tx) => sendMissed(tx, context, { id: hook.id })),
    ]);
    const sent = answers.map((answer) => (typeof answer === "number" ? answer : answer.sent));
    expect(sent.sort((a, b) => a - b)).toEqual([0, 0, 8]);
    const made = await redeliveries(hook);
    expect(new Set(made.map(({ event_id }) => event_id)).size).toBe(8);
    expect(made).toHaveLength(8);
  });

  test("missed are the last 30 days, or what came since a time; a second sending finds nothing", async () => {
    const hook = await makeHook();
    await delivered(hook, { status: "cancelled", at: ago(31) });
    await delivered(hook, { status: "cancelled", at: ago(20) });
    await delivered(hook, { status: "failed", at: ago(2) });
    const context = await ctx();
    expect(await countMissed(context, { id: hook.id })).toBe(2);
    expect(await countMissed(context, { id: hook.id, since: ago(3) })).toBe(1);
    const send = () => db().transaction((tx) => sendMissed(tx, context, { id: hook.id }));
    expect(await send()).toBe(2);
    expect(await send()).toBe(0);
    expect(await countMissed(context, { id: hook.id })).toBe(0);
  });

  test("more than the most at once is refused with the number; what was missed goes in portions, the oldest first", async () => {
    const hook = await makeHook();
    const meeting = await makeMeeting(workspace);
    const total = redeliverMax + 3;
    await sql`with e as (
        insert into events (id, workspace_id, type, meeting_id, data, occurred_at)
        select 'evt_' || ${hook.id.slice(4)}::text || n, ${workspace.id}, 'meeting.processed', ${meeting.id},
          '{}', now() - interval '2 days' + n * interval '1 second'
        from generate_series(1, ${total}::int) n returning *)
      insert into webhook_deliveries (id, workspace_id, webhook_id, event_id, event_type, status, request_body, created_at)
      select 'dlv_' || substr(id, 5), workspace_id, ${hook.id}, id, type, 'failed', '{}', occurred_at from e`;
    const context = await ctx();
    expect(await countRange(context, everything(hook))).toEqual({ count: total });
    await expect(redeliverRange(context, everything(hook))).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(String(total)),
      details: { fields: { to: "Choose a shorter range." } },
    });
    expect(await redeliveries(hook)).toHaveLength(0);
    await db().transaction((tx) => sendMissed(tx, context, { id: hook.id }));
    const [left] = await sql`select count(*)::int as n, min(created_at) > (
        select max(d.created_at) from webhook_deliveries d join webhook_deliveries r on r.redelivery_of = d.id
        where r.webhook_id = ${hook.id}) as is_newest from webhook_deliveries o
      where o.webhook_id = ${hook.id} and o.redelivery_of is null
        and not exists (select 1 from webhook_deliveries r where r.redelivery_of = o.id)`;
    expect(left).toEqual({ n: 3, is_newest: true });
    expect(await countMissed(context, { id: hook.id })).toBe(3);
    // Ten thousand deliveries to a receiver that is not there would keep the worker from other tests.
    await sql`delete from webhook_deliveries where webhook_id = ${hook.id}`;
  }, 60_000);
});

describe("a meeting that is deleted", () => {
  test("takes along what waits to be sent about it, and nothing else", async () => {
    const hook = await makeHook();
    const open = await delivered(hook, { status: "retrying" });
    const arrived = await deliver(hook, open.event, { status: "succeeded" });
    const other = await delivered(hook, { status: "pending" });
    await deleteMeeting(await ctx(), { id: open.meeting.id });
    const rows = await readDeliveries(await ctx(), {
      webhookId: hook.id,
      ids: [open.id, arrived, other.id],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(byId.get(open.id)).toMatchObject({
      status: "cancelled",
      reason: "meeting_deleted",
      nextAttemptAt: null,
      completedAt: expect.any(String),
    });
    expect(byId.get(arrived)).toMatchObject({ status: "succeeded" });
    expect(byId.get(other.id)).toMatchObject({ status: "pending" });
    expect(await countMissed(await ctx(), { id: hook.id })).toBe(0);
    const [audit] = await sql`select metadata from audit_events where workspace_id = ${workspace.id}
      and action = 'meeting.deleted' and target_id = ${open.meeting.id}`;
    expect(audit?.metadata).toEqual({ cancelled_deliveries: 1, withdrawn_from_tools: 0 });
  });
});

describe("after 30 days", () => {
  test("deliveries and events are gone, and a deleted webhook with its last one", async () => {
    const [hook, deleted] = [await makeHook(), await makeHook()];
    const old = await delivered(hook, { at: ago(30.1) });
    const young = await delivered(hook, { at: ago(29.9) });
    await delivered(deleted, { at: ago(31) });
    await sql`update webhooks set deleted_at = now() - interval '31 days' where id = ${deleted.id}`;
    await expireDeliveries(new Date());
    const left = await sql<{ id: string }[]>`
      select id from webhook_deliveries where webhook_id in (${hook.id}, ${deleted.id})
      union all select id from events where id in (${old.event.id}, ${young.event.id})
      union all select id from webhooks where id in (${hook.id}, ${deleted.id})`;
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([young.id, young.event.id, hook.id]));
  });

  test("months of attempts go as a whole, once the last of their days is old enough", async () => {
    const name = "webhook_attempts_202601";
    await sql.unsafe(`create table if not exists ${name} partition of webhook_attempts
      for values from ('2026-01-01') to ('2026-02-01')`);
    const exists = async () =>
      (await sql`select to_regclass(${name}) is not null as there`)[0]?.there;
    await expireDeliveries(new Date("2026-03-03T23:59:59Z"));
    expect(await exists()).toBe(true);
    await expireDeliveries(new Date("2026-03-04T00:00:01Z"));
    expect(await exists()).toBe(false);
  });
});

describe("why an event was not delivered", () => {
  const told = async (hook: Hook, subject: string) => {
    const answers = await explainDelivery(await ctx(), { id: hook.id, subject });
    return answers.map(({ sentence, ...answer }) => ({
      ...answer,
      sentence: sentence.map((part) => (typeof part === "string" ? part : "<time>")).join(""),
    }));
  };

  const cases: readonly [string, Partial<typeof webhookDeliveries.$inferInsert>, string, RegExp][] =
    [
      [
        "arrived",
        { status: "succeeded", lastStatus: 204 },
        "delivered",
        /delivered \(<time>\).*204/,
      ],
      ["is being sent", { status: "delivering" }, "delivering", /at this moment/],
      [
        "waits for its first attempt",
        { status: "pending" },
        "waiting",
        /^Attempt 1 of 10 .*<time>/,
      ],
      [
        "is tried again",
        { status: "retrying", attemptsCount: 2, lastStatus: 503 },
        "waiting",
        /^Attempt 3 of 10 .*<time>.*answered 503/,
      ],
      [
        "failed ten times",
        {
          status: "failed",
          reason: "exhausted",
          attemptsCount: 10,
          lastError: "receiver.example refused the connection.",
        },
        "failed",
        /after 10 attempts .*<time>.*refused the connection/,
      ],
      [
        "was refused for good",
        { status: "failed", reason: "gone", lastStatus: 410 },
        "failed",
        /410/,
      ],
      [
        "was cut off by a 410",
        { status: "cancelled", reason: "gone" },
        "cancelled",
        /410 to another/,
      ],
      [
        "met a disabled webhook",
        { status: "cancelled", reason: "disabled" },
        "cancelled",
        /disabled/,
      ],
      ["met a deleted webhook", { status: "cancelled", reason: "deleted" }, "cancelled", /deleted/],
      [
        "lost its meeting",
        { status: "cancelled", reason: "meeting_deleted" },
        "cancelled",
        /meeting was deleted/,
      ],
    ];

  test.for(cases)("one that %s", async ([, values, verdict, words]) => {
    const hook = await makeHook();
    const { event, meeting, id } = await delivered(hook, values);
    expect(await told(hook, event.id)).toEqual([
      {
        verdict,
        deliveryId: id,
        event: { id: event.id, type: event.type, at: event.occurredAt.toISOString() },
        meeting: { id: meeting.id, title: meeting.title },
        sentence: expect.stringMatching(words),
        remedy:
          verdict === "delivering" ||
          values.status === "pending" ||
          values.reason === "meeting_deleted"
            ? null
            : expect.any(String),
      },
    ]);
  });

  test("names who paused the webhook", async () => {
    const hook = await makeHook();
    const { event } = await delivered(hook, { status: "pending" });
    await pauseWebhook(await ctx(), { id: hook.id });
    const [answer] = await told(hook, event.id);
    expect(answer).toMatchObject({
      verdict: "cancelled",
      remedy: expect.stringContaining("Resume"),
    });
    expect(answer?.sentence).toContain(`paused by ${workspace.admin.name}`);
  });

  test("of several deliveries, the one that tells most", async () => {
    const hook = await makeHook();
    const { event, id } = await delivered(hook, { status: "failed", reason: "exhausted" });
    const open = await deliver(hook, event, { status: "retrying", redeliveryOf: id });
    await deliver(hook, event, { status: "cancelled", reason: "paused", createdAt: ago(0) });
    expect(await told(hook, event.id)).toMatchObject([{ verdict: "waiting", deliveryId: open }]);
    const arrived = await deliver(hook, event, { redeliveryOf: id, createdAt: ago(0.9) });
    expect(await told(hook, event.id)).toMatchObject([
      { verdict: "delivered", deliveryId: arrived },
    ]);
  });

  const about = async (values: Parameters<typeof makeMeeting>[1] = {}) => {
    const meeting = await makeMeeting(workspace, values);
    return { meeting, event: await makeEvent(meeting, "meeting.processed", ago(1)) };
  };

  test("the webhook was added later", async () => {
    const hook = await makeHook();
    await sql`update webhooks set created_at = now() where id = ${hook.id}`;
    const { event } = await about();
    expect(await told(hook, event.id)).toMatchObject([
      { verdict: "not_yet_made", deliveryId: null, sentence: expect.stringContaining("<time>") },
    ]);
  });

  test("it was deleted before", async () => {
    const hook = await makeHook();
    await sql`update webhooks set deleted_at = now() - interval '2 days' where id = ${hook.id}`;
    const { event } = await about();
    expect(await told(hook, event.id)).toMatchObject([{ verdict: "deleted_before" }]);
  });

  test("it does not receive this event", async () => {
    const hook = await makeHook({ events: ["meeting.failed"] });
    const { event } = await about();
    expect(await told(hook, event.id)).toMatchObject([
      { verdict: "not_received", sentence: "This webhook does not receive meeting.processed." },
    ]);
  });

  test("one of its filters keeps it out, and which", async () => {
    const teamId = await makeTeam(workspace);
    const { event, meeting } = await about({ durationSeconds: 240, source: "upload" });
    const filters: readonly [Record<string, unknown>, RegExp][] = [
      [{ team_ids: [teamId] }, /teams/],
      [{ user_ids: [workspace.admin.userId] }, /people/],
      [{ sources: ["zoom"] }, /sources/],
      [{ min_duration_seconds: 300 }, /at least 5 min/],
    ];
    for (const [filter, words] of filters) {
      const hook = await makeHook(filter);
      expect(await told(hook, event.id)).toMatchObject([
        { verdict: "not_received", sentence: expect.stringMatching(words) },
      ]);
    }
    const filtered = await makeHook({ team_ids: [teamId] });
    await deleteMeeting(await ctx(), { id: meeting.id });
    expect(await told(filtered, event.id)).toMatchObject([
      { verdict: "not_received", sentence: expect.stringContaining("cannot be told any more") },
    ]);
  });

  test("its settings were others then", async () => {
    const hook = await makeHook({ events: ["meeting.failed"] });
    const { event } = await about();
    const input = webhookInput.parse({ url, events: ["meeting.processed"] });
    await updateWebhook(await ctx(), { ...input, id: hook.id });
    const [answer] = await told(hook, event.id);
    expect(answer).toMatchObject({ verdict: "settings_changed" });
    expect(answer?.sentence).toContain(`${workspace.admin.name} last changed it (<time>)`);
  });

  test("a meeting gets an answer for each of its events, and one for what has not happened yet", async () => {
    const hook = await makeHook();
    const { meeting, event, id } = await delivered(hook);
    const insight = await makeEvent(meeting, "insight.generated", ago(0.5));
    expect(await told(hook, meeting.id)).toMatchObject([
      { event: { id: insight.id }, verdict: "settings_changed" },
      { event: { id: event.id }, verdict: "delivered", deliveryId: id },
    ]);
    const busy = await makeMeeting(workspace, { status: "queued" });
    const started = await makeEvent(busy, "meeting.started", ago(0));
    expect(await told(hook, busy.id)).toMatchObject([
      { event: null, verdict: "not_yet", meeting: { id: busy.id } },
      { event: { id: started.id }, verdict: "not_received" },
    ]);
    const silent = await makeMeeting(workspace);
    expect(await told(hook, silent.id)).toMatchObject([{ verdict: "no_event" }]);
  });

  test("what is unknown, too old or of another workspace gets the same answer", async () => {
    const hook = await makeHook();
    const theirs = await delivered(await makeHook({ of: stranger }));
    const answers = await Promise.all(
      ["evt_unknown", "mtg_unknown", "dlv_1", "x", theirs.event.id, theirs.meeting.id].map(
        (subject) => told(hook, subject),
      ),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject([{ verdict: "unknown", event: null, meeting: null }]);
    await expect(
      explainDelivery(await stranger.admin.ctx(), { id: hook.id, subject: "evt_unknown" }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});
