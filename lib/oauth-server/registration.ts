import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { pool } from "@/db/client";
import type { Context } from "@/lib/auth/principal";
import { allScopes, readScopes } from "@/lib/auth/scopes";
import { systemClock } from "@/lib/core/clock";
import { sha256 } from "@/lib/core/crypto";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { clientIpOf } from "@/lib/http/client-address";
import { createOAuthApp } from "@/lib/oauth-server/apps";
import { identityScopes } from "@/lib/oauth-server/clients";
import { type OAuthAppInput, oauthAppInput } from "@/lib/oauth-server/schema";
import type { PlanName } from "@/lib/plans/plans";
import { limiter } from "@/lib/rate-limit/limiter";

// Dynamic client registration (RFC 7591) with an initial access token. A handler of our own: the library's would write
// clients through its adapter, which sees neither workspace nor plan, keeps the secret as it is and knows other rules
// for redirect URIs. Here an app made by a program is one of `createOAuthApp`, under the same rules, lock and audit.

export const registrationPath = "/oauth/register";

const bodyMax = 64 * 1024;
const attemptsPerMinute = 30;

/** A refusal in the words of RFC 7591, 3.2.2, and of RFC 6750, 3.1, for the token. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const badMetadata = (message: string) => new Refusal(400, "invalid_client_metadata", message);

const badToken = (message: string) =>
  new Refusal(401, "invalid_token", message, {
    "www-authenticate": `Bearer realm="Harmony", error="invalid_token", error_description="${message}"`,
  });

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly workspace_id: string;
  readonly plan: PlanName;
  readonly is_allowed: boolean;
  readonly is_live: boolean;
}

async function readToken(header: string | undefined): Promise<TokenRow> {
  const token = /^bearer +(hrg_[0-9A-Za-z]{40}) *$/i.exec(header ?? "")?.[1];
  const [row] =
    token === undefined
      ? []
      : await pool()<TokenRow[]>`
          select t.id, t.name, t.workspace_id, w.plan, w.allows_app_registration as is_allowed,
            t.revoked_at is null and t.expires_at > now() as is_live
          from oauth_registration_tokens t join workspaces w on w.id = t.workspace_id
          where t.token_hash = ${sha256(token)}`;
  if (!row?.is_live) throw badToken("The registration token is missing, wrong, expired or revoked");
  if (!row.is_allowed) throw badToken("The workspace does not let programs register apps");
  return row;
}

/** The token acts for its workspace and may make apps, nothing else. */
function contextOf(token: TokenRow, request: IncomingMessage): Context {
  return {
    principal: {
      kind: "job",
      id: token.id,
      label: `Registration token “${token.name}”`,
      workspaceId: token.workspace_id,
      plan: token.plan,
      userId: null,
      teamIds: [],
      scopes: new Set(),
      grants: { "api-keys:create": "all" },
      guard: { kind: "none" },
      bucket: { key: `registration:${token.id}`, limit: attemptsPerMinute },
    },
    requestId: newId("request"),
    now: systemClock,
    ip: clientIpOf(request),
    userAgent: request.headers["user-agent"] ?? null,
    proof: { checked: true },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
    throw badMetadata("Send the metadata as application/json");
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyMax) throw badMetadata(`The metadata is longer than ${bodyMax} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw badMetadata("The metadata is not JSON");
  }
}

const authenticationOf = {
  client_secret_basic: "secret",
  client_secret_post: "secret",
  none: "none",
  private_key_jwt: "private_key_jwt",
} as const;

type Method = keyof typeof authenticationOf;

/** What of RFC 7591, 2, says how an app works here; names that are not known are ignored, as it asks. */
const clientMetadata = z.object({
  redirect_uris: z.array(z.string(), "Give redirect_uris, a list of addresses."),
  client_name: z.string().optional(),
  application_type: z.enum(["web", "native"]).optional(),
  token_endpoint_auth_method: z
    .enum(Object.keys(authenticationOf) as [Method, ...Method[]])
    .default("client_secret_basic"),
  grant_types: z
    .array(z.enum(["authorization_code", "refresh_token"]))
    .refine((all) => all.includes("authorization_code"), "authorization_code must be among them.")
    .default(["authorization_code"]),
  response_types: z.array(z.literal("code")).min(1, "It must be code.").default(["code"]),
  scope: z.string().max(1000, "At most 1000 characters.").optional(),
  jwks: z.looseObject({ keys: z.array(z.unknown()) }).optional(),
  jwks_uri: z.undefined("Send the keys themselves, as jwks.").optional(),
});

type ClientMetadata = z.output<typeof clientMetadata>;

/** Reading, where a program asks for nothing by name: people still choose on the consent page. */
function scopesOf(scope: string | undefined): string[] {
  if (scope === undefined) return [...readScopes];
  // Every app may ask who the person is, and gets refresh tokens, without registering for it.
  const always: readonly string[] = [...identityScopes, "offline_access"];
  const asked = scope.split(" ").filter((word) => word !== "" && !always.includes(word));
  const unknown = asked.find((word) => !allScopes.some((known) => known === word));
  if (unknown !== undefined) throw badMetadata(`scope: “${unknown}” is not a scope of this server`);
  return asked.length === 0 ? [...readScopes] : [...new Set(asked)];
}

/** Our names of what is wrong, in the words of the metadata. */
const metadataNames: Readonly<Record<string, string>> = {
  name: "client_name",
  kind: "application_type",
  authentication: "token_endpoint_auth_method",
  scopes: "scope",
};

function refusalOf(field: string, message: string): Refusal {
  const name = metadataNames[field] ?? field;
  if (name === "redirect_uris") return new Refusal(400, "invalid_redirect_uri", message);
  return badMetadata(name === "" ? message : `${name}: ${message}`);
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refusalOf(String(issue?.path[0] ?? ""), issue?.message ?? "The metadata is not valid");
}

/** The metadata as an app of the workspace; private, until an admin shares it. */
function appOf(metadata: ClientMetadata): OAuthAppInput {
  const authentication = authenticationOf[metadata.token_endpoint_auth_method];
  const kind = metadata.application_type ?? (authentication === "none" ? "native" : "web");
  return parse(oauthAppInput, {
    name: metadata.client_name ?? URL.parse(metadata.redirect_uris[0] ?? "")?.host ?? "",
    kind,
    authentication,
    jwks: metadata.jwks === undefined ? null : JSON.stringify(metadata.jwks),
    redirect_uris: metadata.redirect_uris,
    scopes: scopesOf(metadata.scope),
  });
}

/** What the server made of it (RFC 7591, 3.2.1). */
async function register(ctx: Context, metadata: ClientMetadata): Promise<Record<string, unknown>> {
  const app = appOf(metadata);
  const { clientId, clientSecret } = await createOAuthApp(ctx, app, "dynamic");
  return {
    client_id: clientId,
    client_id_issued_at: Math.floor(ctx.now().getTime() / 1000),
    ...(clientSecret === null ? {} : { client_secret: clientSecret, client_secret_expires_at: 0 }),
    client_name: app.name,
    application_type: app.kind,
    redirect_uris: app.redirect_uris,
    token_endpoint_auth_method: metadata.token_endpoint_auth_method,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope: [...identityScopes, ...app.scopes].join(" "),
    ...(app.authentication === "private_key_jwt" ? { jwks: metadata.jwks } : {}),
  };
}

async function takeAttempt(ip: string | null): Promise<void> {
  const taken = await limiter().take(`oauth-register:${ip ?? "unknown"}`, attemptsPerMinute);
  if (taken.allowed) return;
  throw new Refusal(429, "temporarily_unavailable", "Too many registrations from this address", {
    "retry-after": String(taken.retryAfterSeconds),
  });
}

async function answerOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  await takeAttempt(clientIpOf(request));
  // Before the body: only who may register keeps us reading.
  const token = await readToken(request.headers.authorization);
  const metadata = parse(clientMetadata, await readBody(request));
  const answer = await register(contextOf(token, request), metadata);
  await pool()`update oauth_registration_tokens set last_used_at = now() where id = ${token.id}`;
  return answer;
}

function refusalFrom(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof AppError && error.code === "invalid_request") {
    const [field, message] = Object.entries(error.details.fields ?? {})[0] ?? [];
    return refusalOf(field ?? "", typeof message === "string" ? message : error.message);
  }
  if (error instanceof AppError && error.status === 403) {
    return new Refusal(403, "access_denied", error.message);
  }
  log().error({ err: error }, "an app could not be registered");
  return new Refusal(500, "server_error", "Something went wrong on our side");
}

/** Answers the registration endpoint; metadata that is refused makes nothing. */
export async function answerRegistration(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  };
  try {
    const body = JSON.stringify(await answerOf(request));
    response.writeHead(201, headers).end(body);
  } catch (error) {
    const refusal = refusalFrom(error);
    const body = { error: refusal.code, error_description: refusal.message };
    response.writeHead(refusal.status, { ...headers, ...refusal.headers });
    response.end(JSON.stringify(body));
  }
}
