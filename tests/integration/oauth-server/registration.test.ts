import * as client from "openid-client";
import { expect, test } from "vitest";
import { listOAuthApps } from "@/lib/oauth-server/apps";
import { issueRegistrationTokenInput } from "@/lib/oauth-server/registration-schema";
import {
  issueRegistrationToken,
  readRegistration,
  revokeRegistrationToken,
  setAppRegistration,
} from "@/lib/oauth-server/registration-tokens";
import { ownAddress, sendRaw } from "@/tests/support/api-client";
import { makeMember, makeWorkspace, type TestWorkspace } from "@/tests/support/factories";
import { sql } from "@/tests/support/pg";
import { allow, connectApp, jarOf, origin, readMeetings, redirectUri, start } from "./oauth-client";

// Dynamic client registration (RFC 7591) with a registration token.

async function makeToken(workspace: TestWorkspace): Promise<string> {
  const ctx = await workspace.admin.ctx();
  await setAppRegistration(ctx, { is_allowed: true });
  return (await issueRegistrationToken(ctx, { name: "CI", expires_in_days: 7 })).token;
}

async function register(
  token: string | null,
  metadata: unknown,
  // An address of its own for each, since attempts are counted by address.
  { from = ownAddress(), type = "application/json" } = {},
) {
  const { status, headers, json } = await sendRaw(
    origin(),
    {
      method: "POST",
      path: "/oauth/register",
      headers: {
        "content-type": type,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: typeof metadata === "string" ? metadata : JSON.stringify(metadata),
    },
    { localAddress: from },
  );
  return { status, headers, body: json as Record<string, unknown> };
}

const metadata = { redirect_uris: [redirectUri], client_name: "Deal Desk" };

test("a program registers an app with openid-client and people connect it: the whole flow", async () => {
  const workspace = await makeWorkspace();
  const token = await makeToken(workspace);
  const config = await client.dynamicClientRegistration(
    new URL(origin()),
    { ...metadata, scope: "meetings:read contacts:read" },
    undefined,
    { initialAccessToken: token, execute: [client.allowInsecureRequests] },
  );
  const { client_id, client_secret } = config.clientMetadata();
  expect(client_id).toMatch(/^hcl_[0-9A-Za-z]{24}$/);
  expect(client_secret).toMatch(/^hsk_[0-9A-Za-z]{40}$/);
  const started = await start(jarOf(workspace.admin), config);
  expect(started.location.pathname).toMatch(/^\/oauth\/consent\//);
  const { tokens } = await connectApp(workspace.admin, {
    clientId: client_id,
    clientSecret: String(client_secret),
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  expect((await readMeetings(refreshed.access_token)).status).toBe(200);
});

test("the answer says all that was registered, and the app is private to its workspace", async () => {
  const workspace = await makeWorkspace();
  const token = await makeToken(workspace);
  const { status, headers, body } = await register(token, {
    ...metadata,
    token_endpoint_auth_method: "client_secret_post",
    contacts: ["dev@app.example"],
    unheard_of: true,
  });
  expect(status).toBe(201);
  expect(headers["cache-control"]).toBe("no-store");
  expect(body).toEqual({
    client_id: expect.stringMatching(/^hcl_/),
    client_id_issued_at: expect.any(Number),
    client_secret: expect.stringMatching(/^hsk_/),
    client_secret_expires_at: 0,
    client_name: "Deal Desk",
    application_type: "web",
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope: "openid profile email meetings:read contacts:read insights:read",
  });
  const [app] = await listOAuthApps(await workspace.admin.ctx());
  expect(app).toMatchObject({ id: body.client_id, name: "Deal Desk", isShared: false });
  const [row] = await sql`select registration, created_by from oauth_apps
    where id = ${String(body.client_id)}`;
  expect(row).toEqual({ registration: "dynamic", created_by: null });
  const [entry] = await sql`select actor_type, actor_label, target_id from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth_app.registered'`;
  expect(entry).toEqual({
    actor_type: "system",
    actor_label: "Registration token “CI”",
    target_id: body.client_id,
  });
  const [listed] = (await readRegistration(await workspace.admin.ctx())).tokens;
  expect(listed?.lastUsedAt).not.toBeNull();
});

test("a public native app gets no secret and connects over the loopback address", async () => {
  const workspace = await makeWorkspace();
  const { body } = await register(await makeToken(workspace), {
    redirect_uris: ["http://127.0.0.1/callback"],
    token_endpoint_auth_method: "none",
  });
  expect(body).toMatchObject({ application_type: "native", client_name: "127.0.0.1" });
  expect(body).not.toHaveProperty("client_secret");
  const { tokens } = await connectApp(
    workspace.admin,
    { clientId: String(body.client_id), clientSecret: null },
    { parameters: { redirect_uri: "http://127.0.0.1:54321/callback", scope: "meetings:read" } },
  );
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("an app that signs with a key of its own registers its public key", async () => {
  const workspace = await makeWorkspace();
  const { publicKey, privateKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const jwks = { keys: [{ ...(await crypto.subtle.exportKey("jwk", publicKey)), alg: "ES256" }] };
  const token = await makeToken(workspace);
  const signs = { ...metadata, token_endpoint_auth_method: "private_key_jwt" };
  const { status, body } = await register(token, { ...signs, jwks });
  expect(status).toBe(201);
  expect(body).not.toHaveProperty("client_secret");
  const config = await client.discovery(
    new URL(origin()),
    String(body.client_id),
    undefined,
    client.PrivateKeyJwt(privateKey),
    { execute: [client.allowInsecureRequests] },
  );
  const browser = jarOf(workspace.admin);
  const started = await start(browser, config);
  const callback = await allow(browser, workspace.admin, started);
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const leaked = {
    keys: [{ ...(await crypto.subtle.exportKey("jwk", privateKey)), alg: "ES256" }],
  };
  const refused = await register(token, { ...signs, jwks: leaked });
  expect(refused.body).toMatchObject({ error: "invalid_client_metadata" });
  expect(JSON.stringify(refused.body)).not.toContain(leaked.keys[0]?.d);
});

test("the metadata of the server names the endpoint", async () => {
  for (const path of ["oauth-authorization-server", "openid-configuration"]) {
    const answer = await fetch(`${origin()}/.well-known/${path}`);
    expect(await answer.json()).toMatchObject({
      registration_endpoint: `${origin()}/oauth/register`,
      grant_types_supported: expect.arrayContaining(["client_credentials"]),
    });
  }
});

test.for([
  ["a fragment", { redirect_uris: ["https://app.example/#x"] }],
  ["plain http", { redirect_uris: ["http://app.example/"] }],
  ["a wildcard", { redirect_uris: ["https://*.example/"] }],
  ["another scheme", { redirect_uris: ["javascript:alert(1)"] }],
  ["none", { redirect_uris: [] }],
  ["no list at all", { redirect_uris: undefined }],
  ["eleven", { redirect_uris: Array.from({ length: 11 }, (_, n) => `https://a.example/${n}`) }],
] as const)("invalid_redirect_uri for %s", async ([, changes]) => {
  const workspace = await makeWorkspace();
  const { status, body } = await register(await makeToken(workspace), { ...metadata, ...changes });
  expect([status, body.error]).toEqual([400, "invalid_redirect_uri"]);
  expect(body.error_description).toEqual(expect.any(String));
  expect(await listOAuthApps(await workspace.admin.ctx())).toEqual([]);
});

test("invalid_client_metadata for everything else that does not fit, and nothing is made", async () => {
  const workspace = await makeWorkspace();
  const token = await makeToken(workspace);
  for (const changes of [
    { client_name: "x".repeat(81) },
    { client_name: 7 },
    { token_endpoint_auth_method: "tls_client_auth" },
    { token_endpoint_auth_method: "none", application_type: "web" },
    { token_endpoint_auth_method: "private_key_jwt" },
    { jwks: { keys: [] } },
    { jwks_uri: "https://app.example/jwks" },
    { grant_types: ["client_credentials"] },
    { grant_types: ["refresh_token"] },
    { grant_types: ["authorization_code", "implicit"] },
    { response_types: ["token"] },
    { response_types: [] },
    { scope: "everything" },
    { application_type: "service" },
  ]) {
    const { status, body } = await register(token, { ...metadata, ...changes });
    expect([changes, status, body.error]).toEqual([changes, 400, "invalid_client_metadata"]);
  }
  for (const text of ["", "{", "[]", "null", '"x"', "x".repeat(70_000)]) {
    const { status, body } = await register(token, text);
    expect([status, body.error]).toEqual([400, "invalid_client_metadata"]);
  }
  const typed = await register(token, metadata, { type: "text/plain" });
  expect(typed.body.error).toBe("invalid_client_metadata");
  expect(await listOAuthApps(await workspace.admin.ctx())).toEqual([]);
});

test("401 invalid_token without a token, with a wrong, expired or revoked one, and while it is switched off", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const token = await makeToken(workspace);
  const refusedWith = async (given: string | null) => {
    const { status, headers, body } = await register(given, metadata);
    expect([status, body.error]).toEqual([401, "invalid_token"]);
    expect(headers["www-authenticate"]).toContain('error="invalid_token"');
  };
  await refusedWith(null);
  await refusedWith("");
  await refusedWith(`hrg_${"x".repeat(40)}`);
  await setAppRegistration(ctx, { is_allowed: false });
  await refusedWith(token);
  await setAppRegistration(ctx, { is_allowed: true });
  expect((await register(token, metadata)).status).toBe(201);
  const [listed] = (await readRegistration(ctx)).tokens;
  await revokeRegistrationToken(ctx, { id: listed?.id ?? "" });
  await revokeRegistrationToken(ctx, { id: listed?.id ?? "" });
  await refusedWith(token);
  const { token: short } = await issueRegistrationToken(ctx, { name: "Old", expires_in_days: 1 });
  await sql`update oauth_registration_tokens set expires_at = now() - interval '1 second'
    where workspace_id = ${workspace.id} and name = 'Old'`;
  await refusedWith(short);
  expect((await readRegistration(ctx)).tokens.map(({ status }) => status)).toEqual([
    "expired",
    "revoked",
  ]);
});

test("another method is refused with the one that is taken", async () => {
  const answer = await fetch(`${origin()}/oauth/register`);
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
});

test("the plan's number of apps holds, also when many register at once", async () => {
  const workspace = await makeWorkspace({ plan: "max" });
  const token = await makeToken(workspace);
  const answers = await Promise.all(Array.from({ length: 8 }, () => register(token, metadata)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
    expect([status, body.error]).toEqual([403, "access_denied"]);
  }
  await sql`update workspaces set plan = 'plus' where id = ${workspace.id}`;
  expect((await register(token, metadata)).status).toBe(403);
});

test("one address may try thirty times a minute", async () => {
  const from = ownAddress();
  const statuses = new Set<number>();
  for (let n = 0; n < 30; n += 1) statuses.add((await register(null, metadata, { from })).status);
  expect([...statuses]).toEqual([401]);
  const refused = await register(null, metadata, { from });
  expect([refused.status, refused.body.error]).toEqual([429, "temporarily_unavailable"]);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

test("it is off from the start; switching and tokens are an admin's, in the trail, and bounded", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  expect(await readRegistration(ctx)).toEqual({ isAllowed: false, tokens: [] });
  const issue = () => issueRegistrationToken(ctx, { name: "CI", expires_in_days: 90 });
  await expect(issue()).rejects.toMatchObject({ code: "conflict" });
  await setAppRegistration(ctx, { is_allowed: true });
  await setAppRegistration(ctx, { is_allowed: true });
  const { token } = await issue();
  expect(token).toMatch(/^hrg_[0-9A-Za-z]{40}$/);
  const kept = await sql`select to_jsonb(t) as row from oauth_registration_tokens t
    where workspace_id = ${workspace.id}`;
  expect(JSON.stringify(kept)).not.toContain(token);
  for (const days of [0, 91, 1.5])
    expect(
      issueRegistrationTokenInput.safeParse({ name: "CI", expires_in_days: days }).success,
    ).toBe(false);
  const many = await Promise.allSettled(Array.from({ length: 22 }, issue));
  expect(many.filter(({ status }) => status === "fulfilled")).toHaveLength(19);
  const user = await (await makeMember(workspace, { role: "manager" })).ctx();
  const refused = { code: "forbidden" };
  await expect(setAppRegistration(user, { is_allowed: false })).rejects.toMatchObject(refused);
  await expect(
    issueRegistrationToken(user, { name: "x", expires_in_days: 1 }),
  ).rejects.toMatchObject(refused);
  const other = await makeWorkspace();
  const [listed] = (await readRegistration(ctx)).tokens;
  await expect(
    revokeRegistrationToken(await other.admin.ctx(), { id: listed?.id ?? "" }),
  ).rejects.toMatchObject({ code: "not_found" });
  const [switched, ...more] = await sql`select metadata from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth.policy_changed'`;
  expect(more).toEqual([]);
  expect(switched?.metadata).toEqual({ allows_app_registration: true });
  const plus = await makeWorkspace({ plan: "plus" });
  await expect(
    setAppRegistration(await plus.admin.ctx(), { is_allowed: true }),
  ).rejects.toMatchObject({ code: "forbidden", details: { required_plan: "max" } });
});
