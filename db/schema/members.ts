import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";

const workspaceId = () =>
  text("workspace_id")
    .notNull()
    .references(() => workspaces.id, { onDelete: "cascade" });

/** Roles of a workspace. Built-in ones take their permissions from lib/auth/roles.ts by `key`. */
export const roles = pgTable(
  "roles",
  {
    id: id("role"),
    workspaceId: workspaceId(),
    key: text("key", { enum: ["admin", "manager", "user"] }),
    name: text("name").notNull(),
    /** `resource:action:scope` strings; read only for custom roles. */
    permissions: text("permissions").array().notNull().default(sql`'{}'`),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("roles_built_in_key").on(table.workspaceId, table.key),
    uniqueIndex("roles_name_key").on(table.workspaceId, sql`lower(${table.name})`),
    unique("roles_workspace_id_key").on(table.workspaceId, table.id),
  ],
);

/** Who belongs to a workspace. A removed member's row stays, so that history keeps its names. */
export const memberships = pgTable(
  "memberships",
  {
    id: id("membership"),
    workspaceId: workspaceId(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    roleId: text("role_id").notNull(),
    managerId: text("manager_id").references(() => users.id, { onDelete: "set null" }),
    hasSeat: boolean("has_seat").notNull().default(true),
    removedAt: instant("removed_at"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("memberships_active_key")
      .on(table.workspaceId, table.userId)
      .where(sql`removed_at is null`),
    // Serves sign-in: the workspaces of one person.
    index("memberships_user_idx").on(table.userId).where(sql`removed_at is null`),
    foreignKey({
      columns: [table.workspaceId, table.roleId],
      foreignColumns: [roles.workspaceId, roles.id],
    }),
    check("memberships_not_own_manager", sql`${table.managerId} <> ${table.userId}`),
  ],
);

export const teams = pgTable(
  "teams",
  {
    id: id("team"),
    workspaceId: workspaceId(),
    name: text("name").notNull(),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("teams_name_key").on(table.workspaceId, sql`lower(${table.name})`),
    unique("teams_workspace_id_key").on(table.workspaceId, table.id),
  ],
);

export const teamMembers = pgTable(
  "team_members",
  {
    workspaceId: workspaceId(),
    teamId: text("team_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.userId] }),
    index("team_members_user_idx").on(table.workspaceId, table.userId),
    foreignKey({
      columns: [table.workspaceId, table.teamId],
      foreignColumns: [teams.workspaceId, teams.id],
    }).onDelete("cascade"),
  ],
);

export const invitations = pgTable(
  "invitations",
  {
    id: id("invitation"),
    workspaceId: workspaceId(),
    email: text("email").notNull(),
    roleId: text("role_id").notNull(),
    teamIds: text("team_ids").array().notNull().default(sql`'{}'`),
    /** SHA-256 of the token in the link. */
    tokenHash: text("token_hash").notNull().unique(),
    invitedBy: text("invited_by").references(() => users.id, { onDelete: "set null" }),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("invitations_open_key")
      .on(table.workspaceId, table.email)
      .where(sql`accepted_at is null and revoked_at is null`),
    foreignKey({
      columns: [table.workspaceId, table.roleId],
      foreignColumns: [roles.workspaceId, roles.id],
    }),
    check("invitations_email_lower", sql`${table.email} = lower(${table.email})`),
  ],
);
