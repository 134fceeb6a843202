import { and, eq, inArray, ne } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { connections, providerHooks } from "@/db/schema/integrations";
import { seal, unseal } from "@/lib/core/crypto";
import { randomBase62 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type Registration, revokeGrant } from "@/lib/integrations/oauth-client";
import { registrationOf } from "@/lib/integrations/registration";
import { credentialsOf, providers } from "@/lib/integrations/registry";
import { leaveSubscriptions } from "@/lib/integrations/subscriptions";
import { storedTokens } from "@/lib/integrations/vault";
import { enqueue, forgetJobs, jobsBefore } from "@/lib/jobs/enqueue";
import type { JobPayloads } from "@/lib/jobs/queues";

// Ending grants at their tools (docs/adr/0012). What that takes leaves the vault for a job, sealed for this one use; the
// job is tried for most of a day and takes itself out of the database, so that afterwards nothing is left of the tokens.

const farewell = z.object({
  provider: z.string(),
  tenant: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
  facts: z.record(z.string(), z.string()),
  grantedScopes: z.array(z.string()),
  /** The account at the tool; null: not known, so nothing is ended that another connection may rest on. */
  accountId: z.string().nullable(),
  tokens: z.object({ accessToken: z.string(), refreshToken: z.string().nullable() }),
  /** Places that tell us of changes and are left first. */
  hooks: z.array(z.object({ externalId: z.string(), facts: z.record(z.string(), z.string()) })),
});
type Farewell = z.infer<typeof farewell>;

type Payload = JobPayloads["grant.end"];

/** It is tried for so long; what is left then goes with the next hourly sweep, before a day is over. */
const triedMs = 23 * 3_600_000;

/** Puts the end of a grant in line, in the caller's transaction. The tokens must not be stored elsewhere after it. */
export async function endGrant(tx: Tx, workspaceId: string, of: Farewell): Promise<void> {
  const id = randomBase62(20);
  await enqueue(tx, "grant.end", {
    workspaceId,
    id,
    sealed: seal(JSON.stringify(of), id),
  });
}

async function tokensOf(tx: Tx, { id }: ConnectionRow) {
  try {
    return await storedTokens(tx, id);
  } catch (error) {
    // Its master key is lost. That must not keep anybody from disconnecting.
    log().error({ err: error, connection: id }, "tokens could not be opened to end their grant");
    return null;
  }
}

/**
 * The same for everything that a connection holds at its tool: its subscriptions, which are taken out of the database,
 * and its grant. The caller destroys or replaces the tokens in the same transaction.
 */
export async function endGrantOf(tx: Tx, row: ConnectionRow): Promise<void> {
  const hooks = await tx
    .delete(providerHooks)
    .where(
      and(eq(providerHooks.connectionId, row.id), eq(providerHooks.workspaceId, row.workspaceId)),
    )
    .returning();
  const tokens = await tokensOf(tx, row);
  if (tokens === null) return;
  const { provider, tenant, fields, facts, grantedScopes, externalAccountId } = row;
  await endGrant(tx, row.workspaceId, {
    ...{ provider, tenant, fields, facts, grantedScopes, tokens },
    accountId: externalAccountId,
    hooks: hooks.flatMap(({ externalId, facts: known }) =>
      externalId === null ? [] : [{ externalId, facts: known }],
    ),
  });
}

/** Tools that are reached with the same registration, such as those of one family. */
function sameRegistration({ clientId }: Registration): string[] {
  return providers()
    .filter((provider) => credentialsOf(provider)?.clientId === clientId)
    .map(({ slug }) => slug);
}

/**
 * Whether a live connection rests on the same grant: the same account at the same registration, in whichever
 * workspace, since the tool knows nothing of ours. It may be the very connection that was ended, connected again.
 */
async function isShared(registration: Registration, accountId: string): Promise<boolean> {
  const [other] = await db()
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        inArray(connections.provider, sameRegistration(registration)),
        eq(connections.externalAccountId, accountId),
        ne(connections.status, "disconnected"),
      ),
    )
    .limit(1);
  return other !== undefined;
}

const revokeMs = 10_000;

function opened({ id, sealed }: Payload): Farewell | null {
  try {
    return farewell.parse(JSON.parse(unseal(sealed, id)));
  } catch {
    // Not the error itself: what could not be read may be in its words.
    log().error(
      { grant: id },
      "a grant is not ended at its tool: what was sealed for it cannot be opened",
    );
    return null;
  }
}

async function end(of: Farewell): Promise<void> {
  const registration = registrationOf(of);
  const shared = of.accountId === null ? true : await isShared(registration, of.accountId);
  await leaveSubscriptions(registration, of);
  await revokeGrant(registration, of.tokens, shared, AbortSignal.timeout(revokeMs));
}

/**
 * The job `grant.end`: tells the tool that it need not call any more and that the grant has ended, then takes itself
 * with all that it carries out of the database. Safe to repeat: a tool takes the end of a dead grant for a success.
 * @throws what the tool did instead; the queue repeats it.
 */
export async function runGrantEnd(
  payload: Payload,
  job: { readonly id: string; readonly isLastAttempt: boolean },
): Promise<void> {
  const of = opened(payload);
  if (of) {
    try {
      await end(of);
    } catch (error) {
      if (job.isLastAttempt) await forgetJobs("grant.end", [job.id]);
      throw error;
    }
  }
  await forgetJobs("grant.end", [job.id]);
}

/** Gives up grants that their tools have not let end for most of a day: nothing is kept of them. @returns how many. */
export async function sweepGrants(now: Date): Promise<number> {
  const ids = await jobsBefore("grant.end", new Date(now.getTime() - triedMs));
  if (ids.length === 0) return 0;
  await forgetJobs("grant.end", ids);
  log().warn(
    { grants: ids.length },
    "tools were not told that grants have ended: they did not answer",
  );
  return ids.length;
}
