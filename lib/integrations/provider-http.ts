import { log } from "@/lib/core/log";
import {
  type Budget,
  blockBudget,
  type Priority,
  takeFromBudget,
} from "@/lib/integrations/budgets";
import {
  classifyAnswer,
  isStaleToken,
  leavesDoubt,
  type ParsedAnswer,
} from "@/lib/integrations/classify-answer";
import {
  type Provider,
  type ProviderAnswer,
  type ProviderCall,
  ProviderError,
  type ProviderHttp,
} from "@/lib/integrations/contract";
import { NoAnswer, sendToTool } from "@/lib/integrations/tool-request";
import type { AccessToken } from "@/lib/integrations/vault";

// What a provider calls its tool through: authorised, within the budget, timed out, capped, and with every answer that
// is no success as a ProviderError.

export interface HttpOptions {
  readonly provider: Provider;
  readonly endpoints: Readonly<Record<string, string>>;
  /** The token to use now; with `stale`, one that is newer than the refused one. */
  readonly token: (stale?: number) => Promise<AccessToken>;
  /** What the budget is counted by beside the provider: the account, or the connection. */
  readonly budgetOf: string;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Called before the first byte of anything but a GET leaves; when it throws, nothing leaves. */
  readonly beforeWriting?: () => Promise<void>;
}

function addressOf({ provider, endpoints }: HttpOptions, call: ProviderCall<unknown>): URL {
  const role = call.host ?? "api";
  const base = endpoints[role];
  if (base === undefined) throw new Error(`${provider.slug} has no address of role ${role}`);
  const url = new URL(`${base}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined) continue;
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) url.searchParams.append(name, String(one));
  }
  return url;
}

function bodyOf(call: ProviderCall<unknown>): { type: string | null; text: string | null } {
  if (call.json !== undefined) {
    return { type: "application/json; charset=utf-8", text: JSON.stringify(call.json) };
  }
  if (call.form === undefined) return { type: null, text: null };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(call.form)) {
    if (value !== undefined) form.append(name, value);
  }
  return { type: "application/x-www-form-urlencoded", text: form.toString() };
}

function parsedBody(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const isWriting = (call: ProviderCall<unknown>) => (call.method ?? "GET") !== "GET";

function budgetsOf({ provider, budgetOf }: HttpOptions, call: ProviderCall<unknown>): Budget[] {
  const key = `${provider.slug}:${budgetOf}`;
  const whole = { key, ...provider.budget };
  if (!call.rate) return [whole];
  const { group, calls, perMs } = call.rate;
  // The narrow one first: waiting for it takes nothing from the others.
  return [{ key: `${key}:${group}`, calls, perMs }, whole];
}

/** One line of a call: never its query, its bodies or its token, which may hold what people wrote. */
function logCall(options: HttpOptions, method: string, url: URL, status: number, ms: number): void {
  const { host, pathname: path } = url;
  log().debug({ tool: options.provider.slug, method, host, path, status, ms }, "tool call");
}

async function exchange(
  options: HttpOptions,
  call: ProviderCall<unknown>,
  token: string,
): Promise<ParsedAnswer> {
  const method = call.method ?? "GET";
  const url = addressOf(options, call);
  const body = bodyOf(call);
  const startedAt = performance.now();
  try {
    const answer = await sendToTool({
      method,
      url: url.href,
      headers: {
        accept: "application/json",
        "user-agent": "Harmony",
        ...(body.type === null ? {} : { "content-type": body.type }),
        ...call.headers,
        authorization: `Bearer ${token}`,
      },
      body: body.text,
      signal: options.signal,
      timeoutMs: call.timeoutMs,
    });
    logCall(options, method, url, answer.status, Math.round(performance.now() - startedAt));
    return { status: answer.status, headers: answer.headers, body: parsedBody(answer.text) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    logCall(options, method, url, 0, Math.round(performance.now() - startedAt));
    throw new ProviderError(
      options.provider.slug,
      { kind: "transient", detail: error.message },
      { isUncertain: error.wasSent && isWriting(call), cause: error },
    );
  }
}

/** The answer as the provider wants it; one of another shape is as good as none. */
function fitted<T>(
  { provider }: HttpOptions,
  call: ProviderCall<T>,
  { status, headers, body }: ParsedAnswer,
): ProviderAnswer<T> {
  const parsed = call.schema.safeParse(body);
  if (parsed.success) return { status, headers, body: parsed.data };
  const paths = parsed.error.issues.map(({ path }) => path.join(".") || "the whole").slice(0, 3);
  throw new ProviderError(
    provider.slug,
    { kind: "transient", detail: `answered in another form than expected (${paths.join(", ")})` },
    { isUncertain: isWriting(call), isUnreadable: true },
  );
}

async function attempt(
  options: HttpOptions,
  call: ProviderCall<unknown>,
  token: string,
): Promise<ParsedAnswer> {
  const { provider, priority, signal, beforeWriting } = options;
  for (const budget of budgetsOf(options, call)) {
    await takeFromBudget(provider.slug, budget, priority, signal);
  }
  if (isWriting(call)) await beforeWriting?.();
  return await exchange(options, call, token);
}

async function request<T>(options: HttpOptions, call: ProviderCall<T>): Promise<ProviderAnswer<T>> {
  const { provider, now } = options;
  const first = await options.token();
  let answer = await attempt(options, call, first.token);
  let fault = classifyAnswer(provider, answer, now());
  if (fault && isStaleToken(answer, fault)) {
    // A refused token is a definite answer: the call was not carried out, also when it writes.
    const second = await options.token(first.generation);
    answer = await attempt(options, call, second.token);
    fault = classifyAnswer(provider, answer, now());
  }
  if (!fault) return fitted(options, call, answer);
  const narrowest = budgetsOf(options, call)[0];
  if (fault.kind === "rate_limited" && narrowest) {
    await blockBudget(narrowest.key, fault.retryAfterMs);
  }
  const isUncertain = isWriting(call) && leavesDoubt(answer, fault);
  throw new ProviderError(provider.slug, fault, { isUncertain });
}

/** The HTTP of one session. */
export function providerHttp(options: HttpOptions): ProviderHttp {
  return { request: (call) => request(options, call) };
}
