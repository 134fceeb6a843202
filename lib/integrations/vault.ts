import type { Tx } from "@/db/client";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { TokenReply } from "@/lib/integrations/contract";

export interface AccessToken {
  readonly token: string;
  /** Rises with every token that is stored. */
  readonly generation: number;
}

/** Stores the tokens of a new or renewed grant under a new data key, in the transaction of the connection. */
export async function storeTokens(
  _tx: Tx,
  _connection: Pick<ConnectionRow, "id" | "workspaceId">,
  _reply: TokenReply,
): Promise<void> {
  await Promise.reject(new Error("not built yet"));
}

/**
 * A token that can be used now, refreshed when it ends within a minute or when the caller met a 401 with
 * `staleGeneration`. However many callers ask, in however many processes, the tool sees one refresh.
 * @throws ProviderError `reauth` when the grant is dead, `transient` when the tool does not answer.
 */
export async function accessToken(
  _connectionId: string,
  _options: { readonly staleGeneration?: number; readonly signal?: AbortSignal } = {},
): Promise<AccessToken> {
  return await Promise.reject(new Error("not built yet"));
}

/** Destroys the data key and with it every token of the connection. */
export async function shredTokens(_tx: Tx, _connectionId: string): Promise<void> {
  await Promise.reject(new Error("not built yet"));
}
