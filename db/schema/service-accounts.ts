import { index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";
import { roles } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";

/** Programs that act under a name of their own (handbook D-35): they hold API tokens, and sign in nowhere. */
export const serviceAccounts = pgTable(
  "service_accounts",
  {
    id: id("serviceAccount"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    roleId: text("role_id")
      .notNull()
      .references(() => roles.id, { onDelete: "restrict" }),
    /** Whose meetings a role of team reach covers. */
    teamIds: text("team_ids").array().notNull(),
    status: text("status", { enum: ["active", "disabled"] })
      .notNull()
      .default("active"),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    deletedAt: instant("deleted_at"),
    ...timestamps(),
  },
  (table) => [
    unique("service_accounts_workspace_id_key").on(table.workspaceId, table.id),
    index("service_accounts_workspace_idx").on(table.workspaceId, table.createdAt),
  ],
);
