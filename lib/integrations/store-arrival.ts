import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import {
  calendarEvents,
  connectionChoices,
  connections,
  externalLinks,
  syncCursors,
  syncItems,
  syncSettings,
} from "@/db/schema/integrations";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { log } from "@/lib/core/log";
import type { ConnectionRow, SyncSettingsRow } from "@/lib/integrations/connection-row";
import type { Identity, Provider, Session, Setting, TokenReply } from "@/lib/integrations/contract";
import { endGrantOf } from "@/lib/integrations/grants";
import { auditOf, endIncidents, recordFault } from "@/lib/integrations/health";
import type { Registration } from "@/lib/integrations/oauth-client";
import { nextSyncAt } from "@/lib/integrations/schedule";
import type { ConnectAttempt, ConnectOutcome } from "@/lib/integrations/schema";
import { defaultsOf, hasPreset, initialOption, missingScopes } from "@/lib/integrations/scopes";
import { endRest } from "@/lib/integrations/subscriptions";
import { storeTokens } from "@/lib/integrations/vault";
import { enqueue } from "@/lib/jobs/enqueue";

/** Somebody has come back from the tool, and this is what is known of it. */
export interface Arrival {
  readonly registration: Registration;
  readonly state: {
    readonly askedScopes: readonly string[];
    readonly fields: Readonly<Record<string, string>>;
    readonly mayReplaceAccount: boolean;
  };
  readonly reply: TokenReply;
  readonly identity: Identity;
  readonly grantedScopes: readonly string[];
  /** To read the lists that settings are preset from. */
  readonly session: Session;
}

type Result = Partial<Omit<ConnectAttempt, "outcome" | "missing">> & {
  readonly outcome: ConnectOutcome;
  missing?: string[];
};

type Options = Readonly<Record<string, unknown>>;

// --- Presets ------------------------------------------------------------------------------------------------

async function presetOf(setting: Setting, session: Session): Promise<unknown> {
  if (!hasPreset(setting)) return null;
  try {
    const choices = await setting.load(session);
    return setting.preset?.(choices) ?? null;
  } catch (error) {
    // The person chooses by hand; the page says what is missing.
    log().info({ err: error, setting: setting.key }, "a setting could not be preset");
    return null;
  }
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** Every setting with its value: as chosen, else as the provider presets it, else as it begins. */
async function filledOptions(
  provider: Provider,
  chosen: Options,
  session: Session,
): Promise<Record<string, unknown>> {
  const filled = await Promise.all(
    provider.settings.map(async (setting) => {
      const known = chosen[setting.key];
      if (!isEmpty(known)) return [setting.key, known] as const;
      const preset = await presetOf(setting, session);
      return [setting.key, preset ?? initialOption(setting)] as const;
    }),
  );
  return { ...chosen, ...Object.fromEntries(filled) };
}

// --- Storing ------------------------------------------------------------------------------------------------

function placeOf(ctx: Context, provider: Provider) {
  const { workspaceId, userId } = ctx.principal;
  const ownerUserId = provider.scope === "personal" ? userId : null;
  return { workspaceId, provider: provider.slug, scope: provider.scope, ownerUserId };
}

async function lockRow(tx: Tx, ctx: Context, provider: Provider): Promise<ConnectionRow | null> {
  const { workspaceId, scope, ownerUserId } = placeOf(ctx, provider);
  const [row] = await tx
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, workspaceId),
        eq(connections.provider, provider.slug),
        eq(connections.scope, scope),
        ownerUserId === null
          ? isNull(connections.ownerUserId)
          : eq(connections.ownerUserId, ownerUserId),
      ),
    )
    .for("no key update");
  return row ?? null;
}

/** The connection's row under a lock, new if there was none; of two at once one makes it. */
async function lockOrMake(tx: Tx, ctx: Context, provider: Provider): Promise<ConnectionRow> {
  const known = await lockRow(tx, ctx, provider);
  if (known) return known;
  await tx
    .insert(connections)
    .values({
      ...placeOf(ctx, provider),
      status: "disconnected",
      connectedByLabel: ctx.principal.label,
    })
    .onConflictDoNothing();
  const made = await lockRow(tx, ctx, provider);
  if (!made) throw new Error("the connection was neither made nor found");
  return made;
}

/** What was known about the former account's things says nothing about the new one's. */
async function forgetAccount(tx: Tx, { id }: ConnectionRow): Promise<void> {
  await tx.delete(syncCursors).where(eq(syncCursors.connectionId, id));
  await tx.delete(externalLinks).where(eq(externalLinks.connectionId, id));
  await tx.delete(connectionChoices).where(eq(connectionChoices.connectionId, id));
  await tx.delete(calendarEvents).where(eq(calendarEvents.connectionId, id));
  await tx
    .update(syncItems)
    .set({ state: "cancelled", nextAttemptAt: null })
    .where(
      and(
        eq(syncItems.connectionId, id),
        inArray(syncItems.topic, ["share", "test"]),
        inArray(syncItems.state, ["pending", "held"]),
      ),
    );
}

async function settingsOf(tx: Tx, { id }: ConnectionRow): Promise<SyncSettingsRow | null> {
  const [row] = await tx.select().from(syncSettings).where(eq(syncSettings.connectionId, id));
  return row ?? null;
}

async function saveSettings(
  tx: Tx,
  provider: Provider,
  row: ConnectionRow,
  options: Record<string, unknown>,
): Promise<SyncSettingsRow> {
  const { data, direction } = defaultsOf(provider);
  const [saved] = await tx
    .insert(syncSettings)
    .values({
      connectionId: row.id,
      workspaceId: row.workspaceId,
      meetingData: data.meeting_data,
      actionItems: data.action_items,
      contacts: data.contacts,
      notes: data.notes,
      ...{ direction, options, frequency: provider.defaultFrequency },
    })
    .onConflictDoUpdate({
      target: syncSettings.connectionId,
      set: { options, updatedAt: sql`now()` },
    })
    .returning();
  if (!saved) throw new Error("the settings were not returned");
  return saved;
}

/** The topics that these settings make the tool want. */
export function wantsOf(provider: Provider, settings: SyncSettingsRow): string[] {
  const { meetingData, actionItems, contacts, notes, options } = settings;
  const data = { meeting_data: meetingData, action_items: actionItems, contacts, notes };
  return [...provider.wants({ data, options })];
}

export async function timeZoneOf(tx: Tx, workspaceId: string): Promise<string> {
  const [row] = await tx
    .select({ timeZone: workspaces.timeZone })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  return row?.timeZone ?? "UTC";
}

async function activate(
  tx: Tx,
  ctx: Context,
  arrival: Arrival,
  row: ConnectionRow,
  settings: SyncSettingsRow,
): Promise<void> {
  const { registration, identity, grantedScopes, state } = arrival;
  const { provider } = registration;
  const now = ctx.now();
  await tx
    .update(connections)
    .set({
      status: "connected",
      ...{ attentionReason: null, attentionSince: null, attentionDetail: null },
      ...{ failingSince: null, failures: 0, lastError: null, disconnectedAt: null },
      accountLabel: identity.label,
      externalAccountId: identity.accountId,
      grantedScopes: [...grantedScopes],
      fields: state.fields,
      // Tools with a host for each account name it here.
      tenant: identity.facts?.tenant ?? null,
      facts: { ...identity.facts },
      connectedBy: ctx.principal.userId,
      connectedByLabel: ctx.principal.label,
      ...{ connectedAt: now, lastProbeAt: now, updatedAt: now },
      wants: wantsOf(provider, settings),
      nextSyncAt: nextSyncAt(settings.frequency, await timeZoneOf(tx, row.workspaceId), now),
    })
    .where(and(eq(connections.id, row.id), eq(connections.workspaceId, row.workspaceId)));
}

function isOtherAccount(row: ConnectionRow, { identity }: Arrival): boolean {
  return row.externalAccountId !== null && row.externalAccountId !== identity.accountId;
}

async function store(
  tx: Tx,
  ctx: Context,
  arrival: Arrival,
  options: Record<string, unknown>,
): Promise<Result> {
  const { registration, identity, state, reply, grantedScopes } = arrival;
  const { provider } = registration;
  const row = await lockOrMake(tx, ctx, provider);
  const isOther = isOtherAccount(row, arrival);
  if (isOther && !state.mayReplaceAccount) {
    const accounts = { oldAccount: row.accountLabel, newAccount: identity.label };
    return { outcome: "other_account", ...accounts };
  }
  await endRest(tx, row);
  if (isOther) {
    await endGrantOf(tx, row);
    await forgetAccount(tx, row);
  }
  await storeTokens(tx, row, reply);
  await activate(tx, ctx, arrival, row, await saveSettings(tx, provider, row, options));
  const { target, metadata } = auditOf(row);
  await recordAudit(tx, ctx, {
    category: "connection_changes",
    action: row.status === "disconnected" ? "connection.connected" : "connection.reconnected",
    target,
    metadata: { ...metadata, account: identity.label, account_replaced: isOther },
  });
  const missing = missingScopes(provider.auth, state.askedScopes, grantedScopes);
  if (missing.length > 0) {
    await recordFault(tx, row, { kind: "reauth", reason: "scope_missing", missing }, ctx.now());
    const words = missing.map((scope) => provider.scopeWords[scope] ?? scope);
    return { outcome: "missing_access", missing: words };
  }
  await endIncidents(tx, row, "works", ctx.now());
  await enqueue(
    tx,
    "sync.run",
    {
      workspaceId: row.workspaceId,
      connectionId: row.id,
      trigger: "initial",
      ...(ctx.principal.userId === null ? {} : { initiatedBy: ctx.principal.userId }),
    },
    { singletonKey: row.id },
  );
  return { outcome: "connected" };
}

/** What was chosen before and still means something: another account has other channels and calendars. */
async function keptOptions(ctx: Context, arrival: Arrival): Promise<Options> {
  const { provider } = arrival.registration;
  const row = await lockRow(db(), ctx, provider);
  const settings = row && (await settingsOf(db(), row));
  if (!row || !settings) return {};
  if (!isOtherAccount(row, arrival)) return settings.options;
  const toggles = provider.settings.filter(({ kind }) => kind === "toggle").map(({ key }) => key);
  return Object.fromEntries(
    Object.entries(settings.options).filter(([key]) => toggles.includes(key)),
  );
}

/**
 * Stores a new or renewed connection with its tokens, settings and first job in one transaction, unless it is another
 * account than before and nobody has agreed to replace it.
 */
export async function storeArrival(ctx: Context, arrival: Arrival): Promise<Result> {
  const { provider } = arrival.registration;
  const kept = await keptOptions(ctx, arrival);
  const options = await filledOptions(provider, kept, arrival.session);
  return await db().transaction((tx) => store(tx, ctx, arrival, options));
}
