CREATE TABLE "calendar_events" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"calendar_id" text NOT NULL,
	"external_id" text NOT NULL,
	"uid" text,
	"occurrence" timestamp with time zone,
	"title" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"is_all_day" boolean DEFAULT false NOT NULL,
	"is_declined" boolean DEFAULT false NOT NULL,
	"is_private" boolean DEFAULT false NOT NULL,
	"organizer_email" text,
	"attendees" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"meeting_url" text,
	"platform" text DEFAULT 'none' NOT NULL,
	"conference_key" text,
	"status" text NOT NULL,
	"version" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connect_states" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"user_id" text NOT NULL,
	"provider" text NOT NULL,
	"session_hash" text NOT NULL,
	"browser_hash" text NOT NULL,
	"verifier_sealed" text,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"asked_scopes" text[] NOT NULL,
	"connection_id" text,
	"may_replace_account" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"result" jsonb
);
--> statement-breakpoint
CREATE TABLE "connection_alert_choices" (
	"workspace_id" text NOT NULL,
	"user_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"alert" text NOT NULL,
	"channel" text NOT NULL,
	"enabled" boolean NOT NULL,
	CONSTRAINT "connection_alert_choices_connection_id_user_id_alert_channel_pk" PRIMARY KEY("connection_id","user_id","alert","channel")
);
--> statement-breakpoint
CREATE TABLE "connection_choices" (
	"connection_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"setting" text NOT NULL,
	"choices" jsonb NOT NULL,
	"fetched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connection_choices_connection_id_setting_pk" PRIMARY KEY("connection_id","setting")
);
--> statement-breakpoint
CREATE TABLE "connection_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"data_key_sealed" text NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text,
	"expires_at" timestamp with time zone,
	"refresh_expires_at" timestamp with time zone,
	"generation" integer DEFAULT 1 NOT NULL,
	"refresh_began_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"provider" text NOT NULL,
	"scope" text NOT NULL,
	"owner_user_id" text,
	"status" text NOT NULL,
	"attention_reason" text,
	"attention_since" timestamp with time zone,
	"attention_detail" text,
	"account_label" text,
	"external_account_id" text,
	"granted_scopes" text[] DEFAULT '{}' NOT NULL,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"tenant" text,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"connected_by" text,
	"connected_by_label" text NOT NULL,
	"connected_at" timestamp with time zone,
	"disconnected_at" timestamp with time zone,
	"failing_since" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error" jsonb,
	"last_sync_at" timestamp with time zone,
	"last_sync_status" text,
	"next_sync_at" timestamp with time zone,
	"last_probe_at" timestamp with time zone,
	"wants" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connections_owner_fits_scope" CHECK (("connections"."scope" = 'personal') = ("connections"."owner_user_id" is not null)),
	CONSTRAINT "connections_reason_fits_status" CHECK (("connections"."status" = 'needs_attention') = ("connections"."attention_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "external_links" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"external_type" text NOT NULL,
	"external_id" text NOT NULL,
	"external_url" text,
	"place" text,
	"version" text,
	"last_synced_hash" text,
	"baseline" jsonb,
	"state" text DEFAULT 'linked' NOT NULL,
	"seen_at" timestamp with time zone,
	"last_synced_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hook_receipts" (
	"provider" text NOT NULL,
	"external_id" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hook_receipts_provider_external_id_pk" PRIMARY KEY("provider","external_id")
);
--> statement-breakpoint
CREATE TABLE "meeting_events" (
	"workspace_id" text NOT NULL,
	"meeting_id" text NOT NULL,
	"calendar_event_id" text NOT NULL,
	"state" text NOT NULL,
	"score" real NOT NULL,
	"decided_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meeting_events_workspace_id_meeting_id_calendar_event_id_pk" PRIMARY KEY("workspace_id","meeting_id","calendar_event_id")
);
--> statement-breakpoint
CREATE TABLE "provider_budgets" (
	"key" text PRIMARY KEY NOT NULL,
	"paid_back_at_ms" double precision DEFAULT 0 NOT NULL,
	"blocked_until" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_hooks" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"resource" text NOT NULL,
	"stream" text DEFAULT '' NOT NULL,
	"external_id" text,
	"secret_sealed" text,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"expires_at" timestamp with time zone,
	"last_call_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_cursors" (
	"connection_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"resource" text NOT NULL,
	"stream" text DEFAULT '' NOT NULL,
	"cursor" text,
	"since" timestamp with time zone NOT NULL,
	"sweep_began_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_cursors_connection_id_resource_stream_pk" PRIMARY KEY("connection_id","resource","stream")
);
--> statement-breakpoint
CREATE TABLE "sync_items" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"topic" text NOT NULL,
	"object_id" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"priority" smallint DEFAULT 1 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"claimed_until" timestamp with time zone,
	"idempotency_key" text,
	"error_code" text,
	"error_message" text,
	"run_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sync_log_entries" (
	"id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"level" text NOT NULL,
	"object_type" text NOT NULL,
	"action" text NOT NULL,
	"harmony_id" text,
	"external_id" text,
	"external_url" text,
	"message" text NOT NULL,
	"error_code" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "sync_log_entries_at_id_pk" PRIMARY KEY("at","id")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "sync_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"trigger" text NOT NULL,
	"direction" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"created_count" integer DEFAULT 0 NOT NULL,
	"updated_count" integer DEFAULT 0 NOT NULL,
	"skipped_count" integer DEFAULT 0 NOT NULL,
	"failed_count" integer DEFAULT 0 NOT NULL,
	"progress_done" integer,
	"progress_total" integer,
	"error_code" text,
	"error_message" text,
	"initiated_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_settings" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"meeting_data" boolean NOT NULL,
	"action_items" boolean NOT NULL,
	"contacts" boolean NOT NULL,
	"notes" boolean NOT NULL,
	"direction" text NOT NULL,
	"frequency" text NOT NULL,
	"conflict_rule" text DEFAULT 'tool_wins' NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calendar_events" ADD CONSTRAINT "calendar_events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_events" ADD CONSTRAINT "calendar_events_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connect_states" ADD CONSTRAINT "connect_states_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connect_states" ADD CONSTRAINT "connect_states_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_choices" ADD CONSTRAINT "connection_choices_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_choices" ADD CONSTRAINT "connection_choices_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_secrets" ADD CONSTRAINT "connection_secrets_id_connections_id_fk" FOREIGN KEY ("id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_secrets" ADD CONSTRAINT "connection_secrets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_owner_user_id_users_id_fk" FOREIGN KEY ("owner_user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_connected_by_users_id_fk" FOREIGN KEY ("connected_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_links" ADD CONSTRAINT "external_links_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_links" ADD CONSTRAINT "external_links_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_events" ADD CONSTRAINT "meeting_events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_events" ADD CONSTRAINT "meeting_events_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_hooks" ADD CONSTRAINT "provider_hooks_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_hooks" ADD CONSTRAINT "provider_hooks_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_cursors" ADD CONSTRAINT "sync_cursors_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_cursors" ADD CONSTRAINT "sync_cursors_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_items" ADD CONSTRAINT "sync_items_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_items" ADD CONSTRAINT "sync_items_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_initiated_by_users_id_fk" FOREIGN KEY ("initiated_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_settings" ADD CONSTRAINT "sync_settings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_settings" ADD CONSTRAINT "sync_settings_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_events_external_key" ON "calendar_events" USING btree ("connection_id","calendar_id","external_id");--> statement-breakpoint
CREATE INDEX "calendar_events_upcoming_idx" ON "calendar_events" USING btree ("connection_id","starts_at");--> statement-breakpoint
CREATE INDEX "calendar_events_conference_idx" ON "calendar_events" USING btree ("workspace_id","conference_key","starts_at") WHERE conference_key is not null;--> statement-breakpoint
CREATE INDEX "calendar_events_time_idx" ON "calendar_events" USING btree ("workspace_id","starts_at");--> statement-breakpoint
CREATE INDEX "connect_states_expiry_idx" ON "connect_states" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_workspace_tool" ON "connections" USING btree ("workspace_id","provider") WHERE scope = 'workspace';--> statement-breakpoint
CREATE UNIQUE INDEX "connections_personal_tool" ON "connections" USING btree ("workspace_id","owner_user_id","provider") WHERE scope = 'personal';--> statement-breakpoint
CREATE INDEX "connections_next_sync_idx" ON "connections" USING btree ("next_sync_at") WHERE next_sync_at is not null;--> statement-breakpoint
CREATE INDEX "connections_account_idx" ON "connections" USING btree ("provider","external_account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "external_links_object_key" ON "external_links" USING btree ("connection_id","object_type","object_id","external_type");--> statement-breakpoint
CREATE INDEX "external_links_external_idx" ON "external_links" USING btree ("connection_id","external_type","external_id");--> statement-breakpoint
CREATE INDEX "external_links_of_object_idx" ON "external_links" USING btree ("workspace_id","object_id");--> statement-breakpoint
CREATE INDEX "hook_receipts_age_idx" ON "hook_receipts" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "provider_hooks_connection_idx" ON "provider_hooks" USING btree ("connection_id","resource","stream");--> statement-breakpoint
CREATE INDEX "provider_hooks_expiry_idx" ON "provider_hooks" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sync_items_object_key" ON "sync_items" USING btree ("connection_id","topic","object_id");--> statement-breakpoint
CREATE INDEX "sync_items_due_idx" ON "sync_items" USING btree ("connection_id","priority","next_attempt_at") WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "sync_items_open_idx" ON "sync_items" USING btree ("next_attempt_at") WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "sync_log_entries_run_idx" ON "sync_log_entries" USING btree ("run_id","at","id");--> statement-breakpoint
CREATE INDEX "sync_runs_connection_idx" ON "sync_runs" USING btree ("connection_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "sync_runs_one_running" ON "sync_runs" USING btree ("connection_id") WHERE status = 'running';
--> statement-breakpoint
-- Rows whose month has no partition yet land in the default one, so that none is refused.
CREATE TABLE "sync_log_entries_default" PARTITION OF "sync_log_entries" DEFAULT;
--> statement-breakpoint
SELECT ensure_month_partitions('sync_log_entries', 3);
