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

/** The version of a workspace's meetings: rises with every change that a list of them shows. */
export function meetingsVersion(workspaceId: string): Fragment {
  return pool()`select coalesce((select version from meeting_versions
    where workspace_id = ${workspaceId}), 0)::text as version`;
}

/** `page` with the version that it shows: both are of one snapshot. */
export function pageWithVersion(workspaceId: string, page: Fragment): Fragment {
  return pool()`select v.version, p.* from (${meetingsVersion(workspaceId)}) v, (${page}) p`;
}
