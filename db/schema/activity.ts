import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/db/columns";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { newId } from "@/lib/core/ids";

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

/** The audit trail (handbook 24). Append-only; partitioned by month in the migration. */
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
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    index("audit_events_workspace_idx").on(table.workspaceId, table.at),
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
    readAt: instant("read_at"),
    createdAt: createdAt(),
  },
  (table) => [
    index("notifications_user_idx").on(table.workspaceId, table.userId, table.createdAt),
    index("notifications_unread_idx")
      .on(table.workspaceId, table.userId)
      .where(sql`read_at is null`),
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
