import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";
import { workspaces } from "@/db/schema/workspaces";

/** A person. One account may belong to several workspaces. Property names follow next-auth's adapter. */
export const users = pgTable(
  "users",
  {
    id: id("user"),
    name: text("name"),
    email: text("email").notNull(),
    emailVerified: instant("email_verified"),
    image: text("image"),
    passwordHash: text("password_hash"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("users_email_key").on(table.email),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
  ],
);

/** Sign-in accounts at other parties (Google). Their tokens are never stored. */
export const accounts = pgTable(
  "accounts",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: text("type").notNull(),
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.providerAccountId] }),
    index("accounts_user_idx").on(table.userId),
  ],
);

/** Browser sessions. `sessionToken` holds the SHA-256 of the cookie's value, never the value. */
export const sessions = pgTable(
  "sessions",
  {
    sessionToken: text("session_token").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expires: instant("expires").notNull(),
    /** The workspace that the person is looking at; null falls back to their first one. */
    workspaceId: text("workspace_id").references(() => workspaces.id, { onDelete: "set null" }),
    ip: text("ip"),
    userAgent: text("user_agent"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("sessions_user_idx").on(table.userId),
    // Serves the daily sweep of expired sessions.
    index("sessions_expires_idx").on(table.expires),
  ],
);

/** One-time tokens of magic links; `token` is hashed by next-auth. */
export const verificationTokens = pgTable(
  "verification_tokens",
  {
    identifier: text("identifier").notNull(),
    token: text("token").notNull(),
    expires: instant("expires").notNull(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.token] })],
);
