import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as client from "openid-client";
import { expect, test } from "vitest";
import { samplesOf } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/connect-samples";
import { db, pool } from "@/db/client";
import { oauthApps } from "@/db/schema/oauth";
import { serviceAccounts } from "@/db/schema/service-accounts";
import { newId, randomBase62 } from "@/lib/core/ids";
import {
  addOAuthSecret,
  createOAuthApp,
  deleteOAuthApp,
  getOAuthApp,
  listOAuthApps,
  readOAuthAppUsage,
  removeOAuthAppLogo,
  removeOAuthSecret,
  setOAuthAppLogo,
  setOAuthAppStatus,
  updateOAuthApp,
} from "@/lib/oauth-server/apps";
import { listKills } from "@/lib/oauth-server/kills";
import { logoUrlOf, oauthAppInput } from "@/lib/oauth-server/schema";
import {
  type Member,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "@/tests/support/factories";
import {
  allow,
  connectApp,
  discover,
  jarOf,
  makeApp,
  origin,
  readMeetings,
  redirectUri,
} from "./oauth-client";

// Apps as their publishers keep them.

const input = oauthAppInput.parse({
  name: "Deal Desk",
  redirect_uris: [redirectUri],
  scopes: ["meetings:read"],
});

/** One pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==",
  "base64",
);

/** A client that a service account has (RFC 6749, 4.4). */
async function makeServiceClient(workspace: TestWorkspace): Promise<string> {
  const serviceAccountId = newId("serviceAccount");
  const id = `hcl_${randomBase62(24)}`;
  await db().insert(serviceAccounts).values({
    id: serviceAccountId,
    workspaceId: workspace.id,
    name: "Exporter",
    roleId: workspace.roleIds.user,
    teamIds: [],
  });
  await db()
    .insert(oauthApps)
    .values({
      id,
      workspaceId: workspace.id,
      name: "Exporter",
      kind: "service",
      serviceAccountId,
      authentication: "secret",
      redirectUris: [],
      scopes: ["meetings:read"],
    });
  return id;
}

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
    registration: "console",
    logoHash: null,
    keys: [],
    people: 1,
    requests30Days: 0,
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

test("admins at the same moment leave an app neither with three secrets nor with none", async () => {
  const workspace = await makeWorkspace();
  const { clientId: id } = await makeApp(workspace.admin);
  const ctx = await workspace.admin.ctx();
  const added = await Promise.allSettled([1, 2, 3].map(() => addOAuthSecret(ctx, { id })));
  expect(added.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const { secrets } = await getOAuthApp(ctx, id);
  const removed = await Promise.allSettled(
    secrets.map((secret) => removeOAuthSecret(ctx, { id, secret_id: secret.id })),
  );
  expect(removed.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await getOAuthApp(ctx, id)).secrets).toHaveLength(1);
});

test("a deleted app's tokens are refused by the next request, and what people allowed is handed on to be ended", async () => {
  const workspace = await makeWorkspace();
  const elsewhere = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const ctx = await workspace.admin.ctx();
  expect(await deleteOAuthApp(ctx, { id: app.clientId })).toEqual({ grants: 1 });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  expect(await listOAuthApps(ctx)).toEqual([]);
  await expect(getOAuthApp(ctx, app.clientId)).rejects.toMatchObject({ code: "not_found" });
  const again = deleteOAuthApp(ctx, { id: app.clientId });
  await expect(again).rejects.toMatchObject({ code: "not_found" });
  expect(await listKills(ctx, "publisher")).toMatchObject([{ appName: "Deal Desk", total: 1 }]);
  expect(await listKills(await elsewhere.admin.ctx(), "publisher")).toEqual([]);
});

test("a disabled app's tokens are refused at once and work again when it is enabled", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens, config } = await connectApp(workspace.admin, app);
  const ctx = await workspace.admin.ctx();
  await setOAuthAppStatus(ctx, { id: app.clientId, status: "disabled" });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const refused = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  await expect(refused).rejects.toMatchObject({ error: "invalid_client" });
  await setOAuthAppStatus(ctx, { id: app.clientId, status: "active" });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("of two creations at once for the plan's last place one is made", async () => {
  const max = await makeWorkspace({ plan: "max" });
  const ctx = await max.admin.ctx();
  for (let n = 0; n < 4; n += 1) await createOAuthApp(ctx, input);
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => createOAuthApp(ctx, input)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await listOAuthApps(ctx)).toHaveLength(5);
});

test("a deleted app makes room in the plan; clients of service accounts take none and are not listed", async () => {
  const max = await makeWorkspace({ plan: "max" });
  const ctx = await max.admin.ctx();
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push(await createOAuthApp(ctx, input));
  await makeServiceClient(max);
  expect(await listOAuthApps(ctx)).toHaveLength(5);
  await deleteOAuthApp(ctx, { id: made[0]?.clientId ?? "" });
  await createOAuthApp(ctx, input);
  await expect(createOAuthApp(ctx, input)).rejects.toMatchObject({
    code: "quota_exceeded",
    details: { limit: 5, used: 5, required_plan: "enterprise" },
  });
});

test("a client of a service account has no page, logo or redirect URIs of an app", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const id = await makeServiceClient(workspace);
  const missing = { code: "not_found" };
  await expect(getOAuthApp(ctx, id)).rejects.toMatchObject(missing);
  await expect(updateOAuthApp(ctx, { ...input, id })).rejects.toMatchObject(missing);
  await expect(setOAuthAppLogo(ctx, { id, logo: png })).rejects.toMatchObject(missing);
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

test("what an app says of itself is changed, audited, and goes for the next flow", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const { clientId: id } = await createOAuthApp(ctx, input);
  const changed = {
    ...input,
    name: "Deal Desk 2",
    description: "Prepares follow-ups",
    redirect_uris: ["https://app.example/new", "http://localhost:3000/cb"],
    scopes: ["contacts:read" as const],
    is_shared: true,
  };
  await updateOAuthApp(ctx, { ...changed, id });
  expect(await getOAuthApp(ctx, id)).toMatchObject({
    name: "Deal Desk 2",
    description: "Prepares follow-ups",
    redirectUris: changed.redirect_uris,
    scopes: ["contacts:read"],
    isShared: true,
  });
  const [entry] = await pool()`select metadata from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth_app.updated'`;
  expect(entry?.metadata).toMatchObject({ scopes: ["contacts:read"], is_shared: true });
  const other = updateOAuthApp(ctx, { ...changed, kind: "native", authentication: "none", id });
  await expect(other).rejects.toMatchObject({
    code: "invalid_request",
    details: { fields: { authentication: expect.any(String) } },
  });
});

test("the use of 30 days is summed by day and endpoint, over all workspaces, and older use is left out", async () => {
  const workspace = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const other = await makeApp(workspace.admin);
  for (const member of [workspace.admin, user]) await connectApp(member, app);
  await connectApp(workspace.admin, other);
  await pool()`insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
    select workspace_id, id, (now() at time zone 'UTC')::date - age, operation, n, 1000, 0, 0 from oauth_grants, (values
      (0, 'listMeetings', 3), (29, 'listMeetings', 4), (29, 'listContacts', 1), (30, 'listMeetings', 100)
    ) as used (age, operation, n) where app_id = ${app.clientId}`;
  const ctx = await workspace.admin.ctx();
  const usage = await readOAuthAppUsage(ctx, app.clientId);
  expect(usage).toMatchObject({
    endpoints: [
      { endpoint: "Lists of meetings", requests: 14 },
      { endpoint: "Lists of contacts", requests: 2 },
    ],
    workspaces: 1,
    allowed: 2,
    ended: 0,
  });
  expect(usage.days).toHaveLength(30);
  expect([usage.days.at(0)?.requests, usage.days.at(-1)?.requests]).toEqual([10, 6]);
  expect(await getOAuthApp(ctx, app.clientId)).toMatchObject({ people: 2, requests30Days: 16 });
  const elsewhere = await (await makeWorkspace()).admin.ctx();
  const theirs = await readOAuthAppUsage(elsewhere, app.clientId);
  expect(theirs).toMatchObject({ endpoints: [], workspaces: 0, allowed: 0 });
  expect(theirs.days.every(({ requests }) => requests === 0)).toBe(true);
});

test("a logo is served from an address of its own content, and only while it is the app's", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const { clientId: id } = await createOAuthApp(ctx, input);
  expect(logoUrlOf(await getOAuthApp(ctx, id))).toBeNull();
  await setOAuthAppLogo(ctx, { id, logo: png });
  const url = `${origin()}${logoUrlOf(await getOAuthApp(ctx, id))}`;
  const shown = await fetch(url);
  expect(shown.status).toBe(200);
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    "content-type": "image/png",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  });
  const larger = Buffer.concat([png, Buffer.from("more")]);
  await setOAuthAppLogo(ctx, { id, logo: larger });
  const next = `${origin()}${logoUrlOf(await getOAuthApp(ctx, id))}`;
  expect(next).not.toBe(url);
  expect([(await fetch(url)).status, (await fetch(next)).status]).toEqual([404, 200]);
  await removeOAuthAppLogo(ctx, { id });
  expect((await fetch(next)).status).toBe(404);
  expect((await getOAuthApp(ctx, id)).logoHash).toBeNull();
});

test("a logo that is none is refused by its content, and the one before stays", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const { clientId: id } = await createOAuthApp(ctx, input);
  await setOAuthAppLogo(ctx, { id, logo: png });
  const before = await getOAuthApp(ctx, id);
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
  for (const logo of [svg, Buffer.alloc(262_145), Buffer.alloc(0)]) {
    await expect(setOAuthAppLogo(ctx, { id, logo })).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { logo: expect.any(String) } },
    });
  }
  expect((await getOAuthApp(ctx, id)).logoHash).toBe(before.logoHash);
});

test.each([
  "/api/app-logos/hcl_000000000000000000000000/0000",
  `/api/app-logos/hcl_000000000000000000000000/${"0".repeat(64)}`,
  `/api/app-logos/..%2f..%2fetc/${"0".repeat(64)}`,
])("there is no logo at %s", async (path) => {
  const answer = await fetch(`${origin()}${path}`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("another workspace's app is not found", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const [secret] = (await listOAuthApps(await workspace.admin.ctx()))[0]?.secrets ?? [];
  const theirs = await (await makeWorkspace()).admin.ctx();
  const id = app.clientId;
  for (const attempt of [
    () => getOAuthApp(theirs, id),
    () => updateOAuthApp(theirs, { ...input, id }),
    () => addOAuthSecret(theirs, { id }),
    () => removeOAuthSecret(theirs, { id, secret_id: secret?.id ?? "" }),
    () => setOAuthAppStatus(theirs, { id, status: "disabled" }),
    () => setOAuthAppLogo(theirs, { id, logo: png }),
    () => removeOAuthAppLogo(theirs, { id }),
    () => deleteOAuthApp(theirs, { id }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  }
  expect(await listOAuthApps(theirs)).toEqual([]);
});

test.each(["user", "manager"] as const)("a %s neither sees nor changes apps", async (role) => {
  const workspace = await makeWorkspace();
  const { clientId: id } = await makeApp(workspace.admin);
  const ctx = await (await makeMember(workspace, { role })).ctx();
  for (const attempt of [
    () => listOAuthApps(ctx),
    () => getOAuthApp(ctx, id),
    () => readOAuthAppUsage(ctx, id),
    () => listKills(ctx, "publisher"),
    () => createOAuthApp(ctx, input),
    () => updateOAuthApp(ctx, { ...input, id }),
    () => addOAuthSecret(ctx, { id }),
    () => removeOAuthSecret(ctx, { id, secret_id: "sec_1" }),
    () => setOAuthAppStatus(ctx, { id, status: "disabled" }),
    () => setOAuthAppLogo(ctx, { id, logo: png }),
    () => removeOAuthAppLogo(ctx, { id }),
    () => deleteOAuthApp(ctx, { id }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
  }
});

const pageOf = async (member: Member) => {
  const answer = await fetch(`${origin()}/settings/integrations/api/oauth-apps`, {
    headers: { cookie: member.cookie },
  });
  // React parts its texts by comments.
  return (await answer.text()).replaceAll("<!-- -->", "");
};

test("on a plan without apps the page says which plan has them, and has no button that does nothing", async () => {
  const plus = await makeWorkspace({ plan: "plus" });
  const page = await pageOf(plus.admin);
  expect(page).toContain("Making OAuth apps is part of the Max plan");
  expect(page).not.toContain("Create OAuth app");
});

test("the page says how many of the plan's apps are used, and what to do when all are", async () => {
  const max = await makeWorkspace({ plan: "max" });
  const ctx = await max.admin.ctx();
  for (let n = 0; n < 2; n += 1) await createOAuthApp(ctx, input);
  const some = await pageOf(max.admin);
  expect(some).toContain("2 of 5 used on the Max plan");
  expect(some).toContain("Create OAuth app");
  for (let n = 0; n < 3; n += 1) await createOAuthApp(ctx, input);
  const all = await pageOf(max.admin);
  expect(all).toContain("Every OAuth app of the plan is in use");
  expect(all).not.toContain("Create OAuth app");
});

test("while a deleted app's access is being ended the page says how far that is", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await pool()`insert into oauth_kills (id, workspace_id, reach, app_id, total, ended)
    values (${newId("oauthKill")}, ${workspace.id}, 'app', ${app.clientId}, 1204, 312)`;
  expect(await pageOf(workspace.admin)).toContain("312 of 1,204");
  await pool()`update oauth_kills set ended = total, finished_at = now()
    where workspace_id = ${workspace.id}`;
  expect(await pageOf(workspace.admin)).toContain("all access to it has ended");
  await pool()`update oauth_kills set finished_at = now() - interval '11 minutes'
    where workspace_id = ${workspace.id}`;
  expect(await pageOf(workspace.admin)).not.toContain("has ended");
});

const run = promisify(execFile);
const shell = async (script: string, variables: Record<string, string> = {}) =>
  (await run("bash", ["-euc", script], { env: { ...process.env, ...variables } })).stdout;

test.each([
  ["with a secret", {}],
  ["without one", { kind: "native", authentication: "none" }],
])("the flow by hand on an app's page works as it stands, %s", async (_name, changes) => {
  const { admin } = await makeWorkspace();
  const app = await makeApp(admin, changes);
  const view = await getOAuthApp(await admin.ctx(), app.clientId);
  const [authorize, exchange, call] = samplesOf(view, origin());
  const lines = await shell(`${authorize.code}\necho "$VERIFIER"`);
  const [url = "", VERIFIER = ""] = lines.trim().split("\n");
  const jar = jarOf(admin);
  const location = (await jar.send(url)).headers.get("location") ?? "";
  const started = { verifier: VERIFIER, state: "", location: new URL(location, origin()) };
  const CODE = (await allow(jar, admin, started)).searchParams.get("code") ?? "";
  const answer = await shell(exchange?.code ?? "", {
    CODE,
    VERIFIER,
    CLIENT_SECRET: app.clientSecret ?? "",
  });
  const { access_token: ACCESS_TOKEN } = JSON.parse(answer) as { access_token: string };
  const meetings = await shell(call?.code ?? "", { ACCESS_TOKEN });
  expect(JSON.parse(meetings)).toMatchObject({ data: [] });
});
