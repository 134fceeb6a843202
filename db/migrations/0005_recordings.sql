CREATE TABLE "insight_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"project_id" text NOT NULL,
	"insight_ids" text[] NOT NULL,
	"filter" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"total" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb,
	"message" text,
	"requested_by" text,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transcription_parts" (
	"workspace_id" text NOT NULL,
	"meeting_id" text NOT NULL,
	"position" integer NOT NULL,
	"start_ms" integer NOT NULL,
	"end_ms" integer NOT NULL,
	"words" jsonb NOT NULL,
	"voices" jsonb,
	"engine" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "transcription_parts_meeting_id_position_pk" PRIMARY KEY("meeting_id","position")
);
--> statement-breakpoint
CREATE TABLE "upload_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"principal_type" text NOT NULL,
	"principal_id" text NOT NULL,
	"length" bigint NOT NULL,
	"received" bigint DEFAULT 0 NOT NULL,
	"file_name" text NOT NULL,
	"fields" jsonb NOT NULL,
	"storage_key" text NOT NULL,
	"meeting_id" text,
	"locked_until" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upload_sessions_received_range" CHECK ("upload_sessions"."received" between 0 and "upload_sessions"."length")
);
--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "recording_sha256" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "playback_key" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "playback_type" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "recording_removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "source_url_sealed" text;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "speakers_expected" smallint;--> statement-breakpoint
ALTER TABLE "transcripts" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "transcripts" ADD COLUMN "edited_by" text;--> statement-breakpoint
ALTER TABLE "transcripts" ADD COLUMN "edited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "recording_retention_days" integer;--> statement-breakpoint
ALTER TABLE "insight_runs" ADD CONSTRAINT "insight_runs_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "insight_runs" ADD CONSTRAINT "insight_runs_workspace_id_project_id_projects_workspace_id_id_fk" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcription_parts" ADD CONSTRAINT "transcription_parts_workspace_id_meeting_id_meetings_workspace_id_id_fk" FOREIGN KEY ("workspace_id","meeting_id") REFERENCES "public"."meetings"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_sessions" ADD CONSTRAINT "upload_sessions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "insight_runs_project_idx" ON "insight_runs" USING btree ("workspace_id","project_id","created_at");--> statement-breakpoint
CREATE INDEX "insight_runs_open_idx" ON "insight_runs" USING btree ("updated_at") WHERE status in ('queued','running');--> statement-breakpoint
CREATE INDEX "upload_sessions_expiry_idx" ON "upload_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "upload_sessions_workspace_idx" ON "upload_sessions" USING btree ("workspace_id","principal_id");--> statement-breakpoint
ALTER TABLE "transcripts" ADD CONSTRAINT "transcripts_edited_by_users_id_fk" FOREIGN KEY ("edited_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meetings_recording_idx" ON "meetings" USING btree ("workspace_id","recording_sha256") WHERE recording_sha256 is not null;--> statement-breakpoint
CREATE INDEX "meetings_recording_key_idx" ON "meetings" USING btree ("recording_key") WHERE recording_key is not null;--> statement-breakpoint
CREATE INDEX "meetings_playback_key_idx" ON "meetings" USING btree ("playback_key") WHERE playback_key is not null;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_retention_positive" CHECK ("workspaces"."recording_retention_days" > 0);