import { setTimeout as delay } from "node:timers/promises";
import { and, eq, inArray, ne } from "drizzle-orm";
import { db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { log } from "@/lib/core/log";
import { type Registration, revokeGrant } from "@/lib/integrations/oauth-client";
import { credentialsOf, providers } from "@/lib/integrations/registry";

/** Whose grant it is: the account at the tool, and the connection that held it, if any did. */
interface GrantHolder {
  readonly connectionId: string | null;
  readonly accountId: string;
}

/** Tools that are reached with the same registration, such as those of one family. */
function sameRegistration({ clientId }: Registration): string[] {
  return providers()
    .filter((provider) => credentialsOf(provider)?.clientId === clientId)
    .map(({ slug }) => slug);
}

/**
 * Whether another live connection rests on the same grant: the same account at the same registration, in whichever
 * workspace, since the tool knows nothing of ours.
 */
async function isShared(registration: Registration, of: GrantHolder): Promise<boolean> {
  const [other] = await db()
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        inArray(connections.provider, sameRegistration(registration)),
        eq(connections.externalAccountId, of.accountId),
        of.connectionId === null ? undefined : ne(connections.id, of.connectionId),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(1);
  return other !== undefined;
}

const pausesMs = [0, 1_000, 10_000];
const tryMs = 10_000;

async function tryToEnd(
  registration: Registration,
  tokens: { readonly accessToken: string; readonly refreshToken: string | null },
  of: GrantHolder | null,
): Promise<void> {
  for (const [index, pauseMs] of pausesMs.entries()) {
    await delay(pauseMs, undefined, { ref: false });
    try {
      const shared = of === null ? true : await isShared(registration, of);
      await revokeGrant(registration, tokens, shared, AbortSignal.timeout(tryMs));
      return;
    } catch (error) {
      const tool = registration.provider.slug;
      log().warn({ err: error, tool, attempt: index + 1 }, "a grant could not be ended");
    }
  }
}

/**
 * Ends a grant at the tool in the background, with two repeats. Call it when the tokens are no longer stored: what a
 * crash leaves behind at the tool is a grant to which nobody has the key.
 * @param of null when the account is not known: then nothing is ended that another connection may rest on.
 */
export function endGrant(
  registration: Registration,
  tokens: { readonly accessToken: string; readonly refreshToken: string | null },
  of: GrantHolder | null,
): void {
  void tryToEnd(registration, tokens, of);
}
