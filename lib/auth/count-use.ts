import { pool } from "@/db/client";
import type { Principal } from "@/lib/auth/principal";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";

type Outcome = "answered" | "refused" | "limited" | "failed";

interface Uses extends Record<Outcome, number> {
  readonly workspace_id: string;
  readonly credential_id: string;
  readonly operation: string;
}

function outcomeOf(status: number): Outcome {
  if (status === 429) return "limited";
  if (status >= 500) return "failed";
  return status >= 400 ? "refused" : "answered";
}

const unwritten = () => singleton("api-usage", () => new Map<string, Uses>());
const writeAfterMs = 5000;
const unwrittenMax = 5000;

/** A key counts for itself, also one of a service account; an app for the person who allowed it. */
function credentialOf({ id, guard }: Principal): string {
  return guard.kind === "api_key" ? guard.id : id;
}

/**
 * Counts what a program asked and how it was answered; requests of our own pages are nobody's use of the API. Written
 * every few seconds and never in the way of an answer; a killed process forgets the last of them.
 */
export function countUse(principal: Principal, operation: string, status: number): void {
  if (principal.guard.kind === "none") return;
  const credential = credentialOf(principal);
  const key = `${credential} ${operation}`;
  let uses = unwritten().get(key);
  if (!uses) {
    if (unwritten().size === 0) setTimeout(() => void writeUses(), writeAfterMs).unref();
    if (unwritten().size >= unwrittenMax) return;
    uses = {
      workspace_id: principal.workspaceId,
      credential_id: credential,
      operation,
      ...{ answered: 0, refused: 0, limited: 0, failed: 0 },
    };
    unwritten().set(key, uses);
  }
  uses[outcomeOf(status)] += 1;
}

/** Writes what was counted; also when a process stops. */
export async function writeUses(): Promise<void> {
  const uses = [...unwritten().values()];
  unwritten().clear();
  if (uses.length === 0) return;
  const sql = pool();
  try {
    await sql`insert into api_usage as u
        (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
      select r.workspace_id, r.credential_id, (now() at time zone 'UTC')::date, r.operation,
        r.answered, r.refused, r.limited, r.failed
      from jsonb_to_recordset(${JSON.stringify(uses)}::text::jsonb) as r (workspace_id text, credential_id text,
        operation text, answered integer, refused integer, limited integer, failed integer)
      join workspaces w on w.id = r.workspace_id
      order by r.workspace_id, r.credential_id, r.operation
      on conflict (workspace_id, credential_id, day, operation) do update set
        answered = u.answered + excluded.answered, refused = u.refused + excluded.refused,
        limited = u.limited + excluded.limited, failed = u.failed + excluded.failed`;
    const used = uses.filter(({ answered }) => answered > 0).map((one) => one.credential_id);
    // What somebody is just ending is left alone: nobody waits for a time of last use.
    await sql`update oauth_grants set last_used_at = now() where id in (
      select id from oauth_grants where id = any(${used}) for update skip locked)`;
  } catch (error) {
    log().warn({ reason: String(error) }, "the use of the API was not recorded");
  }
}
