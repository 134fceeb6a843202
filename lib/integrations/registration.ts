import { AppError } from "@/lib/core/errors";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type Provider, ProviderError } from "@/lib/integrations/contract";
import type { Registration } from "@/lib/integrations/oauth-client";
import { credentialsOf, endpointsOf, findProvider } from "@/lib/integrations/registry";

interface Place {
  readonly tenant: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

/** Our registration at a tool; `service_unavailable` where the deployment has none. */
export function registrationAt(provider: Provider, { tenant, fields }: Place): Registration {
  const credentials = credentialsOf(provider);
  if (!credentials) {
    throw new AppError("service_unavailable", `${provider.name} is not set up here`, {
      fix: `Whoever runs Harmony sets ${provider.envPrefix}_CLIENT_ID and ${provider.envPrefix}_CLIENT_SECRET; see docs/providers/${provider.slug}.md.`,
    });
  }
  return { provider, endpoints: endpointsOf(provider, tenant, fields), ...credentials };
}

/** The tool of a connection. A tool that this version no longer has cannot be reached, for now. */
function providerOf({ provider }: Pick<ConnectionRow, "provider">): Provider {
  const found = findProvider(provider);
  if (found) return found;
  const detail = "this version of Harmony does not know the tool";
  throw new ProviderError(provider, { kind: "transient", detail });
}

/** The registration that a connection uses; ProviderError `transient` while it is taken out of the environment. */
export function registrationOf(
  connection: Pick<ConnectionRow, "provider" | "tenant" | "fields">,
): Registration {
  const provider = providerOf(connection);
  const credentials = credentialsOf(provider);
  if (!credentials) {
    const detail = "its client id and secret are not set in this deployment";
    throw new ProviderError(provider.slug, { kind: "transient", detail });
  }
  const { tenant, fields } = connection;
  return { provider, endpoints: endpointsOf(provider, tenant, fields), ...credentials };
}
