import * as client from "openid-client";
import { inject } from "vitest";
import { createOAuthApp, type IssuedOAuthApp } from "@/lib/oauth-server/apps";
import { allowApp } from "@/lib/oauth-server/consent";
import { oauthAppInput } from "@/lib/oauth-server/schema";
import { browserJar } from "@/tests/integration/auth/browser-jar";
import type { Member } from "@/tests/support/factories";

// A third-party app as its developer writes it (openid-client), and the browser of a person who uses it.

export const origin = () => inject("laneUrl");
export const redirectUri = "https://app.example/callback";

/** An app of the member's workspace. */
export async function makeApp(
  member: Member,
  changes: Record<string, unknown> = {},
): Promise<IssuedOAuthApp> {
  const input = oauthAppInput.parse({
    name: "Deal Desk",
    redirect_uris: [redirectUri],
    scopes: ["meetings:read", "contacts:read"],
    ...changes,
  });
  return createOAuthApp(await member.ctx(), input);
}

/** The library's idea of our server, from its own discovery document. */
export async function discover(app: IssuedOAuthApp): Promise<client.Configuration> {
  const method = app.clientSecret === null ? client.None() : undefined;
  return client.discovery(new URL(origin()), app.clientId, app.clientSecret ?? undefined, method, {
    execute: [client.allowInsecureRequests],
  });
}

export function jarOf(member: Member) {
  const jar = browserJar(origin());
  signIn(jar, member);
  return jar;
}

type Jar = ReturnType<typeof browserJar>;

export function signIn(jar: Jar, member: Member): void {
  const [name = "", value = ""] = member.cookie.split("=");
  jar.cookies.set(name, value);
}

export const cookieHeader = (jar: Jar) =>
  [...jar.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

export interface Started {
  readonly verifier: string;
  readonly state: string;
  /** Where the server sends the browser. */
  readonly location: URL;
}

/** Sends the browser to the authorization endpoint. */
export async function start(
  jar: Jar,
  config: client.Configuration,
  parameters: Record<string, string> = {},
): Promise<Started> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "meetings:read contacts:read",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    ...parameters,
  });
  const answer = await jar.send(url.href);
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
  return { verifier, state, location: new URL(location, origin()) };
}

export const uidOf = (location: URL) => location.pathname.split("/").at(-1) ?? "";

/** The person presses Allow; the browser ends at the app's address with a code. */
export async function allow(
  jar: Jar,
  member: Member,
  started: Started,
  changes: Partial<Parameters<typeof allowApp>[3]> = {},
): Promise<URL> {
  const goTo = await allowApp(await member.ctx(), cookieHeader(jar), uidOf(started.location), {
    workspaceId: member.workspaceId,
    scopes: ["meetings:read", "meetings:write", "contacts:read", "insights:read"],
    teamIds: null,
    ...changes,
  });
  const back = (await jar.send(goTo)).headers.get("location");
  if (back === null) throw new Error("the server did not send the browser back");
  return new URL(back);
}

/** The whole flow up to tokens. */
export async function connectApp(
  member: Member,
  app: IssuedOAuthApp,
  options: {
    readonly parameters?: Record<string, string>;
    readonly allowed?: Partial<Parameters<typeof allowApp>[3]>;
    readonly checks?: client.AuthorizationCodeGrantChecks;
  } = {},
) {
  const config = await discover(app);
  const jar = jarOf(member);
  const started = await start(jar, config, options.parameters);
  const callback = await allow(jar, member, started, options.allowed);
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
    ...options.checks,
  });
  return { config, jar, tokens, callback, started };
}

export const readMeetings = (token: string, path = "/v1/meetings") =>
  fetch(`${origin()}${path}`, { headers: { authorization: `Bearer ${token}` } });
