import { randomUUID } from "node:crypto";
import { env } from "@/lib/core/env";
import {
  type Provider,
  ProviderError,
  type Session,
  type TokenReply,
} from "@/lib/integrations/contract";
import {
  authorizeUrl,
  exchangeCode,
  newState,
  newVerifier,
  type Registration,
  readCallback,
} from "@/lib/integrations/oauth-client";
import { registrationAt } from "@/lib/integrations/registration";
import { provisionalSession } from "@/lib/integrations/session";
import { followAuthorize, startTestSandbox, type TestSandbox } from "../../support/sandbox";

export const signal = () => AbortSignal.timeout(20_000);

/** The stand-ins, with this provider's addresses pointing at them as a deployment's would. */
export async function startFor(provider: Provider): Promise<TestSandbox> {
  const sandbox = await startTestSandbox({ appUrl: env().appUrl });
  const { slug, envPrefix } = provider;
  process.env[`${envPrefix}_CLIENT_ID`] = `harmony-${slug}`;
  process.env[`${envPrefix}_CLIENT_SECRET`] = `sandbox-${slug}-client-secret`;
  for (const [role, { sandboxPath }] of Object.entries(provider.urls)) {
    process.env[`${envPrefix}_${role.toUpperCase()}_URL`] = `${sandbox.url}/${slug}${sandboxPath}`;
  }
  return sandbox;
}

export const registrationOf = (provider: Provider): Registration =>
  registrationAt(provider, { tenant: null, fields: {} });

/** From the authorize page to tokens, as a person who agrees would go. */
export async function authorize(
  sandbox: TestSandbox,
  provider: Provider,
  account: string,
): Promise<TokenReply> {
  await sandbox.control(provider.slug, { do: "next_consent", account });
  const registration = registrationOf(provider);
  const state = newState();
  const verifier = provider.auth.pkce ? newVerifier() : null;
  const scopes = provider.auth.baseScopes;
  const url = await authorizeUrl(registration, { state, verifier, scopes, loginHint: null });
  const returned = readCallback(registration, await followAuthorize(url), state);
  if (returned.kind !== "code") throw new Error(`the tool answered ${returned.kind}`);
  return await exchangeCode(registration, returned.parameters, verifier, signal());
}

/** A session over real HTTP, with a budget of its own: tests do not pace each other. */
export function sessionWith(
  provider: Provider,
  reply: TokenReply,
  options: Readonly<Record<string, unknown>> = {},
  facts: Readonly<Record<string, string>> = {},
): Session {
  const session = provisionalSession(registrationOf(provider), reply, {
    signal: signal(),
    tenant: null,
    fields: {},
    grantedScopes: reply.scopes ?? [],
    accountId: randomUUID(),
    facts,
  });
  return { ...session, options };
}

/** What was thrown instead of an answer. */
export async function errorOf(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`no ProviderError: ${String(error)}`);
}
