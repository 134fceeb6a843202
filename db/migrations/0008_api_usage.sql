CREATE TABLE "api_usage" (
	"workspace_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"day" date NOT NULL,
	"operation" text NOT NULL,
	"answered" integer NOT NULL,
	"refused" integer NOT NULL,
	"limited" integer NOT NULL,
	"failed" integer NOT NULL,
	CONSTRAINT "api_usage_workspace_id_credential_id_day_operation_pk" PRIMARY KEY("workspace_id","credential_id","day","operation")
);
--> statement-breakpoint
INSERT INTO "api_usage" SELECT "workspace_id", "grant_id", "day", "endpoint", "requests", 0, 0, 0 FROM "oauth_usage";
--> statement-breakpoint
DROP TABLE "oauth_usage" CASCADE;--> statement-breakpoint
ALTER TABLE "api_usage" ADD CONSTRAINT "api_usage_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_usage_day_idx" ON "api_usage" USING btree ("day");