import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant, timestamps } from "@/db/columns";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { newId } from "@/lib/core/ids";

const workspaceId = () =>
  text("workspace_id")
    .notNull()
    .references(() => workspaces.id, { onDelete: "cascade" });

/** Endpoints that receive events (handbook 21). A deleted one stays until its log has expired. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: id("webhook"),
    workspaceId: workspaceId(),
    name: text("name").notNull(),
    description: text("description"),
    url: text("url").notNull(),
    events: text("events").array().notNull(),
    /** Filters; an empty list and null let everything pass. */
    teamIds: text("team_ids").array().notNull().default(sql`'{}'`),
    userIds: text("user_ids").array().notNull().default(sql`'{}'`),
    sources: text("sources").array().notNull().default(sql`'{}'`),
    minDurationSeconds: integer("min_duration_seconds"),
    /** Sealed, since it must be read back to sign; bound to this row's id. */
    secretSealed: text("secret_sealed").notNull(),
    secretLast4: text("secret_last4").notNull(),
    /** The secret that takes over when the overlap of a rotation ends. */
    nextSecretSealed: text("next_secret_sealed"),
    nextSecretLast4: text("next_secret_last4"),
    rotationEndsAt: instant("rotation_ends_at"),
    status: text("status", { enum: ["active", "paused", "disabled"] })
      .notNull()
      .default("active"),
    disabledAt: instant("disabled_at"),
    disabledReason: text("disabled_reason", { enum: ["failing", "gone"] }),
    /** Health: written by the delivery engine once per batch of results, tests left out. */
    consecutiveFailures: integer("consecutive_failures").notNull().default(0),
    /** The oldest failure since the last success; answers of 429 do not count. */
    failingSince: instant("failing_since"),
    lastDeliveryAt: instant("last_delivery_at"),
    lastSuccessAt: instant("last_success_at"),
    lastStatus: smallint("last_status"),
    lastError: text("last_error"),
    /** When the admins were last told that it is failing; null while it works. */
    warnedAt: instant("warned_at"),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    createdByLabel: text("created_by_label").notNull(),
    deletedAt: instant("deleted_at"),
    ...timestamps(),
  },
  (table) => [
    // Serves the page and the fan-out of an event.
    index("webhooks_workspace_idx").on(table.workspaceId, table.createdAt),
    check("webhooks_status_known", sql`${table.status} in ('active','paused','disabled')`),
    check("webhooks_has_events", sql`cardinality(${table.events}) > 0`),
    check(
      "webhooks_rotation_complete",
      sql`(${table.nextSecretSealed} is null) = (${table.rotationEndsAt} is null)`,
    ),
  ],
);

/**
 * One event for one webhook: the outbox, the queue and the log in one row. It is written in the transaction of the
 * event; `next_attempt_at` is set as long as work remains, and `claimed_until` while a worker holds it.
 */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: id("delivery"),
    workspaceId: workspaceId(),
    webhookId: text("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    /** Null for a test. Not a foreign key: events expire by themselves. */
    eventId: text("event_id"),
    eventType: text("event_type").notNull(),
    status: text("status", {
      enum: ["pending", "delivering", "succeeded", "retrying", "failed", "cancelled"],
    })
      .notNull()
      .default("pending"),
    /** Why it ended without success: of the webhook's state, or of the last attempt. */
    reason: text("reason", {
      enum: ["paused", "disabled", "deleted", "gone", "exhausted", "meeting_deleted"],
    }),
    attemptsCount: smallint("attempts_count").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    claimedUntil: instant("claimed_until"),
    /** Serialised once; every attempt sends these bytes. */
    requestBody: text("request_body").notNull(),
    isTest: boolean("is_test").notNull().default(false),
    redeliveryOf: text("redelivery_of"),
    lastStatus: smallint("last_status"),
    lastError: text("last_error"),
    lastDurationMs: integer("last_duration_ms"),
    createdAt: createdAt(),
    completedAt: instant("completed_at"),
  },
  (table) => [
    // The queue: what is due, webhook by webhook.
    index("webhook_deliveries_due_idx")
      .on(table.webhookId, table.nextAttemptAt)
      .where(sql`next_attempt_at is not null`),
    // Serves the log and its retention.
    index("webhook_deliveries_log_idx").on(table.webhookId, table.createdAt, table.id),
    // Serves "why was this not delivered?", missed events and the search by meeting.
    index("webhook_deliveries_event_idx").on(table.eventId),
    check(
      "webhook_deliveries_open",
      sql`(${table.nextAttemptAt} is not null) = (${table.status} in ('pending','delivering','retrying'))`,
    ),
  ],
);

/** Every attempt as it went over the wire. Partitioned by month of `started_at` in the migration. */
export const webhookAttempts = pgTable(
  "webhook_attempts",
  {
    id: text("id")
      .notNull()
      .$defaultFn(() => newId("attempt")),
    workspaceId: text("workspace_id").notNull(),
    webhookId: text("webhook_id").notNull(),
    deliveryId: text("delivery_id").notNull(),
    number: smallint("number").notNull(),
    startedAt: instant("started_at").notNull(),
    durationMs: integer("duration_ms").notNull(),
    /** Milliseconds to connection (absent on a reused one) and to the first byte of the answer. */
    timings: jsonb("timings").$type<{ connect?: number; firstByte?: number }>().notNull(),
    url: text("url").notNull(),
    requestHeaders: jsonb("request_headers").$type<Record<string, string>>().notNull(),
    responseStatus: smallint("response_status"),
    responseHeaders: jsonb("response_headers").$type<Record<string, string>>(),
    /** The first 2 KB. */
    responseBody: text("response_body"),
    /** A code of lib/outbound, such as `timeout`; null when there was an answer. */
    error: text("error"),
    errorMessage: text("error_message"),
  },
  (table) => [
    primaryKey({ columns: [table.startedAt, table.id] }),
    index("webhook_attempts_delivery_idx").on(table.deliveryId),
  ],
);
