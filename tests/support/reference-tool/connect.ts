import { db } from "@/db/client";
import { connections, syncSettings } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import type { Provider } from "@/lib/integrations/contract";
import { storeTokens } from "@/lib/integrations/vault";

type ConnectionValues = Partial<typeof connections.$inferInsert>;
type SettingValues = Partial<typeof syncSettings.$inferInsert>;

/** A connection as a Connect would leave it, with a token that does not end. */
export async function connectReference(
  workspaceId: string,
  provider: Provider,
  values: {
    readonly connection?: ConnectionValues;
    readonly settings?: SettingValues;
    readonly tokens?: {
      readonly refreshToken: string | null;
      readonly expiresInSeconds: number | null;
    };
  } = {},
): Promise<string> {
  const id = newId("connection");
  const isPersonal = provider.scope === "personal";
  const options = values.settings?.options ?? {};
  await db().transaction(async (tx) => {
    await tx.insert(connections).values({
      id,
      workspaceId,
      provider: provider.slug,
      scope: provider.scope,
      status: "connected",
      accountLabel: "Reference account",
      externalAccountId: "reference-account",
      grantedScopes: ["all"],
      connectedByLabel: "Test",
      connectedAt: new Date(Date.now() - 60_000),
      wants: [
        ...provider.wants({
          data: { meeting_data: true, action_items: true, contacts: true, notes: true },
          options,
        }),
      ],
      ...values.connection,
    });
    await tx.insert(syncSettings).values({
      connectionId: id,
      workspaceId,
      meetingData: true,
      actionItems: true,
      contacts: true,
      notes: true,
      direction: isPersonal ? "import_only" : "one_way",
      frequency: "realtime",
      ...values.settings,
    });
    const { refreshToken = null, expiresInSeconds = null } = values.tokens ?? {};
    await storeTokens(
      tx,
      { id, workspaceId },
      {
        accessToken: "reference-token",
        refreshToken,
        expiresInSeconds,
        refreshExpiresInSeconds: null,
        scopes: null,
      },
    );
  });
  return id;
}
