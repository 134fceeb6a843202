import {
  type Provider,
  type ProviderAnswer,
  type ProviderCall,
  ProviderError,
  type Session,
} from "@/lib/integrations/contract";

export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface RecordedCall {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly form: Readonly<Record<string, string>> | null;
  readonly json: unknown;
  readonly rate: ProviderCall<unknown>["rate"];
}

const without = (values: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/**
 * A session that answers from a script and keeps what was asked: for what a provider's functions make of facts. It
 * classifies by the provider's own rules and knows nothing of tokens, budgets or networks; those are tested against
 * real servers. A call beyond the script fails the test.
 */
export function recordedSession(
  provider: Provider,
  script: readonly CannedAnswer[],
  rest: Partial<Session> = {},
): { readonly session: Session; readonly calls: readonly RecordedCall[] } {
  const calls: RecordedCall[] = [];
  const left = [...script];
  const request = async <T>(call: ProviderCall<T>): Promise<ProviderAnswer<T>> => {
    calls.push({
      method: call.method ?? "GET",
      host: call.host ?? "api",
      path: call.path,
      query: without(call.query),
      form: call.form === undefined ? null : (without(call.form) as Record<string, string>),
      json: call.json,
      rate: call.rate,
    });
    const answer = left.shift();
    if (!answer) throw new Error(`the script has no answer for ${call.path}`);
    const { status = 200, headers = {}, body } = answer;
    const fault = provider.classify?.({ status, headers, body }) ?? null;
    if (fault) throw new ProviderError(provider.slug, fault);
    if (status === 404 || status === 410) throw new ProviderError(provider.slug, { kind: "gone" });
    if (status >= 400) throw new ProviderError(provider.slug, { kind: "forbidden", detail: "" });
    return await Promise.resolve({ status, headers, body: call.schema.parse(body) });
  };
  return {
    calls,
    session: {
      http: { request },
      signal: new AbortController().signal,
      accountId: null,
      tenant: null,
      fields: {},
      facts: {},
      options: {},
      grantedScopes: [],
      ...rest,
    },
  };
}
