import { LRUCache } from "lru-cache";
import { pool } from "@/db/client";
import type { Fragment } from "@/db/fragments";
import { singleton } from "@/lib/core/singleton";
import type { JsonText } from "@/lib/http/json-text";

/** A finished page, and the version of the workspace's meetings that it shows. */
interface KeptPage {
  readonly version: string;
  readonly json: JsonText;
}

const charactersMax = 16 * 1_048_576;

/**
 * Pages of the list that whole workspaces poll. One is only ever sent after the database has said, in the round trip
 * that also checks the credential, that its version still stands.
 */
export function keptPages(): LRUCache<string, KeptPage> {
  return singleton(
    "meeting-pages",
    () =>
      new LRUCache<string, KeptPage>({
        maxSize: charactersMax,
        sizeCalculation: ({ json }) => json.text.length,
      }),
  );
}

/**
 * `page` with the version it shows; without its rows when they were made at the version `known`. `materialized` and
 * `offset 0` keep the planner from merging the parts: only so is the page not computed when it is known.
 */
export function pageUnlessKnown(
  workspaceId: string,
  page: Fragment,
  known: string | null,
): Fragment {
  const sql = pool();
  return sql`with v as materialized (select coalesce((select version from meeting_versions
      where workspace_id = ${workspaceId}), 0)::text as version)
    select v.version, p.* from v
    left join lateral (select * from (${page}) made where v.version is distinct from ${known} offset 0) p on true`;
}
