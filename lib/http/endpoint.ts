import type { Readable } from "node:stream";
import type { z } from "zod";
import {
  isAccessToken,
  principalOfAccessToken,
  type TokenLookup,
} from "@/lib/auth/access-token-principal";
import { principalOfApiKey, touchApiKey } from "@/lib/auth/api-key-principal";
import { countUse } from "@/lib/auth/count-use";
import { assertCredentialHolds, StaleCredential } from "@/lib/auth/guarded-read";
import type { Context, Principal } from "@/lib/auth/principal";
import { SCOPES, type Scope } from "@/lib/auth/scopes";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { env } from "@/lib/core/env";
import { AppError, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { type Call, callOfRequest, type Reply, toResponse } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { etagOf, JsonText } from "@/lib/http/json-text";
import { invalidFields, parseQuery } from "@/lib/http/query-string";
import { type Plan, requirePlan } from "@/lib/plans/plans";
import { limiter } from "@/lib/rate-limit/limiter";
import type { Taken } from "@/lib/rate-limit/window";

// The one wrapper of the public API. Always in this order: request id, credential, rate limit, scope, parameters,
// handler, serialisation, headers, one log line. Both doors run the same object (docs/adr/0002).

type In<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;

/** What the reference says about an endpoint. */
export interface EndpointDocs {
  readonly id: string;
  readonly tag: "Meetings" | "Contacts" | "Insights" | "Uploads" | "About";
  readonly summary: string;
  readonly description?: string;
  /** Error codes beside those that every endpoint may answer. */
  readonly errors?: readonly AppError["code"][];
  /** A multipart form, described for the reference; the handler parses the stream itself. */
  readonly form?: z.ZodObject;
}

export interface EndpointSpec<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  R extends z.ZodType,
> {
  /** The scope that the credential must hold; "public" skips authentication and the plan's rate limit. */
  readonly scope: Scope | "public";
  /** What the workspace's plan must include; asked before the scope, since no key can make up for the plan. */
  readonly plan?: { readonly what: string; readonly includes: (plan: Plan) => boolean };
  readonly docs: EndpointDocs;
  readonly params?: P;
  readonly query?: Q;
  readonly response: R;
  readonly status?: 200 | 202;
  /** Cookies of our own pages are accepted (reads only). */
  readonly handler: (call: {
    readonly ctx: Context;
    readonly params: In<P>;
    readonly query: In<Q>;
    readonly header: Call["header"];
    readonly body: () => Readable;
  }) => Promise<z.input<R> | JsonText>;
}

export interface Endpoint {
  readonly spec: EndpointSpec<z.ZodObject | undefined, z.ZodObject | undefined, z.ZodType>;
  readonly run: (call: Call) => Promise<Reply>;
}

/** A method of a route: callable by Next, runnable by the fast lane. */
export interface Door {
  (request: Request, route: { params: Promise<unknown> }): Promise<Response>;
  readonly run: (call: Call) => Promise<Reply>;
  readonly spec: Endpoint["spec"] | null;
}

/** State of one request while it passes through the wrapper. */
interface Passage {
  readonly requestId: string;
  readonly startedAt: number;
  ctx: Context | null;
  taken: Taken | null;
  /** The buckets that `taken` was taken from. */
  counted: string | null;
}

const rateLimitHeaders = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

function newPassage(requestId: string): Passage {
  return { requestId, startedAt: performance.now(), ctx: null, taken: null, counted: null };
}

function limitHeaders(taken: Taken | null): Record<string, string> {
  if (!taken) return {};
  return {
    "x-ratelimit-limit": String(taken.limit),
    "x-ratelimit-remaining": String(taken.remaining),
    "x-ratelimit-reset": String(taken.resetAt),
  };
}

function baseHeaders(passage: Passage): Record<string, string> {
  return {
    "x-request-id": passage.requestId,
    "cache-control": "private, no-cache",
    "content-type": "application/json; charset=utf-8",
    ...limitHeaders(passage.taken),
  };
}

function unauthorized(reason: "expired" | null): AppError {
  return new AppError("unauthorized", "The credential is missing or not valid", {
    details: reason ? { reason } : {},
    fix: "Send an API key or an OAuth access token as “Authorization: Bearer …”. Keys are made under Settings → Integrations → API; an app gets a new access token with its refresh token.",
  });
}

/** The token of an `Authorization: Bearer` header; the scheme is case-insensitive (RFC 9110, 11.1). */
function bearerToken(header: string | undefined): string | null {
  const match = /^bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? "");
  return match?.[1] ?? null;
}

const failedPerMinute = 60;

/** Counts a failed credential against its address only; valid ones are never held up (handbook D-70). */
async function refuseCredential(call: Call, reason: "expired" | null): Promise<never> {
  const taken = await limiter().take(`auth-failed:${call.ip ?? "unknown"}`, failedPerMinute);
  if (taken.allowed) throw unauthorized(reason);
  throw new AppError("rate_limited", "Too many requests with a wrong credential", {
    fix: `Correct the credential, wait ${taken.retryAfterSeconds} s and try again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

async function principalOfToken(token: string | null, fresh: boolean): Promise<TokenLookup> {
  if (token === null) return { ok: false, reason: null };
  return isAccessToken(token)
    ? principalOfAccessToken(token, fresh)
    : principalOfApiKey(token, fresh);
}

async function authenticate(call: Call, fresh: boolean): Promise<Principal> {
  const authorization = call.header("authorization");
  if (authorization !== undefined) {
    const token = bearerToken(authorization);
    const found = await principalOfToken(token, fresh);
    if (!found.ok) return refuseCredential(call, found.reason);
    const { guard } = found.principal;
    if (guard.kind === "api_key") touchApiKey(guard.id, call.ip);
    return found.principal;
  }
  const cookie = sessionTokenOf(call.header("cookie"));
  if (cookie && (call.method === "GET" || call.method === "HEAD")) {
    const session = await readSession(cookie);
    if (session) return session.principal;
  }
  return refuseCredential(call, null);
}

/** Counts the request; the headers tell the bucket that has less left. */
async function takeFromBuckets(passage: Passage, principal: Principal): Promise<void> {
  // The key's own first: what it refuses must not use up the workspace's.
  const buckets = [...(principal.ownBucket ? [principal.ownBucket] : []), principal.bucket];
  const counted = JSON.stringify(buckets);
  // A request that starts again after its rights were read afresh is counted once, unless its limits changed.
  if (passage.counted === counted) return;
  passage.counted = counted;
  passage.taken = null;
  for (const bucket of buckets) {
    const taken = await limiter().take(bucket.key, bucket.limit);
    if (!taken.allowed || !passage.taken || taken.remaining < passage.taken.remaining)
      passage.taken = taken;
    if (!taken.allowed) throw limitReached(taken);
  }
}

function limitReached(taken: Taken): AppError {
  return new AppError("rate_limited", `More than ${taken.limit} requests in this minute`, {
    details: { limit: taken.limit, reset: taken.resetAt },
    fix: `Wait ${taken.retryAfterSeconds} s (Retry-After), then go on; back off exponentially if it happens again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

/** What the workspace's plan must include: for this kind of credential, and for what it asks. */
function requirePlanFor(
  principal: Principal,
  needed: EndpointSpec<undefined, undefined, z.ZodType>["plan"],
): void {
  const { kind, plan } = principal;
  if (kind === "service_account")
    requirePlan(plan, "A service account", (of) => of.serviceAccounts);
  if (needed) requirePlan(plan, needed.what, needed.includes);
}

/** Throws `forbidden` unless the credential holds the scope. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.scopes.has(scope)) return;
  throw new AppError("forbidden", "The credential does not include this access", {
    details: { required_scope: scope },
    fix: `It needs “${SCOPES[scope].title}” (${scope}): use a key, app or role that has it.`,
  });
}

const idShape = /^[a-z]{2,5}_[0-9A-Za-z]{1,40}$/;

/** What an id in the path names, by the reference's section. */
const namedBy: Record<EndpointDocs["tag"], string> = {
  Meetings: "Meeting",
  Contacts: "Contact",
  Insights: "Insight",
  Uploads: "Meeting",
  About: "Object",
};

/** Path ids that no row can have are simply not found, before any query. */
function parseParams<P extends z.ZodObject | undefined>(
  schema: P,
  params: Readonly<Record<string, string>>,
  tag: EndpointDocs["tag"],
): In<P> {
  if (!schema) return {} as In<P>;
  for (const value of Object.values(params)) if (!idShape.test(value)) throw notFound(namedBy[tag]);
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw invalidFields(parsed.error);
  return parsed.data as In<P>;
}

function contextOf(call: Call, passage: Passage, principal: Principal): Context {
  return {
    principal,
    requestId: passage.requestId,
    now: systemClock,
    ip: call.ip,
    userAgent: call.header("user-agent") ?? null,
    proof: { checked: principal.guard.kind === "none" },
  };
}

/**
 * For a door that speaks another protocol than the API's, such as that of resumable uploads: reads the credential,
 * counts the request, asks plan and scope as an endpoint does, and makes sure that the credential still holds.
 * @returns the context, and the headers that tell how much of the rate limit is left.
 */
export async function admit(
  call: Call,
  requestId: string,
  needed: Pick<EndpointSpec<undefined, undefined, z.ZodType>, "plan"> & {
    readonly scope: Scope;
    /** Under which what was admitted, or refused here, is counted as the credential's use. */
    readonly operation: string;
  },
): Promise<{ readonly ctx: Context; readonly headers: Readonly<Record<string, string>> }> {
  const passage = newPassage(requestId);
  const attempt = async (fresh: boolean) => {
    const principal = await authenticate(call, fresh);
    const ctx = contextOf(call, passage, principal);
    passage.ctx = ctx;
    await takeFromBuckets(passage, principal);
    await assertCredentialHolds(ctx);
    requirePlanFor(principal, needed.plan);
    requireScope(principal, needed.scope);
    return ctx;
  };
  const count = (status: number) => {
    if (passage.ctx) countUse(passage.ctx.principal, needed.operation, status);
  };
  try {
    const ctx = await attempt(false).catch((error: unknown) => {
      if (!(error instanceof StaleCredential)) throw error;
      passage.ctx = null;
      return attempt(true);
    });
    count(200);
    return { ctx, headers: limitHeaders(passage.taken) };
  } catch (error) {
    if (error instanceof AppError) count(error.status);
    throw error;
  }
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const opaque = etag.replace(/^W\//, "");
  return header.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === opaque);
}

/** Declares one method of a route; handlers return data and throw, they never build a response. */
export function endpoint<
  R extends z.ZodType,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
>(spec: EndpointSpec<P, Q, R>): Endpoint {
  async function answer(call: Call, passage: Passage, fresh: boolean): Promise<Reply> {
    const principal = await authenticate(call, fresh);
    const ctx = contextOf(call, passage, principal);
    passage.ctx = ctx;
    await takeFromBuckets(passage, principal);
    requirePlanFor(principal, spec.plan);
    if (spec.scope !== "public") requireScope(principal, spec.scope);
    const params = parseParams(spec.params as P, call.params, spec.docs.tag);
    const query = parseQuery(call.search, spec.query) as In<Q>;
    const result = await spec.handler({ ctx, params, query, header: call.header, body: call.body });
    await assertCredentialHolds(ctx);
    return success(call, passage, spec.response, spec.status ?? 200, result);
  }

  async function guarded(call: Call, passage: Passage, fresh: boolean): Promise<Reply> {
    try {
      return await answer(call, passage, fresh);
    } catch (error) {
      if (error instanceof StaleCredential) throw error;
      // An answer without a query of its own (429, 403, 400) still has to know that the credential holds.
      if (passage.ctx) await assertCredentialHolds(passage.ctx);
      throw error;
    }
  }

  async function withCredential(call: Call, passage: Passage): Promise<Reply> {
    try {
      return await guarded(call, passage, false);
    } catch (error) {
      if (!(error instanceof StaleCredential)) throw error;
      // Rights changed since this process read them: read them afresh, once.
      passage.ctx = null;
      return guarded(call, passage, true);
    }
  }

  async function withoutCredential(call: Call, passage: Passage): Promise<Reply> {
    const params = parseParams(spec.params as P, call.params, spec.docs.tag);
    const query = parseQuery(call.search, spec.query) as In<Q>;
    const ctx = { requestId: passage.requestId, ip: call.ip } as Context;
    const result = await spec.handler({ ctx, params, query, header: call.header, body: call.body });
    return success(call, passage, spec.response, spec.status ?? 200, result);
  }

  const inner = spec.scope === "public" ? withoutCredential : withCredential;
  return {
    spec: spec as unknown as Endpoint["spec"],
    run: (call) => passThrough(call, inner, spec.docs.id),
  };
}

function success(
  call: Call,
  passage: Passage,
  schema: z.ZodType,
  status: number,
  result: unknown,
): Reply {
  const body = result instanceof JsonText ? result.text : JSON.stringify(schema.parse(result));
  const headers = baseHeaders(passage);
  if (call.method !== "GET" && call.method !== "HEAD") return { status, headers, body };
  headers.etag = result instanceof JsonText ? result.etag : etagOf(body);
  if (!matchesEtag(call.header("if-none-match"), headers.etag)) return { status, headers, body };
  delete headers["content-type"];
  return { status: 304, headers, body: null };
}

function failure(error: unknown, passage: Passage): Reply {
  const shown = publicError(
    error instanceof StaleCredential ? unauthorized(null) : error,
    passage.requestId,
  );
  const headers = baseHeaders(passage);
  headers["cache-control"] = "no-store";
  if (shown.code === "unauthorized") {
    // Where a client learns who gives tokens (RFC 9728, 5.1).
    headers["www-authenticate"] =
      `Bearer realm="Harmony API", resource_metadata="${env().appUrl}/.well-known/oauth-protected-resource"`;
    // A credential that turned out to be revoked is told nothing about the bucket that it was counted in.
    for (const name of rateLimitHeaders) delete headers[name];
  }
  if (shown.retryAfterSeconds !== null) headers["retry-after"] = String(shown.retryAfterSeconds);
  const allow = shown.details.allow;
  if (shown.code === "method_not_allowed" && typeof allow === "string") headers.allow = allow;
  const body = JSON.stringify({ error: errorBody(shown, passage.requestId) });
  return { status: shown.status, headers, body };
}

/** Gives the request its id, catches everything, counts the use of an operation and writes the one log line. */
async function passThrough(
  call: Call,
  inner: (call: Call, passage: Passage) => Promise<Reply>,
  operation: string | null = null,
): Promise<Reply> {
  const passage = newPassage(newId("request"));
  const reply = await inner(call, passage).catch((error: unknown) => failure(error, passage));
  // What a credential asks that turned out to be no longer valid is not its use.
  if (operation && passage.ctx && reply.status !== 401)
    countUse(passage.ctx.principal, operation, reply.status);
  log().info(
    {
      request_id: passage.requestId,
      method: call.method,
      path: call.path,
      status: reply.status,
      ms: Math.round((performance.now() - passage.startedAt) * 10) / 10,
      workspace: passage.ctx?.principal.workspaceId,
      credential: passage.ctx?.principal.id,
    },
    "api",
  );
  return reply;
}

function asDoor(run: Door["run"], spec: Endpoint["spec"] | null): Door {
  const web = async (request: Request, route: { params: Promise<unknown> }) => {
    const params = ((await route.params) ?? {}) as Record<string, string>;
    return toResponse(await run(callOfRequest(request, params)));
  };
  return Object.assign(web, { run, spec });
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type Method = (typeof methods)[number];
export type Route = Record<Method, Door>;

/**
 * The exports of one route file. Methods that are not declared answer a JSON 405 with `Allow`; OPTIONS answers
 * 204 with it; HEAD is GET without the body.
 */
export function route(declared: { readonly GET?: Endpoint; readonly POST?: Endpoint }): Route {
  const allow = [
    ...(declared.GET ? ["GET", "HEAD"] : []),
    "OPTIONS",
    ...(declared.POST ? ["POST"] : []),
  ].join(", ");
  const refuse = asDoor(
    (call) =>
      passThrough(call, async () => {
        throw new AppError("method_not_allowed", `${call.method} is not allowed here`, {
          details: { allow },
          fix: `Use one of: ${allow}.`,
        });
      }),
    null,
  );
  const options = asDoor(
    (call) =>
      passThrough(call, async (_call, passage) => ({
        status: 204,
        headers: { "x-request-id": passage.requestId, allow },
        body: null,
      })),
    null,
  );
  const get = declared.GET ? asDoor(declared.GET.run, declared.GET.spec) : refuse;
  return {
    GET: get,
    HEAD: declared.GET ? asDoor(declared.GET.run, null) : refuse,
    POST: declared.POST ? asDoor(declared.POST.run, declared.POST.spec) : refuse,
    PUT: refuse,
    PATCH: refuse,
    DELETE: refuse,
    OPTIONS: options,
  };
}

/** Answers a path that the API does not have. */
export const unknownPath: Endpoint["run"] = (call) =>
  passThrough(call, async () => {
    throw new AppError("not_found", "There is no such endpoint", {
      fix: "Compare the path with the reference at /docs.",
    });
  });

/** A route that answers every method with the JSON 404. */
export function unknownPathRoute(): Route {
  const door = asDoor(unknownPath, null);
  return Object.fromEntries(methods.map((method) => [method, door])) as Route;
}
