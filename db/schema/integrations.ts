import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant, timestamps } from "@/db/columns";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { newId } from "@/lib/core/ids";

const workspaceId = () =>
  text("workspace_id")
    .notNull()
    .references(() => workspaces.id, { onDelete: "cascade" });

const connectionId = () =>
  text("connection_id")
    .notNull()
    .references(() => connections.id, { onDelete: "cascade" });

/**
 * One authorised link between a workspace, or one of its members, and one tool (handbook 4). It stays when it is
 * disconnected, with its settings and logs, and a later Connect finds it again.
 */
export const connections = pgTable(
  "connections",
  {
    id: id("connection"),
    workspaceId: workspaceId(),
    /** The slug of handbook 3, such as `google_calendar`. */
    provider: text("provider").notNull(),
    scope: text("scope", { enum: ["workspace", "personal"] }).notNull(),
    /** Whose it is; null for one of the whole workspace. */
    ownerUserId: text("owner_user_id").references(() => users.id, { onDelete: "cascade" }),
    status: text("status", { enum: ["connected", "needs_attention", "disconnected"] }).notNull(),
    /** Why it needs attention; a reason of D-10. */
    attentionReason: text("attention_reason", {
      enum: [
        "token_expired",
        "token_revoked",
        "scope_missing",
        "account_mismatch",
        "app_uninstalled",
        "provider_auth_error",
      ],
    }),
    attentionSince: instant("attention_since"),
    /** What the tool said, without secrets, for the detail page. */
    attentionDetail: text("attention_detail"),
    /** How the tool calls the account: a workspace's name or an e-mail address. */
    accountLabel: text("account_label"),
    /** The tool's own id of the account: what a reconnect must meet again. */
    externalAccountId: text("external_account_id"),
    grantedScopes: text("granted_scopes").array().notNull().default(sql`'{}'`),
    /** What was asked before Connect, such as a server or a region. */
    fields: jsonb("fields").$type<Record<string, string>>().notNull().default({}),
    /** The account's own host or path at tools with many of them; null elsewhere. */
    tenant: text("tenant"),
    /** What the provider keeps about the account, such as the bot's user id. Never a secret. */
    facts: jsonb("facts").$type<Record<string, string>>().notNull().default({}),
    connectedBy: text("connected_by").references(() => users.id, { onDelete: "set null" }),
    connectedByLabel: text("connected_by_label").notNull(),
    connectedAt: instant("connected_at"),
    disconnectedAt: instant("disconnected_at"),
    /** The first of the failed tries that no success has followed yet: "not answering since …". */
    failingSince: instant("failing_since"),
    failures: integer("failures").notNull().default(0),
    lastError: jsonb("last_error").$type<{ code: string; message: string; at: string }>(),
    lastSyncAt: instant("last_sync_at"),
    lastSyncStatus: text("last_sync_status"),
    nextSyncAt: instant("next_sync_at"),
    lastProbeAt: instant("last_probe_at"),
    /** What the tool should be told of (`lib/events/offer.ts`): `meeting.processed`, `alert`, … Follows the settings. */
    wants: text("wants").array().notNull().default(sql`'{}'`),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("connections_workspace_tool")
      .on(table.workspaceId, table.provider)
      .where(sql`scope = 'workspace'`),
    uniqueIndex("connections_personal_tool")
      .on(table.workspaceId, table.ownerUserId, table.provider)
      .where(sql`scope = 'personal'`),
    // What scheduled syncs are due.
    index("connections_next_sync_idx").on(table.nextSyncAt).where(sql`next_sync_at is not null`),
    // App-level webhooks name the account only.
    index("connections_account_idx").on(table.provider, table.externalAccountId),
    check(
      "connections_owner_fits_scope",
      sql`(${table.scope} = 'personal') = (${table.ownerUserId} is not null)`,
    ),
    check(
      "connections_reason_fits_status",
      sql`(${table.status} = 'needs_attention') = (${table.attentionReason} is not null)`,
    ),
  ],
);

/**
 * The token vault, one row a connection with its id. The data key encrypts the tokens and is itself sealed under the
 * master key, so that `secrets rotate` re-wraps keys and touches no token. Disconnecting deletes the row: without the
 * key what is left in backups cannot be read.
 */
export const connectionSecrets = pgTable("connection_secrets", {
  id: text("id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  workspaceId: workspaceId(),
  dataKeySealed: text("data_key_sealed").notNull(),
  /** AES-256-GCM under the data key, with the connection's id as associated data. */
  accessToken: text("access_token").notNull(),
  refreshToken: text("refresh_token"),
  /** Null: the token does not expire. */
  expiresAt: instant("expires_at"),
  /** When the refresh token itself ends, where the tool says so. */
  refreshExpiresAt: instant("refresh_expires_at"),
  /** Rises with every token that is stored: callers that met a 401 say which one they used. */
  generation: integer("generation").notNull().default(1),
  /** Committed before a refresh is sent, cleared with its answer: still there after a crash between the two. */
  refreshBeganAt: instant("refresh_began_at"),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/** A Connect that waits for the person to come back from the tool: single use, ten minutes. */
export const connectStates = pgTable(
  "connect_states",
  {
    /** SHA-256 of the `state` parameter. */
    id: text("id").primaryKey(),
    workspaceId: workspaceId(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    provider: text("provider").notNull(),
    /** SHA-256 of the session's token and of the browser's cookie: nobody else can finish it. */
    sessionHash: text("session_hash").notNull(),
    browserHash: text("browser_hash").notNull(),
    /** The PKCE verifier, sealed with this row's id. */
    verifierSealed: text("verifier_sealed"),
    fields: jsonb("fields").$type<Record<string, string>>().notNull().default({}),
    askedScopes: text("asked_scopes").array().notNull(),
    /** Set for a reconnect; the account must be the same unless replacing was confirmed. */
    connectionId: text("connection_id"),
    mayReplaceAccount: boolean("may_replace_account").notNull().default(false),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    /** How it ended, for the page that the person comes back to; also when they come back twice. */
    result: jsonb("result").$type<{
      outcome: string;
      oldAccount?: string | null;
      newAccount?: string | null;
      missing?: string[];
      message?: string | null;
    }>(),
  },
  (table) => [index("connect_states_expiry_idx").on(table.expiresAt)],
);

/** What is synced, which way and when (handbook 6); kept over a disconnect. */
export const syncSettings = pgTable("sync_settings", {
  connectionId: text("connection_id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  workspaceId: workspaceId(),
  meetingData: boolean("meeting_data").notNull(),
  actionItems: boolean("action_items").notNull(),
  contacts: boolean("contacts").notNull(),
  notes: boolean("notes").notNull(),
  direction: text("direction", { enum: ["one_way", "two_way", "import_only"] }).notNull(),
  frequency: text("frequency", { enum: ["realtime", "hourly", "daily", "manual"] }).notNull(),
  conflictRule: text("conflict_rule", { enum: ["tool_wins", "harmony_wins", "most_recent"] })
    .notNull()
    .default("tool_wins"),
  /** The provider's own settings by key (`contract.ts` Setting), as the person chose them. */
  options: jsonb("options").$type<Record<string, unknown>>().notNull().default({}),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/** Where each stream of changes has been read to. A page and its cursor commit together. */
export const syncCursors = pgTable(
  "sync_cursors",
  {
    connectionId: connectionId(),
    workspaceId: workspaceId(),
    resource: text("resource").notNull(),
    /** A part of the account that has its own cursor, such as one calendar; empty where there is one. */
    stream: text("stream").notNull().default(""),
    /** Null: nothing was read yet, or the tool no longer knows the place. */
    cursor: text("cursor"),
    /** How far back the first reading goes. */
    since: instant("since").notNull(),
    /** When the last whole reading began, and whether one is under way: what it does not meet again is gone. */
    sweepBeganAt: instant("sweep_began_at"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.resource, table.stream] })],
);

/** One run of a connection's sync (handbook 12). At most one of a connection is `running`. */
export const syncRuns = pgTable(
  "sync_runs",
  {
    id: id("syncRun"),
    workspaceId: workspaceId(),
    connectionId: connectionId(),
    trigger: text("trigger", {
      enum: ["initial", "realtime", "hourly", "daily", "manual", "retry"],
    }).notNull(),
    direction: text("direction", { enum: ["one_way", "two_way", "import_only"] }).notNull(),
    status: text("status", {
      enum: ["queued", "running", "succeeded", "partial", "failed", "skipped", "cancelled"],
    }).notNull(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    createdCount: integer("created_count").notNull().default(0),
    updatedCount: integer("updated_count").notNull().default(0),
    skippedCount: integer("skipped_count").notNull().default(0),
    failedCount: integer("failed_count").notNull().default(0),
    /** Live progress of a backfill: how many records are done of how many; null where the number is not known. */
    progressDone: integer("progress_done"),
    progressTotal: integer("progress_total"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    initiatedBy: text("initiated_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
  },
  (table) => [
    // The sync log, newest first.
    index("sync_runs_connection_idx").on(table.connectionId, table.createdAt, table.id),
    uniqueIndex("sync_runs_one_running").on(table.connectionId).where(sql`status = 'running'`),
  ],
);

/** What happened to one record in a run. Partitioned by month of `at` in the migration. */
export const syncLogEntries = pgTable(
  "sync_log_entries",
  {
    id: text("id")
      .notNull()
      .$defaultFn(() => newId("syncEntry")),
    workspaceId: text("workspace_id").notNull(),
    connectionId: text("connection_id").notNull(),
    runId: text("run_id").notNull(),
    at: instant("at").notNull(),
    level: text("level", { enum: ["info", "warning", "error"] }).notNull(),
    objectType: text("object_type").notNull(),
    action: text("action").notNull(),
    harmonyId: text("harmony_id"),
    externalId: text("external_id"),
    externalUrl: text("external_url"),
    message: text("message").notNull(),
    errorCode: text("error_code"),
    details: jsonb("details").$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    index("sync_log_entries_run_idx").on(table.runId, table.at, table.id),
  ],
);

/**
 * Outbox and queue of what goes to tools: one row for each connection and thing that it wants to know of, written in
 * the transaction of the change (`lib/events/offer.ts`). A thing that changes again while it waits stays one row.
 */
export const syncItems = pgTable(
  "sync_items",
  {
    id: id("syncItem"),
    workspaceId: workspaceId(),
    connectionId: connectionId(),
    /** What happened, such as `meeting.processed`, `action_item.changed` or `alert`. */
    topic: text("topic").notNull(),
    /** The meeting, action item, contact, notification … it is about. */
    objectId: text("object_id").notNull(),
    /** What the topic needs beside the object, such as a channel and a note for a share; no transcript text. */
    data: jsonb("data").$type<Record<string, unknown>>().notNull().default({}),
    state: text("state", {
      enum: [
        "pending",
        "held",
        "sending",
        "done",
        "failed",
        "unknown",
        "quarantined",
        "dismissed",
        "cancelled",
      ],
    })
      .notNull()
      .default("pending"),
    /** 0 a person waits, 1 something just happened, 2 backfill. */
    priority: smallint("priority").notNull().default(1),
    /** Rises with each change: an older sending must not mark a newer change as done. */
    revision: integer("revision").notNull().default(1),
    attempts: smallint("attempts").notNull().default(0),
    /** Null while `sending`: something of what must not be sent twice may have left (`lib/sync/items.ts`). */
    nextAttemptAt: instant("next_attempt_at"),
    claimedUntil: instant("claimed_until"),
    /** Stays the same over all tries of one revision, for tools that take one. */
    idempotencyKey: text("idempotency_key"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    runId: text("run_id"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    doneAt: instant("done_at"),
  },
  (table) => [
    uniqueIndex("sync_items_object_key").on(table.connectionId, table.topic, table.objectId),
    // The queue: what a connection's run takes next.
    index("sync_items_due_idx")
      .on(table.connectionId, table.priority, table.nextAttemptAt)
      .where(sql`state in ('pending', 'sending')`),
    // Which connections have work at all.
    index("sync_items_open_idx")
      .on(table.nextAttemptAt)
      .where(sql`state in ('pending', 'sending')`),
  ],
);

/** Which of our objects is which of theirs (handbook 27). */
export const externalLinks = pgTable(
  "external_links",
  {
    id: id("externalLink"),
    workspaceId: workspaceId(),
    connectionId: connectionId(),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    externalType: text("external_type").notNull(),
    externalId: text("external_id").notNull(),
    externalUrl: text("external_url"),
    /** Where it lies over there, such as a channel; null where the id says all. */
    place: text("place"),
    /** The tool's version of it that we saw last: an etag or a time. */
    version: text("version"),
    /** SHA-256 of the content that both sides agreed on last: our own writing that comes back is not a change. */
    lastSyncedHash: text("last_synced_hash"),
    /** The fields as they were then, to tell which side changed what. */
    baseline: jsonb("baseline").$type<Record<string, unknown>>(),
    /** `gone`: deleted at the tool; it is unlinked and not made again by itself. */
    state: text("state", { enum: ["linked", "gone"] })
      .notNull()
      .default("linked"),
    /** The sweep that met it last; one that a whole reading did not meet is gone. */
    seenAt: instant("seen_at"),
    lastSyncedAt: instant("last_synced_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("external_links_object_key").on(
      table.connectionId,
      table.objectType,
      table.objectId,
      table.externalType,
    ),
    index("external_links_external_idx").on(
      table.connectionId,
      table.externalType,
      table.externalId,
    ),
    // An object's links on its own page.
    index("external_links_of_object_idx").on(table.workspaceId, table.objectId),
  ],
);

/**
 * How much of a tool's rate limit is left, shared by every process and connection that draws on it. A leaky bucket
 * (GCRA): `paidBackAtMs` is when it would be full again if nothing more were taken.
 */
export const providerBudgets = pgTable("provider_budgets", {
  /** Provider, account and the group of calls that the tool counts together. */
  key: text("key").primaryKey(),
  /** Milliseconds since 1970 at which everything taken so far is paid back. */
  paidBackAtMs: doublePrecision("paid_back_at_ms").notNull().default(0),
  /** The tool said: nothing before this. */
  blockedUntil: instant("blocked_until"),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/**
 * A place at the tool that tells us of changes: one subscription, with an address of its own at our side. A row without
 * a secret is none: it says until when the connection rests after the tool refused one (`lib/integrations/subscriptions.ts`).
 */
export const providerHooks = pgTable(
  "provider_hooks",
  {
    /** Random: the last part of `/api/hooks/<slug>/<hook>`. */
    id: text("id").primaryKey(),
    workspaceId: workspaceId(),
    connectionId: connectionId(),
    resource: text("resource").notNull(),
    stream: text("stream").notNull().default(""),
    externalId: text("external_id"),
    /** What the tool sends back with each call, sealed with this row's id. */
    secretSealed: text("secret_sealed"),
    facts: jsonb("facts").$type<Record<string, string>>().notNull().default({}),
    expiresAt: instant("expires_at"),
    lastCallAt: instant("last_call_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("provider_hooks_connection_idx").on(table.connectionId, table.resource, table.stream),
    index("provider_hooks_expiry_idx").on(table.expiresAt),
  ],
);

/** Calls of tools that were taken in already: they send again what they believe lost. Kept for two days. */
export const hookReceipts = pgTable(
  "hook_receipts",
  {
    provider: text("provider").notNull(),
    /** The tool's id of the call. */
    externalId: text("external_id").notNull(),
    receivedAt: instant("received_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.externalId] }),
    index("hook_receipts_age_idx").on(table.receivedAt),
  ],
);

/** Lists to choose from that a tool gave, such as its channels; read again after ten minutes or on Refresh. */
export const connectionChoices = pgTable(
  "connection_choices",
  {
    connectionId: connectionId(),
    workspaceId: workspaceId(),
    /** The key of the setting. */
    setting: text("setting").notNull(),
    choices: jsonb("choices")
      .$type<
        { id: string; label: string; hint?: string; isGone?: boolean; isPrivate?: boolean }[]
      >()
      .notNull(),
    fetchedAt: instant("fetched_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.setting] })],
);

/** Events of connected calendars, as far as pages need them (handbook 8). They are not meetings. */
export const calendarEvents = pgTable(
  "calendar_events",
  {
    id: id("calendarEvent"),
    workspaceId: workspaceId(),
    connectionId: connectionId(),
    calendarId: text("calendar_id").notNull(),
    externalId: text("external_id").notNull(),
    /** The same for all who are invited, over calendars and vendors. */
    uid: text("uid"),
    /** Which occurrence of a series it is: its planned start. */
    occurrence: instant("occurrence"),
    title: text("title").notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    isAllDay: boolean("is_all_day").notNull().default(false),
    /** The owner's own answer. */
    isDeclined: boolean("is_declined").notNull().default(false),
    isPrivate: boolean("is_private").notNull().default(false),
    organizerEmail: text("organizer_email"),
    attendees: jsonb("attendees")
      .$type<{ email: string; name: string | null; response: string; isSelf?: boolean }[]>()
      .notNull()
      .default([]),
    meetingUrl: text("meeting_url"),
    platform: text("platform", {
      enum: ["zoom", "google_meet", "microsoft_teams", "none"],
    })
      .notNull()
      .default("none"),
    /** `meet:abc-mnop-xyz`, `zoom:857…`: what a recording of it has too (lib/calendar/conference-key.ts). */
    conferenceKey: text("conference_key"),
    status: text("status", { enum: ["confirmed", "cancelled"] }).notNull(),
    version: text("version"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("calendar_events_external_key").on(
      table.connectionId,
      table.calendarId,
      table.externalId,
    ),
    // Upcoming events of a connection.
    index("calendar_events_upcoming_idx").on(table.connectionId, table.startsAt),
    // Finding the event of a recording.
    index("calendar_events_conference_idx")
      .on(table.workspaceId, table.conferenceKey, table.startsAt)
      .where(sql`conference_key is not null`),
    index("calendar_events_time_idx").on(table.workspaceId, table.startsAt),
  ],
);

/** Which event of a calendar a meeting was: found by key, or proposed to its owner (handbook 8, D-26). */
export const meetingEvents = pgTable(
  "meeting_events",
  {
    workspaceId: workspaceId(),
    meetingId: text("meeting_id").notNull(),
    /** Not a foreign key: an event that leaves its calendar leaves the link's facts here. */
    calendarEventId: text("calendar_event_id").notNull(),
    state: text("state", { enum: ["proposed", "linked", "dismissed"] }).notNull(),
    score: real("score").notNull(),
    decidedBy: text("decided_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.meetingId, table.calendarEventId] })],
);

/** What a person chose for the alerts of one connection, other than in their general preferences (handbook D-31). */
export const connectionAlertChoices = pgTable(
  "connection_alert_choices",
  {
    workspaceId: workspaceId(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    connectionId: connectionId(),
    alert: text("alert").notNull(),
    channel: text("channel").notNull(),
    enabled: boolean("enabled").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.userId, table.alert, table.channel] }),
  ],
);
