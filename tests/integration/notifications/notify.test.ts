import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { roles } from "@/db/schema/members";
import { webhooks } from "@/db/schema/webhooks";
import { alertExpiringKeys } from "@/lib/api-keys/expiry-alerts";
import { newId } from "@/lib/core/ids";
import { removeMember } from "@/lib/members/service";
import { setPreference } from "@/lib/notifications/service";
import { type Notice, notify, remindOpenIncidents, resolveIncident } from "@/lib/notify/notify";
import { failMeeting } from "@/lib/processing/meeting-step";
import { endWebhookIncidents, warnAboutFailing } from "@/lib/webhooks/health";
import { makeSecret, sealedSecret } from "@/lib/webhooks/secrets";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import {
  type Member,
  makeKey,
  makeMeeting,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";

// The one writer of notifications, on a database apart: reminders and recoveries look at every workspace.

let apart: Apart;
beforeAll(async () => {
  apart = await makeDatabaseApart();
});
afterAll(async () => {
  await closePool();
  await apart.drop();
});

// What one test leaves open must not be reminded of in the next.
afterEach(async () => {
  await apart.sql`update incidents set resolved_at = now() where resolved_at is null`;
});

const start = new Date("2026-11-01T09:00:00Z");
const hoursLater = (hours: number) => new Date(start.getTime() + hours * 3_600_000);

function noticeTo(workspace: TestWorkspace, changes: Partial<Notice> = {}): Notice {
  return {
    workspaceId: workspace.id,
    to: { permission: "integrations:update:all" },
    type: "sync_error",
    severity: "warning",
    title: "HubSpot refuses the sync",
    body: "The token was withdrawn. Press Reconnect.",
    link: "/settings/integrations/hubspot",
    now: start,
    ...changes,
  };
}

/** Titles of what somebody got in the app, oldest first. */
async function toldTo(person: Member): Promise<string[]> {
  const rows = await apart.sql<{ title: string }[]>`select title from notifications
    where workspace_id = ${person.workspaceId} and user_id = ${person.userId} order by created_at, id`;
  return rows.map(({ title }) => title);
}

async function mailsTo({ email }: Member): Promise<string[]> {
  const rows = await apart.sql<{ subject: string }[]>`
    select subject from mail_messages where "to" = ${email} order by created_at, id`;
  return rows.map(({ subject }) => subject);
}

describe("who is told", () => {
  test("everybody whose role holds the permission, also by a custom role, and nobody else", async () => {
    const workspace = await makeWorkspace();
    const other = await makeWorkspace();
    const manager = await makeMember(workspace, { role: "manager" });
    const custom = await makeMember(workspace, { role: "user" });
    const roleId = newId("role");
    await db()
      .insert(roles)
      .values({
        id: roleId,
        workspaceId: workspace.id,
        name: "Integrator",
        permissions: ["integrations:update:all"],
      });
    await apart.sql`update memberships set role_id = ${roleId} where id = ${custom.membershipId}`;
    await notify(db(), noticeTo(workspace));
    expect(await toldTo(workspace.admin)).toHaveLength(1);
    expect(await toldTo(custom)).toHaveLength(1);
    expect(await toldTo(manager)).toEqual([]);
    expect(await toldTo(other.admin)).toEqual([]);
  });

  test("named people once, also when their role is told anyway; former members never", async () => {
    const workspace = await makeWorkspace();
    const person = await makeMember(workspace, { role: "user" });
    const gone = await makeMember(workspace, { role: "user" });
    await removeMember(await workspace.admin.ctx(), { memberId: gone.membershipId });
    await notify(
      db(),
      noticeTo(workspace, {
        to: {
          permission: "integrations:update:all",
          userIds: [workspace.admin.userId, person.userId, gone.userId],
        },
      }),
    );
    expect(await toldTo(workspace.admin)).toHaveLength(1);
    expect(await toldTo(person)).toHaveLength(1);
    expect(await toldTo(gone)).toEqual([]);
  });

  test("a rolled-back change tells nobody anything", async () => {
    const workspace = await makeWorkspace();
    const work = db().transaction(async (tx) => {
      await notify(tx, noticeTo(workspace, { incidentKey: "x" }));
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await toldTo(workspace.admin)).toEqual([]);
    expect(await mailsTo(workspace.admin)).toEqual([]);
  });
});

describe("how they are told", () => {
  test("trouble comes in the app and by mail, and the mail has words, the link and the way to stop it", async () => {
    const workspace = await makeWorkspace();
    await notify(db(), noticeTo(workspace));
    expect(await mailsTo(workspace.admin)).toEqual(["HubSpot refuses the sync"]);
    const [mail] =
      await apart.sql`select text from mail_messages where "to" = ${workspace.admin.email}`;
    expect(mail?.text).toContain("The token was withdrawn. Press Reconnect.");
    expect(mail?.text).toMatch(/^http:\/\/localhost:\d+\/settings\/integrations\/hubspot$/m);
    expect(mail?.text).toMatch(/^http:\/\/localhost:\d+\/settings\/integrations\/notifications$/m);
  });

  test("whoever switched the mail off gets none, and still sees it in the app", async () => {
    const workspace = await makeWorkspace();
    const quiet = await makeMember(workspace, { role: "admin" });
    await setPreference(await quiet.ctx(), {
      alert: "sync_error",
      channel: "email",
      enabled: false,
    });
    await notify(db(), noticeTo(workspace));
    expect(await mailsTo(quiet)).toEqual([]);
    expect(await toldTo(quiet)).toHaveLength(1);
    expect(await mailsTo(workspace.admin)).toHaveLength(1);
  });

  test("a sync that went well is told only to those who asked for it, and where they asked for it", async () => {
    const workspace = await makeWorkspace();
    const curious = await makeMember(workspace, { role: "admin" });
    const mailed = await makeMember(workspace, { role: "admin" });
    const alert = "sync_succeeded";
    await setPreference(await curious.ctx(), { alert, channel: "in_app", enabled: true });
    await setPreference(await mailed.ctx(), { alert, channel: "email", enabled: true });
    await notify(db(), noticeTo(workspace, { type: alert, severity: "info", title: "Synced" }));
    expect([await toldTo(curious), await mailsTo(curious)]).toEqual([["Synced"], []]);
    expect([await toldTo(mailed), await mailsTo(mailed)]).toEqual([[], ["Synced"]]);
    expect([await toldTo(workspace.admin), await mailsTo(workspace.admin)]).toEqual([[], []]);
  });
});

describe("an incident", () => {
  const countOf = async (workspace: TestWorkspace) =>
    (await apart.sql`select count from incidents where workspace_id = ${workspace.id}`).map(
      ({ count }) => count,
    );

  test("is told once: its repeats raise the count, also when they come at once", async () => {
    const workspace = await makeWorkspace();
    const again = () => notify(db(), noticeTo(workspace, { incidentKey: "connection:1" }));
    const told = await Promise.all([again(), again(), again(), again(), again()]);
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await toldTo(workspace.admin)).toHaveLength(1);
    expect(await mailsTo(workspace.admin)).toHaveLength(1);
    expect(await countOf(workspace)).toEqual([5]);
  });

  test("is told again when it gets worse, and only then", async () => {
    const workspace = await makeWorkspace();
    const key = { incidentKey: "connection:1" };
    await notify(db(), noticeTo(workspace, key));
    await notify(db(), noticeTo(workspace, { ...key, severity: "error", title: "Now it is bad" }));
    await notify(db(), noticeTo(workspace, { ...key, severity: "error" }));
    await notify(db(), noticeTo(workspace, { ...key, severity: "info" }));
    await notify(
      db(),
      noticeTo(workspace, {
        ...key,
        type: "connection_status_changed",
        severity: "error",
        title: "It needs attention",
      }),
    );
    expect(await toldTo(workspace.admin)).toEqual([
      "HubSpot refuses the sync",
      "Now it is bad",
      "It needs attention",
    ]);
    expect(await countOf(workspace)).toEqual([5]);
  });

  test("ends with one word of recovery, and the next trouble is a new incident", async () => {
    const workspace = await makeWorkspace();
    const key = "connection:1";
    const words = {
      type: "sync_error",
      title: "HubSpot works again",
      body: "All is well.",
    } as const;
    await resolveIncident(db(), workspace.id, key, words, start);
    await notify(db(), noticeTo(workspace, { incidentKey: key }));
    await resolveIncident(db(), workspace.id, key, words, hoursLater(1));
    await resolveIncident(db(), workspace.id, key, words, hoursLater(2));
    await notify(db(), noticeTo(workspace, { incidentKey: key, now: hoursLater(3) }));
    expect(await toldTo(workspace.admin)).toEqual([
      "HubSpot refuses the sync",
      "HubSpot works again",
      "HubSpot refuses the sync",
    ]);
    expect(await mailsTo(workspace.admin)).toHaveLength(3);
    await resolveIncident(db(), workspace.id, key, null, hoursLater(4));
    expect(await toldTo(workspace.admin)).toHaveLength(3);
  });

  test("is reminded of once a day while it is open, however often the job runs", async () => {
    const workspace = await makeWorkspace();
    await notify(db(), noticeTo(workspace, { incidentKey: "connection:1" }));
    expect(await remindOpenIncidents(hoursLater(23))).toBe(0);
    const at = hoursLater(25);
    const reminded = await Promise.all([remindOpenIncidents(at), remindOpenIncidents(at)]);
    expect(reminded[0] + reminded[1]).toBe(1);
    expect(await remindOpenIncidents(hoursLater(26))).toBe(0);
    expect(await remindOpenIncidents(hoursLater(50))).toBe(1);
    expect(await toldTo(workspace.admin)).toEqual([
      "HubSpot refuses the sync",
      "Reminder: HubSpot refuses the sync",
      "Reminder: HubSpot refuses the sync",
    ]);
    await resolveIncident(db(), workspace.id, "connection:1", null, hoursLater(51));
    expect(await remindOpenIncidents(hoursLater(500))).toBe(0);
  });

  test("of the same name in another workspace is another one", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    await notify(db(), noticeTo(one, { incidentKey: "connection:1" }));
    await notify(db(), noticeTo(other, { incidentKey: "connection:1" }));
    expect(await toldTo(other.admin)).toHaveLength(1);
    const words = { type: "sync_error", title: "Works again", body: "x" } as const;
    await resolveIncident(db(), one.id, "connection:1", words, hoursLater(1));
    expect(await toldTo(other.admin)).toHaveLength(1);
  });
});

describe("a webhook that fails", () => {
  async function failing(workspace: TestWorkspace): Promise<string> {
    const id = newId("webhook");
    await db()
      .insert(webhooks)
      .values({
        id,
        workspaceId: workspace.id,
        name: "Orders",
        url: "https://receiver.example/hooks",
        events: ["meeting.processed"],
        ...sealedSecret(makeSecret(), id),
        createdByLabel: "Test",
        failingSince: start,
        lastStatus: 500,
      });
    expect(await warnAboutFailing(hoursLater(2))).toBe(1);
    return id;
  }
  const set = (id: string, values: Partial<typeof webhooks.$inferInsert>) =>
    db().update(webhooks).set(values).where(eq(webhooks.id, id));
  const first = "Webhook “Orders” is failing since 2026-11-01";

  test("and works again is told so once, in the app and by mail", async () => {
    const workspace = await makeWorkspace();
    const id = await failing(workspace);
    expect(await endWebhookIncidents(hoursLater(3))).toBe(0);
    await set(id, { failingSince: null, warnedAt: null, lastSuccessAt: hoursLater(4) });
    const ended = await Promise.all([
      endWebhookIncidents(hoursLater(5)),
      endWebhookIncidents(hoursLater(5)),
    ]);
    expect(ended[0] + ended[1]).toBe(1);
    expect(await toldTo(workspace.admin)).toEqual([first, "Webhook “Orders” works again"]);
    expect(await mailsTo(workspace.admin)).toEqual([first, "Webhook “Orders” works again"]);
    const rows = await apart.sql`select type, link from notifications
      where workspace_id = ${workspace.id} order by created_at`;
    const link = `/settings/integrations/webhooks/${id}`;
    expect([...rows]).toEqual([
      { type: "webhook_failing", link },
      { type: "webhook_recovered", link },
    ]);
  });

  test("and is re-enabled by hand is told too; paused or deleted ends it without a word", async () => {
    const workspace = await makeWorkspace();
    await set(await failing(workspace), { failingSince: null, warnedAt: null });
    const paused = await failing(workspace);
    const deleted = await failing(workspace);
    await set(paused, { status: "paused" });
    await set(deleted, { deletedAt: hoursLater(3) });
    expect(await endWebhookIncidents(hoursLater(5))).toBe(3);
    expect(await toldTo(workspace.admin)).toEqual([
      first,
      first,
      first,
      "Webhook “Orders” starts anew",
    ]);
    expect(await remindOpenIncidents(hoursLater(500))).toBe(0);
  });

  test("is reminded of every day while it is disabled", async () => {
    const workspace = await makeWorkspace();
    const id = await failing(workspace);
    await set(id, { status: "disabled", disabledReason: "failing" });
    expect(await endWebhookIncidents(hoursLater(5))).toBe(0);
    expect(await remindOpenIncidents(hoursLater(27))).toBe(1);
  });
});

test("an API key that expires is told before and after, by mail too, and its end stands in the trail", async () => {
  const workspace = await makeWorkspace();
  const key = await makeKey(workspace.admin);
  await apart.sql`update api_keys set expires_at = '2026-11-25T12:00:00Z'::timestamptz
    + (now() - '2026-11-22'::timestamptz) where id = ${key.id}`;
  await alertExpiringKeys();
  await apart.sql`update api_keys set expires_at = now() - interval '1 second' where id = ${key.id}`;
  await Promise.all([alertExpiringKeys(), alertExpiringKeys()]);
  expect(await mailsTo(workspace.admin)).toEqual([
    expect.stringMatching(/^API key “Test key” expires on \d{4}-\d\d-\d\d$/),
    "API key “Test key” has expired",
  ]);
  const entries = await apart.sql`select actor_type, actor_label from audit_events
    where target_id = ${key.id} and action = 'api_key.expired'`;
  expect([...entries]).toEqual([{ actor_type: "system", actor_label: "Harmony" }]);
});

test("the owner of a meeting that cannot be processed is told once, in the app", async () => {
  const workspace = await makeWorkspace();
  const owner = await makeMember(workspace, { role: "user" });
  const meeting = await makeMeeting(workspace, { status: "processing", userId: owner.userId });
  await failMeeting(meeting, "transcription_error", "It could not be read.");
  await failMeeting(meeting, "transcription_error", "It could not be read.");
  expect(await toldTo(owner)).toEqual([`“${meeting.title}” could not be processed`]);
  expect(await toldTo(workspace.admin)).toEqual([]);
  expect(await mailsTo(owner)).toEqual([]);
});
