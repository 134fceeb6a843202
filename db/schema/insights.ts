import { sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { id, instant, timestamps } from "@/db/columns";
import { type EngineRecord, meetings } from "@/db/schema/meetings";
import { teams } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { insightTypeNames } from "@/lib/core/insight-types";

const workspaceId = () => text("workspace_id").notNull();

/** A group of insight definitions with the teams it is for. No team means every team. */
export const projects = pgTable(
  "projects",
  {
    id: id("project"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    language: text("language"),
    knowledge: text("knowledge").notNull().default(""),
    criteria: jsonb("criteria").$type<Record<string, unknown>[]>().notNull().default([]),
    ...timestamps(),
  },
  (table) => [
    unique("projects_workspace_id_key").on(table.workspaceId, table.id),
    index("projects_name_idx").on(table.workspaceId, table.name),
  ],
);

export const projectTeams = pgTable(
  "project_teams",
  {
    workspaceId: workspaceId(),
    projectId: text("project_id").notNull(),
    teamId: text("team_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.teamId] }),
    foreignKey({
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.workspaceId, table.teamId],
      foreignColumns: [teams.workspaceId, teams.id],
    }).onDelete("cascade"),
  ],
);

/** A definition: one question that is asked of every meeting (handbook D-53). */
export const insights = pgTable(
  "insights",
  {
    id: id("insight"),
    workspaceId: workspaceId(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    type: text("type", { enum: insightTypeNames }).notNull(),
    question: text("question").notNull(),
    desiredOutcome: text("desired_outcome").notNull().default(""),
    context: text("context").notNull().default(""),
    options: jsonb("options")
      .$type<{ scaleMin?: number; scaleMax?: number; items?: string[] }>()
      .notNull()
      .default({}),
    active: boolean("active").notNull().default(true),
    ...timestamps(),
  },
  (table) => [
    unique("insights_workspace_id_key").on(table.workspaceId, table.id),
    foreignKey({
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }).onDelete("cascade"),
    // Serves the list: ORDER BY created_at DESC, id DESC within a workspace.
    index("insights_created_idx").on(table.workspaceId, table.createdAt, table.id),
  ],
);

/** Definitions asked again of meetings of the past, because somebody said so (handbook 20.1). */
export const insightRuns = pgTable(
  "insight_runs",
  {
    id: id("insightRun"),
    workspaceId: workspaceId(),
    projectId: text("project_id").notNull(),
    insightIds: text("insight_ids").array().notNull(),
    /** Which meetings: dates, teams, only those without an answer. */
    filter: jsonb("filter").$type<Record<string, unknown>>().notNull().default({}),
    status: text("status", { enum: ["queued", "running", "completed", "cancelled", "failed"] })
      .notNull()
      .default("queued"),
    /** Meetings; counted before it starts. */
    total: integer("total").notNull(),
    done: integer("done").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    /** The last meeting that is done: date and id, in the order of the run. */
    cursor: jsonb("cursor").$type<{ date: string; id: string }>(),
    message: text("message"),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    ...timestamps(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }).onDelete("cascade"),
    // Serves the runs of a project, newest first.
    index("insight_runs_project_idx").on(table.workspaceId, table.projectId, table.createdAt),
    // Serves the sweeper that finds runs without a job.
    index("insight_runs_open_idx").on(table.updatedAt).where(sql`status in ('queued','running')`),
  ],
);

/** One answer per definition and meeting; a rerun replaces it. */
export const insightResults = pgTable(
  "insight_results",
  {
    id: id("insightResult"),
    workspaceId: workspaceId(),
    insightId: text("insight_id").notNull(),
    meetingId: text("meeting_id").notNull(),
    status: text("status", { enum: ["answered", "needs_language_model", "failed"] }).notNull(),
    value: jsonb("value"),
    score: real("score"),
    explanation: text("explanation"),
    evidence: jsonb("evidence").$type<{ turn: number }[]>().notNull().default([]),
    engine: jsonb("engine").$type<EngineRecord>().notNull(),
    runs: integer("runs").notNull().default(1),
    generatedAt: instant("generated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("insight_results_key").on(table.insightId, table.meetingId),
    foreignKey({
      columns: [table.workspaceId, table.insightId],
      foreignColumns: [insights.workspaceId, insights.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
    // Serves the answers of one meeting.
    index("insight_results_meeting_idx").on(table.meetingId),
    // Serves a definition's data and counts.
    index("insight_results_answered_idx")
      .on(table.insightId, table.generatedAt, table.id)
      .where(sql`status = 'answered'`),
  ],
);
