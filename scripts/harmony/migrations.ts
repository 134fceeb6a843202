import { readFileSync } from "node:fs";
import type postgres from "postgres";
import { z } from "zod";

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** The migrations of this version, oldest first; `when` is what the database remembers them by. */
export function knownMigrations(): readonly { readonly when: number; readonly tag: string }[] {
  const text = readFileSync("db/migrations/meta/_journal.json", "utf8");
  return journal.parse(JSON.parse(text)).entries;
}

/** `when` of every migration that the database has; none when it has never been migrated. */
export async function appliedMigrations(sql: postgres.Sql): Promise<number[]> {
  const [table] = await sql<{ name: string | null }[]>`
    select to_regclass('drizzle.__drizzle_migrations')::text as name`;
  if (!table?.name) return [];
  const rows = await sql<{ created_at: string }[]>`
    select created_at from drizzle.__drizzle_migrations order by created_at`;
  return rows.map((row) => Number(row.created_at));
}
