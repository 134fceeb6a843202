import { expect, test } from "vitest";
import { db, pool } from "@/db/client";
import { setOAuthAppStatus } from "@/lib/oauth-server/apps";
import {
  listAuthorisedApps,
  listAuthorisingPeople,
  listMyApps,
  revokeAuthorisedApp,
} from "@/lib/oauth-server/authorised-apps";
import { addMember } from "@/lib/workspaces/create-workspace";
import { makeMember, makeTeam, makeWorkspace } from "@/tests/support/factories";
import { connectApp, makeApp, readMeetings } from "./oauth-client";

// What people allowed apps, as they and their admins see it, and the way back.

test("a person sees what each app may do, of which teams, and what it did", async () => {
  const workspace = await makeWorkspace();
  const team = await makeTeam(workspace);
  const app = await makeApp(workspace.admin);
  await connectApp(workspace.admin, app, {
    allowed: { teamIds: [team], scopes: ["meetings:read"] },
  });
  const ctx = await workspace.admin.ctx();
  const [before] = await listMyApps(ctx);
  expect(before).toMatchObject({
    app: { id: app.clientId, name: "Deal Desk", isOwn: true, isDisabled: false, logoUrl: null },
    person: { id: workspace.admin.userId },
    scopes: ["meetings:read"],
    teams: [expect.stringMatching(/^Team /)],
    lastUsedAt: null,
    calls: [],
  });
  await pool()`insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
    select ${workspace.id}, ${before?.id ?? ""}, (now() at time zone 'UTC')::date - d.ago, d.operation, d.n, 0, 1000, 0
    from (values (0, 'getTranscript', 2), (29, 'getTranscript', 3), (1, 'listMeetings', 9), (31, 'listMeetings', 100)) d (ago, operation, n)`;
  const [after] = await listMyApps(ctx);
  expect(after?.calls).toEqual([
    { what: "Lists of meetings", requests: 9 },
    { what: "Transcripts", requests: 5 },
  ]);
});

test("a person's list has the apps of all their workspaces; an admin's those of everybody in theirs", async () => {
  const [one, two] = [await makeWorkspace(), await makeWorkspace()];
  const person = await makeMember(one, { role: "user" });
  await db().transaction((tx) =>
    addMember(tx, { workspaceId: two.id, userId: person.userId, roleId: two.roleIds.user }),
  );
  const here = await makeApp(one.admin, { name: "Here" });
  const there = await makeApp(two.admin, { name: "There" });
  await connectApp(person, here);
  await connectApp(person, there, { allowed: { workspaceId: two.id } });
  await connectApp(one.admin, here);
  const mine = await listMyApps(await person.ctx());
  expect(mine.map(({ app }) => app.name).sort()).toEqual(["Here", "There"]);
  const admin = await one.admin.ctx();
  const all = await listAuthorisedApps(admin, { page: 1 });
  expect(all.total).toBe(2);
  expect(new Set(all.rows.map((row) => row.person.id))).toEqual(
    new Set([person.userId, one.admin.userId]),
  );
  const filtered = await listAuthorisedApps(admin, {
    page: 1,
    userId: person.userId,
    appId: here.clientId,
  });
  expect(filtered).toMatchObject({ total: 1, rows: [{ person: { id: person.userId } }] });
  expect((await listAuthorisedApps(admin, { page: 1, appId: there.clientId })).total).toBe(0);
  expect((await listAuthorisedApps(admin, { page: 2 })).rows).toEqual([]);
  expect((await listAuthorisingPeople(admin)).map(({ id }) => id).sort()).toEqual(
    [person.userId, one.admin.userId].sort(),
  );
  const forbidden = { code: "forbidden" };
  await expect(listAuthorisedApps(await person.ctx(), { page: 1 })).rejects.toMatchObject(
    forbidden,
  );
  await expect(listAuthorisingPeople(await person.ctx())).rejects.toMatchObject(forbidden);
});

test("an app of another workspace is shown with its publisher, and a disabled one as disabled", async () => {
  const [publisher, workspace] = [await makeWorkspace(), await makeWorkspace()];
  const app = await makeApp(publisher.admin, { is_shared: true });
  await connectApp(workspace.admin, app);
  await setOAuthAppStatus(await publisher.admin.ctx(), { id: app.clientId, status: "disabled" });
  expect(await listMyApps(await workspace.admin.ctx())).toMatchObject([
    { app: { isOwn: false, isDisabled: true, publisher: expect.stringMatching(/^Test /) } },
  ]);
});

test("revoked by the person, the app's next request is refused, once is enough, and the trail has it", async () => {
  const workspace = await makeWorkspace();
  const person = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(person, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const ctx = await person.ctx();
  const [mine] = await listMyApps(ctx);
  await revokeAuthorisedApp(ctx, { id: mine?.id ?? "" });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  expect(await listMyApps(ctx)).toEqual([]);
  const again = revokeAuthorisedApp(ctx, { id: mine?.id ?? "" });
  await expect(again).rejects.toMatchObject({ code: "not_found" });
  const trail = await pool()`select actor_id, metadata ->> 'reason' as reason from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth.revoked'`;
  expect(trail).toEqual([{ actor_id: person.userId, reason: "person" }]);
});

test("revoked five times at once, it is revoked once", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await connectApp(workspace.admin, app);
  const ctx = await workspace.admin.ctx();
  const [mine] = await listMyApps(ctx);
  const answers = await Promise.allSettled(
    Array.from({ length: 5 }, () => revokeAuthorisedApp(ctx, { id: mine?.id ?? "" })),
  );
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("somebody else's access is not found, except for an admin of its workspace, and then the person is told", async () => {
  const workspace = await makeWorkspace();
  const elsewhere = await makeWorkspace();
  const person = await makeMember(workspace, { role: "user" });
  const colleague = await makeMember(workspace, { role: "manager" });
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(person, app);
  const id = (await listMyApps(await person.ctx()))[0]?.id ?? "";
  for (const other of [colleague, elsewhere.admin]) {
    const tried = revokeAuthorisedApp(await other.ctx(), { id });
    await expect(tried).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  await revokeAuthorisedApp(await workspace.admin.ctx(), { id });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const told = await pool()`select type, link from notifications
    where workspace_id = ${workspace.id} and user_id = ${person.userId}`;
  expect(told).toEqual([{ type: "oauth_app_revoked", link: "/settings/profile#authorised-apps" }]);
});
