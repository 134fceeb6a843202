import { setTimeout as delay } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { connectionSecrets, connections } from "@/db/schema/integrations";
import { singleton } from "@/lib/core/singleton";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type AttentionReason, ProviderError, type TokenReply } from "@/lib/integrations/contract";
import { refreshGrant } from "@/lib/integrations/oauth-client";
import { registrationOf } from "@/lib/integrations/registration";
import {
  type DataKey,
  decryptToken,
  encryptToken,
  newDataKey,
  openDataKey,
} from "@/lib/integrations/token-cipher";

// The vault: the only reader and writer of `connection_secrets`.
//
// A refresh is sent by whoever claims it: one conditional UPDATE of `refresh_began_at`, committed before the request.
// A rotating refresh token that is sent twice is dead, so the claim is a lease that outlives the request's time-out,
// and nobody holds a database connection or a row's lock while the tool thinks. What the claim leaves behind after a
// crash says that an answer may have been lost.

export interface AccessToken {
  readonly token: string;
  /** Rises with every token that is stored. */
  readonly generation: number;
}

interface Options {
  /** The generation of the token that the tool refused. */
  readonly staleGeneration?: number;
  readonly signal?: AbortSignal;
}

type SecretsRow = typeof connectionSecrets.$inferSelect;

/** A token that ends within this time is refreshed first. */
const spareMs = 60_000;
/** A token endpoint has 10 s; a claim is given up after twice that. */
const leaseMs = 20_000;
const requestMs = 10_000;
/** How long somebody waits for the refresh of another process. */
const patienceMs = 12_000;

const inMs = (seconds: number | null) =>
  seconds === null ? null : sql<Date>`now() + make_interval(secs => ${seconds})`;

function tokenColumns(reply: TokenReply, key: Buffer, id: string) {
  return {
    accessToken: encryptToken(reply.accessToken, key, id),
    refreshToken: reply.refreshToken === null ? null : encryptToken(reply.refreshToken, key, id),
    expiresAt: inMs(reply.expiresInSeconds),
    refreshExpiresAt: inMs(reply.refreshExpiresInSeconds),
    refreshBeganAt: null,
    updatedAt: sql<Date>`now()`,
  };
}

/** Stores the tokens of a new or renewed grant under a new data key, in the transaction of the connection. */
export async function storeTokens(
  tx: Tx,
  { id, workspaceId }: Pick<ConnectionRow, "id" | "workspaceId">,
  reply: TokenReply,
): Promise<void> {
  const key: DataKey = newDataKey(id);
  const columns = { ...tokenColumns(reply, key.bytes, id), dataKeySealed: key.sealed };
  await tx
    .insert(connectionSecrets)
    .values({ id, workspaceId, ...columns })
    .onConflictDoUpdate({
      target: connectionSecrets.id,
      set: { ...columns, generation: sql`${connectionSecrets.generation} + 1` },
    });
}

/** Destroys the data key and with it every token of the connection. */
export async function shredTokens(tx: Tx, connectionId: string): Promise<void> {
  await tx.delete(connectionSecrets).where(eq(connectionSecrets.id, connectionId));
}

/** Both tokens as they are, for ending the grant at the tool; null where there are none. */
export async function storedTokens(
  tx: Tx,
  connectionId: string,
): Promise<{ readonly accessToken: string; readonly refreshToken: string | null } | null> {
  const [row] = await tx
    .select()
    .from(connectionSecrets)
    .where(eq(connectionSecrets.id, connectionId));
  if (!row) return null;
  const key = openDataKey(row.dataKeySealed, row.id);
  return {
    accessToken: decryptToken(row.accessToken, key, row.id),
    refreshToken: row.refreshToken === null ? null : decryptToken(row.refreshToken, key, row.id),
  };
}

// --- Reading a token ----------------------------------------------------------------------------------------

interface Known {
  readonly secrets: SecretsRow;
  readonly connection: ConnectionRow;
  /** The database's clock: processes may differ. */
  readonly now: Date;
}

async function readKnown(connectionId: string): Promise<Known> {
  const [row] = await db()
    .select({
      secrets: connectionSecrets,
      connection: connections,
      now: sql<string>`clock_timestamp()`,
    })
    .from(connectionSecrets)
    .innerJoin(connections, eq(connections.id, connectionSecrets.id))
    .where(eq(connectionSecrets.id, connectionId));
  if (row) return { ...row, now: new Date(row.now) };
  // It was disconnected: whoever still works for it stops, and nobody is told.
  throw new ProviderError("connection", { kind: "reauth", reason: "token_revoked" });
}

const msLeft = ({ secrets, now }: Known) =>
  secrets.expiresAt === null
    ? Number.POSITIVE_INFINITY
    : secrets.expiresAt.getTime() - now.getTime();

function isGood(known: Known, stale: number | undefined): boolean {
  const isRefused = stale !== undefined && known.secrets.generation <= stale;
  if (isRefused) return false;
  // Without a refresh token the last minute is used as well.
  return msLeft(known) > (known.secrets.refreshToken === null ? 0 : spareMs);
}

function opened({ secrets }: Known): AccessToken {
  const key = openDataKey(secrets.dataKeySealed, secrets.id);
  return {
    token: decryptToken(secrets.accessToken, key, secrets.id),
    generation: secrets.generation,
  };
}

const flights = () => singleton("token-refreshes", () => new Map<string, Promise<void>>());

/**
 * A token that can be used now, refreshed when it ends within a minute or when the caller met a 401 with
 * `staleGeneration`. However many callers ask, in however many processes, the tool sees one refresh.
 * @throws ProviderError `reauth` when the grant is dead, `transient` when the tool does not answer.
 */
export async function accessToken(
  connectionId: string,
  options: Options = {},
): Promise<AccessToken> {
  const known = await readKnown(connectionId);
  if (isGood(known, options.staleGeneration)) return opened(known);
  await joinRefresh(known, options);
  const fresh = await readKnown(connectionId);
  if (isGood(fresh, options.staleGeneration)) return opened(fresh);
  // The tool gives out tokens that hold for less than a minute, which still are good for now.
  if (fresh.secrets.generation > known.secrets.generation && msLeft(fresh) > 0)
    return opened(fresh);
  throw new ProviderError(fresh.connection.provider, {
    kind: "transient",
    detail: "its new token ended at once",
  });
}

/** Callers of this process share one refresh; a caller that gives up leaves it to the others. */
async function joinRefresh(known: Known, { staleGeneration, signal }: Options): Promise<void> {
  const { id } = known.secrets;
  const running = flights().get(id);
  const flight =
    running ??
    refresh(known, staleGeneration).finally(() => {
      flights().delete(id);
    });
  if (!running) flights().set(id, flight);
  await (signal ? Promise.race([flight, whenAborted(signal)]) : flight);
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return await new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

// --- Refreshing ---------------------------------------------------------------------------------------------

interface Claim {
  readonly beganAt: string;
  /** Somebody else's claim was found: an answer of the tool may have been lost. */
  readonly wasInterrupted: boolean;
}

/** Takes the refresh of this generation; null: it is somebody else's. Committed before anything is sent. */
async function claim({ secrets: { id, generation } }: Known): Promise<Claim | null> {
  const [row] = await db().execute<{ began_at: string; was_interrupted: boolean }>(sql`
    update connection_secrets s set refresh_began_at = date_trunc('milliseconds', clock_timestamp())
    from (select id, refresh_began_at from connection_secrets where id = ${id} for update) before
    where s.id = before.id and s.generation = ${generation}
      and (before.refresh_began_at is null
        or before.refresh_began_at < clock_timestamp() - make_interval(secs => ${leaseMs / 1000}))
    returning s.refresh_began_at::text as began_at, before.refresh_began_at is not null as was_interrupted`);
  return row ? { beganAt: row.began_at, wasInterrupted: row.was_interrupted } : null;
}

/** The claim is still ours: nobody refreshed, disconnected or connected again meanwhile. */
const isOurs = ({ secrets: { id, generation } }: Known, { beganAt }: Claim) =>
  and(
    eq(connectionSecrets.id, id),
    eq(connectionSecrets.generation, generation),
    sql`${connectionSecrets.refreshBeganAt} = ${beganAt}::timestamptz`,
  );

async function release(known: Known, held: Claim): Promise<void> {
  await db().update(connectionSecrets).set({ refreshBeganAt: null }).where(isOurs(known, held));
}

/** The rotated refresh token is committed before anybody uses the access token that came with it. */
async function store(known: Known, held: Claim, reply: TokenReply): Promise<void> {
  const key = openDataKey(known.secrets.dataKeySealed, known.secrets.id);
  await db()
    .update(connectionSecrets)
    .set({
      ...tokenColumns(reply, key, known.secrets.id),
      generation: known.secrets.generation + 1,
      // A tool that says nothing of it here has not changed it.
      ...(reply.refreshExpiresInSeconds === null
        ? { refreshExpiresAt: known.secrets.refreshExpiresAt }
        : {}),
    })
    .where(isOurs(known, held));
}

function dead({ connection, secrets, now }: Known): ProviderError {
  const hasEnded = secrets.expiresAt !== null && secrets.expiresAt <= now;
  const reason: AttentionReason = hasEnded ? "token_expired" : "token_revoked";
  return new ProviderError(connection.provider, { kind: "reauth", reason });
}

/** What a refusal means after an earlier answer may have been lost: the token we hold was used up by it. */
function explained(error: unknown, { connection }: Known, held: Claim): unknown {
  const isDead =
    error instanceof ProviderError &&
    error.fault.kind === "reauth" &&
    error.fault.reason !== "provider_auth_error";
  if (!isDead || !held.wasInterrupted) return error;
  return new ProviderError(
    connection.provider,
    { kind: "reauth", reason: "token_expired" },
    { cause: error },
  );
}

async function sendRefresh(known: Known, refreshToken: string, held: Claim): Promise<void> {
  const registration = registrationOf(known.connection);
  try {
    const reply = await refreshGrant(registration, refreshToken, AbortSignal.timeout(requestMs));
    await store(known, held, reply);
  } catch (error) {
    // After a definite answer the next one may try at once. Without one the claim stays until it runs out, and its
    // trace tells whoever comes then that the answer was lost.
    const isDefinite = error instanceof ProviderError && !error.isUncertain;
    if (isDefinite && !held.wasInterrupted) await release(known, held);
    throw explained(error, known, held);
  }
}

async function refresh(known: Known, stale: number | undefined): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let pauseMs = 20;
  let current = known;
  while (performance.now() < deadline) {
    // Somebody else's refresh is as good as our own.
    if (current.secrets.generation > known.secrets.generation || isGood(current, stale)) return;
    if (current.secrets.refreshToken === null) throw dead(current);
    const held = await claim(current);
    if (held) {
      const key = openDataKey(current.secrets.dataKeySealed, current.secrets.id);
      const token = decryptToken(current.secrets.refreshToken, key, current.secrets.id);
      await sendRefresh(current, token, held);
      return;
    }
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, 250);
    current = await readKnown(known.secrets.id);
  }
  throw new ProviderError(known.connection.provider, {
    kind: "transient",
    detail: "another process has not ended its refresh of the token yet",
  });
}
