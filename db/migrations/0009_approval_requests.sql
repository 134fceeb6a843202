CREATE TABLE "oauth_approval_requests" (
	"workspace_id" text NOT NULL,
	"app_id" text NOT NULL,
	"user_id" text NOT NULL,
	"interaction_uid" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oauth_approval_requests_workspace_id_app_id_user_id_pk" PRIMARY KEY("workspace_id","app_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "oauth_approval_requests" ADD CONSTRAINT "oauth_approval_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_approval_requests" ADD CONSTRAINT "oauth_approval_requests_approval_fk" FOREIGN KEY ("workspace_id","app_id") REFERENCES "public"."oauth_approvals"("workspace_id","app_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
INSERT INTO "oauth_approval_requests" ("workspace_id", "app_id", "user_id", "interaction_uid")
SELECT "workspace_id", "app_id", "requested_by", "interaction_uid" FROM "oauth_approvals"
WHERE "status" = 'pending' AND "requested_by" IS NOT NULL AND "interaction_uid" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_approvals" DROP COLUMN "interaction_uid";