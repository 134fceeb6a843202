import { and, asc, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { connectionSecrets, connections, syncSettings } from "@/db/schema/integrations";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { requireConnection, requireTool } from "@/lib/integrations/access";
import type { Priority } from "@/lib/integrations/budgets";
import type { ConnectionRow, SyncSettingsRow } from "@/lib/integrations/connection-row";
import {
  type AttentionReason,
  dataOptions,
  type Fault,
  type Identity,
  type Provider,
  ProviderError,
} from "@/lib/integrations/contract";
import { recordErrorOf, wordsOfReason } from "@/lib/integrations/error-catalogue";
import { auditOf, recordFault, recordSuccess, warnOfExpiry } from "@/lib/integrations/health";
import { findProvider, providers } from "@/lib/integrations/registry";
import { dataOptionWords, type TestResult } from "@/lib/integrations/schema";
import { defaultsOf, missingScopes, scopesFor } from "@/lib/integrations/scopes";
import { openSession } from "@/lib/integrations/session";
import { settingsView } from "@/lib/integrations/views";

// Looking whether a connection still works: one call that only reads. By a person who presses Test, and once a day for
// connections that nothing else uses.

const testMs = 10_000;

interface Looking {
  readonly priority: Priority;
  readonly withinMs?: number;
}

type Looked =
  | { readonly ok: true; readonly identity: Identity; readonly granted: readonly string[] }
  | { readonly ok: false; readonly fault: Fault };

async function identify(
  provider: Provider,
  connection: ConnectionRow,
  { priority, withinMs = testMs }: Looking,
): Promise<Looked> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    const identity = await provider.identify(await openSession(connection, { priority, signal }));
    const { externalAccountId } = connection;
    if (externalAccountId !== null && identity.accountId !== externalAccountId) {
      return { ok: false, fault: { kind: "reauth", reason: "account_mismatch" } };
    }
    const granted = identity.grantedScopes ?? connection.grantedScopes;
    const missing = missingScopes(provider.auth, provider.auth.baseScopes, granted);
    if (missing.length > 0) {
      return { ok: false, fault: { kind: "reauth", reason: "scope_missing", missing } };
    }
    return { ok: true, identity, granted };
  } catch (error) {
    if (error instanceof ProviderError) return { ok: false, fault: error.fault };
    if (!signal.aborted) throw error;
    return {
      ok: false,
      fault: { kind: "transient", detail: `did not answer within ${withinMs / 1000} s` },
    };
  }
}

/** Looks, and writes down what was found. */
async function look(
  provider: Provider,
  connection: ConnectionRow,
  priority: Priority,
  now: Date,
): Promise<Looked> {
  const looked = await identify(provider, connection, { priority });
  await db().transaction(async (tx) => {
    const itself = and(
      eq(connections.id, connection.id),
      eq(connections.workspaceId, connection.workspaceId),
    );
    if (!looked.ok) {
      await tx.update(connections).set({ lastProbeAt: now }).where(itself);
      await recordFault(tx, connection, looked.fault, now);
      return;
    }
    await tx
      .update(connections)
      .set({ lastProbeAt: now, grantedScopes: [...looked.granted] })
      .where(itself);
    await recordSuccess(tx, connection, now);
  });
  return looked;
}

/**
 * Why a tool lets nobody in at the moment, by the same call; null when it does. Nothing is written down.
 * @param withinMs afterwards it counts as not answering.
 */
export async function faultOfTool(
  provider: Provider,
  connection: ConnectionRow,
  withinMs: number,
): Promise<Fault | null> {
  const looked = await identify(provider, connection, { priority: 1, withinMs });
  return looked.ok ? null : looked.fault;
}

// --- Test connection ----------------------------------------------------------------------------------------

type Check = TestResult["checks"][number];

function signInCheck(provider: Provider, looked: Looked): Check {
  const label = "Sign-in";
  if (looked.ok) {
    return {
      label,
      ok: true,
      what: "authorisation",
      message: `Signed in as ${looked.identity.label}.`,
    };
  }
  const { fault } = looked;
  if (fault.kind === "reauth") {
    const message = `${wordsOfReason(fault.reason)}. Reconnect ${provider.name}.`;
    return { label, ok: false, what: "authorisation", message };
  }
  const { message } = recordErrorOf(fault);
  if (fault.kind === "transient" || fault.kind === "rate_limited") {
    return { label, ok: false, what: "network", message: `${message} Try again in a minute.` };
  }
  return { label, ok: false, what: "permission", message };
}

/** One line for each enabled option: whether what it needs is granted. */
function optionChecks(
  provider: Provider,
  settings: SyncSettingsRow | null,
  granted: readonly string[],
): Check[] {
  const chosen = settings ? settingsView(settings) : defaultsOf(provider);
  return dataOptions
    .filter((option) => chosen.data[option])
    .map((option) => {
      const only = { meeting_data: false, action_items: false, contacts: false, notes: false };
      const data = { ...only, [option]: true };
      const needed = scopesFor(provider, { data, direction: chosen.direction });
      const missing = missingScopes(provider.auth, needed, granted);
      const words = missing.map((scope) => provider.scopeWords[scope] ?? scope).join("; ");
      return {
        label: dataOptionWords[option].label,
        ok: missing.length === 0,
        what: "permission",
        message:
          missing.length === 0
            ? "Everything that it needs is allowed."
            : `Not allowed: ${words}. Reconnect ${provider.name} and allow it.`,
      };
    });
}

/** Looks whether the tool answers and lets us in, without writing there; at most 10 s (handbook D-12). */
export async function test(ctx: Context, connectionId: string): Promise<TestResult> {
  const connection = await requireConnection(ctx, connectionId, "integrations:execute");
  const provider = requireTool(connection.provider);
  if (connection.status === "disconnected") {
    throw new AppError("conflict", `${provider.name} is disconnected`, {
      fix: "Connect it first.",
    });
  }
  const [settings] = await db()
    .select()
    .from(syncSettings)
    .where(eq(syncSettings.connectionId, connection.id));
  const startedAt = performance.now();
  const looked = await look(provider, connection, 0, ctx.now());
  const checks = [
    signInCheck(provider, looked),
    ...(looked.ok ? optionChecks(provider, settings ?? null, looked.granted) : []),
  ];
  const ok = checks.every((check) => check.ok);
  const { target, metadata } = auditOf(connection);
  await recordAudit(db(), ctx, {
    category: "connection_changes",
    action: "connection.tested",
    target,
    result: ok ? "success" : "failure",
    metadata: { ...metadata, failed: checks.filter((one) => !one.ok).map(({ label }) => label) },
  });
  return {
    ok,
    accountLabel: looked.ok ? looked.identity.label : connection.accountLabel,
    ms: Math.round(performance.now() - startedAt),
    checks,
  };
}

// --- Each minute --------------------------------------------------------------------------------------------

const dayMs = 24 * 3_600_000;
const probesPerTick = 20;
const expiryWarningMs = 7 * dayMs;
const warningsPerTick = 100;

/** Connections that nothing has used for a day, marked as looked at; another process finds others. */
async function claimIdle(now: Date): Promise<ConnectionRow[]> {
  const before = new Date(now.getTime() - dayMs);
  return await db().transaction(async (tx) => {
    const idle = await tx
      .select({ id: connections.id })
      .from(connections)
      .where(
        and(
          eq(connections.status, "connected"),
          inArray(
            connections.provider,
            providers().map(({ slug }) => slug),
          ),
          or(isNull(connections.lastProbeAt), lt(connections.lastProbeAt, before)),
          or(isNull(connections.lastSyncAt), lt(connections.lastSyncAt, before)),
        ),
      )
      .orderBy(sql`${connections.lastProbeAt} nulls first`, asc(connections.id))
      .limit(probesPerTick)
      .for("update", { skipLocked: true });
    if (idle.length === 0) return [];
    const ids = idle.map(({ id }) => id);
    return await tx
      .update(connections)
      .set({ lastProbeAt: now })
      .where(inArray(connections.id, ids))
      .returning();
  });
}

async function warnOfExpiries(now: Date): Promise<void> {
  const rows = await db()
    .select({ row: connections, endsAt: connectionSecrets.refreshExpiresAt })
    .from(connections)
    .innerJoin(connectionSecrets, eq(connectionSecrets.id, connections.id))
    .where(
      and(
        eq(connections.status, "connected"),
        gt(connectionSecrets.refreshExpiresAt, now),
        lt(connectionSecrets.refreshExpiresAt, new Date(now.getTime() + expiryWarningMs)),
        // Told once; the incident stays open until somebody reconnects.
        sql`not exists (select 1 from incidents i where i.workspace_id = ${connections.workspaceId}
          and i.key = 'connection-expiry:' || ${connections.id} and i.resolved_at is null)`,
      ),
    )
    .limit(warningsPerTick);
  for (const { row, endsAt } of rows) {
    if (endsAt) await db().transaction((tx) => warnOfExpiry(tx, row, endsAt, now));
  }
}

async function probe(connection: ConnectionRow, now: Date): Promise<void> {
  const provider = findProvider(connection.provider);
  if (!provider) return;
  try {
    await look(provider, connection, 2, now);
  } catch (error) {
    log().error({ err: error, connection: connection.id }, "a connection could not be probed");
  }
}

/** Looks after connections that nothing else uses; each minute, safe to run twice at once. */
export async function probeConnections(now: Date): Promise<number> {
  const idle = await claimIdle(now);
  await Promise.all(idle.map((connection) => probe(connection, now)));
  await warnOfExpiries(now);
  return idle.length;
}

async function checkEndedGrant(
  connection: ConnectionRow,
  reason: AttentionReason,
  now: Date,
): Promise<void> {
  const provider = findProvider(connection.provider);
  if (!provider) return;
  const looked = await identify(provider, connection, { priority: 0 });
  if (looked.ok) return;
  await db().transaction((tx) => recordFault(tx, connection, { kind: "reauth", reason }, now));
}

/**
 * The tool says that a grant has ended. Unless the grant still works, the connection needs attention for the tool's
 * reason. In the background; what a crash loses is found by the next sync or probe.
 */
export function confirmEndedGrant(
  connection: ConnectionRow,
  reason: AttentionReason,
  now: Date,
): void {
  checkEndedGrant(connection, reason, now).catch((error: unknown) => {
    log().error(
      { err: error, connection: connection.id },
      "news of an ended grant were not checked",
    );
  });
}
