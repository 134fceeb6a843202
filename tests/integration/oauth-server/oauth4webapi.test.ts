import * as oauth from "oauth4webapi";
import { expect, test } from "vitest";
import type { IssuedOAuthApp } from "@/lib/oauth-server/apps";
import { makeMeetings, makeWorkspace } from "@/tests/support/factories";
import { allow, jarOf, makeApp, origin, redirectUri } from "./oauth-client";

// The whole flow with a second independent client, which checks every answer against the RFCs and leaves nothing out:
// metadata, state, `iss`, content types, cache headers, ID tokens with their signature.

const insecure = { [oauth.allowInsecureRequests]: true };

/** The server as its metadata describes it (RFC 8414, 3; OpenID Connect Discovery, 4). */
async function metadata(algorithm: "oauth2" | "oidc" = "oauth2") {
  const issuer = new URL(origin());
  const answer = await oauth.discoveryRequest(issuer, { algorithm, ...insecure });
  return oauth.processDiscoveryResponse(issuer, answer);
}

interface Flow {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** Where the browser ended, with the answer in its query. */
  readonly callback: URL;
}

function authOf(app: IssuedOAuthApp): oauth.ClientAuth {
  return app.clientSecret === null ? oauth.None() : oauth.ClientSecretBasic(app.clientSecret);
}

async function authorize(
  member: Awaited<ReturnType<typeof makeWorkspace>>["admin"],
  app: IssuedOAuthApp,
  scope = "openid profile email meetings:read contacts:read",
): Promise<Flow> {
  const as = await metadata();
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(as.authorization_endpoint ?? "");
  for (const [name, value] of Object.entries({
    client_id: app.clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope,
    state,
    ...(scope.includes("openid") ? { nonce } : {}),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  })) {
    url.searchParams.set(name, value);
  }
  const jar = jarOf(member);
  const location = (await jar.send(url.href)).headers.get("location");
  const started = { verifier, state, location: new URL(location ?? "", origin()) };
  const callback = await allow(jar, member, started);
  const client = { client_id: app.clientId };
  return { as, client, auth: authOf(app), verifier, state, nonce, callback };
}

async function exchange({ as, client, auth, verifier, state, nonce, callback }: Flow) {
  const parameters = oauth.validateAuthResponse(as, client, callback, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    parameters,
    redirectUri,
    verifier,
    insecure,
  );
  return {
    answer,
    tokens: await oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    }),
  };
}

test("both metadata documents name the same server, its endpoints and what it can do", async () => {
  const [oauth2, oidc] = [await metadata("oauth2"), await metadata("oidc")];
  expect(oidc).toEqual(oauth2);
  expect(oauth2).toMatchObject({
    issuer: origin(),
    authorization_endpoint: `${origin()}/oauth/authorize`,
    token_endpoint: `${origin()}/oauth/token`,
    revocation_endpoint: `${origin()}/oauth/revoke`,
    introspection_endpoint: `${origin()}/oauth/introspect`,
    userinfo_endpoint: `${origin()}/oauth/userinfo`,
    jwks_uri: `${origin()}/oauth/jwks`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });
  expect(oauth2.grant_types_supported).toEqual(
    expect.arrayContaining(["authorization_code", "refresh_token"]),
  );
  for (const refused of ["implicit", "password"]) {
    expect(oauth2.grant_types_supported).not.toContain(refused);
  }
});

test("a client that knows only the API finds the server that gives its tokens", async () => {
  const resource = new URL(`${origin()}/v1`);
  const answer = await oauth.resourceDiscoveryRequest(resource, insecure);
  const known = await oauth.processResourceDiscoveryResponse(resource, answer);
  expect(known.authorization_servers).toEqual([origin()]);
  expect(known.bearer_methods_supported).toEqual(["header"]);
  const [issuer = ""] = known.authorization_servers ?? [];
  const found = await oauth.discoveryRequest(new URL(issuer), {
    algorithm: "oauth2",
    ...insecure,
  });
  expect((await oauth.processDiscoveryResponse(new URL(issuer), found)).issuer).toBe(issuer);
});

test("code, ID token with its signature, userinfo, the API, refresh, introspection, revocation", async () => {
  const workspace = await makeWorkspace();
  await makeMeetings(workspace, [{}, {}]);
  const flow = await authorize(workspace.admin, await makeApp(workspace.admin));
  const { as, client, auth } = flow;
  const { answer, tokens } = await exchange(flow);

  const claims = oauth.getValidatedIdTokenClaims(tokens);
  expect(claims).toMatchObject({ iss: origin(), aud: client.client_id, nonce: flow.nonce });
  await oauth.validateApplicationLevelSignature(as, answer, insecure);
  const sub = claims?.sub ?? "";
  const info = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
  expect(await oauth.processUserInfoResponse(as, client, sub, info)).toMatchObject({
    sub: workspace.admin.userId,
    name: workspace.admin.name,
    email: workspace.admin.email,
  });

  const meetings = new URL(`${origin()}/v1/meetings`);
  const read = (token: string) =>
    oauth.protectedResourceRequest(token, "GET", meetings, undefined, undefined, insecure);
  expect(await (await read(tokens.access_token)).json()).toMatchObject({
    pagination: { total: 2 },
  });

  const refreshed = await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token ?? "", insecure),
  );
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  const state = async (token: string) =>
    oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, auth, token, insecure),
    );
  expect(await state(refreshed.access_token)).toMatchObject({
    active: true,
    client_id: client.client_id,
    sub,
    token_type: "Bearer",
  });

  const revoked = await oauth.revocationRequest(
    as,
    client,
    auth,
    refreshed.refresh_token ?? "",
    insecure,
  );
  await oauth.processRevocationResponse(revoked);
  expect(await state(refreshed.access_token)).toEqual({ active: false });
  const refusal = await read(refreshed.access_token).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
  expect(refusal).toMatchObject({ status: 401, cause: [{ scheme: "bearer" }] });
});

test("an answer of another server or to another request is told apart by iss and state", async () => {
  const workspace = await makeWorkspace();
  const { as, client, state, callback } = await authorize(
    workspace.admin,
    await makeApp(workspace.admin),
  );
  const changed = (name: string, value: string | null) => {
    const url = new URL(callback);
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    return () => oauth.validateAuthResponse(as, client, url, state);
  };
  expect(changed("iss", "https://attacker.example")).toThrow(/iss/);
  expect(changed("iss", null)).toThrow(/iss/);
  expect(changed("state", oauth.generateRandomState())).toThrow(/state/);
  expect(changed("state", null)).toThrow(/state/);
  expect(changed("state", state)).not.toThrow();
});

test("a verifier of another flow gives nothing", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const flow = await authorize(workspace.admin, app);
  const mixed = exchange({ ...flow, verifier: oauth.generateRandomCodeVerifier() });
  await expect(mixed).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
});

test("without openid there is no ID token, and userinfo stays closed", async () => {
  const workspace = await makeWorkspace();
  const flow = await authorize(workspace.admin, await makeApp(workspace.admin), "meetings:read");
  const { as, client, auth, callback, state, verifier } = flow;
  const answer = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    oauth.validateAuthResponse(as, client, callback, state),
    redirectUri,
    verifier,
    insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer);
  expect(tokens.id_token).toBeUndefined();
  const refusal = await oauth
    .userInfoRequest(as, client, tokens.access_token, insecure)
    .then((response) => oauth.processUserInfoResponse(as, client, workspace.admin.userId, response))
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ status: 403 });
});
