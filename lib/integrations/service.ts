import type { z } from "zod";
import type { Context } from "@/lib/auth/principal";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type {
  beginConnectInput,
  CatalogueEntry,
  ChoicesView,
  connectionRef,
  loadChoicesInput,
  MemberConnection,
  saveSettingsInput,
  TestResult,
  ToolView,
} from "@/lib/integrations/schema";

type Ref = z.output<typeof connectionRef>;

const later = () => Promise.reject(new Error("not built yet"));

/** Every tool with the caller's connection to it. */
export async function listCatalogue(_ctx: Context): Promise<readonly CatalogueEntry[]> {
  return await later();
}

/** Everything that the page of one tool shows. */
export async function getTool(_ctx: Context, _slug: string): Promise<ToolView> {
  return await later();
}

/** Whose browser begins a Connect. */
export interface ConnectingBrowser {
  /** The token of the session's cookie: only this session may finish it. */
  readonly sessionToken: string;
}

export interface BegunConnect {
  /** The tool's page, where the person signs in. */
  readonly url: string;
  /** To be set as an HttpOnly cookie of `/api/integrations`; app/api/integrations/begin-connect.ts does it. */
  readonly cookie: {
    readonly name: string;
    readonly value: string;
    readonly maxAgeSeconds: number;
  };
}

/** Begins a Connect or a Reconnect; nothing is stored of the connection before `finishConnect`. */
export async function beginConnect(
  _ctx: Context,
  _input: z.output<typeof beginConnectInput>,
  _browser: ConnectingBrowser,
): Promise<BegunConnect> {
  return await later();
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

/** What is known about how a Connect of the caller ended; null when it is long ago or somebody else's. */
export async function readAttempt(
  _ctx: Context,
  _attemptId: string,
): Promise<ConnectAttempt | null> {
  return await later();
}

/** Ends a connection: tokens are destroyed, the grant is ended at the tool; settings, logs and synced data stay. */
export async function disconnect(_ctx: Context, _ref: Ref): Promise<void> {
  await later();
}

/** Looks whether the tool answers and lets us in, without writing there; at most 10 s. */
export async function testConnection(_ctx: Context, _ref: Ref): Promise<TestResult> {
  return await later();
}

/** The list that a setting is chosen from, kept for ten minutes. */
export async function loadChoices(
  _ctx: Context,
  _input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  return await later();
}

/** Saves what is synced, which way and when. */
export async function saveSettings(
  _ctx: Context,
  _input: z.output<typeof saveSettingsInput>,
): Promise<void> {
  await later();
}

/** Personal connections of members, for those who may end them (D-15). */
export async function listMemberConnections(_ctx: Context): Promise<readonly MemberConnection[]> {
  return await later();
}

/** Ends a member's personal connection (D-15). */
export async function forceDisconnect(_ctx: Context, _ref: Ref): Promise<void> {
  await later();
}

/**
 * A connection that the caller may use in this way: a workspace one with the permission at `all`, their own with it at
 * `own`. What they may not see is not found.
 */
export async function readConnection(
  _ctx: Context,
  _connectionId: string,
  _permission: `integrations:${"read" | "create" | "update" | "delete" | "execute"}`,
): Promise<ConnectionRow> {
  return await later();
}
