import * as client from "openid-client";
import { beforeAll, expect, test } from "vitest";
import {
  addOAuthSecret,
  deleteOAuthApp,
  listOAuthApps,
  removeOAuthSecret,
  setOAuthAppStatus,
} from "@/lib/oauth-server/apps";
import { listServiceClients } from "@/lib/oauth-server/service-clients";
import { deleteServiceAccount, setServiceAccountStatus } from "@/lib/service-accounts/service";
import { makeAccount, makeClient } from "@/tests/integration/service-accounts/service-account";
import { doors } from "@/tests/support/doors";
import {
  makeForm,
  makeMeetings,
  makeMember,
  makeVtt,
  makeWorkspace,
} from "@/tests/support/factories";
import { sql } from "@/tests/support/pg";
import { connectApp, discover, jarOf, makeApp, origin, readMeetings } from "./oauth-client";

// The client credentials grant (RFC 6749, 4.4) as an independent client sees it.

/** The error's name, from the body or, with Basic, from the challenge beside it (RFC 6749, 5.2). */
function names(error: unknown): string {
  if (error instanceof client.WWWAuthenticateChallengeError)
    return error.cause[0]?.parameters.error ?? String(error);
  return (error as { error?: string }).error ?? String(error);
}

interface Made {
  readonly clientId: string;
  readonly clientSecret: string | null;
}

function discoverAs(
  made: Made,
  method: client.ClientAuth = client.ClientSecretBasic(made.clientSecret ?? ""),
): Promise<client.Configuration> {
  return client.discovery(new URL(origin()), made.clientId, undefined, method, {
    execute: [client.allowInsecureRequests],
  });
}

const tokenOf = async (made: Made, parameters: Record<string, string> = {}) =>
  client.clientCredentialsGrant(await discoverAs(made), parameters);

/** What both processes, which have just used the token, answer to it. */
async function statuses(token: string, path = "/v1/meetings"): Promise<number[]> {
  const answers = await Promise.all(
    doors.map(({ url }) =>
      fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }),
    ),
  );
  return answers.map(({ status }) => status);
}

const makeKeys = () =>
  crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);

let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys();
});

test("by basic and by post a client gets a token for an hour, without a refresh token, that the API takes", async () => {
  const workspace = await makeWorkspace();
  await makeMeetings(workspace, [{}, {}]);
  const made = await makeClient(workspace.admin, await makeAccount(workspace));
  for (const method of [client.ClientSecretBasic, client.ClientSecretPost]) {
    const config = await discoverAs(made, method(made.clientSecret ?? ""));
    const tokens = await client.clientCredentialsGrant(config);
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600 });
    expect(tokens.access_token).toMatch(/^hat_[0-9A-Za-z]{40}$/);
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.id_token).toBeUndefined();
    expect(tokens.scope?.split(" ").sort()).toEqual(["contacts:read", "meetings:read"]);
    const answer = await readMeetings(tokens.access_token);
    expect(((await answer.json()) as { pagination: { total: number } }).pagination.total).toBe(2);
    expect(await statuses(tokens.access_token)).toEqual([200, 200]);
    expect(await statuses(tokens.access_token, "/v1/insights")).toEqual([403, 403]);
  }
});

test("a client that signs with its own key needs no secret; another key is refused", async () => {
  const workspace = await makeWorkspace();
  const jwk = {
    ...(await crypto.subtle.exportKey("jwk", keys.publicKey)),
    kid: "one",
    alg: "ES256",
  };
  const made = await makeClient(workspace.admin, await makeAccount(workspace), {
    authentication: "private_key_jwt",
    jwks: JSON.stringify({ keys: [jwk] }),
  });
  expect(made.clientSecret).toBeNull();
  const signed = client.PrivateKeyJwt({ key: keys.privateKey, kid: "one" });
  const tokens = await client.clientCredentialsGrant(await discoverAs(made, signed));
  expect(await statuses(tokens.access_token)).toEqual([200, 200]);
  const other = await makeKeys();
  const forged = client.PrivateKeyJwt({ key: other.privateKey, kid: "one" });
  const refused = client.clientCredentialsGrant(await discoverAs(made, forged));
  await expect(refused.catch(names)).resolves.toBe("invalid_client");
  const [listed] = await listServiceClients(
    await workspace.admin.ctx(),
    (await sql`select service_account_id as id from oauth_apps where id = ${made.clientId}`)[0]?.id,
  );
  expect(listed).toMatchObject({ authentication: "private_key_jwt", secrets: [] });
  expect(listed?.lastUsedAt).not.toBeNull();
});

test("an assertion is for one use", async () => {
  const workspace = await makeWorkspace();
  const jwk = { ...(await crypto.subtle.exportKey("jwk", keys.publicKey)), alg: "ES256" };
  const made = await makeClient(workspace.admin, await makeAccount(workspace), {
    authentication: "private_key_jwt",
    jwks: JSON.stringify({ keys: [jwk] }),
  });
  const config = await discoverAs(made, client.PrivateKeyJwt(keys.privateKey));
  let body = "";
  config[client.customFetch] = (url, init) => {
    body = String(init.body);
    return fetch(url, init as RequestInit);
  };
  await client.clientCredentialsGrant(config);
  const again = await fetch(`${origin()}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  });
  expect(again.status).toBe(401);
  expect(await again.json()).toMatchObject({ error: "invalid_client" });
});

test("what the database keeps opens nothing: neither token nor secret is in it", async () => {
  const workspace = await makeWorkspace();
  const made = await makeClient(workspace.admin, await makeAccount(workspace));
  const { access_token } = await tokenOf(made);
  const rows = await sql`select to_jsonb(p) as row from oauth_payloads p
    where p.model = 'ClientCredentials' and p.payload ->> 'clientId' = ${made.clientId}
    union all select to_jsonb(s) from oauth_app_secrets s where s.app_id = ${made.clientId}`;
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain(access_token);
  expect(JSON.stringify(rows)).not.toContain(made.clientSecret);
});

test("a token has what is asked for, what the client may and what the account's role allows, whichever is less", async () => {
  const workspace = await makeWorkspace();
  const [role] = await sql`insert into roles (id, workspace_id, name, permissions)
    values (${`role_${workspace.id.slice(3)}`}, ${workspace.id}, 'Reader', ${["meetings:read:all", "contacts:read:all"]})
    returning id`;
  const account = await makeAccount(workspace, { role_id: role?.id });
  const made = await makeClient(workspace.admin, account, {
    scopes: ["meetings:read", "contacts:read", "insights:read"],
  });
  expect((await tokenOf(made)).scope).toBe("meetings:read contacts:read");
  expect((await tokenOf(made, { scope: "contacts:read" })).scope).toBe("contacts:read");
  for (const scope of ["meetings:write", "everything", "openid", "insights:read"]) {
    await expect(tokenOf(made, { scope }).catch(names)).resolves.toBe("invalid_scope");
  }
  const { access_token } = await tokenOf(made);
  expect(await statuses(access_token, "/v1/contacts")).toEqual([200, 200]);
  await sql`update roles set permissions = ${["meetings:read:all"]} where id = ${role?.id}`;
  expect(await statuses(access_token, "/v1/contacts")).toEqual([403, 403]);
  expect(await statuses(access_token)).toEqual([200, 200]);
});

test("a token uploads in the account's name, which the trail shows", async () => {
  const workspace = await makeWorkspace();
  const account = await makeAccount(workspace);
  const made = await makeClient(workspace.admin, account, { scopes: ["meetings:write"] });
  const { access_token } = await tokenOf(made);
  const answer = await fetch(`${origin()}/v1/meetings/upload`, {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}` },
    body: makeForm(makeVtt(), "call.vtt"),
  });
  expect(answer.status).toBe(202);
  const [entry] = await sql`select actor_type, actor_id from audit_events
    where workspace_id = ${workspace.id} and action = 'meeting.uploaded'`;
  expect(entry).toEqual({ actor_type: "service_account", actor_id: account });
});

test("disabling or deleting client or account ends its tokens with the next request, and it gets no more", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const id = await makeAccount(workspace);
  const made = await makeClient(workspace.admin, id);
  const { access_token: token } = await tokenOf(made);
  const switches = [
    (status: "active" | "disabled") => setOAuthAppStatus(ctx, { id: made.clientId, status }),
    (status: "active" | "disabled") => setServiceAccountStatus(ctx, { id, status }),
  ];
  for (const setStatus of switches) {
    expect(await statuses(token)).toEqual([200, 200]);
    await setStatus("disabled");
    expect(await statuses(token)).toEqual([401, 401]);
    await expect(tokenOf(made).catch(names)).resolves.toBe("invalid_client");
    await setStatus("active");
  }
  expect(await statuses(token)).toEqual([200, 200]);
  await deleteOAuthApp(ctx, { id: made.clientId });
  expect(await statuses(token)).toEqual([401, 401]);
  await expect(tokenOf(made).catch(names)).resolves.toBe("invalid_client");
  expect(await listServiceClients(ctx, id)).toEqual([]);
  const second = await makeClient(workspace.admin, id);
  const { access_token: other } = await tokenOf(second);
  expect(await statuses(other)).toEqual([200, 200]);
  await deleteServiceAccount(ctx, { id });
  expect(await statuses(other)).toEqual([401, 401]);
  await expect(tokenOf(second).catch(names)).resolves.toBe("invalid_client");
});

test("introspection and revocation work for its own tokens and for nobody else's", async () => {
  const workspace = await makeWorkspace();
  const id = await makeAccount(workspace);
  const made = await makeClient(workspace.admin, id);
  const stranger = await makeClient(workspace.admin, id);
  const { access_token: token } = await tokenOf(made);
  const [config, strangers] = [await discoverAs(made), await discoverAs(stranger)];
  expect(await client.tokenIntrospection(config, token)).toMatchObject({
    active: true,
    client_id: made.clientId,
    scope: "meetings:read contacts:read",
    token_type: "Bearer",
  });
  expect(await client.tokenIntrospection(strangers, token)).toEqual({ active: false });
  await client.tokenRevocation(strangers, token);
  expect(await statuses(token)).toEqual([200, 200]);
  await client.tokenRevocation(config, token);
  expect(await statuses(token)).toEqual([401, 401]);
  expect(await client.tokenIntrospection(config, token)).toEqual({ active: false });
});

test("a secret is replaced without a gap: two live at most, and a removed one is refused", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const id = await makeAccount(workspace);
  const made = await makeClient(workspace.admin, id);
  const { clientSecret } = await addOAuthSecret(ctx, { id: made.clientId });
  await expect(addOAuthSecret(ctx, { id: made.clientId })).rejects.toMatchObject({
    code: "conflict",
  });
  const fresh = { ...made, clientSecret };
  await Promise.all([tokenOf(made), tokenOf(fresh)]);
  const [listed] = await listServiceClients(ctx, id);
  expect(listed?.secrets.every(({ lastUsedAt }) => lastUsedAt !== null)).toBe(true);
  const old = listed?.secrets.find(({ last4 }) => made.clientSecret?.endsWith(last4));
  await removeOAuthSecret(ctx, { id: made.clientId, secret_id: old?.id ?? "" });
  await expect(tokenOf(made).catch(names)).resolves.toBe("invalid_client");
  await tokenOf(fresh);
});

test("outside of Enterprise a client gets no token, and those that it has are refused with the plan that is needed", async () => {
  const workspace = await makeWorkspace();
  const made = await makeClient(workspace.admin, await makeAccount(workspace));
  const { access_token: token } = await tokenOf(made);
  expect(await statuses(token)).toEqual([200, 200]);
  await sql`update workspaces set plan = 'max' where id = ${workspace.id}`;
  const refused = await readMeetings(token);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    error: { code: "forbidden", details: { required_plan: "enterprise" } },
  });
  await expect(tokenOf(made).catch(names)).resolves.toBe("unauthorized_client");
});

test("an app that people connect may not use this grant, and a service client no other", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const asApp = client.clientCredentialsGrant(await discover(app));
  await expect(asApp.catch(names)).resolves.toBe("unauthorized_client");
  const made = await makeClient(workspace.admin, await makeAccount(workspace));
  const config = await discoverAs(made);
  const refresh = client.refreshTokenGrant(config, `hrt_${"x".repeat(40)}`);
  await expect(refresh.catch(names)).resolves.toBe("unauthorized_client");
  const query = new URLSearchParams({
    ...{ client_id: made.clientId, response_type: "code", scope: "meetings:read", state: "s" },
    redirect_uri: "https://app.example/callback",
    ...{ code_challenge: "a".repeat(43), code_challenge_method: "S256" },
  });
  const answer = await jarOf(workspace.admin).send(`/oauth/authorize?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.headers.get("location")).toBeNull();
});

test("service clients are not among the apps of the workspace, and its number of apps does not count them", async () => {
  const workspace = await makeWorkspace();
  await makeClient(workspace.admin, await makeAccount(workspace));
  expect(await listOAuthApps(await workspace.admin.ctx())).toEqual([]);
});

test("another workspace's account gets no client, and its clients are not found", async () => {
  const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
  const id = await makeAccount(workspace);
  const made = await makeClient(workspace.admin, id);
  const theirs = await other.admin.ctx();
  const missing = { code: "not_found" };
  await expect(makeClient(other.admin, id)).rejects.toMatchObject(missing);
  await expect(addOAuthSecret(theirs, { id: made.clientId })).rejects.toMatchObject(missing);
  await expect(deleteOAuthApp(theirs, { id: made.clientId })).rejects.toMatchObject(missing);
  expect(await listServiceClients(theirs, id)).toEqual([]);
  const user = await makeMember(workspace, { role: "user" });
  await expect(makeClient(user, id)).rejects.toMatchObject({ code: "forbidden" });
});

test("a client sees its own workspace's meetings alone", async () => {
  const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
  await makeMeetings(other, [{}, {}, {}]);
  const { access_token } = await tokenOf(
    await makeClient(workspace.admin, await makeAccount(workspace)),
  );
  const answer = await readMeetings(access_token);
  expect(((await answer.json()) as { pagination: { total: number } }).pagination.total).toBe(0);
});

test("each client has a bucket of its own beside the workspace's keys", async () => {
  const workspace = await makeWorkspace({ rateLimitPerMinute: 3 });
  const id = await makeAccount(workspace);
  const [one, two] = [
    await tokenOf(await makeClient(workspace.admin, id)),
    await tokenOf(await makeClient(workspace.admin, id)),
  ];
  const answers: number[] = [];
  for (let n = 0; n < 4; n += 1) answers.push((await readMeetings(one.access_token)).status);
  expect(answers).toEqual([200, 200, 200, 429]);
  expect((await readMeetings(two.access_token)).status).toBe(200);
});

test("twenty clients at most for an account, also when many are made at once", async () => {
  const workspace = await makeWorkspace();
  const id = await makeAccount(workspace);
  const made = await Promise.allSettled(
    Array.from({ length: 23 }, () => makeClient(workspace.admin, id)),
  );
  expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
});

test("many tokens at once are as many tokens, and all of them work", async () => {
  const workspace = await makeWorkspace();
  const made = await makeClient(workspace.admin, await makeAccount(workspace));
  const config = await discoverAs(made);
  const tokens = await Promise.all(
    Array.from({ length: 20 }, () => client.clientCredentialsGrant(config)),
  );
  expect(new Set(tokens.map(({ access_token }) => access_token)).size).toBe(20);
  for (const { access_token } of tokens.slice(0, 3))
    expect(await statuses(access_token)).toEqual([200, 200]);
});

test("tokens that people allowed go on as before", async () => {
  const workspace = await makeWorkspace();
  const { tokens } = await connectApp(workspace.admin, await makeApp(workspace.admin));
  expect(await statuses(tokens.access_token)).toEqual([200, 200]);
});
