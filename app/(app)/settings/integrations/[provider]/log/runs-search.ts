import { type RunsQuery, runsQuery } from "@/lib/sync/schema";

/** The log's filters as they stand in an address, where the days are called as in every other log. */
export function readRunsSearch(params: Readonly<Record<string, unknown>>): RunsQuery {
  const { date_from: from, date_to: to, ...rest } = params;
  return runsQuery.parse({ ...rest, from, to });
}

/** The parameters that filter; without them the whole log is shown. */
export const runFilterNames = ["status", "trigger", "date_from", "date_to", "errors"] as const;
