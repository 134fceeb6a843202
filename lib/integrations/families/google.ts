import { z } from "zod";
import {
  type Fault,
  type Identity,
  type OAuth2,
  ProviderError,
  type RevokeCall,
  type Session,
  type TokenReply,
} from "@/lib/integrations/contract";

// What Google's tools share: one sign-in, one token endpoint, one shape of errors.

/** Addresses by role; a tool adds its own `api`. */
export const googleUrls = {
  authorize: {
    url: "https://accounts.google.com/o/oauth2/v2/auth",
    sandboxPath: "/o/oauth2/v2/auth",
  },
  token: { url: "https://oauth2.googleapis.com/token", sandboxPath: "/token" },
  revoke: { url: "https://oauth2.googleapis.com/revoke", sandboxPath: "/revoke" },
  userinfo: {
    url: "https://openidconnect.googleapis.com/v1/userinfo",
    sandboxPath: "/v1/userinfo",
  },
} as const;

const identityScopes = ["openid", "https://www.googleapis.com/auth/userinfo.email"] as const;

export const identityScopeWords: Readonly<Record<string, string>> = {
  openid: "Recognise your Google account",
  "https://www.googleapis.com/auth/userinfo.email":
    "See its e-mail address, to show which account is connected",
};

const granted = z.object({
  access_token: z.string().min(1),
  // Only with the first answer: refreshing keeps the one that we have.
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  /** Present when the person allowed access for a limited time only. */
  refresh_token_expires_in: z.number().positive().optional(),
  scope: z.string().optional(),
});

const refused = z.object({
  error: z.string(),
  error_description: z.string().optional(),
});

const operatorErrors = new Set([
  "invalid_client",
  "deleted_client",
  "unauthorized_client",
  "redirect_uri_mismatch",
  "unsupported_grant_type",
  "invalid_request",
  "invalid_scope",
]);

function tokenFault(status: number, error: string, description: string): Fault {
  // Revoked, unused for six months, the account is gone, or the organisation asks for a new sign-in.
  if (error === "invalid_grant") return { kind: "reauth", reason: "token_revoked" };
  if (error === "admin_policy_enforced") {
    return {
      kind: "forbidden",
      detail:
        "The admin of this Google organisation does not allow the access. Ask them to allow it",
    };
  }
  if (operatorErrors.has(error)) {
    return {
      kind: "rejected",
      code: "invalid_value",
      detail: `Google said ${error}: the client id, secret or address in this installation is wrong`,
    };
  }
  if (status === 429) return { kind: "rate_limited", retryAfterMs: null };
  if (status >= 500) return { kind: "transient", detail: `Google answered ${status}` };
  return {
    kind: "rejected",
    code: "unknown",
    detail: `Google said ${error} ${description}`.trim(),
  };
}

/** Reads Google's token endpoint, errors too. */
function readTokenReply({ status, body }: { status: number; body: unknown }): TokenReply {
  const no = refused.safeParse(body);
  if (no.success) {
    const { error, error_description: description = "" } = no.data;
    throw new ProviderError("google", tokenFault(status, error, description));
  }
  const yes = granted.safeParse(body);
  if (!yes.success) {
    throw new ProviderError("google", {
      kind: "transient",
      detail: `Google answered the sign-in with status ${status} and a body that is not a token`,
    });
  }
  return {
    accessToken: yes.data.access_token,
    refreshToken: yes.data.refresh_token ?? null,
    expiresInSeconds: yes.data.expires_in ?? null,
    refreshExpiresInSeconds: yes.data.refresh_token_expires_in ?? null,
    scopes: yes.data.scope === undefined ? null : yes.data.scope.split(" "),
  };
}

/**
 * Google ends the grant of the account for the whole app, with every other connection of it: only the last one revokes.
 */
async function revoke(call: RevokeCall): Promise<void> {
  if (call.isShared) return;
  const { status, body } = await call.postForm("revoke", {
    token: call.refreshToken ?? call.accessToken,
  });
  if (status < 400) return;
  const no = refused.safeParse(body);
  // Already dead: "Token expired or revoked".
  if (no.success && no.data.error === "invalid_token") return;
  throw new ProviderError("google", { kind: "transient", detail: `revoke answered ${status}` });
}

/** Google's OAuth for a tool with these scopes beside the identity. */
export function googleAuth(of: {
  readonly scopes: readonly string[];
  readonly impliedBy: Readonly<Record<string, readonly string[]>>;
}): OAuth2 {
  return {
    kind: "oauth2",
    scopeSeparator: " ",
    pkce: true,
    sendsResponseType: true,
    clientAuth: "body",
    tokenRequest: "form",
    refresh: "stable",
    // Without `offline` there is no refresh token, without `consent` only at the very first time. Never
    // include_granted_scopes: it would merge the grants of two tools into one token.
    authorizeParams: { access_type: "offline", prompt: "consent" },
    loginHintParam: "login_hint",
    baseScopes: [...identityScopes, ...of.scopes],
    impliedBy: {
      "https://www.googleapis.com/auth/userinfo.email": ["email"],
      ...of.impliedBy,
    },
    readTokenReply,
    revoke,
  };
}

const userinfo = z.object({
  sub: z.string().min(1),
  email: z.string().optional(),
  hd: z.string().optional(),
});

/** Which account it is. `sub` is the account: an e-mail address can change hands. */
export async function identifyGoogle(session: Session): Promise<Identity> {
  const { body } = await session.http.request({ host: "userinfo", path: "", schema: userinfo });
  return {
    accountId: body.sub,
    label: body.email ?? body.sub,
    facts: {
      ...(body.email === undefined ? {} : { email: body.email }),
      ...(body.hd === undefined ? {} : { domain: body.hd }),
    },
  };
}

const errorBody = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

const usageLimits = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "quotaExceeded",
  "dailyLimitExceeded",
  "RESOURCE_EXHAUSTED",
  "RATE_LIMIT_EXCEEDED",
]);

function retryAfterOf(headers: Readonly<Record<string, string>>): number | null {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

function scopeIsMissing(reasons: ReadonlySet<string>): boolean {
  return reasons.has("insufficientPermissions") || reasons.has("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
}

/**
 * Where Google departs from HTTP: 403 is also a usage limit, a missing scope and an API that is switched off; 410 is
 * also a cursor that has aged. Null: as HTTP says.
 */
export function classifyGoogle(answer: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}): Fault | null {
  if (answer.status < 400) return null;
  const read = errorBody.safeParse(answer.body);
  if (!read.success) return null;
  const { status, errors, details } = read.data.error;
  const reasons = new Set(
    [
      status,
      ...(errors ?? []).map((one) => one.reason),
      ...(details ?? []).map((one) => one.reason),
    ].filter((reason) => reason !== undefined),
  );
  if ([...reasons].some((reason) => usageLimits.has(reason))) {
    return { kind: "rate_limited", retryAfterMs: retryAfterOf(answer.headers) };
  }
  if (answer.status === 403) return forbiddenFault(reasons);
  const isAged = reasons.has("fullSyncRequired") || reasons.has("updatedMinTooLongAgo");
  return answer.status === 410 && isAged ? { kind: "cursor_expired" } : null;
}

function forbiddenFault(reasons: ReadonlySet<string>): Fault | null {
  if (scopeIsMissing(reasons)) return { kind: "reauth", reason: "scope_missing" };
  if (reasons.has("accessNotConfigured") || reasons.has("SERVICE_DISABLED")) {
    return {
      kind: "rejected",
      code: "permission_denied",
      detail: "The API is not switched on in this installation's Google Cloud project",
    };
  }
  return null;
}
