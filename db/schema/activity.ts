import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/db/columns";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { newId } from "@/lib/core/ids";

/** Members whose role holds the permission (`audit:read:all`), and these people; former members never. */
export interface Audience {
  readonly permission?: string;
  readonly userIds?: readonly string[];
  /** What it is about: it is not told through this connection, and choices for it go before the general ones. */
  readonly exceptConnectionId?: string;
}

const workspaceId = () =>
  text("workspace_id")
    .notNull()
    .references(() => workspaces.id, { onDelete: "cascade" });

/** Facts that happened, written in the transaction of the change (handbook 21.2). */
export const events = pgTable(
  "events",
  {
    id: id("event"),
    workspaceId: workspaceId(),
    type: text("type").notNull(),
    /** The meeting it is about; not a foreign key, since a fact outlives its meeting. */
    meetingId: text("meeting_id"),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    occurredAt: instant("occurred_at").notNull().defaultNow(),
  },
  (table) => [
    index("events_workspace_idx").on(table.workspaceId, table.occurredAt),
    index("events_meeting_idx").on(table.meetingId),
  ],
);

/**
 * The audit trail (handbook 24). Append-only; partitioned by month in the migration. Entries are written without
 * `seq`, `hash` and `prev_hash`: the worker seals them minutes later into the workspace's chain (lib/audit), which is
 * the one change that the trigger lets pass.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: text("id")
      .notNull()
      .$defaultFn(() => newId("audit")),
    workspaceId: workspaceId(),
    at: instant("at").notNull().defaultNow(),
    actorType: text("actor_type", {
      enum: ["user", "service_account", "api_key", "oauth_app", "system"],
    }).notNull(),
    actorId: text("actor_id"),
    actorLabel: text("actor_label").notNull(),
    category: text("category").notNull(),
    action: text("action").notNull(),
    targetType: text("target_type"),
    targetId: text("target_id"),
    targetLabel: text("target_label"),
    result: text("result", { enum: ["success", "failure"] }).notNull(),
    ip: text("ip"),
    userAgent: text("user_agent"),
    metadata: jsonb("metadata").$type<Record<string, unknown>>().notNull().default({}),
    /** The place in the workspace's chain, from 1 on. */
    seq: bigint("seq", { mode: "number" }),
    hash: text("hash"),
    prevHash: text("prev_hash"),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    index("audit_events_workspace_idx").on(table.workspaceId, table.at, table.id),
    // One's own actions, and the filter by actor.
    index("audit_events_actor_idx").on(table.workspaceId, table.actorId, table.at),
    // Walking a chain from its anchor.
    index("audit_events_chain_idx").on(table.workspaceId, table.seq),
    // What waits for its seal; nearly always empty.
    index("audit_events_unsealed_idx").on(table.workspaceId).where(sql`seq is null`),
    // The filter by integration, and the list of those that have entries.
    index("audit_events_integration_idx")
      .on(table.workspaceId, sql`(metadata ->> 'integration')`, table.at)
      .where(sql`(metadata ->> 'integration') is not null`),
    check(
      "audit_events_sealed_whole",
      // Bare names: PostgreSQL checks it against each partition.
      sql`(seq is null) = (hash is null) and (seq is null) = (prev_hash is null)`,
    ),
  ],
);

/**
 * Both ends of each workspace's chain: what its first kept entry follows (the last one of the months that were
 * dropped), and the newest sealed entry, without which cutting entries off the end would leave no trace.
 */
export const auditAnchors = pgTable("audit_anchors", {
  workspaceId: text("workspace_id")
    .primaryKey()
    .references(() => workspaces.id, { onDelete: "cascade" }),
  startSeq: bigint("start_seq", { mode: "number" }).notNull(),
  startHash: text("start_hash").notNull(),
  endSeq: bigint("end_seq", { mode: "number" }).notNull(),
  endHash: text("end_hash").notNull(),
});

/**
 * Trouble that lasts, told once (handbook 13): while it is open its repeats raise the count, a day later a reminder
 * follows, and its end is told too.
 */
export const incidents = pgTable(
  "incidents",
  {
    id: id("incident"),
    workspaceId: workspaceId(),
    /** What it is about, such as `webhook:whk_…`; one open incident each. */
    key: text("key").notNull(),
    type: text("type").notNull(),
    severity: text("severity", { enum: ["info", "warning", "error"] }).notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    link: text("link"),
    /** Who is told: reminders and the recovery go to whoever fits then. */
    audience: jsonb("audience").$type<Audience>().notNull(),
    count: integer("count").notNull().default(1),
    openedAt: instant("opened_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** When people were told last. */
    toldAt: instant("told_at").notNull(),
    resolvedAt: instant("resolved_at"),
  },
  (table) => [
    uniqueIndex("incidents_open_key")
      .on(table.workspaceId, table.key)
      .where(sql`resolved_at is null`),
    index("incidents_told_idx").on(table.toldAt).where(sql`resolved_at is null`),
  ],
);

export const notifications = pgTable(
  "notifications",
  {
    id: id("notification"),
    workspaceId: workspaceId(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    severity: text("severity", { enum: ["info", "warning", "error"] }).notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    link: text("link"),
    incidentId: text("incident_id").references(() => incidents.id, { onDelete: "set null" }),
    readAt: instant("read_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("notifications_user_idx").on(table.workspaceId, table.userId, table.createdAt, table.id),
    index("notifications_incident_idx").on(table.incidentId).where(sql`incident_id is not null`),
    index("notifications_unread_idx")
      .on(table.workspaceId, table.userId)
      .where(sql`read_at is null`),
  ],
);

/** What somebody chose in the grid of alerts (handbook D-31); what is not here is as the grid begins. */
export const notificationPreferences = pgTable(
  "notification_preferences",
  {
    workspaceId: workspaceId(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    alert: text("alert").notNull(),
    channel: text("channel").notNull(),
    enabled: boolean("enabled").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.userId, table.alert, table.channel] }),
  ],
);

/** Mail that was written: sent through SMTP when configured, kept readable otherwise. */
export const mailMessages = pgTable(
  "mail_messages",
  {
    id: id("mail"),
    to: text("to").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    sentAt: instant("sent_at"),
    attempts: integer("attempts").notNull().default(0),
    lastError: text("last_error"),
    createdAt: createdAt(),
  },
  (table) => [index("mail_messages_created_idx").on(table.createdAt)],
);

/** Fixed 60-second windows of the shared rate limiter; unlogged in the migration. */
export const rateWindows = pgTable("rate_windows", {
  key: text("key").primaryKey(),
  startedAt: instant("started_at").notNull(),
  count: integer("count").notNull(),
});
