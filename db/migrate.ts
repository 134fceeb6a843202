import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { installQueues } from "@/lib/jobs/enqueue";

const lockId = 4_821_077;

/**
 * Brings the database to the newest schema. Safe to run from several processes at once: one works, the others
 * wait on an advisory lock and then find nothing to do.
 */
export async function migrate(connectionString: string): Promise<void> {
  const client = postgres(connectionString, {
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
  });
  try {
    await client`select pg_advisory_lock(${lockId})`;
    await applyMigrations(drizzle(client), { migrationsFolder: "db/migrations" });
    await client`select ensure_month_partitions(parent, 3)
      from unnest(array['audit_events', 'webhook_attempts', 'sync_log_entries']) parent`;
    await installQueues(connectionString);
  } finally {
    await client.end({ timeout: 5 });
  }
}
