import { and, eq, ne } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import {
  connectionChoices,
  connections,
  hookReceipts,
  providerHooks,
  syncSettings,
} from "@/db/schema/integrations";
import { unseal } from "@/lib/core/crypto";
import { log } from "@/lib/core/log";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Hint, HookAnswer, Provider, RawRequest, Webhooks } from "@/lib/integrations/contract";
import { confirmEndedGrant } from "@/lib/integrations/probe";
import { findProvider, hookSecretOf } from "@/lib/integrations/registry";
import { enqueue } from "@/lib/jobs/enqueue";

// The door for calls of tools. A call is verified over its raw bytes and taken in once; what it says is a hint to look,
// never data: the work is done by jobs, or after the answer.

export interface HookCall {
  readonly slug: string;
  /** The last part of a subscription's own address; null at the app's address. */
  readonly hookId: string | null;
  readonly request: RawRequest;
}

export interface HookReply {
  readonly status: number;
  readonly body: string | null;
}

/** What the door knows about a call before it reads it. */
interface Known {
  readonly secret: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Of a subscription: the only connection that the call can be about. */
  readonly connectionId: string | null;
}

const connectionsMax = 500;
const refused = (status: number): HookReply => ({ status, body: null });

async function subscriptionOf(slug: string, hookId: string): Promise<Known | null> {
  const [row] = await db()
    .select({ hook: providerHooks })
    .from(providerHooks)
    .innerJoin(connections, eq(connections.id, providerHooks.connectionId))
    .where(
      and(
        eq(providerHooks.id, hookId),
        eq(connections.provider, slug),
        ne(connections.status, "disconnected"),
      ),
    );
  if (!row || row.hook.secretSealed === null) return null;
  const { id, secretSealed, facts, connectionId } = row.hook;
  return { secret: unseal(secretSealed, id), facts, connectionId };
}

/** The secret of the address that was called; a status where there is none. */
async function knownOf(
  provider: Provider,
  webhooks: Webhooks,
  hookId: string | null,
): Promise<Known | HookReply> {
  if (webhooks.kind === "app") {
    if (hookId !== null) return refused(404);
    const secret = hookSecretOf(provider);
    return secret === null ? refused(503) : { secret, facts: {}, connectionId: null };
  }
  const known = hookId === null ? null : await subscriptionOf(provider.slug, hookId);
  return known ?? refused(404);
}

// --- Hints --------------------------------------------------------------------------------------------------

/** The live connections that a call is about, in whichever workspace: the tool knows its accounts only. */
async function concerned(
  tx: Tx,
  slug: string,
  accountId: string | null,
  { connectionId }: Known,
): Promise<readonly { row: ConnectionRow; frequency: string | null }[]> {
  if (accountId === null && connectionId === null) return [];
  return await tx
    .select({ row: connections, frequency: syncSettings.frequency })
    .from(connections)
    .leftJoin(syncSettings, eq(syncSettings.connectionId, connections.id))
    .where(
      and(
        eq(connections.provider, slug),
        ne(connections.status, "disconnected"),
        connectionId === null ? undefined : eq(connections.id, connectionId),
        accountId === null ? undefined : eq(connections.externalAccountId, accountId),
      ),
    )
    .limit(connectionsMax);
}

type Ended = Extract<Hint, { kind: "grant_ended" }>;

function fits({ facts }: ConnectionRow, where: Ended["where"]): boolean {
  return Object.entries(where ?? {}).every(([fact, values]) => values.includes(facts[fact] ?? ""));
}

interface EndedGrant {
  readonly row: ConnectionRow;
  readonly reason: Ended["reason"];
}

/** Follows one hint as far as the transaction of its receipt goes; grants that are said to have ended are returned. */
async function follow(tx: Tx, slug: string, hint: Hint, known: Known): Promise<EndedGrant[]> {
  const about = await concerned(tx, slug, hint.accountId, known);
  switch (hint.kind) {
    case "changed":
      for (const { row, frequency } of about) {
        if (row.status !== "connected" || frequency !== "realtime") continue;
        const { workspaceId, id: connectionId } = row;
        await enqueue(
          tx,
          "sync.run",
          { workspaceId, connectionId, trigger: "realtime" },
          { singletonKey: connectionId },
        );
      }
      return [];
    case "choices_changed":
      for (const { row } of about) {
        await tx
          .delete(connectionChoices)
          .where(
            and(
              eq(connectionChoices.connectionId, row.id),
              eq(connectionChoices.setting, hint.setting),
            ),
          );
      }
      return [];
    case "grant_ended":
      return about
        .filter(({ row }) => row.status === "connected" && fits(row, hint.where))
        .map(({ row }) => ({ row, reason: hint.reason }));
  }
}

/** True for the first call with this id. */
async function isNew(tx: Tx, slug: string, callId: string | null): Promise<boolean> {
  if (callId === null) return true;
  const [row] = await tx
    .insert(hookReceipts)
    .values({ provider: slug, externalId: callId.slice(0, 200) })
    .onConflictDoNothing()
    .returning({ at: hookReceipts.receivedAt });
  return row !== undefined;
}

async function takeIn(
  slug: string,
  hookId: string | null,
  answer: HookAnswer,
  known: Known,
  now: Date,
): Promise<EndedGrant[]> {
  return await db().transaction(async (tx) => {
    if (!(await isNew(tx, slug, answer.callId))) return [];
    if (hookId !== null) {
      await tx.update(providerHooks).set({ lastCallAt: now }).where(eq(providerHooks.id, hookId));
    }
    const ended: EndedGrant[] = [];
    for (const hint of answer.hints) ended.push(...(await follow(tx, slug, hint, known)));
    return ended;
  });
}

function readCall(webhooks: Webhooks, request: RawRequest): HookAnswer | null {
  try {
    return webhooks.read(request);
  } catch (error) {
    log().warn({ err: error }, "a call of a tool could not be read");
    return null;
  }
}

/**
 * Takes one call of a tool: 404 for an address that is none, 503 where its secret is not set, 401 for a call that is not
 * the tool's, else what the tool wants to hear. A repeat is answered and dropped.
 */
export async function takeHook({ slug, hookId, request }: HookCall, now: Date): Promise<HookReply> {
  const provider = findProvider(slug);
  const webhooks = provider?.webhooks;
  if (!provider || !webhooks) return refused(404);
  const known = await knownOf(provider, webhooks, hookId);
  if ("status" in known) return known;
  if (!webhooks.verify(request, { secret: known.secret, facts: known.facts, now })) {
    log().warn({ tool: slug }, "a call that claimed to be a tool's was refused");
    return refused(401);
  }
  const answer = readCall(webhooks, request);
  if (!answer) return refused(400);
  for (const { row, reason } of await takeIn(slug, hookId, answer, known, now)) {
    // After the answer: a late repeat of old news must not end a grant that was renewed since.
    confirmEndedGrant(row, reason, now);
  }
  return { status: answer.status ?? 200, body: answer.body ?? null };
}
