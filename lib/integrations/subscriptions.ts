import { and, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { connections, providerHooks, syncSettings } from "@/db/schema/integrations";
import { seal } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { randomBase62 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import {
  type Provider,
  ProviderError,
  type Resource,
  type Session,
  type TokenReply,
  type Webhooks,
} from "@/lib/integrations/contract";
import { recordFault } from "@/lib/integrations/health";
import type { Registration } from "@/lib/integrations/oauth-client";
import { providers } from "@/lib/integrations/registry";
import { openSession, provisionalSession } from "@/lib/integrations/session";

// Places at tools that tell us of changes: made after a Connect, renewed before they end, left on Disconnect. They only
// hasten what polling finds anyway, so every failure here is repeated later, ever less often, and told nobody.

type StoredHook = typeof providerHooks.$inferSelect;

const stepMs = 30_000;
/** A subscription is renewed when a day or less is left of it. */
const renewBeforeMs = 24 * 3_600_000;
const connectionsPerTick = 50;
/** What is left is taken up a minute later. */
const tickMs = 40_000;

const isReachable = () => env().appUrl.startsWith("https:");

interface Place {
  readonly resource: Resource;
  readonly stream: string;
}

function placesOf(provider: Provider, session: Session): Place[] {
  const { resources = [] } = provider.webhooks ?? {};
  return resources.flatMap((resource) => {
    const streams = provider.capabilities[resource]?.pull?.streams?.(session) ?? [""];
    return streams.map((stream) => ({ resource, stream }));
  });
}

const isAt =
  ({ resource, stream }: Place) =>
  (hook: StoredHook) =>
    hook.resource === resource && hook.stream === stream;

type Subscribing = Webhooks & { readonly subscribe: NonNullable<Webhooks["subscribe"]> };

function subscribing({ webhooks }: Provider): Subscribing | null {
  return webhooks?.subscribe ? { ...webhooks, subscribe: webhooks.subscribe } : null;
}

async function subscribe(
  webhooks: Subscribing,
  session: Session,
  connection: ConnectionRow,
  { resource, stream }: Place,
): Promise<void> {
  const hookId = randomBase62(32);
  const secret = randomBase62(43);
  // Known before the tool hears of it: its first call may come before its answer.
  await db()
    .insert(providerHooks)
    .values({
      id: hookId,
      workspaceId: connection.workspaceId,
      connectionId: connection.id,
      ...{ resource, stream, secretSealed: seal(secret, hookId) },
    });
  const url = `${env().appUrl}/api/hooks/${connection.provider}/${hookId}`;
  try {
    const made = await webhooks.subscribe(session, { resource, stream, url, hookId, secret });
    await db()
      .update(providerHooks)
      .set({
        externalId: made.externalId,
        expiresAt: made.expiresAt,
        facts: { ...made.facts },
      })
      .where(eq(providerHooks.id, hookId));
  } catch (error) {
    await db().delete(providerHooks).where(eq(providerHooks.id, hookId));
    throw error;
  }
}

async function leave(
  provider: Provider,
  session: Session,
  hook: Pick<StoredHook, "externalId" | "facts">,
): Promise<void> {
  if (hook.externalId === null) return;
  const subscription = { externalId: hook.externalId, facts: hook.facts };
  try {
    await provider.webhooks?.unsubscribe?.(session, subscription);
  } catch (error) {
    // It ends by itself; until then its calls find no door.
    log().info({ err: error, tool: provider.slug }, "a subscription was not left");
  }
}

async function hooksOf({ id }: ConnectionRow): Promise<StoredHook[]> {
  return await db()
    .select()
    .from(providerHooks)
    .where(and(eq(providerHooks.connectionId, id), isNotNull(providerHooks.secretSealed)));
}

// --- Resting after a failure --------------------------------------------------------------------------------
//
// A tool that refuses a subscription is asked again after 1, 2, 4 … minutes, at most after six hours. That a connection
// rests is a row of its own beside its hooks, without a secret, and so without a door: until `expires_at`.

const restMaxMinutes = 360;

const restOf = ({ id, workspaceId }: ConnectionRow) =>
  and(
    eq(providerHooks.connectionId, id),
    eq(providerHooks.workspaceId, workspaceId),
    isNull(providerHooks.secretSealed),
  );

async function rest(connection: ConnectionRow, now: Date): Promise<void> {
  const { id: connectionId, workspaceId } = connection;
  await db().transaction(async (tx) => {
    const [known] = await tx.delete(providerHooks).where(restOf(connection)).returning();
    const failures = Number(known?.facts.failures ?? 0) + 1;
    const minutes = Math.min(2 ** (failures - 1), restMaxMinutes);
    await tx.insert(providerHooks).values({
      ...{ id: randomBase62(32), workspaceId, connectionId, resource: "" },
      facts: { failures: String(failures) },
      expiresAt: new Date(now.getTime() + minutes * 60_000),
    });
  });
}

/** What failed before says nothing any more: all is as it should be, or somebody has connected again. */
export async function endRest(tx: Tx, connection: ConnectionRow): Promise<void> {
  await tx.delete(providerHooks).where(restOf(connection));
}

// --- Each minute --------------------------------------------------------------------------------------------

/** Makes what is missing, renews what ends soon, leaves what is no longer wanted. */
async function align(provider: Provider, connection: ConnectionRow, now: Date): Promise<void> {
  const webhooks = subscribing(provider);
  if (!webhooks) return;
  const signal = AbortSignal.timeout(stepMs);
  const session = await openSession(connection, { priority: 2, signal });
  const places = placesOf(provider, session);
  const hooks = await hooksOf(connection);
  const endsSoon = ({ expiresAt }: StoredHook) =>
    expiresAt !== null && expiresAt.getTime() - now.getTime() < renewBeforeMs;
  for (const place of places) {
    if (!hooks.some((hook) => isAt(place)(hook) && !endsSoon(hook))) {
      await subscribe(webhooks, session, connection, place);
    }
  }
  const old = hooks.filter((hook) => endsSoon(hook) || !places.some((place) => isAt(place)(hook)));
  for (const hook of old) {
    await db().delete(providerHooks).where(eq(providerHooks.id, hook.id));
    await leave(provider, session, hook);
  }
  await endRest(db(), connection);
}

/** Connections whose subscriptions are not as they should be: none yet, one that ends soon, or changed settings. */
async function toAlign(slugs: readonly string[], now: Date): Promise<ConnectionRow[]> {
  const soon = new Date(now.getTime() + renewBeforeMs);
  const rows = await db()
    .selectDistinctOn([connections.id], { row: connections })
    .from(connections)
    .innerJoin(syncSettings, eq(syncSettings.connectionId, connections.id))
    .leftJoin(providerHooks, eq(providerHooks.connectionId, connections.id))
    .where(
      and(
        eq(connections.status, "connected"),
        sql`${connections.provider} = any(array[${sql.join(
          slugs.map((slug) => sql`${slug}`),
          sql`, `,
        )}]::text[])`,
        isNull(connections.failingSince),
        sql`not exists (select 1 from provider_hooks r where r.connection_id = ${connections.id}
          and r.secret_sealed is null and r.expires_at > ${now.toISOString()}::timestamptz)`,
        or(
          isNull(providerHooks.id),
          // It has rested.
          isNull(providerHooks.secretSealed),
          lt(providerHooks.expiresAt, soon),
          sql`${syncSettings.updatedAt} > ${providerHooks.createdAt}`,
        ),
      ),
    )
    .limit(connectionsPerTick);
  return rows.map(({ row }) => row);
}

/** Keeps the subscriptions of all connections; each minute. Without an https address of ours, tools are polled. */
export async function keepSubscriptions(now: Date): Promise<void> {
  if (!isReachable()) return;
  const bySlug = new Map(
    providers()
      .filter((provider) => subscribing(provider) !== null)
      .map((provider) => [provider.slug, provider]),
  );
  if (bySlug.size === 0) return;
  const deadline = performance.now() + tickMs;
  for (const connection of await toAlign([...bySlug.keys()], now)) {
    if (performance.now() > deadline) return;
    const provider = bySlug.get(connection.provider);
    try {
      if (provider) await align(provider, connection, now);
    } catch (error) {
      log().info({ err: error, connection: connection.id }, "subscriptions could not be kept");
      await rest(connection, now);
      if (error instanceof ProviderError && error.fault.kind === "reauth") {
        await db().transaction((tx) => recordFault(tx, connection, error.fault, now));
      }
    }
  }
}

/** Leaves subscriptions with tokens that are no longer stored. What the tool does not take ends by itself. */
export async function leaveSubscriptions(
  registration: Registration,
  of: Pick<ConnectionRow, "tenant" | "fields" | "grantedScopes" | "facts"> & {
    readonly accountId: string | null;
    readonly tokens: Pick<TokenReply, "accessToken" | "refreshToken">;
    readonly hooks: readonly Pick<StoredHook, "externalId" | "facts">[];
  },
): Promise<void> {
  if (of.hooks.length === 0) return;
  const { tenant, fields, grantedScopes, facts, accountId } = of;
  const reply = {
    ...of.tokens,
    ...{ expiresInSeconds: null, refreshExpiresInSeconds: null, scopes: grantedScopes },
  };
  const session = provisionalSession(registration, reply, {
    ...{ signal: AbortSignal.timeout(stepMs), tenant, fields, grantedScopes, facts },
    ...(accountId === null ? {} : { accountId }),
  });
  for (const hook of of.hooks) await leave(registration.provider, session, hook);
}
