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
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_alert_choices" ADD CONSTRAINT "connection_alert_choices_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;