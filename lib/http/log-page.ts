import { type AnyColumn, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { z } from "zod";
import { db } from "@/db/client";
import { invalidRequest } from "@/lib/core/errors";

// Pages of a log, newest first. A position is the text of a row's instant with its microseconds and its id, since
// several rows of one transaction share their instant.

const instantShape = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`;

interface LogOrder {
  readonly at: AnyColumn;
  readonly id: AnyColumn;
  /** What the log's ids begin with, such as `dlv`. */
  readonly prefix: string;
  /** How people call it, such as "log". */
  readonly name: string;
  /** What to do with a position that is none. */
  readonly fix: string;
}

/** The order of one log: what its positions look like, their text in SQL, and the rows beyond one. */
export function logOrder({ at, id, prefix, name, fix }: LogOrder) {
  const shape = new RegExp(`^(${instantShape})~(${prefix}_[0-9A-Za-z]{1,40})$`);
  return {
    schema: z.string().max(80).regex(shape, `is not from this ${name}`),
    text: sql<string>`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || ${id}`,
    /** Rows behind or before a position; `invalid_request` for one that was changed on the way. */
    beyond: (position: string, direction: "older" | "newer"): SQL => {
      const [, instant, key] = shape.exec(position) ?? [];
      if (instant === undefined || key === undefined) {
        const cursor = "It was changed on the way.";
        throw invalidRequest(`The position does not belong to this ${name}`, { cursor }, fix);
      }
      const side = direction === "older" ? sql`<` : sql`>`;
      return sql`(${at}, ${id}) ${side} (${instant}::timestamptz, ${key})`;
    },
  };
}

export interface LogPage<Row> {
  readonly rows: readonly Row[];
  /** The position behind the last row; null when nothing follows. */
  readonly nextCursor: string | null;
  /** The position of the first row; null when there is none. */
  readonly newest: string | null;
  /** Rows that match, counted up to the log's bound. */
  readonly total: number;
}

/** The page of rows that were read with one more than it holds. */
export function logPage<Found extends { readonly position: string }, Row>(
  found: readonly Found[],
  perPage: number,
  total: number,
  rowOf: (one: Found) => Row,
): LogPage<Row> {
  const page = found.slice(0, perPage);
  return {
    rows: page.map(rowOf),
    nextCursor: found.length > perPage ? (page.at(-1)?.position ?? null) : null,
    newest: page[0]?.position ?? null,
    total,
  };
}

/** How many rows fit, counted up to `max`: all rows of a long log would cost more than they tell. */
export async function countUpTo(
  table: PgTable,
  condition: SQL | undefined,
  max: number,
): Promise<number> {
  const found = db().select({ one: sql`1` }).from(table).where(condition).limit(max);
  const [row] = await db().select({ n: sql<number>`count(*)::int` }).from(found.as("found"));
  return row?.n ?? 0;
}
