import { env, readProviderVariable } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import type { Provider } from "@/lib/integrations/contract";
import { googleCalendar } from "@/lib/integrations/providers/google_calendar/index";
import { slack } from "@/lib/integrations/providers/slack/index";
import type { Availability } from "@/lib/integrations/schema";

// The one list of tools, and where each of them is reached: credentials and addresses are variables whose names follow
// from the provider's `envPrefix` (architecture 3), with those of its family as the fallback.

/** In the order of the catalogue (handbook 3). */
const builtIn: readonly Provider[] = [googleCalendar, slack];

/** Tools that tests and drills bring; they live as long as the process. */
const registered = () => singleton("registered-providers", () => new Map<string, Provider>());

/** Every tool of the catalogue, in its order. */
export function providers(): readonly Provider[] {
  const own = registered();
  return [...builtIn.filter(({ slug }) => !own.has(slug)), ...own.values()];
}

/** The tool of a slug, or null. */
export function findProvider(slug: string): Provider | null {
  return providers().find((provider) => provider.slug === slug) ?? null;
}

/** Adds a tool, or puts it in the place of the one with its slug. For tests and drills only. */
export function registerProvider(provider: Provider): void {
  registered().set(provider.slug, provider);
}

/** A variable of the tool, else of its family. */
function variableOf(provider: Provider, suffix: string): string | undefined {
  const own = readProviderVariable(`${provider.envPrefix}_${suffix}`);
  if (own !== undefined || provider.envFamily === undefined) return own;
  return readProviderVariable(`${provider.envFamily}_${suffix}`);
}

function ownCredentials(provider: Provider) {
  const clientId = variableOf(provider, "CLIENT_ID");
  const clientSecret = variableOf(provider, "CLIENT_SECRET");
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : null;
}

/** Whether a tool is reached with the deployment's credentials, as a stand-in, or not at all. */
export function availabilityOf(provider: Provider): Availability {
  if (ownCredentials(provider)) return "configured";
  return env().sandbox ? "sandbox" : "not_configured";
}

/** Our registration at the tool; the stand-in's where the tool has none. Null: not configured. */
export function credentialsOf(
  provider: Provider,
): { readonly clientId: string; readonly clientSecret: string } | null {
  const own = ownCredentials(provider);
  if (own || !env().sandbox) return own;
  const { slug } = provider;
  return { clientId: `harmony-${slug}`, clientSecret: `sandbox-${slug}-client-secret` };
}

/** What calls of the tool to our app-level hook are signed with. Null: that door answers 503. */
export function hookSecretOf(provider: Provider): string | null {
  const own = variableOf(provider, "WEBHOOK_SECRET");
  if (own !== undefined) return own;
  return availabilityOf(provider) === "sandbox" ? `sandbox-${provider.slug}-hook-secret` : null;
}

function fill(
  template: string,
  tenant: string | null,
  fields: Readonly<Record<string, string>>,
): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) =>
    key === "tenant" ? (tenant ?? whole) : (fields[key] ?? whole),
  );
}

/**
 * The addresses of a tool by role: from the environment, else the stand-in's where it has no credentials, else its own.
 * `{tenant}` and `{field}` are filled with what the connection knows.
 */
export function endpointsOf(
  provider: Provider,
  tenant: string | null,
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const isSandbox = availabilityOf(provider) === "sandbox";
  const entries = Object.entries(provider.urls).map(([role, { url, sandboxPath }]) => {
    const override = variableOf(provider, `${role.toUpperCase()}_URL`);
    const standard = isSandbox ? `${env().sandboxUrl}/${provider.slug}${sandboxPath}` : url;
    return [role, fill(override ?? standard, tenant, fields).replace(/\/$/, "")] as const;
  });
  return Object.fromEntries(entries);
}

/** Names of every variable that follows from the tools, for `.env.example` and its test. */
export function providerVariables(): readonly string[] {
  const names = providers().flatMap((provider) => {
    const prefixes = [provider.envPrefix, provider.envFamily].filter((name) => name !== undefined);
    const suffixes = [
      ...["CLIENT_ID", "CLIENT_SECRET"],
      ...(provider.webhooks?.kind === "app" ? ["WEBHOOK_SECRET"] : []),
      ...Object.keys(provider.urls).map((role) => `${role.toUpperCase()}_URL`),
    ];
    return prefixes.flatMap((prefix) => suffixes.map((suffix) => `${prefix}_${suffix}`));
  });
  return [...new Set(names)].sort();
}
