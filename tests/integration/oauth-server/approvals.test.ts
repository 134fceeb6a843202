import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { removeMember } from "@/lib/members/service";
import { decideApp, listWorkspaceApps, setOauthPolicy } from "@/lib/oauth-server/approvals";
import { deleteOAuthApp } from "@/lib/oauth-server/apps";
import { followRequest, readConsent, requestApproval } from "@/lib/oauth-server/consent";
import { makeMember, makeWorkspace } from "@/tests/support/factories";
import {
  allow,
  connectApp,
  cookieHeader,
  discover,
  jarOf,
  makeApp,
  readMeetings,
  start,
  uidOf,
} from "./oauth-client";

// What admins say about apps, and how it reaches those who wait.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

/** A User of one workspace asks for an app that another one shares. */
async function asked() {
  const publisher = await makeWorkspace();
  const workspace = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  const app = await makeApp(publisher.admin, { name: "Shared Desk", is_shared: true });
  const config = await discover(app);
  const jar = jarOf(user);
  const started = await start(jar, config);
  const uid = uidOf(started.location);
  const place = async () => [await user.ctx(), cookieHeader(jar), uid, workspace.id] as const;
  await requestApproval(...(await place()));
  const follow = async () => followRequest(...(await place()));
  const decide = async (
    decision: "approved" | "blocked",
    seen: "pending" | "approved" | "blocked" = "pending",
  ) => decideApp(await workspace.admin.ctx(), { id: app.clientId, seen, decision });
  const told = (userId = user.userId) => pool()`select type, link, body from notifications
    where workspace_id = ${workspace.id} and user_id = ${userId} order by created_at`;
  const audit = () => pool()`select action, metadata from audit_events
    where workspace_id = ${workspace.id} and target_id = ${app.clientId} order by at, id`;
  return {
    publisher,
    workspace,
    user,
    app,
    config,
    jar,
    started,
    uid,
    follow,
    decide,
    told,
    audit,
  };
}

test("asked, approved, and the very flow goes on to working tokens", async () => {
  const { workspace, user, config, jar, started, uid, follow, decide, told } = await asked();
  expect(await follow()).toBe("asked");
  const [waiting] = await listWorkspaceApps(await workspace.admin.ctx());
  expect(waiting).toMatchObject({
    name: "Shared Desk",
    isOwn: false,
    approval: "pending",
    request: { by: user.name, scopes: ["meetings:read", "contacts:read"] },
  });
  expect(await told(workspace.admin.userId)).toMatchObject([
    { type: "oauth_app_requested", link: "/settings/integrations/api/authorised-apps" },
  ]);
  await decide("approved");
  expect(await told()).toMatchObject([
    { type: "oauth_app_approved", link: `/oauth/consent/${uid}` },
  ]);
  expect(await follow()).toBe("allowed");
  const callback = await allow(jar, user, started);
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("approved after the page has expired, the person is told to start again in the app", async () => {
  const { decide, told } = await asked();
  await pool()`delete from oauth_payloads where model = 'Interaction'`;
  await decide("approved");
  const [notice] = await told();
  expect(notice).toMatchObject({ link: null });
  expect(notice?.body).toContain("connect it again");
});

test("the page that waits last is the one that an approval leads to", async () => {
  const { user, config, jar, workspace, decide, told } = await asked();
  const again = await start(jar, config);
  const uid = uidOf(again.location);
  expect(await followRequest(await user.ctx(), cookieHeader(jar), uid, workspace.id)).toBe("asked");
  await decide("approved");
  expect(await told()).toMatchObject([{ link: `/oauth/consent/${uid}` }]);
});

test("everybody who asked is told, each with the page that is theirs; who asked is shown with how many more", async () => {
  const { workspace, user, config, decide, told } = await asked();
  const [second, third] = [
    await makeMember(workspace, { role: "user" }),
    await makeMember(workspace, { role: "user" }),
  ];
  const pages: string[] = [];
  for (const person of [second, third]) {
    const jar = jarOf(person);
    const uid = uidOf((await start(jar, config)).location);
    pages.push(uid);
    const place = [await person.ctx(), cookieHeader(jar), uid, workspace.id] as const;
    // The page of whoever comes second knows that it was asked for, and follows without asking.
    expect(await followRequest(...place)).toBe("asked");
    expect(await followRequest(...place)).toBe("asked");
  }
  const admin = await workspace.admin.ctx();
  expect(await listWorkspaceApps(admin)).toMatchObject([{ request: { by: user.name, others: 2 } }]);
  await decide("approved");
  expect(await told()).toHaveLength(1);
  for (const [index, person] of [second, third].entries()) {
    expect(await told(person.userId)).toMatchObject([
      { type: "oauth_app_approved", link: `/oauth/consent/${pages[index]}` },
    ]);
  }
  expect(await told(workspace.admin.userId)).toHaveLength(1);
  await decide("blocked", "approved");
  await decide("approved", "blocked");
  expect(await told(third.userId)).toHaveLength(1);
});

test("of two admins at once, one who means the same changes nothing, one who means something else is told", async () => {
  const { workspace, decide, audit, told } = await asked();
  await makeMember(workspace, { role: "admin" });
  await Promise.all([decide("approved"), decide("approved")]);
  expect(await audit()).toMatchObject([{ action: "oauth_app.approved" }]);
  expect(await told()).toHaveLength(1);
  await expect(decide("blocked", "pending")).rejects.toMatchObject({ code: "conflict" });
  const both = await Promise.allSettled([
    decide("blocked", "approved"),
    decide("approved", "pending"),
  ]);
  expect(both.map(({ status }) => status)).toContain("fulfilled");
});

test("an app that was deleted meanwhile is not found; a requester who has left is not told", async () => {
  const gone = await asked();
  await deleteOAuthApp(await gone.publisher.admin.ctx(), { id: gone.app.clientId });
  await expect(gone.decide("approved")).rejects.toMatchObject({ code: "not_found" });
  expect(await listWorkspaceApps(await gone.workspace.admin.ctx())).toEqual([]);

  const left = await asked();
  await removeMember(await left.workspace.admin.ctx(), { memberId: left.user.membershipId });
  await left.decide("approved");
  expect(await left.told()).toEqual([]);
});

test("only admins decide, and only about apps that somebody of theirs asked for", async () => {
  const { user, app, follow } = await asked();
  const elsewhere = await makeWorkspace();
  const decision = { id: app.clientId, seen: "pending", decision: "approved" } as const;
  await expect(decideApp(await user.ctx(), decision)).rejects.toMatchObject({ code: "forbidden" });
  await expect(listWorkspaceApps(await user.ctx())).rejects.toMatchObject({ code: "forbidden" });
  const theirs = await elsewhere.admin.ctx();
  await expect(decideApp(theirs, decision)).rejects.toMatchObject({ code: "not_found" });
  await expect(decideApp(theirs, { ...decision, seen: null })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await listWorkspaceApps(theirs)).toEqual([]);
  expect(await follow()).toBe("asked");
});

test("blocked: the waiting page says so, tokens are refused at once, and unblocking brings nothing back", async () => {
  const { workspace, user, app, follow, decide, audit } = await asked();
  await decide("approved");
  const { tokens, config } = await connectApp(user, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  await decide("blocked", "approved");
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const refreshed = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  await expect(refreshed.catch(names)).resolves.toBe("invalid_grant");
  expect(await follow()).toBe("blocked");
  await expect(connectApp(workspace.admin, app)).rejects.toMatchObject({ code: "forbidden" });
  await decide("approved", "blocked");
  // Whether its job has run or not, what was allowed before the block stays refused.
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const anew = await connectApp(user, app);
  expect((await readMeetings(anew.tokens.access_token)).status).toBe(200);
  expect((await audit()).map(({ action }) => action)).toEqual([
    "oauth_app.approved",
    "oauth.authorized",
    "oauth_app.blocked",
    "oauth_app.approved",
    "oauth.authorized",
  ]);
});

test("the policy decides who has to ask, and each change of it is in the trail", async () => {
  const workspace = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const jar = jarOf(user);
  const started = await start(jar, await discover(app));
  const verdict = async () =>
    (await readConsent(await user.ctx(), cookieHeader(jar), uidOf(started.location))).workspaces[0]
      ?.verdict;
  const set = async (policy: "open" | "approval" | "off") =>
    setOauthPolicy(await workspace.admin.ctx(), { policy });
  expect(await verdict()).toBe("allowed");
  await set("approval");
  expect(await verdict()).toBe("ask");
  await set("off");
  expect(await verdict()).toBe("blocked");
  await set("off");
  await expect(setOauthPolicy(await user.ctx(), { policy: "open" })).rejects.toMatchObject({
    code: "forbidden",
  });
  const trail = await pool()`select metadata from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth.policy_changed' order by at, id`;
  expect(trail.map(({ metadata }) => metadata)).toEqual([
    { from: "open", to: "approval" },
    { from: "approval", to: "off" },
  ]);
});

test("“off” stops new consents and leaves what was allowed before", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  await setOauthPolicy(await workspace.admin.ctx(), { policy: "off" });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("an app that only an admin connected is approved for everybody without anybody having asked", async () => {
  const publisher = await makeWorkspace();
  const workspace = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  const app = await makeApp(publisher.admin, { name: "Shared Desk", is_shared: true });
  await connectApp(workspace.admin, app);
  await expect(connectApp(user, app)).rejects.toMatchObject({ code: "forbidden" });
  const decision = { id: app.clientId, seen: null, decision: "approved" } as const;
  await decideApp(await workspace.admin.ctx(), decision);
  const { tokens } = await connectApp(user, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});
