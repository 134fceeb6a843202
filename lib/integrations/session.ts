import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { syncSettings } from "@/db/schema/integrations";
import { type Clock, systemClock } from "@/lib/core/clock";
import type { Priority } from "@/lib/integrations/budgets";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { ProviderError, type Session, type TokenReply } from "@/lib/integrations/contract";
import type { Registration } from "@/lib/integrations/oauth-client";
import { providerHttp } from "@/lib/integrations/provider-http";
import { registrationOf } from "@/lib/integrations/registration";
import { accessToken } from "@/lib/integrations/vault";

export interface SessionOptions {
  /** 0 a person waits, 1 something just happened, 2 backfill: who draws on the tool's rate limit first. */
  readonly priority: Priority;
  readonly signal: AbortSignal;
  readonly now?: Clock;
  /** Called before the first byte of a writing call leaves; when it throws, nothing leaves. */
  readonly beforeWriting?: () => Promise<void>;
}

async function chosenOptions({ id, workspaceId }: ConnectionRow) {
  const [row] = await db()
    .select({ options: syncSettings.options })
    .from(syncSettings)
    .where(and(eq(syncSettings.connectionId, id), eq(syncSettings.workspaceId, workspaceId)));
  return row?.options ?? {};
}

/**
 * Opens what a provider's functions are called with. Every call through it is authorised, paced and classified.
 * @throws ProviderError when the tool is not set up here at the moment.
 */
export async function openSession(
  connection: ConnectionRow,
  { priority, signal, now = systemClock, beforeWriting }: SessionOptions,
): Promise<Session> {
  const { provider, endpoints } = registrationOf(connection);
  return {
    http: providerHttp({
      ...{ provider, endpoints, priority, signal, now },
      token: (stale) =>
        accessToken(connection.id, {
          signal,
          ...(stale === undefined ? {} : { staleGeneration: stale }),
        }),
      budgetOf: connection.externalAccountId ?? connection.id,
      ...(beforeWriting ? { beforeWriting } : {}),
    }),
    signal,
    accountId: connection.externalAccountId,
    tenant: connection.tenant,
    fields: connection.fields,
    facts: connection.facts,
    options: await chosenOptions(connection),
    grantedScopes: connection.grantedScopes,
  };
}

/** A session with tokens that are not stored yet, to learn whose they are. Nothing is refreshed in it. */
export function provisionalSession(
  { provider, endpoints }: Registration,
  reply: TokenReply,
  given: Pick<Session, "signal" | "tenant" | "fields" | "grantedScopes"> & {
    readonly accountId?: string;
    readonly facts?: Readonly<Record<string, string>>;
  },
): Session {
  const { signal, tenant, fields, grantedScopes, accountId = null, facts = {} } = given;
  return {
    http: providerHttp({
      ...{ provider, endpoints, priority: 0, signal, now: systemClock },
      token: async (stale) => {
        if (stale === undefined)
          return await Promise.resolve({ token: reply.accessToken, generation: 0 });
        throw new ProviderError(provider.slug, { kind: "reauth", reason: "token_revoked" });
      },
      budgetOf: accountId ?? "connecting",
    }),
    ...{ signal, accountId, tenant, fields, facts, grantedScopes, options: {} },
  };
}
