import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { setOAuthAppStatus } from "@/lib/oauth-server/apps";
import { makeMeetings, makeMember, makeTeam, makeWorkspace } from "@/tests/support/factories";
import {
  allow,
  connectApp,
  cookieHeader,
  discover,
  jarOf,
  makeApp,
  origin,
  readMeetings,
  redirectUri,
  signIn,
  start,
  uidOf,
} from "./oauth-client";

// The authorization server as independent clients see it.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

test("discovery, PKCE, consent, code, token, userinfo and the API with it", async () => {
  const workspace = await makeWorkspace();
  await makeMeetings(workspace, [{}, {}, {}]);
  const app = await makeApp(workspace.admin);
  const { tokens, config, callback } = await connectApp(workspace.admin, app, {
    parameters: { scope: "openid email meetings:read contacts:read" },
  });
  expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600 });
  expect(tokens.access_token).toMatch(/^hat_[0-9A-Za-z]{40}$/);
  expect(tokens.refresh_token).toMatch(/^hrt_[0-9A-Za-z]{40}$/);
  // RFC 9207: the answer names who gave it.
  expect(callback.searchParams.get("iss")).toBe(origin());
  const answer = await readMeetings(tokens.access_token);
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { pagination: { total: number } }).pagination.total).toBe(3);
  const sub = tokens.claims()?.sub ?? "";
  expect(await client.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({
    sub: workspace.admin.userId,
    email: workspace.admin.email,
  });
});

test("what the database keeps opens nothing: no code, token or secret is in it", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  await client.refreshTokenGrant(await discover(app), tokens.refresh_token ?? "");
  const rows = await pool()`select to_jsonb(p) as row from oauth_payloads p
    union all select to_jsonb(a) from oauth_refresh_answers a union all select to_jsonb(s) from oauth_app_secrets s`;
  const text = JSON.stringify(rows);
  for (const secret of [tokens.access_token, tokens.refresh_token, app.clientSecret]) {
    expect(text).not.toContain(secret);
  }
});

test("rights are what both the scope and the person's role allow", async () => {
  const workspace = await makeWorkspace();
  const user = await makeMember(workspace, { role: "user" });
  await makeMeetings(workspace, [{}, {}]);
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(user, app);
  const mine = await readMeetings(tokens.access_token);
  // A User sees their own meetings, and these are the admin's.
  expect(((await mine.json()) as { pagination: { total: number } }).pagination.total).toBe(0);
  const insights = await readMeetings(tokens.access_token, "/v1/insights");
  expect(insights.status).toBe(403);
  expect(await insights.json()).toMatchObject({
    error: { code: "forbidden", details: { required_scope: "insights:read" } },
  });
});

test("an app that asks only who the person is learns that, and opens nothing", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens, config } = await connectApp(workspace.admin, app, {
    parameters: { scope: "openid email" },
    allowed: { scopes: [] },
  });
  const sub = tokens.claims()?.sub ?? "";
  expect(await client.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({
    email: workspace.admin.email,
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(403);
});

test("an unticked scope is not given, and the app is told", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app, {
    allowed: { scopes: ["meetings:read"] },
  });
  expect(tokens.scope?.split(" ")).toEqual(["meetings:read"]);
  expect((await readMeetings(tokens.access_token, "/v1/contacts")).status).toBe(403);
});

test("limited to teams, an app sees no other team's meetings", async () => {
  const workspace = await makeWorkspace();
  const [sales, support] = [await makeTeam(workspace), await makeTeam(workspace)];
  const of = (teamId: string) => ({ teamId, userId: workspace.admin.userId });
  await makeMeetings(workspace, [of(sales), of(sales)]);
  await makeMeetings(workspace, [of(support), of(support), of(support)]);
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app, { allowed: { teamIds: [sales] } });
  const answer = await readMeetings(tokens.access_token);
  expect(((await answer.json()) as { pagination: { total: number } }).pagination.total).toBe(2);
});

test("revoking either token ends the grant with the next request", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  for (const kind of ["access_token", "refresh_token"] as const) {
    const { tokens, config } = await connectApp(workspace.admin, app);
    expect((await readMeetings(tokens.access_token)).status).toBe(200);
    await client.tokenRevocation(config, tokens[kind] ?? "");
    const refused = await readMeetings(tokens.access_token);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain(
      `resource_metadata="${origin()}/.well-known/oauth-protected-resource"`,
    );
    const again = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    await expect(again.catch(names)).resolves.toBe("invalid_grant");
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  }
});

test("a code is for one use: the second ends what the first one gave", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens, config, callback, started } = await connectApp(workspace.admin, app);
  const replay = client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
  });
  await expect(replay.catch(names)).resolves.toBe("invalid_grant");
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
});

test("a code that is used ten times at once gives tokens at most once", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const config = await discover(app);
  const jar = jarOf(workspace.admin);
  const started = await start(jar, config);
  const callback = await allow(jar, workspace.admin, started);
  const options = { pkceCodeVerifier: started.verifier, expectedState: started.state };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      client.authorizationCodeGrant(config, callback, options).catch(names),
    ),
  );
  expect(answers.filter((answer) => typeof answer !== "string").length).toBeLessThanOrEqual(1);
});

test("without PKCE, or with its plain method, there is no flow", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const jar = jarOf(workspace.admin);
  for (const challenge of [
    {},
    { code_challenge: "a".repeat(43), code_challenge_method: "plain" },
  ]) {
    const query = new URLSearchParams({
      ...{ client_id: app.clientId, response_type: "code", redirect_uri: redirectUri },
      ...{ scope: "meetings:read", state: "s", ...challenge },
    });
    const location = (await jar.send(`/oauth/authorize?${query}`)).headers.get("location");
    expect(new URL(location ?? "").searchParams.get("error")).toBe("invalid_request");
  }
});

test("an address that is not registered gets nothing; only the publisher's admin sees the difference", async () => {
  const workspace = await makeWorkspace();
  const elsewhere = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const query = new URLSearchParams({
    ...{ client_id: app.clientId, response_type: "code", scope: "meetings:read", state: "s" },
    redirect_uri: `${redirectUri}/`,
    ...{ code_challenge: "a".repeat(43), code_challenge_method: "S256" },
  });
  const page = async (jar: ReturnType<typeof jarOf>) => {
    const answer = await jar.send(`/oauth/authorize?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
    return answer.text();
  };
  expect(await page(jarOf(workspace.admin))).toContain("The same for 28 characters");
  expect(await page(jarOf(elsewhere.admin))).not.toContain("Registered");
});

test("our session decides: signed out, as another person, or elsewhere, the provider's own memory opens nothing", async () => {
  const workspace = await makeWorkspace();
  const other = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const { jar, config } = await connectApp(workspace.admin, app);
  // The same person again: no page.
  const again = await start(jar, config);
  expect(again.location.origin + again.location.pathname).toBe(redirectUri);
  signIn(jar, other);
  expect((await start(jar, config)).location.pathname).toMatch(/^\/oauth\/consent\//);
  jar.cookies.delete(workspace.admin.cookie.split("=")[0] ?? "");
  const silent = await start(jar, config, { prompt: "none" });
  expect(silent.location.searchParams.get("error")).toBe("login_required");
});

test("Cancel tells the app access_denied", async () => {
  const { refuseApp } = await import("@/lib/oauth-server/consent");
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const jar = jarOf(workspace.admin);
  const started = await start(jar, await discover(app));
  const goTo = await refuseApp(
    await workspace.admin.ctx(),
    cookieHeader(jar),
    uidOf(started.location),
  );
  const back = new URL((await jar.send(goTo)).headers.get("location") ?? "");
  expect(back.searchParams.get("error")).toBe("access_denied");
  expect(back.searchParams.get("state")).toBe(started.state);
});

test("the consent page of one browser is closed to every other", async () => {
  const { readConsent } = await import("@/lib/oauth-server/consent");
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const started = await start(jarOf(workspace.admin), await discover(app));
  const thief = jarOf(workspace.admin);
  const read = readConsent(
    await workspace.admin.ctx(),
    cookieHeader(thief),
    uidOf(started.location),
  );
  await expect(read).rejects.toMatchObject({ code: "not_found" });
});

test("a private app is its publisher's alone; a disabled one is nobody's", async () => {
  const workspace = await makeWorkspace();
  const elsewhere = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await expect(connectApp(elsewhere.admin, app)).rejects.toMatchObject({ code: "forbidden" });
  const { tokens } = await connectApp(workspace.admin, app);
  const ctx = await workspace.admin.ctx();
  await setOAuthAppStatus(ctx, { id: app.clientId, status: "disabled" });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  await setOAuthAppStatus(ctx, { id: app.clientId, status: "active" });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("who leaves the workspace takes the app's access along", async () => {
  const workspace = await makeWorkspace();
  const member = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(member, app);
  await pool()`update memberships set removed_at = now() where id = ${member.membershipId}`;
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
});

test("a public native app needs no secret and takes any port of the loopback address", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin, {
    kind: "native",
    authentication: "none",
    redirect_uris: ["http://127.0.0.1/callback"],
  });
  const { tokens } = await connectApp(workspace.admin, app, {
    parameters: { redirect_uri: "http://127.0.0.1:54321/callback" },
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("a wrong secret, and a secret that was removed, are refused", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  const wrong = await discover({ ...app, clientSecret: `hsk_${"x".repeat(40)}` });
  const refused = client.refreshTokenGrant(wrong, tokens.refresh_token ?? "");
  await expect(refused.catch(names)).resolves.toBe("invalid_client");
});
