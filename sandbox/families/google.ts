import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Answer, bearerOf, type Call, formOf, json, mediaType } from "../http";
import {
  type Exchanged,
  type ExchangeError,
  type OAuthServer,
  type OAuthState,
  openOAuth,
} from "../oauth";
import type { Host, Route } from "../tool";

// Google's accounts and OAuth, shared by every Google tool: consent with a check box for each scope, refresh tokens
// only with `access_type=offline` and then only at the first consent unless `prompt=consent`, and error bodies as
// written in Google's guides.

const ACCESS_SECONDS_SAID = 3_599;
const REFRESH_TOKENS_MAX = 100;

export interface GoogleAccount {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly picture?: string;
}

/** `reason` of an error and the status that goes with it. */
const reasons: Readonly<
  Record<string, readonly [status: number, domain: string, message: string]>
> = {
  authError: [401, "global", "Invalid Credentials"],
  invalid: [400, "global", "Invalid Value"],
  badRequest: [400, "global", "Bad Request"],
  required: [400, "global", "Required"],
  parseError: [400, "global", "Parse Error"],
  timeRangeEmpty: [400, "calendar", "The specified time range is empty."],
  channelIdNotUnique: [400, "global", "Channel id not unique"],
  webhookUrlNotHttps: [400, "global", "WebHook callback must be HTTPS"],
  unauthorizedWebhookCallback: [401, "global", "Unauthorized WebHook callback channel"],
  pushNotSupportedForRequestedResource: [
    400,
    "global",
    "Push notifications are not supported by this resource.",
  ],
  forbidden: [403, "calendar", "Forbidden"],
  insufficientPermissions: [403, "global", "Insufficient Permission"],
  accessNotConfigured: [403, "usageLimits", "Access Not Configured"],
  rateLimitExceeded: [403, "usageLimits", "Rate Limit Exceeded"],
  userRateLimitExceeded: [403, "usageLimits", "User Rate Limit Exceeded"],
  quotaExceeded: [403, "usageLimits", "Calendar usage limits exceeded."],
  notFound: [404, "global", "Not Found"],
  fullSyncRequired: [410, "calendar", "Sync token is no longer valid, a full sync is required."],
  updatedMinTooLongAgo: [
    410,
    "calendar",
    "The requested minimum modification time lies too far in the past.",
  ],
  deleted: [410, "global", "Resource has been deleted"],
  backendError: [500, "global", "Backend Error"],
};

const locations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  authError: { locationType: "header", location: "Authorization" },
  fullSyncRequired: { locationType: "parameter", location: "syncToken" },
};

export interface GoogleErrorOptions {
  readonly status?: number;
  readonly message?: string;
  readonly location?: string;
  /** Such as `calendar.v3.Events.List`, in the details of a missing scope. */
  readonly method?: string;
}

/** An error of a Google API by its reason, in Google's form. */
export function googleError(reason: string, options: GoogleErrorOptions = {}): Answer {
  const [usual, domain, words] = reasons[reason] ?? [400, "global", reason];
  const status = options.status ?? usual;
  const message = options.message ?? words;
  const at = options.location
    ? { locationType: "parameter", location: options.location }
    : locations[reason];
  const errors = [{ domain, reason, message, ...at }];
  if (reason === "insufficientPermissions") {
    return json(
      status,
      {
        error: {
          code: status,
          message: "Request had insufficient authentication scopes.",
          status: "PERMISSION_DENIED",
          errors: [{ message, domain, reason }],
          details: [
            {
              "@type": "type.googleapis.com/google.rpc.ErrorInfo",
              reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
              domain: "googleapis.com",
              metadata: { service: "calendar-json.googleapis.com", method: options.method ?? "" },
            },
          ],
        },
      },
      {
        "www-authenticate":
          'Bearer realm="https://accounts.google.com/", error="insufficient_scope"',
      },
    );
  }
  if (reason === "accessNotConfigured") {
    const details = [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "SERVICE_DISABLED",
        domain: "googleapis.com",
      },
    ];
    return json(status, {
      error: { code: status, message, errors, status: "PERMISSION_DENIED", details },
    });
  }
  return json(status, { error: { errors, code: status, message } });
}

/** Error bodies of the token endpoint. */
function tokenError(error: ExchangeError | "unsupported_grant_type" | "invalid_request"): Answer {
  const body = (status: number, code: string, description: string) =>
    json(status, { error: code, error_description: description });
  switch (error) {
    case "unknown_client":
      return body(401, "invalid_client", "The OAuth client was not found.");
    case "bad_secret":
      return body(401, "invalid_client", "Unauthorized");
    case "bad_code":
      return body(400, "invalid_grant", "Malformed auth code.");
    case "bad_redirect_uri":
      return body(400, "redirect_uri_mismatch", "Bad Request");
    case "bad_verifier":
    case "pkce_refused":
      return body(400, "invalid_grant", "Invalid code verifier.");
    case "bad_refresh_token":
    case "dead_grant":
      return body(400, "invalid_grant", "Token has been expired or revoked.");
    case "unsupported_grant_type":
      return body(400, "unsupported_grant_type", "Invalid grant_type");
    default:
      return body(400, "invalid_request", "Bad Request");
  }
}

const emailForm = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export interface GoogleAccounts {
  readonly oauth: OAuthServer;
  /** Authorize, token, revoke, userinfo, tokeninfo, keys. */
  readonly route: (call: Call) => Route | null;
  /** Who calls an API, or the answer that refuses it; any of `scopes` is enough. */
  readonly caller: (
    call: Call,
    scopes: readonly string[],
    method: string,
  ) => { readonly account: GoogleAccount; readonly scopes: readonly string[] } | Answer;
}

export interface GoogleOptions {
  readonly oauth: OAuthState;
  readonly accounts: () => readonly GoogleAccount[];
  /** Gives a typed address an account. */
  readonly create: (email: string) => GoogleAccount;
  readonly scopes: Readonly<Record<string, string>>;
}

let keys: { readonly privateKey: KeyObject; readonly jwk: object } | null = null;

/** Made when the first id token is; nobody keeps one of those over a restart. */
function signingKeys() {
  if (keys === null) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const jwk = createPublicKey(privateKey).export({ format: "jwk" });
    keys = { privateKey, jwk: { ...jwk, kid: "sandbox", alg: "RS256", use: "sig" } };
  }
  return keys;
}

/** The account side of one Google tool. */
export function openGoogle(host: Host, options: GoogleOptions): GoogleAccounts {
  const { settings } = host;
  const asAccount = ({ sub, email, name }: GoogleAccount) => ({
    id: sub,
    label: email,
    detail: name,
  });
  const accountOf = (sub: string) => options.accounts().find((account) => account.sub === sub);

  const oauth = openOAuth(
    host,
    options.oauth,
    {
      authorizePath: "/o/oauth2/v2/auth",
      accountWord: "account",
      appName: "Harmony",
      scopeSeparator: " ",
      needsResponseType: true,
      pkce: "optional",
      scopes: options.scopes,
      isOptional: (scope) => !identityScopes.has(scope),
      accounts: () => options.accounts().map(asAccount),
      typedLabel: "Another account, by its address",
      typed: (email) =>
        emailForm.test(email) ? asAccount(options.create(email.toLowerCase())) : null,
      hintParam: "login_hint",
      accumulates: false,
      asksAgain: ({ prompt = "" }) => prompt.split(" ").includes("consent"),
      returns: (scopes) => ({ scope: scopes.join(" ") }),
      codePrefix: "4/0A",
    },
    () => undefined,
  );

  const issuer = "https://accounts.google.com";

  const claimsOf = (account: GoogleAccount, scopes: readonly string[]) => {
    const { sub, email, name } = account;
    const isEmailShown = scopes.includes(emailScope) || scopes.includes("email");
    const domain = email.split("@")[1];
    return {
      sub,
      ...(isEmailShown && { email, email_verified: true }),
      ...(domain !== "gmail.com" && { hd: domain }),
      ...(scopes.includes(profileScope) && { name }),
    };
  };

  const idToken = ({ grant, scopes, query }: Exchanged): string | null => {
    const account = accountOf(grant.accountId);
    if (account === undefined || !scopes.includes("openid")) return null;
    const at = Math.floor(host.now().getTime() / 1_000);
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      iss: issuer,
      aud: grant.clientId,
      azp: grant.clientId,
      iat: at,
      exp: at + ACCESS_SECONDS_SAID,
      ...claimsOf(account, scopes),
      ...(query.nonce !== undefined && { nonce: query.nonce }),
    };
    const signed = `${encode({ alg: "RS256", kid: "sandbox", typ: "JWT" })}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), signingKeys().privateKey);
    return `${signed}.${signature.toString("base64url")}`;
  };

  /** The hundred-and-first refresh token of an account silently ends the first. */
  const dropOldRefreshTokens = (grantId: string) => {
    const own = Object.entries(options.oauth.refreshTokens).filter(
      ([, one]) => one.grantId === grantId,
    );
    for (const [key] of own.slice(0, Math.max(0, own.length - REFRESH_TOKENS_MAX))) {
      delete options.oauth.refreshTokens[key];
    }
  };

  const tokens = (exchanged: Exchanged, withRefresh: boolean): Answer => {
    const id = idToken(exchanged);
    const refreshToken = withRefresh ? oauth.issueRefresh(exchanged, "1//0g") : null;
    dropOldRefreshTokens(exchanged.grant.id);
    const seconds = settings.accessTokenSeconds;
    return json(200, {
      access_token: oauth.issueAccess(exchanged, "ya29.a0", seconds),
      expires_in: seconds === ACCESS_SECONDS_SAID + 1 ? ACCESS_SECONDS_SAID : seconds,
      ...(refreshToken !== null && { refresh_token: refreshToken }),
      scope: exchanged.scopes.join(" "),
      token_type: "Bearer",
      ...(id !== null && { id_token: id }),
    });
  };

  const redeem = (form: URLSearchParams): Answer => {
    const outcome = oauth.exchange(form);
    if ("error" in outcome) return tokenError(outcome.error);
    const { isFirst, query } = outcome.value;
    const isAskedAgain = (query.prompt ?? "").split(" ").includes("consent");
    return tokens(outcome.value, query.access_type === "offline" && (isFirst || isAskedAgain));
  };

  const renew = (form: URLSearchParams): Answer => {
    const outcome = oauth.refresh(form.get("refresh_token") ?? "");
    return "error" in outcome ? tokenError(outcome.error) : tokens(outcome.value, false);
  };

  const token = (call: Call): Answer => {
    if (mediaType(call) !== "application/x-www-form-urlencoded") {
      return tokenError("invalid_request");
    }
    const form = formOf(call);
    const unknown = oauth.client(call, form);
    if (unknown !== null) return tokenError(unknown);
    const kind = form.get("grant_type");
    if (kind === "refresh_token") return renew(form);
    return kind === "authorization_code" ? redeem(form) : tokenError("unsupported_grant_type");
  };

  const revoke = (call: Call): Answer => {
    const presented = formOf(call).get("token") ?? call.query.get("token") ?? "";
    const grant = oauth.grantOf(presented);
    if (grant === null || grant.ended !== null) {
      return json(400, { error: "invalid_token", error_description: "Token expired or revoked" });
    }
    oauth.end(grant, "revoked");
    return json(200, {});
  };

  /** Whose live token this is. */
  const bearer = (call: Call) => {
    const presented = bearerOf(call);
    const checked = presented === null ? null : oauth.check(presented);
    if (checked === null || "failure" in checked) return null;
    const account = accountOf(checked.grant.accountId);
    return account ? { account, scopes: checked.token.scopes } : null;
  };

  const userinfo = (call: Call): Answer => {
    const found = bearer(call);
    if (found === null) {
      return json(401, { error: "invalid_request", error_description: "Invalid Credentials" });
    }
    if (!found.scopes.includes("openid")) return googleError("insufficientPermissions");
    return json(200, claimsOf(found.account, found.scopes));
  };

  const discovery = (): Answer =>
    json(200, {
      issuer,
      authorization_endpoint: `${host.url}/o/oauth2/v2/auth`,
      token_endpoint: `${host.url}/token`,
      revocation_endpoint: `${host.url}/revoke`,
      userinfo_endpoint: `${host.url}/v1/userinfo`,
      jwks_uri: `${host.url}/oauth2/v3/certs`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
    });

  const routes: Readonly<Record<string, readonly [operation: string, (call: Call) => Answer]>> = {
    "POST /token": ["token", token],
    "POST /revoke": ["revoke", revoke],
    "GET /v1/userinfo": ["userinfo", userinfo],
    "POST /v1/userinfo": ["userinfo", userinfo],
    "GET /.well-known/openid-configuration": ["discovery", discovery],
    "GET /oauth2/v3/certs": ["certs", () => json(200, { keys: [signingKeys().jwk] })],
  };

  return {
    oauth,
    route: (call) => {
      const found = routes[`${call.method} ${call.path}`];
      if (found === undefined) return oauth.route(call);
      const [operation, run] = found;
      return { operation, kind: "call", isRead: call.method === "GET", run: () => run(call) };
    },
    caller: (call, scopes, method) => {
      const found = bearer(call);
      if (found === null) return googleError("authError");
      if (scopes.some((scope) => found.scopes.includes(scope))) return found;
      return googleError("insufficientPermissions", { method });
    },
  };
}

const emailScope = "https://www.googleapis.com/auth/userinfo.email";
const profileScope = "https://www.googleapis.com/auth/userinfo.profile";
/** The consent screen shows these without a box. */
const identityScopes: ReadonlySet<string> = new Set([
  "openid",
  "email",
  "profile",
  emailScope,
  profileScope,
]);

/** What the identity scopes are called on the consent screen. */
export const identityScopeWords: Readonly<Record<string, string>> = {
  openid: "Associate you with your personal info on Google",
  [emailScope]: "See your primary Google Account email address",
  [profileScope]: "See your personal info",
};
