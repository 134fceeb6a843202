import { z } from "zod";
import {
  type AttentionReason,
  type Category,
  type Choice,
  conflictRules,
  type DataOption,
  type Direction,
  directions,
  type Frequency,
  frequencies,
} from "@/lib/integrations/contract";

// Shapes between the pages of Settings → Integrations and the services; instants are ISO 8601.

export const categoryWords: Readonly<Record<Category, string>> = {
  calendar: "Calendar",
  crm: "CRM",
  communication: "Communication",
  project_management: "Project Management",
  video_conferencing: "Video Conferencing",
  contact_center: "Contact Center",
};

export const dataOptionWords: Readonly<Record<DataOption, { label: string; what: string }>> = {
  meeting_data: { label: "Meeting data", what: "Transcripts, summaries" },
  action_items: { label: "Action items", what: "Tasks and assignments" },
  contacts: { label: "Contacts", what: "Participant information" },
  notes: { label: "Notes", what: "Meeting notes" },
};

export const directionWords: Readonly<Record<Direction, string>> = {
  one_way: "One-way (Harmony → Tool only)",
  two_way: "Two-way (bidirectional)",
  import_only: "Import only (Tool → Harmony)",
};

export const frequencyWords: Readonly<Record<Frequency, { label: string; what: string }>> = {
  realtime: { label: "Real-time", what: "Immediately" },
  hourly: { label: "Hourly", what: "At minute 0 of each hour" },
  daily: { label: "Daily", what: "At 02:00 in the workspace's time zone" },
  manual: { label: "Manual", what: "Only when somebody presses Sync now" },
};

export type ConnectionStatus = "connected" | "needs_attention" | "disconnected";
export const connectionStatusWords: Readonly<Record<ConnectionStatus, string>> = {
  connected: "Connected",
  needs_attention: "Needs Attention",
  disconnected: "Disconnected",
};

/** Where a tool is reached: with the deployment's credentials, as a stand-in, or not at all. */
export type Availability = "configured" | "sandbox" | "not_configured";

/** Trouble in plain words: what happened, who can mend it, and the one button that helps. */
export interface Trouble {
  readonly what: string;
  readonly who: string;
  readonly button: "reconnect" | "sync_now" | "test" | "settings" | null;
}

export interface ConnectionView {
  readonly id: string;
  readonly status: ConnectionStatus;
  readonly attentionReason: AttentionReason | null;
  readonly attentionSince: string | null;
  /** Set while it needs attention, or while a connected tool does not answer. */
  readonly trouble: Trouble | null;
  /** "Connected, {Tool} is not answering since …": set after three failed tries over 15 minutes. */
  readonly notAnsweringSince: string | null;
  readonly accountLabel: string | null;
  readonly connectedBy: string;
  readonly connectedByFormerMember: boolean;
  readonly connectedAt: string | null;
  readonly disconnectedAt: string | null;
  readonly lastSyncAt: string | null;
  readonly lastSyncStatus: string | null;
  readonly nextSyncAt: string | null;
  readonly frequency: Frequency | null;
  readonly isSyncing: boolean;
  readonly grantedScopes: readonly string[];
  /** Scopes that the chosen options need and that are not granted. */
  readonly missingScopes: readonly string[];
}

/** One entry of the catalogue. */
export interface CatalogueEntry {
  readonly slug: string;
  readonly name: string;
  readonly category: Category;
  readonly purpose: string;
  readonly scope: "workspace" | "personal";
  readonly availability: Availability;
  /** Reads and writes, one line each, from the capabilities. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** The workspace's, or the person's own; null: never connected. */
  readonly connection: ConnectionView | null;
  /** Whether this person may connect, configure and disconnect it. */
  readonly mayManage: boolean;
}

export interface ScopeLine {
  readonly scope: string;
  /** What it lets Harmony do, and why. */
  readonly words: string;
}

export interface ConnectFieldView {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "text" | "choice";
  readonly choices: readonly { readonly id: string; readonly label: string }[];
  readonly placeholder: string;
}

export interface SettingView {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "toggle" | "choice" | "choices" | "team_routes";
  readonly of: DataOption | null;
  readonly isRequired: boolean;
  /** The setting whose choices the routes take. */
  readonly choicesOf: string | null;
  readonly takesPastedId: boolean;
}

export interface SyncSettingsView {
  readonly data: Readonly<Record<DataOption, boolean>>;
  readonly direction: Direction;
  readonly frequency: Frequency;
  readonly conflictRule: (typeof conflictRules)[number];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Everything the detail page shows. */
export interface ToolView extends CatalogueEntry {
  readonly notice: string | null;
  readonly permissions: readonly ScopeLine[];
  readonly connectFields: readonly ConnectFieldView[];
  readonly dataOptions: Readonly<
    Record<DataOption, { readonly what: string | null; readonly off: string | null }>
  >;
  readonly directions: readonly Direction[];
  readonly frequencies: readonly Frequency[];
  readonly canBackfill: boolean;
  readonly settings: readonly SettingView[];
  readonly hasTestMessage: boolean;
  /** Null before the first Connect. */
  readonly syncSettings: SyncSettingsView | null;
  readonly mayExecute: boolean;
  readonly maySeeLog: boolean;
  /** "Nothing is selected to sync", "Choose a default channel first": why nothing would be synced. */
  readonly idleReason: string | null;
}

export interface TestResult {
  readonly ok: boolean;
  readonly accountLabel: string | null;
  readonly ms: number;
  /** One line for the sign-in and for each enabled option. */
  readonly checks: readonly {
    readonly label: string;
    readonly ok: boolean;
    readonly what: "network" | "authorisation" | "permission";
    readonly message: string;
  }[];
}

export interface MemberConnection {
  readonly id: string;
  readonly slug: string;
  readonly toolName: string;
  readonly ownerName: string;
  readonly status: ConnectionStatus;
  readonly connectedAt: string | null;
}

export interface ChoicesView {
  readonly choices: readonly Choice[];
  readonly fetchedAt: string;
}

/** How a Connect ended; the `outcome` in the query of the tool's page. */
export const connectOutcomes = [
  "connected",
  "declined",
  "expired",
  "missing_access",
  "other_account",
  "failed",
] as const;
export type ConnectOutcome = (typeof connectOutcomes)[number];

/** What the page says beside the outcome; read by the `attempt` of the query. */
export interface ConnectAttempt {
  readonly outcome: ConnectOutcome;
  /** Of `other_account`: the two accounts, to be told apart. */
  readonly oldAccount: string | null;
  readonly newAccount: string | null;
  /** Of `missing_access`: what was not granted, in the words of the permission preview. */
  readonly missing: readonly string[];
  /** Of `failed`: the tool's own words. */
  readonly message: string | null;
}

// --- Inputs ---------------------------------------------------------------------------------------------------

const slug = z.string().regex(/^[a-z0-9_]{1,40}$/);
export const connectionRef = z.strictObject({ connectionId: z.string().max(40) });

export const beginConnectInput = z.strictObject({
  slug,
  fields: z.record(z.string().max(40), z.string().trim().max(300)).default({}),
  /** Given: a reconnect of this connection. */
  connectionId: z.string().max(40).optional(),
  /** The person has confirmed that another account of the tool takes its place. */
  replaceAccount: z.boolean().default(false),
});

export const loadChoicesInput = z.strictObject({
  connectionId: z.string().max(40),
  setting: z.string().max(40),
  refresh: z.boolean().default(false),
});

export const saveSettingsInput = z.strictObject({
  connectionId: z.string().max(40),
  data: z.strictObject({
    meeting_data: z.boolean(),
    action_items: z.boolean(),
    contacts: z.boolean(),
    notes: z.boolean(),
  }),
  direction: z.enum(directions),
  frequency: z.enum(frequencies),
  conflictRule: z.enum(conflictRules),
  options: z.record(z.string().max(40), z.unknown()),
});
