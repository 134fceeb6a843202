import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/db/columns";
import { roles } from "@/db/schema/members";
import { serviceAccounts } from "@/db/schema/service-accounts";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";

/** API keys (handbook 14). Only the SHA-256 of a key is kept, with four characters from each end. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: id("apiKey"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    first4: text("first4").notNull(),
    last4: text("last4").notNull(),
    keyHash: text("key_hash").notNull().unique(),
    /** Set for API tokens of a service account, whose role and teams are theirs. */
    serviceAccountId: text("service_account_id").references(() => serviceAccounts.id, {
      onDelete: "cascade",
    }),
    roleId: text("role_id").references(() => roles.id, { onDelete: "restrict" }),
    access: text("access", { enum: ["read", "read_write"] }).notNull(),
    rateLimitPerMinute: integer("rate_limit_per_minute"),
    expiresAt: instant("expires_at"),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    createdByLabel: text("created_by_label").notNull(),
    createdAt: createdAt(),
    lastUsedAt: instant("last_used_at"),
    lastUsedIp: text("last_used_ip"),
    /** From this instant on the key is refused; in the future while a rotation overlaps. */
    revokedAt: instant("revoked_at"),
    revokedBy: text("revoked_by").references(() => users.id, { onDelete: "set null" }),
    replacedBy: text("replaced_by"),
    /** Set when the creator left: their teams of that moment, to which a team or own role stays bound. */
    frozenTeamIds: text("frozen_team_ids").array(),
    /** When the "expires in 7 days" and "expired" alerts went out. */
    expiryWarnedAt: instant("expiry_warned_at"),
    expiredNotifiedAt: instant("expired_notified_at"),
  },
  (table) => [
    index("api_keys_workspace_idx").on(table.workspaceId, table.createdAt),
    // Serves the hourly look for keys about to expire.
    index("api_keys_expiry_idx").on(table.expiresAt).where(sql`expires_at is not null`),
    check("api_keys_access_known", sql`${table.access} in ('read','read_write')`),
    check("api_keys_rate_limit_positive", sql`${table.rateLimitPerMinute} > 0`),
  ],
);

/** Answers of POST requests that carried an Idempotency-Key, kept for 24 hours. */
export const idempotencyRecords = pgTable(
  "idempotency_records",
  {
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    credentialId: text("credential_id").notNull(),
    path: text("path").notNull(),
    /** SHA-256 of the header's value. */
    keyHash: text("key_hash").notNull(),
    /** SHA-256 over the form fields and the file's SHA-256. */
    fingerprint: text("fingerprint").notNull(),
    status: integer("status").notNull(),
    body: text("body").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.credentialId, table.path, table.keyHash] }),
    // Serves the hourly sweep.
    index("idempotency_records_created_idx").on(table.createdAt),
  ],
);
