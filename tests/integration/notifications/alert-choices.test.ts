import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePool, db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import {
  readAlertChoices,
  readPreferences,
  setAlertChoice,
  setPreference,
} from "@/lib/notifications/service";
import { notify } from "@/lib/notify/notify";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import { makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";

// What a person chose for the alerts of one connection, against their general choice (handbook D-31).

let apart: Apart;
beforeAll(async () => {
  apart = await makeDatabaseApart();
});
afterAll(async () => {
  await closePool();
  await apart.drop();
});

async function makeConnection(
  workspace: TestWorkspace,
  provider: string,
  status: "connected" | "disconnected" = "connected",
): Promise<string> {
  const id = newId("connection");
  await db()
    .insert(connections)
    .values({
      ...{ id, workspaceId: workspace.id, provider, status },
      ...{ scope: "workspace", connectedByLabel: "Ada" },
      connectedAt: new Date(),
    });
  return id;
}

async function mailsTo(address: string): Promise<number> {
  const [row] = await apart.sql<{ n: number }[]>`select count(*)::int as n from mail_messages
    where "to" = ${address}`;
  return row?.n ?? 0;
}

const tell = (workspace: TestWorkspace, userId: string, aboutId: string) =>
  db().transaction((tx) =>
    notify(tx, {
      workspaceId: workspace.id,
      to: { userIds: [userId], exceptConnectionId: aboutId },
      type: "sync_error",
      severity: "error",
      title: "A sync failed",
      body: "Look at the log.",
      link: null,
      now: new Date(),
    }),
  );

describe("alerts of one connection", () => {
  test("follow the general choice until the person chooses otherwise for it, and again after they take it back", async () => {
    const workspace = await makeWorkspace();
    const admin = await makeMember(workspace, { role: "admin" });
    const [hubspot, zoom] = [
      await makeConnection(workspace, "hubspot"),
      await makeConnection(workspace, "zoom"),
    ];
    await tell(workspace, admin.userId, hubspot);
    expect(await mailsTo(admin.email)).toBe(1);

    const choice = { connectionId: hubspot, alert: "sync_error", channel: "email" } as const;
    await setAlertChoice(await admin.ctx(), { ...choice, enabled: false });
    await setAlertChoice(await admin.ctx(), { ...choice, enabled: false });
    await tell(workspace, admin.userId, hubspot);
    expect(await mailsTo(admin.email)).toBe(1);
    await tell(workspace, admin.userId, zoom);
    expect(await mailsTo(admin.email)).toBe(2);

    const grid = await readAlertChoices(await admin.ctx(), { connectionId: hubspot });
    const cell = grid
      .find(({ alert }) => alert === "sync_error")
      ?.cells.find(({ channel }) => channel === "email");
    expect(cell).toMatchObject({ general: true, own: false, isLocked: false, missing: null });

    await setAlertChoice(await admin.ctx(), { ...choice, enabled: null });
    await tell(workspace, admin.userId, hubspot);
    expect(await mailsTo(admin.email)).toBe(3);
  });

  test("cannot be switched off in the app, nor told through the tool that they are about", async () => {
    const workspace = await makeWorkspace();
    const admin = await makeMember(workspace, { role: "admin" });
    const slack = await makeConnection(workspace, "slack");
    const choice = { connectionId: slack, alert: "sync_error", enabled: true } as const;
    for (const channel of ["in_app", "slack", "microsoft_teams"] as const) {
      await expect(setAlertChoice(await admin.ctx(), { ...choice, channel })).rejects.toMatchObject(
        {
          code: "invalid_request",
        },
      );
    }
  });

  test("are nobody else's to read or change", async () => {
    const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
    const admin = await makeMember(workspace, { role: "admin" });
    const user = await makeMember(workspace, { role: "user" });
    const stranger = await makeMember(other, { role: "admin" });
    const connectionId = await makeConnection(workspace, "hubspot");
    const change = { connectionId, alert: "sync_error", channel: "email", enabled: false } as const;
    await expect(readAlertChoices(await stranger.ctx(), { connectionId })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(setAlertChoice(await stranger.ctx(), change)).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(setAlertChoice(await user.ctx(), change)).rejects.toMatchObject({
      code: "forbidden",
    });
    await setAlertChoice(await admin.ctx(), change);
    const colleague = await makeMember(workspace, { role: "admin" });
    const grid = await readAlertChoices(await colleague.ctx(), { connectionId });
    expect(grid.flatMap(({ cells }) => cells).every(({ own }) => own === null)).toBe(true);
  });
});

test("a chat channel can be chosen while its tool is connected, and only then", async () => {
  const workspace = await makeWorkspace();
  const admin = await makeMember(workspace, { role: "admin" });
  const slackOf = async () =>
    (await readPreferences(await admin.ctx()))[0]?.cells.find(({ channel }) => channel === "slack");
  const choice = { alert: "sync_error", channel: "slack", enabled: true } as const;
  expect(await slackOf()).toMatchObject({ missing: "Connect Slack to use this", isOn: false });
  await expect(setPreference(await admin.ctx(), choice)).rejects.toMatchObject({
    code: "invalid_request",
  });
  await makeConnection(workspace, "slack", "disconnected");
  expect(await slackOf()).toMatchObject({ missing: "Connect Slack to use this" });
  await apart.sql`update connections set status = 'connected' where workspace_id = ${workspace.id}`;
  expect(await slackOf()).toMatchObject({ missing: null, isOn: false });
  await setPreference(await admin.ctx(), choice);
});
