import { z } from "zod";
import type { PageSearchParams } from "@/components/ui/query-string";
import { pageQuery } from "@/lib/http/page";

/** The query of a list without filters. */
export const pageOnly = z.object({ page: pageQuery.page });

/**
 * A page's query, read by the schema that the API reads it with. Empty values filter nothing and are dropped.
 * @returns null when the address carries what no list has: an unknown status, a page "x", a value twice.
 */
export function readSearch<S extends z.ZodType>(
  schema: S,
  searchParams: PageSearchParams,
): z.output<S> | null {
  const given = Object.entries(searchParams).filter(([, value]) => value !== "");
  // PostgreSQL takes no NUL in text.
  if (given.some(([, value]) => typeof value === "string" && value.includes("\0"))) return null;
  const parsed = schema.safeParse(Object.fromEntries(given));
  return parsed.success ? parsed.data : null;
}
