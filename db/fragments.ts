import type postgres from "postgres";
import { pool } from "@/db/client";

// Pieces of raw SQL that the hot reads share. Values are always parameters.

export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** Joins conditions with AND; an empty list holds always. */
export function allOf(conditions: readonly Fragment[]): Fragment {
  const sql = pool();
  const [first, ...rest] = conditions;
  if (!first) return sql`true`;
  return rest.reduce((left, right) => sql`${left} and ${right}`, first);
}

/** An instant column as the API writes it. */
export function utcText(column: Fragment): Fragment {
  return pool()`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** A LIKE pattern for "contains these words as typed", with its wildcards escaped. */
export function likePattern(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
}
