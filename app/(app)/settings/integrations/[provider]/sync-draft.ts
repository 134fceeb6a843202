import type { DataOption } from "@/lib/integrations/contract";
import type { SettingView, SyncSettingsView } from "@/lib/integrations/schema";

/** What is chosen of a setting with one choice; empty for none. */
export function oneOf(options: SyncSettingsView["options"], key: string): readonly string[] {
  const value = options[key];
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** What is chosen of a setting with several. */
export function severalOf(options: SyncSettingsView["options"], key: string): readonly string[] {
  const value = options[key];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === "string");
}

/** Where the meetings of a team go. */
export interface TeamRoute {
  readonly teamId: string;
  readonly choice: string;
}

function isRoute(value: unknown): value is TeamRoute {
  if (typeof value !== "object" || value === null) return false;
  if (!("teamId" in value && "choice" in value)) return false;
  return typeof value.teamId === "string" && typeof value.choice === "string";
}

/** The teams that have a choice of their own. */
export function routesOf(options: SyncSettingsView["options"], key: string): readonly TeamRoute[] {
  const value = options[key];
  return Array.isArray(value) ? value.filter(isRoute) : [];
}

/** Whether anything would be synced: at least one data option is on (handbook 6.2). */
export function syncsSomething(data: Readonly<Record<DataOption, boolean>>): boolean {
  return Object.values(data).some(Boolean);
}

/** The settings that go with what is on. */
export function shownSettings(
  settings: readonly SettingView[],
  data: Readonly<Record<DataOption, boolean>>,
): readonly SettingView[] {
  return settings.filter(({ of }) => of === null || data[of]);
}

/** Whether the draft says anything else than what is saved. */
export function isChanged(saved: SyncSettingsView, draft: SyncSettingsView): boolean {
  return JSON.stringify(saved) !== JSON.stringify(draft);
}

/** Toggles that follow each other stand together; every other setting stands alone. */
export function groupToggles(
  settings: readonly SettingView[],
): readonly (readonly SettingView[])[] {
  const groups: SettingView[][] = [];
  for (const setting of settings) {
    const last = groups.at(-1);
    const joins = setting.kind === "toggle" && last?.[0]?.kind === "toggle";
    if (joins) last?.push(setting);
    else groups.push([setting]);
  }
  return groups;
}
