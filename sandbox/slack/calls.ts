import { type Answer, bearerOf, type Call, formOf, json, mediaType, objectOf } from "../http";
import type { OAuthServer } from "../oauth";
import type { Host } from "../tool";
import type { SlackState, Team } from "./state";

// How a method of Slack's Web API is called, whatever it does: arguments, token, scope, limits, and the answer's form.

/** Calls a minute by tier (https://docs.slack.dev/apis/web-api/rate-limits). */
const tiers = { t1: 1, t2: 20, t3: 50, t4: 100, special: 600 } as const;
const MINUTE_MS = 60_000;

export interface Method {
  /** Names that it takes beside `token`, after methods.json. */
  readonly args: readonly string[];
  readonly required: readonly string[];
  /** JSON bodies are ignored by the others. */
  readonly takesJson: boolean;
  readonly isRead: boolean;
  /** Any of these is enough; none: no scope needed. */
  readonly scopes: readonly string[];
  readonly tier: keyof typeof tiers;
  readonly run: (context: MethodContext) => Fields | Promise<Fields>;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface MethodContext {
  readonly state: SlackState;
  readonly host: Host;
  readonly oauth: OAuthServer;
  readonly team: Team;
  readonly token: string;
  readonly scopes: readonly string[];
  readonly args: Args;
}

export type Args = Readonly<Record<string, unknown>>;

/** `{"ok": false, "error": …}` with what belongs to it. */
export class SlackError extends Error {
  readonly code: string;
  readonly fields: Fields;
  readonly retryAfterSeconds: number | null;

  constructor(code: string, fields: Fields = {}, retryAfterSeconds: number | null = null) {
    super(code);
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A text argument; undefined when it is absent or empty. */
export function textArg(args: Args, name: string): string | undefined {
  const value = args[name];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function flagArg(args: Args, name: string): boolean {
  return args[name] === true || args[name] === "true" || args[name] === "1";
}

/** Arguments of the query and the body; JSON counts only where the method takes it. */
function argumentsOf(call: Call, takesJson: boolean): { args: Args; token: string | null } {
  const fromBody = takesJson && mediaType(call) === "application/json" ? objectOf(call) : {};
  if (fromBody === null) throw new SlackError("invalid_json");
  const { token: formToken, ...form } = Object.fromEntries(formOf(call));
  const { token: _neverInTheQuery, ...query } = Object.fromEntries(call.query);
  return { args: { ...query, ...form, ...fromBody }, token: bearerOf(call) ?? formToken ?? null };
}

function warningsOf(call: Call): Fields {
  const type = call.headers["content-type"] ?? "";
  if (call.method !== "POST" || mediaType(call) !== "application/json" || /charset=/i.test(type)) {
    return {};
  }
  return { warning: "missing_charset", response_metadata: { warnings: ["missing_charset"] } };
}

/** Calls within the last minute by key. */
export type Meter = (key: string, limit: number, perMs: number) => number | null;

/** Says how many seconds to wait when `key` has had `limit` calls in `perMs`; null: it may go on, and is counted. */
export function openMeter(now: () => Date): Meter {
  const seen = new Map<string, number[]>();
  return (key, limit, perMs) => {
    const at = now().getTime();
    const recent = (seen.get(key) ?? []).filter((time) => time > at - perMs);
    const oldest = recent[0];
    if (recent.length >= limit && oldest !== undefined) {
      seen.set(key, recent);
      return Math.max(1, Math.ceil((oldest + perMs - at) / 1_000));
    }
    seen.set(key, [...recent, at]);
    return null;
  };
}

export interface Caller {
  readonly state: SlackState;
  readonly host: Host;
  readonly oauth: OAuthServer;
  readonly meter: Meter;
}

function authorize({ oauth, state }: Caller, token: string | null) {
  if (token === null) throw new SlackError("not_authed");
  const checked = oauth.check(token);
  if ("failure" in checked) {
    if (checked.failure === "expired") throw new SlackError("token_expired");
    if (checked.failure === "unknown") throw new SlackError("invalid_auth");
    throw new SlackError(checked.ended === "uninstalled" ? "account_inactive" : "token_revoked");
  }
  const team = state.teams.find(({ id }) => id === checked.grant.accountId);
  if (team === undefined) throw new SlackError("team_not_found");
  return { team, scopes: checked.token.scopes };
}

function checkArguments(method: Method, args: Args, isStrict: boolean): void {
  const missing = method.required.filter((name) => args[name] === undefined || args[name] === "");
  const unknown = isStrict ? Object.keys(args).filter((name) => !method.args.includes(name)) : [];
  const messages = [
    ...missing.map((name) => `[ERROR] missing required field: ${name}`),
    ...unknown.map((name) => `[ERROR] unknown argument: ${name}`),
  ];
  if (messages.length > 0) {
    throw new SlackError("invalid_arguments", { response_metadata: { messages } });
  }
}

function throttle({ host, meter }: Caller, key: string, tier: Method["tier"]): void {
  const wait = host.settings.rateLimits ? meter(key, tiers[tier], MINUTE_MS) : null;
  if (wait !== null) throw new SlackError("ratelimited", {}, wait);
}

/** The answer to a failed call: 200, but for a limit. */
export function errorAnswer(error: SlackError, headers: Record<string, string> = {}): Answer {
  const body = { ok: false, error: error.code, ...error.fields };
  if (error.code !== "ratelimited") return json(200, body, headers);
  const wait = error.retryAfterSeconds;
  return json(429, body, { ...headers, ...(wait !== null && { "retry-after": String(wait) }) });
}

/** Carries out one call of a method as the Web API does, with its headers and warnings. */
export async function callMethod(
  caller: Caller,
  name: string,
  method: Method,
  call: Call,
): Promise<Answer> {
  const headers: Record<string, string> = { "cache-control": "private, no-cache, no-store" };
  try {
    const { args, token } = argumentsOf(call, method.takesJson);
    const { team, scopes } = authorize(caller, token);
    headers["x-oauth-scopes"] = scopes.join(",");
    headers["x-accepted-oauth-scopes"] = method.scopes.join(",");
    if (method.scopes.length > 0 && !method.scopes.some((scope) => scopes.includes(scope))) {
      const needed = method.scopes.join(",");
      throw new SlackError("missing_scope", { needed, provided: scopes.join(",") });
    }
    throttle(caller, `${team.id} ${name}`, method.tier);
    checkArguments(method, args, caller.host.settings.strict);
    const { state, host, oauth } = caller;
    const context = { state, host, oauth, team, token: token ?? "", scopes, args };
    const fields = await method.run(context);
    return json(200, { ok: true, ...fields, ...warningsOf(call) }, headers);
  } catch (error) {
    if (error instanceof SlackError) return errorAnswer(error, headers);
    throw error;
  }
}
