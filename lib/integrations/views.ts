import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { connections, syncRuns, syncSettings } from "@/db/schema/integrations";
import { memberships } from "@/db/schema/members";
import type { Context } from "@/lib/auth/principal";
import { mayUse, requireTool, visibleTo } from "@/lib/integrations/access";
import type { ConnectionRow, SyncSettingsRow } from "@/lib/integrations/connection-row";
import type { Provider, Setting } from "@/lib/integrations/contract";
import { notAnsweringSince, troubleOf } from "@/lib/integrations/error-catalogue";
import { availabilityOf, providers } from "@/lib/integrations/registry";
import type {
  CatalogueEntry,
  ConnectionView,
  SettingView,
  SyncSettingsView,
  ToolView,
} from "@/lib/integrations/schema";
import { defaultsOf, linesOf, missingScopes, scopesFor } from "@/lib/integrations/scopes";

// What the pages of Settings → Integrations show.

const listedMax = 200;

interface Known {
  readonly row: ConnectionRow;
  readonly settings: SyncSettingsRow | null;
  readonly isSyncing: boolean;
  readonly isFormerMember: boolean;
}

/** The workspace's connections and the caller's own, by slug, in one query. */
async function knownConnections(ctx: Context): Promise<ReadonlyMap<string, Known>> {
  const rows = await db()
    .select({
      row: connections,
      settings: syncSettings,
      isSyncing: sql<boolean>`exists (select 1 from ${syncRuns} where ${syncRuns.connectionId} = ${connections.id}
        and ${inArray(syncRuns.status, ["queued", "running"])})`,
      isMember: sql<boolean>`${memberships.id} is not null`,
    })
    .from(connections)
    .leftJoin(syncSettings, eq(syncSettings.connectionId, connections.id))
    .leftJoin(
      memberships,
      and(
        eq(memberships.workspaceId, connections.workspaceId),
        eq(memberships.userId, connections.connectedBy),
        isNull(memberships.removedAt),
      ),
    )
    .where(visibleTo(ctx))
    .limit(listedMax);
  return new Map(
    rows.map(({ row, settings, isSyncing, isMember }) => [
      row.provider,
      { row, settings, isSyncing, isFormerMember: !isMember },
    ]),
  );
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function settingsView(row: SyncSettingsRow): SyncSettingsView {
  return {
    data: {
      meeting_data: row.meetingData,
      action_items: row.actionItems,
      contacts: row.contacts,
      notes: row.notes,
    },
    direction: row.direction,
    frequency: row.frequency,
    conflictRule: row.conflictRule,
    options: row.options,
  };
}

function missingOf(provider: Provider, { row, settings }: Known): readonly string[] {
  if (row.status === "disconnected") return [];
  const chosen = settings ? settingsView(settings) : defaultsOf(provider);
  return missingScopes(provider.auth, scopesFor(provider, chosen), row.grantedScopes);
}

/** Everything about a connection, for those who may read it. */
function wholeView(provider: Provider, known: Known, now: Date): ConnectionView {
  const { row } = known;
  return {
    id: row.id,
    status: row.status,
    attentionReason: row.attentionReason,
    attentionSince: iso(row.attentionSince),
    trouble: troubleOf(row, provider, now),
    notAnsweringSince: row.status === "connected" ? iso(notAnsweringSince(row, now)) : null,
    accountLabel: row.accountLabel,
    connectedBy: row.connectedByLabel,
    connectedByFormerMember: known.isFormerMember,
    connectedAt: iso(row.connectedAt),
    disconnectedAt: iso(row.disconnectedAt),
    lastSyncAt: iso(row.lastSyncAt),
    lastSyncStatus: row.lastSyncStatus,
    nextSyncAt: iso(row.nextSyncAt),
    frequency: known.settings?.frequency ?? null,
    isSyncing: known.isSyncing,
    grantedScopes: row.grantedScopes,
    missingScopes: missingOf(provider, known),
  };
}

/** "Status only" (handbook 22.2): for members who may not read workspace connections. */
function statusView({ row }: Known): ConnectionView {
  return {
    ...{ id: row.id, status: row.status },
    ...{ attentionReason: null, attentionSince: null, trouble: null, notAnsweringSince: null },
    ...{ accountLabel: null, connectedBy: "", connectedByFormerMember: false },
    ...{ connectedAt: null, disconnectedAt: null, lastSyncAt: null, lastSyncStatus: null },
    ...{
      nextSyncAt: null,
      frequency: null,
      isSyncing: false,
      grantedScopes: [],
      missingScopes: [],
    },
  };
}

function entryOf(ctx: Context, provider: Provider, known: Known | undefined): CatalogueEntry {
  const { slug, name, category, purpose, scope } = provider;
  const view = (one: Known) =>
    mayUse(ctx, scope, "integrations:read") ? wholeView(provider, one, ctx.now()) : statusView(one);
  return {
    ...{ slug, name, category, purpose, scope },
    availability: availabilityOf(provider),
    ...linesOf(provider),
    // A row that no Connect has ended yet is as good as none.
    connection: known?.row.connectedAt ? view(known) : null,
    mayManage: mayUse(ctx, scope, "integrations:update"),
  };
}

/** Every tool with the caller's connection to it, in the catalogue's order. */
export async function catalogue(ctx: Context): Promise<readonly CatalogueEntry[]> {
  const known = await knownConnections(ctx);
  return providers().map((provider) => entryOf(ctx, provider, known.get(provider.slug)));
}

function settingOf(setting: Setting): SettingView {
  return {
    key: setting.key,
    label: setting.label,
    help: setting.help,
    kind: setting.kind,
    of: setting.of ?? null,
    isRequired: "isRequired" in setting && setting.isRequired,
    choicesOf: setting.kind === "team_routes" ? setting.choicesOf : null,
    takesPastedId: setting.kind === "choice" && setting.takesPastedId !== undefined,
  };
}

function hasValue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}

/** Why nothing would be synced; null when something is. */
function idleReason(provider: Provider, settings: SyncSettingsRow | null): string | null {
  if (!settings) return null;
  const { data, options } = settingsView(settings);
  if (!Object.values(data).some(Boolean)) return "Nothing is selected to sync";
  const missing = provider.settings.find(
    (setting) =>
      "isRequired" in setting &&
      setting.isRequired &&
      (setting.of === undefined || data[setting.of]) &&
      !hasValue(options[setting.key]),
  );
  return missing
    ? `Choose ${missing.label.charAt(0).toLowerCase()}${missing.label.slice(1)} first`
    : null;
}

/** Everything that the page of one tool shows. */
export async function toolPage(ctx: Context, slug: string): Promise<ToolView> {
  const provider = requireTool(slug);
  const known = (await knownConnections(ctx)).get(slug);
  const settings = known?.settings ?? null;
  const mayRead = mayUse(ctx, provider.scope, "integrations:read");
  const asked = scopesFor(provider, settings ? settingsView(settings) : defaultsOf(provider));
  return {
    ...entryOf(ctx, provider, known),
    notice: provider.notice ?? null,
    permissions: asked.map((scope) => ({ scope, words: provider.scopeWords[scope] ?? scope })),
    connectFields: (provider.connectFields ?? []).map((field) => ({
      ...{ key: field.key, label: field.label, help: field.help, kind: field.kind },
      choices: field.choices ?? [],
      placeholder: field.placeholder ?? "",
    })),
    dataOptions: {
      meeting_data: optionView(provider, "meeting_data"),
      action_items: optionView(provider, "action_items"),
      contacts: optionView(provider, "contacts"),
      notes: optionView(provider, "notes"),
    },
    directions: provider.directions,
    frequencies: provider.frequencies,
    canBackfill: provider.canBackfill,
    settings: provider.settings.map(settingOf),
    hasTestMessage: provider.hasTestMessage ?? false,
    syncSettings: settings && mayRead ? settingsView(settings) : null,
    mayExecute: mayUse(ctx, provider.scope, "integrations:execute"),
    maySeeLog: mayRead,
    idleReason: mayRead ? idleReason(provider, settings) : null,
  };
}

function optionView(provider: Provider, option: keyof Provider["dataOptions"]) {
  const { what = null, off = null } = provider.dataOptions[option];
  return { what, off };
}
