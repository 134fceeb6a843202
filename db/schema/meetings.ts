import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant, timestamps } from "@/db/columns";
import { contacts } from "@/db/schema/contacts";
import { teams } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";

/** Which engine made a result; shown by the page and the API. */
export interface EngineRecord {
  readonly id: string;
  readonly name: string;
  readonly model: string | null;
  readonly version: string;
}

/** One block of speech by one speaker; `speaker` is an index into the transcript's speakers. */
export interface StoredTurn {
  readonly speaker: number;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1, of a recognised turn that nobody corrected. */
  readonly confidence?: number;
}

/** A recognised word; times are milliseconds from the start of the recording. */
export interface RecognisedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
  /** Of a recording whose speakers have a channel each. */
  readonly channel?: number;
}

export interface StoredSpeaker {
  /** What the file said, such as "Speaker A". */
  readonly label: string;
  /** What is shown: the matched person's name, else the label. */
  readonly name: string;
}

const meetingId = () => text("meeting_id").notNull();
const workspaceId = () => text("workspace_id").notNull();
export const meetings = pgTable(
  "meetings",
  {
    id: id("meeting"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    date: instant("date").notNull(),
    durationSeconds: integer("duration_seconds").notNull().default(0),
    status: text("status", {
      enum: ["recording", "queued", "processing", "processed", "failed"],
    }).notNull(),
    stage: text("stage", { enum: ["transcribing", "summarizing", "generating_insights"] }),
    progress: smallint("progress").notNull().default(0),
    failureCode: text("failure_code"),
    failureMessage: text("failure_message"),
    source: text("source", {
      enum: [
        "companion_bot",
        "upload",
        "url_import",
        "transcript_paste",
        "zoom",
        "google_meet",
        "microsoft_teams",
        "talkdesk",
        "api",
      ],
    }).notNull(),
    medium: text("medium", { enum: ["video_call", "phone_call", "in_person", "other"] })
      .notNull()
      .default("video_call"),
    /** BCP-47, or null while it is not known. */
    language: text("language"),
    teamId: text("team_id"),
    /** The owner; null once that account is gone. */
    userId: text("user_id").references(() => users.id, { onDelete: "set null" }),
    tags: text("tags").array().notNull().default(sql`'{}'`),
    attributes: jsonb("attributes").$type<Record<string, unknown>>().notNull().default({}),
    /** Where the uploaded bytes are, as a key of lib/storage. */
    recordingKey: text("recording_key"),
    recordingKind: text("recording_kind", { enum: ["transcript", "audio", "video"] }),
    recordingName: text("recording_name"),
    recordingType: text("recording_type"),
    recordingBytes: bigint("recording_bytes", { mode: "number" }),
    /** SHA-256 of the bytes, lowercase hex: the same file twice is offered as the first meeting. */
    recordingSha256: text("recording_sha256"),
    /** A copy that browsers can play, where the uploaded file is none. */
    playbackKey: text("playback_key"),
    playbackType: text("playback_type"),
    /** When the bytes were removed by the workspace's retention; the transcript stays. */
    recordingRemovedAt: instant("recording_removed_at"),
    /** Where a recording is still to be fetched from, sealed; null once it is here. */
    sourceUrlSealed: text("source_url_sealed"),
    /** How many people speak, where somebody said so. */
    speakersExpected: smallint("speakers_expected"),
    ...timestamps(),
  },
  (table) => [
    unique("meetings_workspace_id_key").on(table.workspaceId, table.id),
    foreignKey({
      columns: [table.workspaceId, table.teamId],
      foreignColumns: [teams.workspaceId, teams.id],
    }),
    // Serves the list and its cursor: ORDER BY date DESC, id DESC within a workspace.
    index("meetings_date_idx").on(table.workspaceId, table.date, table.id),
    // Serves ?status= with the same order.
    index("meetings_status_idx").on(table.workspaceId, table.status, table.date, table.id),
    // Serves ?team_id= and people who may see their team's meetings.
    index("meetings_team_idx").on(table.workspaceId, table.teamId, table.date, table.id),
    // Serves ?user_id= and people who may see their own meetings.
    index("meetings_user_idx").on(table.workspaceId, table.userId, table.date, table.id),
    // Serves the search field of the page.
    index("meetings_title_idx").using("gin", sql`workspace_id`, sql`lower(title) gin_trgm_ops`),
    // Serves "you uploaded this file before".
    index("meetings_recording_idx")
      .on(table.workspaceId, table.recordingSha256)
      .where(sql`recording_sha256 is not null`),
    // Serves the sweeps of storage: which meeting does a file belong to.
    index("meetings_recording_key_idx")
      .on(table.recordingKey)
      .where(sql`recording_key is not null`),
    index("meetings_playback_key_idx").on(table.playbackKey).where(sql`playback_key is not null`),
    // Serves the sweeper that finds work without a job.
    index("meetings_open_idx").on(table.updatedAt).where(sql`status in ('queued','processing')`),
    check(
      "meetings_status_known",
      sql`${table.status} in ('recording','queued','processing','processed','failed')`,
    ),
    check("meetings_progress_range", sql`${table.progress} between 0 and 100`),
    check("meetings_duration_positive", sql`${table.durationSeconds} >= 0`),
    check(
      "meetings_failure_complete",
      sql`(${table.status} = 'failed') = (${table.failureCode} is not null)`,
    ),
  ],
);

export const participants = pgTable(
  "participants",
  {
    id: id("participant"),
    workspaceId: workspaceId(),
    meetingId: meetingId(),
    position: smallint("position").notNull(),
    name: text("name").notNull(),
    email: text("email"),
    type: text("type", { enum: ["internal", "external"] }).notNull(),
    userId: text("user_id").references(() => users.id, { onDelete: "set null" }),
    contactId: text("contact_id"),
    words: integer("words").notNull().default(0),
    talkMs: integer("talk_ms").notNull().default(0),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
    unique("participants_position_key").on(table.meetingId, table.position),
  ],
);

/** Which contacts took part in which meeting. */
export const meetingContacts = pgTable(
  "meeting_contacts",
  {
    workspaceId: workspaceId(),
    meetingId: meetingId(),
    contactId: text("contact_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.meetingId, table.contactId] }),
    // Serves a contact's meetings and the counts on the contact list.
    index("meeting_contacts_contact_idx").on(table.workspaceId, table.contactId, table.meetingId),
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.workspaceId, table.contactId],
      foreignColumns: [contacts.workspaceId, contacts.id],
    }).onDelete("cascade"),
  ],
);

/** One row holds a whole transcript, so that one read answers the API; `search` finds a phrase in it. */
export const transcripts = pgTable(
  "transcripts",
  {
    meetingId: text("meeting_id").primaryKey(),
    workspaceId: workspaceId(),
    speakers: jsonb("speakers").$type<StoredSpeaker[]>().notNull(),
    turns: jsonb("turns").$type<StoredTurn[]>().notNull(),
    timing: text("timing", { enum: ["exact", "estimated"] }).notNull(),
    format: text("format").notNull(),
    wordCount: integer("word_count").notNull(),
    engine: jsonb("engine").$type<EngineRecord>().notNull(),
    /** Rises with every correction; a correction names the version it was made on, so that none is overwritten. */
    version: integer("version").notNull().default(1),
    editedBy: text("edited_by").references(() => users.id, { onDelete: "set null" }),
    editedAt: instant("edited_at"),
    ...timestamps(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
  ],
);

/**
 * What has been recognised of a recording so far, part by part: a killed worker goes on after the last. Gone once the
 * transcript stands.
 */
export const transcriptionParts = pgTable(
  "transcription_parts",
  {
    workspaceId: workspaceId(),
    meetingId: meetingId(),
    position: integer("position").notNull(),
    startMs: integer("start_ms").notNull(),
    endMs: integer("end_ms").notNull(),
    words: jsonb("words").$type<RecognisedWord[]>().notNull(),
    /** What the engine needs beside the words to tell speakers apart; its own business. */
    voices: jsonb("voices"),
    engine: jsonb("engine").$type<EngineRecord>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.meetingId, table.position] }),
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
  ],
);

/** A file that arrives in pieces through the resumable door (tus 1.0); its bytes wait in storage. */
export const uploadSessions = pgTable(
  "upload_sessions",
  {
    id: id("uploadSession"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** Who may go on: the principal's type and id. */
    principalType: text("principal_type").notNull(),
    principalId: text("principal_id").notNull(),
    /** All bytes that will come. */
    length: bigint("length", { mode: "number" }).notNull(),
    /** Bytes that are safe in storage. */
    received: bigint("received", { mode: "number" }).notNull().default(0),
    fileName: text("file_name").notNull(),
    /** The form fields of the upload. */
    fields: jsonb("fields").$type<Record<string, string>>().notNull(),
    /** Where the pieces are, as a key of lib/storage. */
    storageKey: text("storage_key").notNull(),
    /** Set when the last piece has come and the upload became a meeting. */
    meetingId: text("meeting_id"),
    /** Somebody writes a piece until then; one at a time. */
    lockedUntil: instant("locked_until"),
    expiresAt: instant("expires_at").notNull(),
    ...timestamps(),
  },
  (table) => [
    // Serves the count of open uploads and the sweep of those that were given up.
    index("upload_sessions_expiry_idx").on(table.expiresAt),
    index("upload_sessions_workspace_idx").on(table.workspaceId, table.principalId),
    check("upload_sessions_received_range", sql`${table.received} between 0 and ${table.length}`),
  ],
);

export const summaries = pgTable(
  "summaries",
  {
    meetingId: text("meeting_id").primaryKey(),
    workspaceId: workspaceId(),
    overview: text("overview").notNull(),
    topics: jsonb("topics").$type<string[]>().notNull(),
    decisions: jsonb("decisions").$type<{ text: string; turn: number }[]>().notNull(),
    nextSteps: jsonb("next_steps").$type<string[]>().notNull(),
    engine: jsonb("engine").$type<EngineRecord>().notNull(),
    generatedAt: instant("generated_at").notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
  ],
);

export const actionItems = pgTable(
  "action_items",
  {
    id: id("actionItem"),
    workspaceId: workspaceId(),
    meetingId: meetingId(),
    position: smallint("position").notNull(),
    text: text("text").notNull(),
    assigneeUserId: text("assignee_user_id").references(() => users.id, { onDelete: "set null" }),
    assigneeName: text("assignee_name"),
    dueDate: date("due_date", { mode: "string" }),
    status: text("status", { enum: ["open", "done"] })
      .notNull()
      .default("open"),
    source: text("source", { enum: ["ai", "manual"] }).notNull(),
    confidence: real("confidence"),
    confident: boolean("confident").notNull().default(true),
    /** The turn of the transcript that it comes from. */
    turn: integer("turn"),
    /** A person changed it: a new analysis leaves it alone. */
    editedAt: instant("edited_at"),
    ...timestamps(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
    index("action_items_meeting_idx").on(table.meetingId, table.position),
    // Serves "my open action items" on Home.
    index("action_items_assignee_idx")
      .on(table.workspaceId, table.assigneeUserId, table.dueDate)
      .where(sql`status = 'open'`),
    check("action_items_status_known", sql`${table.status} in ('open','done')`),
  ],
);

/** The Notes of a meeting: Markdown, written on its page (handbook D-67). */
export const meetingNotes = pgTable(
  "meeting_notes",
  {
    meetingId: text("meeting_id").primaryKey(),
    workspaceId: workspaceId(),
    markdown: text("markdown").notNull(),
    /** Rises with every save; a save names the version it was made from, so that none is overwritten. */
    version: integer("version").notNull().default(1),
    updatedBy: text("updated_by").references(() => users.id, { onDelete: "set null" }),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.meetingId],
      foreignColumns: [meetings.workspaceId, meetings.id],
    }).onDelete("cascade"),
  ],
);

/**
 * Rises, by a trigger and in the same transaction, with every change that a list of meetings would show: a page read
 * at some version is right as long as the version stands.
 */
export const meetingVersions = pgTable("meeting_versions", {
  workspaceId: text("workspace_id")
    .primaryKey()
    .references(() => workspaces.id, { onDelete: "cascade" }),
  version: bigint("version", { mode: "number" }).notNull(),
});

/** Exact totals without counting: kept by statement-level triggers on `meetings`. */
export const meetingCounts = pgTable(
  "meeting_counts",
  {
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    status: text("status").notNull(),
    n: integer("n").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.status] })],
);
