import { date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { workspaces } from "@/db/schema/workspaces";

/** How often a credential called what, day by day in UTC and by how it was answered; kept for 30 days. */
export const apiUsage = pgTable(
  "api_usage",
  {
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** An API key, a grant of an OAuth app, or the service account of a client; it may be gone. */
    credentialId: text("credential_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    /** The operation's id in the OpenAPI document, such as `getMeeting`. */
    operation: text("operation").notNull(),
    answered: integer("answered").notNull(),
    /** Answered with 4xx, other than 429. */
    refused: integer("refused").notNull(),
    /** Answered with 429. */
    limited: integer("limited").notNull(),
    /** Answered with 5xx. */
    failed: integer("failed").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.workspaceId, table.credentialId, table.day, table.operation],
    }),
    // Serves the hourly sweep.
    index("api_usage_day_idx").on(table.day),
  ],
);
