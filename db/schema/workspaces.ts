import { sql } from "drizzle-orm";
import { boolean, check, integer, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";

export const workspaces = pgTable(
  "workspaces",
  {
    id: id("workspace"),
    name: text("name").notNull(),
    slug: text("slug").notNull().unique(),
    plan: text("plan", { enum: ["solo", "plus", "max", "enterprise"] }).notNull(),
    /** Overrides the plan's requests per minute (Enterprise: custom). */
    rateLimitPerMinute: integer("rate_limit_per_minute"),
    timeZone: text("time_zone").notNull().default("UTC"),
    /**
     * Rises by a trigger with every change of plan, roles, members or teams. A cached credential carries the
     * value that it was read under, and every request compares the two in its own query.
     */
    accessVersion: integer("access_version").notNull().default(1),
    /** Days after which recordings (not transcripts) are removed; null keeps them. */
    recordingRetentionDays: integer("recording_retention_days"),
    /** Which third-party apps members may authorise: all that are visible, those an admin approved, or none. */
    oauthPolicy: text("oauth_policy", { enum: ["open", "approval", "off"] })
      .notNull()
      .default("open"),
    /** Whether programs that hold a registration token may register apps here (RFC 7591). */
    allowsAppRegistration: boolean("allows_app_registration").notNull().default(false),
    setUpAt: instant("set_up_at"),
    ...timestamps(),
  },
  (table) => [
    check("workspaces_plan_known", sql`${table.plan} in ('solo','plus','max','enterprise')`),
    check("workspaces_rate_limit_positive", sql`${table.rateLimitPerMinute} > 0`),
    check("workspaces_retention_positive", sql`${table.recordingRetentionDays} > 0`),
  ],
);
