import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";
import { workspaces } from "@/db/schema/workspaces";

/** An external participant (handbook 19). */
export const contacts = pgTable(
  "contacts",
  {
    id: id("contact"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    email: text("email"),
    phone: text("phone"),
    title: text("title"),
    company: text("company"),
    accountId: text("account_id"),
    tags: text("tags").array().notNull().default(sql`'{}'`),
    attributes: jsonb("attributes").$type<Record<string, unknown>>().notNull().default({}),
    lastInteractionAt: instant("last_interaction_at"),
    ...timestamps(),
  },
  (table) => [
    unique("contacts_workspace_id_key").on(table.workspaceId, table.id),
    uniqueIndex("contacts_email_key").on(table.workspaceId, sql`lower(${table.email})`),
    // Serves the list: ORDER BY name, id within a workspace.
    index("contacts_name_idx").on(table.workspaceId, table.name, table.id),
    // Serves matching on phone when there is no e-mail address (digits only).
    index("contacts_phone_idx").on(table.workspaceId, table.phone).where(sql`phone is not null`),
    // Serves q= and the search field of the page.
    index("contacts_search_idx").using(
      "gin",
      sql`workspace_id`,
      sql`(lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(company, ''))) gin_trgm_ops`,
    ),
  ],
);
