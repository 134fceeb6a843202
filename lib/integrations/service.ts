import { and, asc, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { db, type Tx } from "@/db/client";
import { connections, connectStates } from "@/db/schema/integrations";
import { users } from "@/db/schema/users";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import { type ConnectionPermission, requireConnection } from "@/lib/integrations/access";
import {
  type BegunConnect,
  begin,
  finish,
  type Returned,
  type ReturnFromTool,
} from "@/lib/integrations/connect";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { endNow, endPersonalConnections } from "@/lib/integrations/disconnect";
import { runGrantEnd, sweepGrants } from "@/lib/integrations/grants";
import { toolName } from "@/lib/integrations/health";
import { type HookCall, type HookReply, takeHook } from "@/lib/integrations/hooks";
import { probeConnections, test } from "@/lib/integrations/probe";
import {
  type beginConnectInput,
  type CatalogueEntry,
  type ChoicesView,
  type ConnectAttempt,
  type connectionRef,
  connectOutcomes,
  type loadChoicesInput,
  type MemberConnection,
  type saveSettingsInput,
  type TestResult,
  type ToolView,
} from "@/lib/integrations/schema";
import { choicesOf, placesOf, save } from "@/lib/integrations/settings";
import { keepSubscriptions } from "@/lib/integrations/subscriptions";
import { catalogue, toolPage } from "@/lib/integrations/views";
import type { JobPayloads } from "@/lib/jobs/queues";

// Everything that pages, routes and other features do with connections. Tools: registry.ts; the life of a connection:
// connect.ts, health.ts, disconnect.ts; its tokens: vault.ts.

type Ref = z.output<typeof connectionRef>;

/** Every tool with the caller's connection to it, in the catalogue's order. */
export async function listCatalogue(ctx: Context): Promise<readonly CatalogueEntry[]> {
  return await catalogue(ctx);
}

/** Everything that the page of one tool shows; a slug that is none is not found. */
export async function getTool(ctx: Context, slug: string): Promise<ToolView> {
  return await toolPage(ctx, slug);
}

// --- Connecting ---------------------------------------------------------------------------------------------

/** Whose browser begins a Connect. */
export interface ConnectingBrowser {
  /** The token of the session's cookie: only this session may finish it. */
  readonly sessionToken: string;
}

/** Begins a Connect or a Reconnect; nothing is stored of the connection before `finishConnect`. */
export async function beginConnect(
  ctx: Context,
  input: z.output<typeof beginConnectInput>,
  { sessionToken }: ConnectingBrowser,
): Promise<BegunConnect> {
  return await begin(ctx, input, sessionToken);
}

/**
 * Ends a Connect when the browser comes back from the tool. Never throws for what a tool or a person did: every outcome
 * is a place to go. `not_found` for a slug that is no tool.
 */
export async function finishConnect(back: ReturnFromTool): Promise<Returned> {
  return await finish(back);
}

/** How a Connect of the caller ended, for the page behind it; null when it is long ago or somebody else's. */
export async function readAttempt(ctx: Context, attemptId: string): Promise<ConnectAttempt | null> {
  if (ctx.principal.userId === null) return null;
  const [row] = await db()
    .select({ result: connectStates.result })
    .from(connectStates)
    .where(
      and(
        eq(connectStates.id, attemptId),
        eq(connectStates.workspaceId, ctx.principal.workspaceId),
        eq(connectStates.userId, ctx.principal.userId),
      ),
    );
  const result = row?.result;
  const outcome = connectOutcomes.find((known) => known === result?.outcome);
  if (!result || !outcome) return null;
  const { oldAccount = null, newAccount = null, missing = [], message = null } = result;
  return { outcome, oldAccount, newAccount, missing, message };
}

// --- Living with a connection -------------------------------------------------------------------------------

/** Ends a connection: tokens are destroyed, the grant is ended at the tool; settings, logs and synced data stay. */
export async function disconnect(ctx: Context, { connectionId }: Ref): Promise<void> {
  await endNow(ctx, await requireConnection(ctx, connectionId, "integrations:delete"));
}

/** Looks whether the tool answers and lets us in, without writing there; at most 10 s. */
export async function testConnection(ctx: Context, { connectionId }: Ref): Promise<TestResult> {
  return await test(ctx, connectionId);
}

/** The list that a setting is chosen from, kept for ten minutes. */
export async function loadChoices(
  ctx: Context,
  input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  return await choicesOf(ctx, input);
}

/** The channels that the caller may share something to; kept likewise. */
export async function loadPlaces(
  ctx: Context,
  input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  return await placesOf(ctx, input);
}

/** Saves what is synced, which way and when. `invalid_request` names the settings that the tool does not have. */
export async function saveSettings(
  ctx: Context,
  input: z.output<typeof saveSettingsInput>,
): Promise<void> {
  await save(ctx, input);
}

/**
 * A connection that the caller may use in this way: a workspace one with the permission at `all`, their own with it at
 * `own`. What they may not see is not found.
 */
export async function readConnection(
  ctx: Context,
  connectionId: string,
  permission: ConnectionPermission,
): Promise<ConnectionRow> {
  return await requireConnection(ctx, connectionId, permission);
}

// --- Other people's connections -----------------------------------------------------------------------------

const membersMax = 500;

/** Personal connections of members, for those who may end them (D-15): the tool, its status and whose it is. */
export async function listMemberConnections(ctx: Context): Promise<readonly MemberConnection[]> {
  requirePermission(ctx, "integrations:delete", "all");
  const rows = await db()
    .select({
      id: connections.id,
      slug: connections.provider,
      ownerName: sql<string>`coalesce(${users.name}, ${users.email})`,
      status: connections.status,
      connectedAt: connections.connectedAt,
    })
    .from(connections)
    .innerJoin(users, eq(users.id, connections.ownerUserId))
    .where(
      and(
        eq(connections.workspaceId, ctx.principal.workspaceId),
        eq(connections.scope, "personal"),
        sql`${connections.status} <> 'disconnected'`,
        // One's own are in the catalogue.
        sql`${connections.ownerUserId} is distinct from ${ctx.principal.userId}`,
      ),
    )
    .orderBy(asc(sql`lower(coalesce(${users.name}, ${users.email}))`), asc(connections.provider))
    .limit(membersMax);
  return rows.map(({ connectedAt, ...row }) => ({
    ...row,
    toolName: toolName(row.slug),
    connectedAt: connectedAt?.toISOString() ?? null,
  }));
}

/** Ends a member's personal connection (D-15). */
export async function forceDisconnect(ctx: Context, { connectionId }: Ref): Promise<void> {
  requirePermission(ctx, "integrations:delete", "all");
  const [row] = await db()
    .select({ id: connections.id, workspaceId: connections.workspaceId })
    .from(connections)
    .where(
      and(
        eq(connections.id, connectionId),
        eq(connections.workspaceId, ctx.principal.workspaceId),
        eq(connections.scope, "personal"),
      ),
    );
  if (!row) throw notFound("Connection");
  await endNow(ctx, row, "forced");
}

/**
 * Ends the personal connections of a member who is removed, in the transaction of the removal (D-60). Those of the
 * workspace that they made keep working.
 * @returns how many were ended.
 */
export async function disconnectMember(tx: Tx, ctx: Context, userId: string): Promise<number> {
  return await endPersonalConnections(tx, ctx, userId);
}

// --- Without a person ---------------------------------------------------------------------------------------

/** Takes a call of a tool at `/api/hooks/…`: verified, taken in once, answered at once. */
export async function takeCall(call: HookCall, now: Date): Promise<HookReply> {
  return await takeHook(call, now);
}

/** The job `grant.end`: ends at the tool what was disconnected here; safe to repeat. */
export async function endGrantAtTool(
  payload: JobPayloads["grant.end"],
  job: { readonly id: string; readonly isLastAttempt: boolean },
): Promise<void> {
  await runGrantEnd(payload, job);
}

/** Forgets grants that their tools have not let end for most of a day; each hour. @returns how many. */
export async function sweepEndedGrants(now: Date): Promise<number> {
  return await sweepGrants(now);
}

/** Looks after connections that nobody uses, their sign-ins that end soon and their subscriptions; each minute. */
export async function tendConnections(now: Date): Promise<void> {
  await Promise.all([probeConnections(now), keepSubscriptions(now)]);
}
