import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connections, syncSettings } from "@/db/schema/integrations";
import { workspaces } from "@/db/schema/workspaces";
import type { ConnectionRow, SyncSettingsRow } from "@/lib/integrations/connection-row";
import type { Provider, Resource } from "@/lib/integrations/contract";
import { findProvider } from "@/lib/integrations/registry";

/** A connection with everything that decides what is synced with it. */
export interface Target {
  readonly connection: ConnectionRow;
  readonly settings: SyncSettingsRow;
  readonly provider: Provider;
  /** IANA name of the workspace's time zone. */
  readonly timeZone: string;
}

/** Null: there is no such connection, or the product does not know its tool any more. */
export async function loadTarget(
  tx: Tx,
  workspaceId: string,
  connectionId: string,
): Promise<Target | null> {
  const [row] = await tx
    .select({ connection: connections, settings: syncSettings, timeZone: workspaces.timeZone })
    .from(connections)
    .innerJoin(syncSettings, eq(syncSettings.connectionId, connections.id))
    .innerJoin(workspaces, eq(workspaces.id, connections.workspaceId))
    .where(and(eq(connections.workspaceId, workspaceId), eq(connections.id, connectionId)));
  const provider = row && findProvider(row.connection.provider);
  return row && provider ? { ...row, provider } : null;
}

type Option = "meetingData" | "actionItems" | "contacts" | "notes";

/** The data options that move a resource; none: the provider's own settings decide (`wants`). */
const optionsOf: Readonly<Record<Resource, readonly Option[]>> = {
  meeting: ["meetingData"],
  action_item: ["actionItems"],
  contact: ["contacts"],
  note: ["notes"],
  deal_update: ["meetingData"],
  message: [],
  // An event is what a meeting will be, and whom it will be with.
  event: ["meetingData", "contacts"],
  recording: ["meetingData"],
};

function isChosen(settings: SyncSettingsRow, resource: Resource): boolean {
  const options = optionsOf[resource];
  return options.length === 0 || options.some((option) => settings[option]);
}

/** Whether records of this kind go to the tool. */
export function isPushed({ provider, settings }: Target, resource: Resource): boolean {
  return provider.capabilities[resource]?.push !== undefined && isChosen(settings, resource);
}

/** What only mirrors the tool: its deletions are ours. Everything else is ours, and deletions never propagate. */
export const isMirror = (resource: Resource) => resource === "event" || resource === "recording";

/** The kinds of records that come from the tool. */
export function pulledResources({ provider, settings }: Target): readonly Resource[] {
  const names = Object.keys(provider.capabilities) as Resource[];
  return names.filter(
    (resource) =>
      provider.capabilities[resource]?.pull !== undefined &&
      isChosen(settings, resource) &&
      (isMirror(resource) || settings.direction === "two_way"),
  );
}

function isUnanswered(target: Target): string | null {
  const { provider, settings } = target;
  const missing = provider.settings.find((setting) => {
    if (!("isRequired" in setting) || !setting.isRequired) return false;
    const value = settings.options[setting.key];
    return value === undefined || value === null || value === "" || String(value) === "";
  });
  return missing ? `Choose this first: ${missing.label}` : null;
}

export interface Idle {
  readonly code: "auth_expired" | "unknown";
  readonly message: string;
}

/** Why nothing would be synced now; null when there is something to do. */
export function idleReasonOf(target: Target): Idle | null {
  const { connection, settings, provider } = target;
  if (connection.status === "needs_attention") {
    const message = `${provider.name} needs attention. What changed is kept and goes out after Reconnect.`;
    return { code: "auth_expired", message };
  }
  if (connection.status === "disconnected") {
    return { code: "unknown", message: `${provider.name} is disconnected.` };
  }
  const { meetingData, actionItems, contacts, notes } = settings;
  const isNothingOn = !(meetingData || actionItems || contacts || notes);
  if (isNothingOn && connection.wants.length === 0) {
    return { code: "unknown", message: "Nothing is selected to sync." };
  }
  const unanswered = isUnanswered(target);
  return unanswered === null ? null : { code: "unknown", message: unanswered };
}
