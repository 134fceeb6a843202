import * as client from "openid-client";
import { expect, test } from "vitest";
import {
  addOAuthSecret,
  createOAuthApp,
  deleteOAuthApp,
  listOAuthApps,
  removeOAuthSecret,
  updateOAuthApp,
} from "@/lib/oauth-server/apps";
import { oauthAppInput } from "@/lib/oauth-server/schema";
import { makeMember, makeWorkspace } from "@/tests/support/factories";
import { connectApp, discover, makeApp, readMeetings, redirectUri } from "./oauth-client";

// Apps as their publishers keep them.

const input = oauthAppInput.parse({
  name: "Deal Desk",
  redirect_uris: [redirectUri],
  scopes: ["meetings:read"],
});

test("an app is listed with its secrets' last four, its grants and its use, and never with a secret", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await connectApp(workspace.admin, app);
  const [listed] = await listOAuthApps(await workspace.admin.ctx());
  expect(listed).toMatchObject({
    id: app.clientId,
    name: "Deal Desk",
    kind: "web",
    authentication: "secret",
    redirectUris: [redirectUri],
    scopes: ["meetings:read", "contacts:read"],
    status: "active",
    isShared: false,
    secrets: [{ last4: app.clientSecret?.slice(-4) }],
    grants: 1,
  });
  expect(app.clientId).toMatch(/^hcl_[0-9A-Za-z]{24}$/);
  expect(JSON.stringify(listed)).not.toContain(app.clientSecret);
});

test("a secret is replaced without a gap: two live at most, the last one stays", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const ctx = await workspace.admin.ctx();
  const { tokens } = await connectApp(workspace.admin, app);
  const { clientSecret } = await addOAuthSecret(ctx, { id: app.clientId });
  await expect(addOAuthSecret(ctx, { id: app.clientId })).rejects.toMatchObject({
    code: "conflict",
  });
  const [old] = (await listOAuthApps(ctx))[0]?.secrets ?? [];
  await removeOAuthSecret(ctx, { id: app.clientId, secret_id: old?.id ?? "" });
  const stale = client.refreshTokenGrant(await discover(app), tokens.refresh_token ?? "");
  await expect(stale).rejects.toMatchObject({ error: "invalid_client" });
  const fresh = await discover({ ...app, clientSecret });
  expect((await client.refreshTokenGrant(fresh, tokens.refresh_token ?? "")).access_token).toMatch(
    /^hat_/,
  );
  const [left] = (await listOAuthApps(ctx))[0]?.secrets ?? [];
  const last = removeOAuthSecret(ctx, { id: app.clientId, secret_id: left?.id ?? "" });
  await expect(last).rejects.toMatchObject({ code: "conflict" });
});

test("a deleted app's tokens are refused by the next request", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const ctx = await workspace.admin.ctx();
  expect(await deleteOAuthApp(ctx, { id: app.clientId })).toEqual({ grants: 1 });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  expect(await listOAuthApps(ctx)).toEqual([]);
});

test("the plan gates how many apps there are, and whether any", async () => {
  const plus = await makeWorkspace({ plan: "plus" });
  const none = createOAuthApp(await plus.admin.ctx(), input);
  await expect(none).rejects.toMatchObject({ code: "quota_exceeded" });
  const max = await makeWorkspace({ plan: "max" });
  const ctx = await max.admin.ctx();
  for (let n = 0; n < 5; n += 1) await createOAuthApp(ctx, input);
  await expect(createOAuthApp(ctx, input)).rejects.toMatchObject({ code: "quota_exceeded" });
});

test("another workspace's app is not found, and a User manages none", async () => {
  const workspace = await makeWorkspace();
  const elsewhere = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const theirs = await elsewhere.admin.ctx();
  const id = app.clientId;
  const missing = { code: "not_found" };
  await expect(updateOAuthApp(theirs, { ...input, id })).rejects.toMatchObject(missing);
  await expect(addOAuthSecret(theirs, { id })).rejects.toMatchObject(missing);
  await expect(deleteOAuthApp(theirs, { id })).rejects.toMatchObject(missing);
  await expect(listOAuthApps(await user.ctx())).rejects.toMatchObject({ code: "forbidden" });
  await expect(createOAuthApp(await user.ctx(), input)).rejects.toMatchObject({
    code: "forbidden",
  });
});
