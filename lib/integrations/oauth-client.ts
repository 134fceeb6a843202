import * as oauth from "oauth4webapi";
import { env } from "@/lib/core/env";
import { retryAfterMs } from "@/lib/integrations/classify-answer";
import { type Provider, ProviderError, type TokenReply } from "@/lib/integrations/contract";
import { NoAnswer, sendToTool } from "@/lib/integrations/tool-request";

// OAuth 2.0 as a client (RFC 6749, 7636, 9207) over oauth4webapi; the tools' departures are data of the provider.

/** Our registration at a tool and where the tool is. */
export interface Registration {
  readonly provider: Provider;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where the tool sends people back to. */
function redirectUriOf(provider: Provider): string {
  return `${env().appUrl}/api/integrations/${provider.slug}/callback`;
}

function endpoint({ provider, endpoints }: Registration, role: string): string {
  const url = endpoints[role];
  if (url === undefined) throw new Error(`${provider.slug} has no address of role ${role}`);
  return url;
}

/** The server's metadata. Its issuer is the origin of its authorize page, or a path below it where it says so. */
function serverOf(
  registration: Registration,
  said: string | null = null,
): oauth.AuthorizationServer {
  const authorize = new URL(endpoint(registration, "authorize"));
  const isBelow = said !== null && URL.canParse(said) && new URL(said).origin === authorize.origin;
  return {
    issuer: isBelow ? said : authorize.origin,
    authorization_endpoint: authorize.href,
    token_endpoint: endpoint(registration, "token"),
  };
}

const clientOf = ({ clientId }: Registration): oauth.Client => ({ client_id: clientId });

export const newState = (): string => oauth.generateRandomState();
export const newVerifier = (): string => oauth.generateRandomCodeVerifier();

/** The tool's page on which a person signs in and allows Harmony the scopes. */
export async function authorizeUrl(
  registration: Registration,
  asked: {
    readonly state: string;
    /** PKCE; null where the tool takes none. */
    readonly verifier: string | null;
    readonly scopes: readonly string[];
    readonly loginHint: string | null;
  },
): Promise<string> {
  const { provider, clientId } = registration;
  const { auth } = provider;
  const url = new URL(endpoint(registration, "authorize"));
  const set = (name: string, value: string) => url.searchParams.set(name, value);
  if (auth.sendsResponseType) set("response_type", "code");
  set("client_id", clientId);
  set("redirect_uri", redirectUriOf(provider));
  if (asked.scopes.length > 0) {
    set(auth.scopeParam ?? "scope", asked.scopes.join(auth.scopeSeparator));
  }
  set("state", asked.state);
  if (asked.verifier !== null) {
    set("code_challenge", await oauth.calculatePKCECodeChallenge(asked.verifier));
    set("code_challenge_method", "S256");
  }
  for (const [name, value] of Object.entries(auth.authorizeParams ?? {})) set(name, value);
  if (auth.loginHintParam && asked.loginHint !== null) set(auth.loginHintParam, asked.loginHint);
  return url.href;
}

export type CallbackAnswer =
  | { readonly kind: "code"; readonly parameters: URLSearchParams }
  | { readonly kind: "declined" }
  | { readonly kind: "error"; readonly message: string };

/** What a tool may say about an error: printable characters, at most 300 of them. */
function printable(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

const declined = new Set(["access_denied", "user_denied", "consent_required", "cancelled"]);

/** Reads what came back through the browser; its state was looked up already and is compared once more. */
export function readCallback(
  registration: Registration,
  query: URLSearchParams,
  state: string,
): CallbackAnswer {
  try {
    const server = serverOf(registration, query.get("iss"));
    const parameters = oauth.validateAuthResponse(server, clientOf(registration), query, state);
    if (parameters.get("code")) return { kind: "code", parameters };
    return { kind: "error", message: "It sent no code." };
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) {
      return { kind: "error", message: "Its answer is not the one to our question." };
    }
    if (declined.has(error.error)) return { kind: "declined" };
    return { kind: "error", message: printable(error.error_description ?? error.error) };
  }
}

function formToJson(form: URLSearchParams): string {
  return JSON.stringify(Object.fromEntries(form));
}

/** The fetch that oauth4webapi is given: timed out, capped, and as JSON where the tool wants that. */
function toolFetch({ provider }: Registration, signal: AbortSignal) {
  return async (
    url: string,
    options: { body?: unknown; headers: Record<string, string>; method: string },
  ): Promise<Response> => {
    const form = options.body as URLSearchParams;
    const isJson = provider.auth.tokenRequest === "json";
    const answer = await sendToTool({
      method: options.method,
      url,
      headers: isJson
        ? { ...options.headers, "content-type": "application/json" }
        : options.headers,
      body: isJson ? formToJson(form) : form.toString(),
      signal,
    });
    return new Response(answer.status === 204 ? null : answer.text, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

function clientAuth({ provider, clientSecret }: Registration): oauth.ClientAuth {
  return provider.auth.clientAuth === "basic"
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
}

function optionsOf(registration: Registration, signal: AbortSignal) {
  return {
    [oauth.customFetch]: toolFetch(registration, signal),
    // Stand-ins and test servers; a tool's own addresses are https.
    [oauth.allowInsecureRequests]: endpoint(registration, "token").startsWith("http:"),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function field(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Object.entries(body).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : null;
}

/** An error answer of a token endpoint by RFC 6749 section 5.2. */
function standardError(provider: Provider, status: number, body: unknown): ProviderError {
  const error = field(body, "error");
  const detail = printable(field(body, "error_description") ?? error ?? `answered ${status}`);
  if (error === "invalid_grant") {
    return new ProviderError(provider.slug, { kind: "reauth", reason: "token_revoked" });
  }
  // Ours to mend: the client's id or secret is wrong, or the registration lacks something.
  return new ProviderError(
    provider.slug,
    { kind: "reauth", reason: "provider_auth_error" },
    { cause: new Error(detail) },
  );
}

function trouble(provider: Provider, response: Response): ProviderError | null {
  const { status } = response;
  if (status === 429) {
    const wait = retryAfterMs(response.headers.get("retry-after") ?? undefined, new Date());
    return new ProviderError(provider.slug, { kind: "rate_limited", retryAfterMs: wait });
  }
  if (status !== 408 && status < 500 && !(status >= 300 && status < 400)) return null;
  return new ProviderError(
    provider.slug,
    { kind: "transient", detail: `its token endpoint answered ${status}` },
    { isUncertain: status !== 503 },
  );
}

async function readReply(provider: Provider, response: Response): Promise<TokenReply> {
  const refused = trouble(provider, response);
  if (refused) throw refused;
  const { status } = response;
  const body = parsed(await response.text());
  try {
    const reply = provider.auth.readTokenReply({ status, body });
    if (status < 400) return reply;
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (status < 400) {
      throw new ProviderError(
        provider.slug,
        { kind: "transient", detail: "its token endpoint answered something else than tokens" },
        { isUncertain: true, cause: error },
      );
    }
  }
  throw standardError(provider, status, body);
}

async function tokensFrom(provider: Provider, send: () => Promise<Response>): Promise<TokenReply> {
  try {
    return await readReply(provider, await send());
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new ProviderError(
      provider.slug,
      { kind: "transient", detail: `its token endpoint: ${error.message}` },
      { isUncertain: error.wasSent, cause: error },
    );
  }
}

/** Trades the code of a callback for tokens. */
export async function exchangeCode(
  registration: Registration,
  parameters: URLSearchParams,
  verifier: string | null,
  signal: AbortSignal,
): Promise<TokenReply> {
  const { provider } = registration;
  return await tokensFrom(provider, () =>
    oauth.authorizationCodeGrantRequest(
      serverOf(registration),
      clientOf(registration),
      clientAuth(registration),
      parameters,
      redirectUriOf(provider),
      verifier ?? oauth.nopkce,
      optionsOf(registration, signal),
    ),
  );
}

/** A refresh that is refused for good ends the connection's access, whatever the tool calls it (D-10). */
function asGrantTrouble(provider: Provider, error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { kind } = error.fault;
  if (kind === "reauth" || kind === "transient" || kind === "rate_limited") return error;
  const fault = { kind: "reauth", reason: "provider_auth_error" } as const;
  return new ProviderError(provider.slug, fault, { cause: error });
}

/** New tokens for a refresh token. Where the tool leaves the refresh token out of its answer, the old one stays good. */
export async function refreshGrant(
  registration: Registration,
  refreshToken: string,
  signal: AbortSignal,
): Promise<TokenReply> {
  const { provider } = registration;
  const reply = await tokensFrom(provider, () =>
    oauth.refreshTokenGrantRequest(
      serverOf(registration),
      clientOf(registration),
      clientAuth(registration),
      refreshToken,
      optionsOf(registration, signal),
    ),
  ).catch((error: unknown) => {
    throw asGrantTrouble(provider, error);
  });
  return { ...reply, refreshToken: reply.refreshToken ?? refreshToken };
}

/** Ends a grant at the tool; nothing happens where the tool offers no way. */
export async function revokeGrant(
  registration: Registration,
  tokens: { readonly accessToken: string; readonly refreshToken: string | null },
  isShared: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { provider, clientId, clientSecret } = registration;
  await provider.auth.revoke?.({
    ...tokens,
    ...{ clientId, clientSecret, isShared },
    postForm: async (role, form, bearer) => {
      const answer = await sendToTool({
        method: "POST",
        url: endpoint(registration, role),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: new URLSearchParams(form).toString(),
        signal,
      });
      return { status: answer.status, body: parsed(answer.text) };
    },
  });
}
