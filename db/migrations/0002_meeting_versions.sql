CREATE TABLE "meeting_versions" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meeting_versions" ADD CONSTRAINT "meeting_versions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- What a list shows of a meeting: the columns that `meetingPage` (lib/meetings/queries.ts) selects and orders by.
CREATE FUNCTION raise_meeting_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO meeting_versions AS v (workspace_id, version)
    SELECT DISTINCT workspace_id, 1 FROM new_rows ORDER BY 1
    ON CONFLICT (workspace_id) DO UPDATE SET version = v.version + 1;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO meeting_versions AS v (workspace_id, version)
    SELECT DISTINCT o.workspace_id, 1 FROM old_rows o JOIN workspaces w ON w.id = o.workspace_id ORDER BY 1
    ON CONFLICT (workspace_id) DO UPDATE SET version = v.version + 1;
  ELSE
    INSERT INTO meeting_versions AS v (workspace_id, version)
    SELECT DISTINCT workspace_id, 1 FROM (
      (SELECT workspace_id, id, title, date, duration_seconds, status FROM new_rows
        EXCEPT SELECT workspace_id, id, title, date, duration_seconds, status FROM old_rows)
      UNION ALL
      (SELECT workspace_id, id, title, date, duration_seconds, status FROM old_rows
        EXCEPT SELECT workspace_id, id, title, date, duration_seconds, status FROM new_rows)) changed
    ORDER BY 1
    ON CONFLICT (workspace_id) DO UPDATE SET version = v.version + 1;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER meetings_version_insert AFTER INSERT ON meetings REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION raise_meeting_version();
--> statement-breakpoint
CREATE TRIGGER meetings_version_delete AFTER DELETE ON meetings REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION raise_meeting_version();
--> statement-breakpoint
CREATE TRIGGER meetings_version_update AFTER UPDATE ON meetings
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION raise_meeting_version();
