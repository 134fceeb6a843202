import { pool } from "@/db/client";
import type { Fragment } from "@/db/fragments";

/**
 * Whether what a person allowed an app is still given: neither they nor their workspace took it back. The query around
 * it joins `oauth_grants g`, `oauth_apps a` and, from the left, `oauth_approvals o`. A kill switch counts from its
 * commit on, however many grants its job still has to end.
 */
export function grantIsGiven(): Fragment {
  return pool()`(g.revoked_at is null and a.deleted_at is null and o.status is distinct from 'blocked'
    and not exists (select 1 from oauth_kills k where k.workspace_id = g.workspace_id and k.finished_at is null
      and k.created_at >= g.created_at and (k.reach = 'workspace' or k.app_id = g.app_id)))`;
}

/** The same, while the app's publisher has it running: the condition of the API. */
export function grantStands(): Fragment {
  return pool()`(a.status = 'active' and ${grantIsGiven()})`;
}
