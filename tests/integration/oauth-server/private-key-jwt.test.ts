import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { createOAuthApp, getOAuthApp, updateOAuthApp } from "@/lib/oauth-server/apps";
import { oauthProvider } from "@/lib/oauth-server/provider";
import { oauthAppInput } from "@/lib/oauth-server/schema";
import { type Member, makeWorkspace } from "@/tests/support/factories";
import { allow, jarOf, makeApp, origin, readMeetings, redirectUri, start } from "./oauth-client";

// Apps that prove themselves with a key of their own (RFC 7523, RFC 7521 4.2), as openid-client does it.

const kinds = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  PS256: {
    name: "RSA-PSS",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  Ed25519: { name: "Ed25519" },
} as const;

async function makeKeys(kind: keyof typeof kinds = "ES256"): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(kinds[kind], true, ["sign", "verify"])) as CryptoKeyPair;
}

const setOf = async (...pairs: CryptoKeyPair[]) =>
  JSON.stringify({
    keys: await Promise.all(
      pairs.map(({ publicKey }) => crypto.subtle.exportKey("jwk", publicKey)),
    ),
  });

const keyApp = async (member: Member, ...pairs: CryptoKeyPair[]) =>
  makeApp(member, { authentication: "private_key_jwt", jwks: await setOf(...pairs) });

type Change = (claims: Record<string, unknown>) => void;

/** The library's idea of our server, with assertions by `key`, their claims changed before they are signed. */
const discoverWith = (clientId: string, key: CryptoKey, change: Change = () => undefined) =>
  client.discovery(
    new URL(origin()),
    clientId,
    undefined,
    client.PrivateKeyJwt(key, { [client.modifyAssertion]: (_header, claims) => change(claims) }),
    { execute: [client.allowInsecureRequests] },
  );

async function connect(member: Member, config: client.Configuration) {
  const jar = jarOf(member);
  const started = await start(jar, config);
  const callback = await allow(jar, member, started);
  return client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
  });
}

/** What authenticates and changes nothing: asks about a token that there is not. */
const ask = (config: client.Configuration) =>
  client.tokenIntrospection(config, `hat_${"0".repeat(40)}`);

const names = { error: "invalid_client" };
const refused = { error: "invalid_client", status: 401 };

test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
  "with a %s key the whole flow works: code, refresh, introspection, revocation",
  async (kind) => {
    const { admin } = await makeWorkspace();
    const pair = await makeKeys(kind);
    const { clientId, clientSecret } = await keyApp(admin, pair);
    expect(clientSecret).toBeNull();
    const config = await discoverWith(clientId, pair.privateKey);
    const first = await connect(admin, config);
    expect((await readMeetings(first.access_token)).status).toBe(200);
    const next = await client.refreshTokenGrant(config, first.refresh_token ?? "");
    expect(await client.tokenIntrospection(config, next.access_token)).toMatchObject({
      active: true,
      client_id: clientId,
    });
    await client.tokenRevocation(config, next.access_token);
    expect((await readMeetings(next.access_token)).status).toBe(401);
  },
);

const now = () => Math.floor(Date.now() / 1000);

test.each<[string, Change]>([
  ["for another server", (claims) => Object.assign(claims, { aud: "https://other.example" })],
  ["for no server", (claims) => delete claims.aud],
  ["that has expired", (claims) => Object.assign(claims, { iat: now() - 120, exp: now() - 60 })],
  ["without an end", (claims) => delete claims.exp],
  ["that ends next year", (claims) => Object.assign(claims, { exp: now() + 31_536_000 })],
  ["that ends after all time", (claims) => Object.assign(claims, { exp: 1e18 })],
  ["whose end is a word", (claims) => Object.assign(claims, { exp: "soon" })],
  ["not valid yet", (claims) => Object.assign(claims, { nbf: now() + 600 })],
  ["without an id", (claims) => delete claims.jti],
  ["of another issuer", (claims) => Object.assign(claims, { iss: "hcl_another" })],
])("an assertion %s is refused", async (_name, change) => {
  const { admin } = await makeWorkspace();
  const pair = await makeKeys();
  const { clientId } = await keyApp(admin, pair);
  await expect(ask(await discoverWith(clientId, pair.privateKey, change))).rejects.toMatchObject(
    refused,
  );
});

test("an assertion by another key is refused, also when it belongs to another app", async () => {
  const { admin } = await makeWorkspace();
  const [own, other] = [await makeKeys(), await makeKeys()];
  const { clientId } = await keyApp(admin, own);
  await keyApp(admin, other);
  const config = await discoverWith(clientId, other.privateKey);
  await expect(ask(config)).rejects.toMatchObject(refused);
});

test("an assertion works once", async () => {
  const { admin } = await makeWorkspace();
  const pair = await makeKeys();
  const { clientId } = await keyApp(admin, pair);
  const jti = crypto.randomUUID();
  const config = await discoverWith(clientId, pair.privateKey, (claims) =>
    Object.assign(claims, { jti }),
  );
  expect(await ask(config)).toEqual({ active: false });
  await expect(ask(config)).rejects.toMatchObject(refused);
});

test("of many requests at once with the same assertion one is answered, whatever their interleaving", async () => {
  const { ReplayDetection } = await oauthProvider();
  const jti = crypto.randomUUID();
  const seen = await Promise.allSettled(
    Array.from({ length: 20 }, () => ReplayDetection.unique("hcl_test", jti, now() + 60)),
  );
  const taken = seen.filter((one) => one.status === "fulfilled" && one.value);
  expect(taken).toHaveLength(1);
  for (const one of seen) if (one.status === "rejected") expect(one.reason).toMatchObject(names);
});

test.each([
  ["nothing", client.None()],
  ["a secret in the body", client.ClientSecretPost("guess")],
  ["a secret in the header", client.ClientSecretBasic("guess")],
])("%s does not stand in for the key", async (_name, method) => {
  const { admin } = await makeWorkspace();
  const { clientId } = await keyApp(admin, await makeKeys());
  const config = await client.discovery(new URL(origin()), clientId, undefined, method, {
    execute: [client.allowInsecureRequests],
  });
  await expect(ask(config)).rejects.toMatchObject({ status: 401 });
});

test("keys are replaced without a gap: with both listed both work, then only the new one", async () => {
  const { admin } = await makeWorkspace();
  const ctx = await admin.ctx();
  const [old, fresh] = [await makeKeys("ES256"), await makeKeys("Ed25519")];
  const { clientId: id } = await keyApp(admin, old);
  const change = async (jwks: string | null) =>
    updateOAuthApp(ctx, {
      id,
      ...oauthAppInput.parse({
        name: "Deal Desk",
        authentication: "private_key_jwt",
        jwks,
        redirect_uris: [redirectUri],
        scopes: ["meetings:read"],
      }),
    });
  const works = async ({ privateKey }: CryptoKeyPair) =>
    ask(await discoverWith(id, privateKey)).then(
      () => true,
      () => false,
    );
  await change(await setOf(old, fresh));
  expect([await works(old), await works(fresh)]).toEqual([true, true]);
  await change(null);
  expect([await works(old), await works(fresh)]).toEqual([true, true]);
  await change(await setOf(fresh));
  expect([await works(old), await works(fresh)]).toEqual([false, true]);
  expect((await getOAuthApp(ctx, id)).keys).toMatchObject([{ kind: "Ed25519" }]);
});

test("a private key is refused and nothing of it is kept", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  const { privateKey } = await makeKeys();
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  const input = oauthAppInput.parse({
    name: "Careless",
    authentication: "private_key_jwt",
    jwks: JSON.stringify({ keys: [jwk] }),
    redirect_uris: [redirectUri],
    scopes: ["meetings:read"],
  });
  const error = await createOAuthApp(ctx, input).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "invalid_request",
    details: { fields: { jwks: expect.stringContaining("This is a private key") } },
  });
  expect(JSON.stringify([String(error), error])).not.toContain(jwk.d);
  expect(await pool()`select 1 from oauth_apps where workspace_id = ${workspace.id}`).toEqual([]);
});

test.each([
  ["without keys", { authentication: "private_key_jwt" }, "jwks"],
  ["with keys and a secret", { authentication: "secret", jwks: "{}" }, "jwks"],
  ["of a web app without any proof", { authentication: "none" }, "authentication"],
])("an app %s is refused at the field", async (_name, changes, field) => {
  const { admin } = await makeWorkspace();
  await expect(makeApp(admin, changes)).rejects.toMatchObject({
    code: "invalid_request",
    details: { fields: { [field]: expect.any(String) } },
  });
});
