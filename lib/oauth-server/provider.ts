import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import Provider, {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from "oidc-provider";
import { allScopes } from "@/lib/auth/scopes";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { derivedKey } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { randomBase62 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";
import { accountClientCredentials } from "@/lib/oauth-server/client-credentials";
import { identityScopes, limitAssertion, secretHolds } from "@/lib/oauth-server/clients";
import { errorPage } from "@/lib/oauth-server/error-page";
import { tellReplay } from "@/lib/oauth-server/grants";
import {
  type GrantHandler,
  gracedRefreshGrant,
  grantSeconds,
  lockedCodeGrant,
} from "@/lib/oauth-server/refresh-grant";
import { answerRegistration, registrationPath } from "@/lib/oauth-server/registration";
import { signingKeys } from "@/lib/oauth-server/signing-keys";
import { adapterOf, store } from "@/lib/oauth-server/store";

// The authorization server (RFC 6749, RFC 9700): the certified library with our storage, our policy and our pages.

const hour = 3600;
const day = 86_400;

type ResponseMode = Parameters<Provider["registerResponseMode"]>[1];

/**
 * An error goes to the app only when somebody is signed in, or when the app asked not to bother anybody: a link to us
 * that is wrong on purpose would else lead anybody straight to the app's address (RFC 9700, 4.11.2).
 */
function afterSignIn(inner: ResponseMode): ResponseMode {
  return async (ctx, redirectUri, payload) => {
    const { route, params } = ctx.oidc;
    const isSilent = params?.prompt === "none";
    const isToApp = route !== "authorization" || !("error" in payload) || isSilent;
    if (isToApp || (await signedInUser(ctx))) return inner(ctx, redirectUri, payload);
    ctx.status = 303;
    ctx.redirect(`/login?next=${encodeURIComponent(ctx.url)}`);
  };
}

const wrappers: Readonly<Record<string, (inner: GrantHandler) => GrantHandler>> = {
  authorization_code: lockedCodeGrant,
  refresh_token: (inner) => gracedRefreshGrant(inner, tellReplay),
  client_credentials: accountClientCredentials,
};

/** Wraps the built-in grants and response modes while the library registers them. */
class HarmonyProvider extends Provider {
  override registerResponseMode(name: string, handler: ResponseMode): void {
    super.registerResponseMode(name, afterSignIn(handler.bind(this) as ResponseMode));
  }

  override registerGrantType(
    name: string,
    handler: unknown,
    parameters?: unknown,
    duplicates?: unknown,
  ): void {
    const inner = handler as GrantHandler;
    const wrapped = wrappers[name]?.(inner) ?? inner;
    super.registerGrantType(name, wrapped as never, parameters as never, duplicates as never);
  }
}

/** Who is signed in to our pages on this very request; the provider's own session is only a memory of it. */
async function signedInUser(ctx: KoaContextWithOIDC): Promise<string | null> {
  const token = sessionTokenOf(ctx.req.headers.cookie);
  const session = token ? await readSession(token) : null;
  return session?.user.id ?? null;
}

function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.get("login")?.checks.add(
    new interactionPolicy.Check(
      "another_account",
      "End-User authentication is required",
      "login_required",
      async (ctx) => {
        const { session } = ctx.oidc;
        if (!session?.accountId || (await signedInUser(ctx)) === session.accountId)
          return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        // Forgotten here: a request that remembers one person cannot be finished by another.
        delete session.accountId;
        return interactionPolicy.Check.REQUEST_PROMPT;
      },
    ),
  );
  return prompts;
}

/** The grant that the person gave in this flow or before, while it still stands. */
async function existingGrant(ctx: KoaContextWithOIDC) {
  const { oidc } = ctx;
  const clientId = oidc.client?.clientId;
  const grantId = oidc.result?.consent?.grantId ?? (clientId && oidc.session?.grantIdFor(clientId));
  if (!grantId) return undefined;
  // The adapter finds none that does not stand any more.
  const grant = await oidc.provider.Grant.find(grantId);
  const isTheirs = grant?.clientId === clientId && grant?.accountId === oidc.session?.accountId;
  return isTheirs ? grant : undefined;
}

interface AccountRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
  readonly is_verified: boolean;
}

async function findAccount(_ctx: KoaContextWithOIDC, id: string) {
  const [user] = await store()<AccountRow[]>`
    select id, name, email, email_verified is not null as is_verified from users where id = ${id}`;
  if (!user) return undefined;
  return {
    accountId: user.id,
    claims: () => ({
      sub: user.id,
      name: user.name ?? user.email,
      email: user.email,
      email_verified: user.is_verified,
    }),
  };
}

// Asked for by many clients out of habit; every grant has a refresh token anyway.
const toleratedScopes: ReadonlySet<string> = new Set([
  ...identityScopes,
  ...allScopes,
  "offline_access",
]);

/** Without a scope an app asks for all that it registered; an unknown one is an error, not a surprise (RFC 6749, 3.3). */
async function settleScope(
  ctx: KoaContextWithOIDC,
  _known: string | undefined,
  client: { readonly scope?: string | undefined },
): Promise<void> {
  // As it was sent: the library has dropped what it does not know.
  const { scope } = ctx.query;
  const asked = typeof scope === "string" ? scope.split(" ").filter(Boolean) : [];
  const unknown = asked.find((one) => !toleratedScopes.has(one));
  if (unknown !== undefined) throw new errors.InvalidScope("requested scope is unknown", unknown);
  if (asked.length > 0 || !ctx.oidc.params) return;
  const registered = client.scope?.split(" ") ?? [];
  ctx.oidc.params.scope = allScopes.filter((one) => registered.includes(one)).join(" ");
}

async function configuration(): Promise<Configuration> {
  const isHttps = env().appUrl.startsWith("https:");
  const cookie = { signed: true, httpOnly: true, sameSite: "lax", secure: isHttps } as const;
  const ownTokensOnly = (
    _ctx: KoaContextWithOIDC,
    client: { clientId: string },
    token: { clientId?: string | undefined },
  ) => token.clientId === client.clientId;
  return {
    adapter: adapterOf,
    jwks: { keys: await signingKeys() },
    cookies: {
      keys: [derivedKey("oauth-cookies").toString("base64")],
      long: cookie,
      short: cookie,
    },
    findAccount,
    loadExistingGrant: existingGrant,
    interactions: { policy: policy(), url: (_ctx, { uid }) => `/oauth/consent/${uid}` },
    scopes: [...identityScopes, ...allScopes],
    extraParams: { scope: settleScope },
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    responseTypes: ["code"],
    assertJwtClientAuthClaimsAndHeader: limitAssertion,
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "none", "private_key_jwt"],
    pkce: { required: () => true },
    // Every code grant gets one; the default asks for a scope and ties it to the browser's session.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    ttl: {
      AccessToken: hour,
      ClientCredentials: hour,
      AuthorizationCode: 600,
      RefreshToken: 30 * day,
      Grant: grantSeconds,
      IdToken: hour,
      // An admin's approval may take a while.
      Interaction: day,
      Session: 14 * day,
    },
    routes: {
      authorization: "/oauth/authorize",
      token: "/oauth/token",
      revocation: "/oauth/revoke",
      introspection: "/oauth/introspect",
      userinfo: "/oauth/userinfo",
      jwks: "/oauth/jwks",
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: ownTokensOnly },
      revocation: { enabled: true, allowedPolicy: ownTokensOnly },
      userinfo: { enabled: true },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
    },
    discovery: {
      service_documentation: `${env().appUrl}/docs`,
      registration_endpoint: `${env().appUrl}${registrationPath}`,
    },
    renderError: errorPage,
  };
}

/** Tokens with our prefix, 238 random bits behind it; the library's own method also settles their format. */
function nameTokens(prototype: object, prefix: "hat" | "hrt"): void {
  const known = prototype as { generateTokenId: (...given: unknown[]) => unknown };
  const inner = known.generateTokenId;
  known.generateTokenId = function (...given) {
    inner.apply(this, given);
    return `${prefix}_${randomBase62(40)}`;
  };
}

interface Running {
  readonly provider: Provider;
  /** Puts the library's middleware together, once. */
  readonly answer: ReturnType<Provider["callback"]>;
}

async function startProvider(): Promise<Running> {
  const provider = new HarmonyProvider(env().appUrl, await configuration());
  // Scheme and host come from `ownAddressHeaders`.
  provider.proxy = true;
  const { AccessToken, ClientCredentials, RefreshToken, Client } = provider;
  // `formats` has no hook for a prefix: secret scanners and people tell tokens apart by it (handbook 15.1).
  nameTokens(AccessToken.prototype, "hat");
  nameTokens(ClientCredentials.prototype, "hat");
  nameTokens(RefreshToken.prototype, "hrt");
  const { grantTypeAllowed } = Client.prototype;
  Object.assign(Client.prototype, {
    grantTypeAllowed(this: InstanceType<typeof Client>, type: string) {
      if (grantTypeAllowed.call(this, type)) return true;
      const { oidc } = Provider.ctx ?? {};
      // RFC 6749, 5.2; the library answers invalid_request.
      if (oidc?.route === "token" && oidc.params?.grant_type === type) {
        throw new errors.UnauthorizedClient("this client may not use this grant type");
      }
      return false;
    },
    compareClientSecret(this: { clientId: string }, secret: string) {
      return secretHolds(this.clientId, secret);
    },
  });
  (provider as EventEmitter).on("server_error", (_ctx: unknown, error: unknown) =>
    log().error({ err: error }, "the authorization server failed"),
  );
  return { provider, answer: provider.callback() };
}

/** One for each process, made when it is first needed. */
function running(): Promise<Running> {
  const held = singleton<{ made: Promise<Running> | null }>("oauth-provider", () => ({
    made: null,
  }));
  held.made ??= startProvider().catch((error: unknown) => {
    // The database was away: the next request tries again.
    held.made = null;
    throw error;
  });
  return held.made;
}

/** The provider that `server.ts` answers with; the consent page ends its interactions. */
export async function oauthProvider(): Promise<Provider> {
  return (await running()).provider;
}

/** Scheme and host as APP_URL has them, whatever a request claims. */
export function ownAddressHeaders(): Readonly<Record<string, string>> {
  const { protocol, host } = new URL(env().appUrl);
  return { "x-forwarded-proto": protocol.slice(0, -1), "x-forwarded-host": host };
}

const reading = ["GET", "HEAD", "OPTIONS"];
const sending = ["POST", "OPTIONS"];
/** Each with its methods. */
const paths: ReadonlyMap<string, readonly string[]> = new Map([
  ["/oauth/authorize", ["GET", "HEAD"]],
  ["/oauth/token", sending],
  ["/oauth/revoke", sending],
  ["/oauth/introspect", sending],
  ["/oauth/userinfo", [...reading, "POST"]],
  ["/oauth/jwks", reading],
  [registrationPath, ["POST"]],
  ["/.well-known/oauth-authorization-server", reading],
  ["/.well-known/openid-configuration", reading],
  // With the path of the resource behind it as well (RFC 9728, 3.1).
  ["/.well-known/oauth-protected-resource", reading],
  ["/.well-known/oauth-protected-resource/v1", reading],
]);
const resourcePath = "/.well-known/oauth-protected-resource";
const resume = /^\/oauth\/authorize\/[\w-]{1,64}$/;

/** Whether the authorization server answers a path; consent and everything else under /oauth are pages of ours. */
export function isOauthPath(path: string): boolean {
  return paths.has(path) || resume.test(path);
}

/** What the library would answer as not found, or as a fault of ours. */
function refusal(path: string, request: IncomingMessage): readonly [number, string] | null {
  const methods = paths.get(path) ?? ["GET", "HEAD"];
  if (!methods.includes(request.method ?? "")) return [405, `use ${methods[0]}`];
  // Not a character of any parameter (RFC 6749, appendix A), and PostgreSQL keeps none.
  if (request.url?.includes("%00")) return [400, "a parameter has a NUL character"];
  return null;
}

/** Answers one request of the authorization server. */
export async function answerOauth(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const json = { "content-type": "application/json; charset=utf-8" };
  const refused = refusal(path, request);
  if (refused) {
    const [status, description] = refused;
    const allow = status === 405 ? { allow: (paths.get(path) ?? ["GET", "HEAD"]).join(", ") } : {};
    response.writeHead(status, { ...json, ...allow, "cache-control": "no-store" });
    response.end(JSON.stringify({ error: "invalid_request", error_description: description }));
    return;
  }
  if (path.startsWith(resourcePath)) {
    response.writeHead(200, { ...json, "access-control-allow-origin": "*" });
    response.end(protectedResourceMetadata());
    return;
  }
  Object.assign(request.headers, ownAddressHeaders());
  response.setHeader("referrer-policy", "no-referrer");
  if (path === registrationPath) return answerRegistration(request, response);
  const { answer } = await running();
  await answer(request, response);
}

/** Where clients learn who gives tokens for the API (RFC 9728, 3). */
function protectedResourceMetadata(): string {
  const origin = env().appUrl;
  return JSON.stringify({
    resource: `${origin}/v1`,
    authorization_servers: [origin],
    scopes_supported: allScopes,
    bearer_methods_supported: ["header"],
    resource_documentation: `${origin}/docs`,
  });
}
