import { sql } from "drizzle-orm";
import { executePrepared, type Tx } from "@/db/client";
import type { syncItems } from "@/db/schema/integrations";

// The queue of what goes to a tool. A row is claimed by a single statement and settled under the same claim, so that
// of two workers that believe to have it only one can say how it ended.

/** How long a try may last; afterwards another worker takes the record up and treats its outcome as unknown. */
export const claimMs = 20_000;

type State = (typeof syncItems.$inferSelect)["state"];

export interface Item {
  readonly id: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly topic: string;
  readonly objectId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly priority: 0 | 1 | 2;
  readonly revision: number;
  /** Tries of this revision so far. */
  readonly attempts: number;
  readonly idempotencyKey: string;
  /** A try was under way and nobody has said how it ended. */
  readonly wasSending: boolean;
  /** Of what must not be sent twice: something of that try may have left (`markLeaving`). */
  readonly mayHaveLeft: boolean;
  /** Somebody waits for it: it is tried before its time. */
  readonly isAskedFor?: boolean;
}

export interface ClaimedItem extends Item {
  readonly claimedUntil: Date;
}

interface ItemRow extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly connection_id: string;
  readonly topic: string;
  readonly object_id: string;
  readonly data: Record<string, unknown>;
  readonly priority: 0 | 1 | 2;
  readonly revision: number;
  readonly attempts: number;
  readonly idempotency_key: string | null;
  readonly state: State;
  readonly is_left: boolean;
}

const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;

function itemOf(row: ItemRow): Item {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    connectionId: row.connection_id,
    topic: row.topic,
    objectId: row.object_id,
    data: row.data,
    priority: row.priority,
    revision: row.revision,
    attempts: row.attempts,
    idempotencyKey: row.idempotency_key ?? row.id,
    wasSending: row.state === "sending",
    mayHaveLeft: row.state === "sending" && row.is_left,
  };
}

const isDue = (now: Date) => sql`((state = 'pending' and next_attempt_at <= ${at(now)})
  or (state = 'sending' and claimed_until < ${at(now)}))`;

const columns = sql`id, workspace_id, connection_id, topic, object_id, data, priority, revision, attempts,
  idempotency_key, state, next_attempt_at is null as is_left`;

/**
 * What a connection's run takes next, the most urgent first. Nothing is claimed yet.
 * @param takesAll false leaves what waits for its hour: only shares, catching up and repeats go now.
 */
export async function dueItems(
  tx: Tx,
  connection: { readonly id: string; readonly workspaceId: string },
  options: { readonly now: Date; readonly takesAll: boolean; readonly limit: number },
): Promise<readonly Item[]> {
  const rows = await executePrepared<ItemRow>(
    tx,
    sql`select ${columns} from sync_items
      where connection_id = ${connection.id} and workspace_id = ${connection.workspaceId}
        and state in ('pending', 'sending') and ${isDue(options.now)}
        and (${options.takesAll} or priority <> 1 or attempts > 0 or state = 'sending')
      order by priority, next_attempt_at, id limit ${options.limit}`,
  );
  return rows.map(itemOf);
}

/**
 * Whether a try of the connection is under way elsewhere: by somebody who waits for it, or left by a worker that was
 * killed, which shows once the claim has run out.
 * @param mine items that the caller itself is trying.
 */
export async function isSendingElsewhere(
  tx: Tx,
  connection: { readonly id: string; readonly workspaceId: string },
  mine: readonly string[],
): Promise<boolean> {
  const rows = await executePrepared(
    tx,
    sql`select 1 as found from sync_items where connection_id = ${connection.id}
      and workspace_id = ${connection.workspaceId} and state = 'sending'
      and id not in (select jsonb_array_elements_text(${JSON.stringify(mine)}::text::jsonb)) limit 1`,
  );
  return rows.length > 0;
}

/** Takes one item for a try; null when it changed, or somebody else has it, since it was read. */
export async function claimItem(
  tx: Tx,
  item: Item,
  runId: string,
  now: Date,
): Promise<ClaimedItem | null> {
  const claimedUntil = new Date(now.getTime() + claimMs);
  const [row] = await executePrepared<ItemRow>(
    tx,
    sql`update sync_items set state = 'sending', attempts = attempts + 1, claimed_until = ${at(claimedUntil)},
        run_id = ${runId}, updated_at = ${at(now)}
      where id = ${item.id} and workspace_id = ${item.workspaceId} and revision = ${item.revision}
        and attempts = ${item.attempts} and (${isDue(now)} or (${item.isAskedFor === true} and state = 'pending'))
      returning ${columns}`,
  );
  if (!row) return null;
  const { wasSending, mayHaveLeft } = item;
  return { ...itemOf(row), wasSending, mayHaveLeft, claimedUntil };
}

/**
 * Writes down, before the first byte of it leaves, that a record may be at the tool from now on: a claim that runs out
 * without this mark was certainly not sent. The mark is that the row is being sent and has no next try of its own.
 * @throws when the claim has passed to somebody else: then nothing may leave.
 */
export async function markLeaving(tx: Tx, item: ClaimedItem): Promise<void> {
  const rows = await executePrepared(
    tx,
    sql`update sync_items set next_attempt_at = null
      where id = ${item.id} and workspace_id = ${item.workspaceId} and state = 'sending'
        and claimed_until = ${at(item.claimedUntil)} returning id`,
  );
  if (rows.length === 0) throw new Error("the claim on a record has passed to somebody else");
}

export interface Settling {
  readonly state: "done" | "pending" | "failed" | "unknown" | "quarantined" | "cancelled";
  readonly at?: Date;
  /** The try does not count. */
  readonly refunds?: boolean;
  /** It may be there: one try is remembered, so that the next one looks before it makes anything. */
  readonly isUncertain?: boolean;
  readonly reason?: { readonly code: string; readonly message: string };
}

/**
 * Says how a try ended. What changed while it was being sent goes out again.
 * @returns false, and nothing happened, when the claim has passed to somebody else.
 */
export async function settleItem(
  tx: Tx,
  item: ClaimedItem,
  settling: Settling,
  now: Date,
): Promise<boolean> {
  const { state, at: next = now, refunds = false, isUncertain = false, reason } = settling;
  const rows = await executePrepared(
    tx,
    sql`update sync_items set
        state = case when revision = ${item.revision} then ${state}::text else 'pending' end,
        attempts = case when revision <> ${item.revision} then 0
          when ${refunds} then greatest(attempts - 1, ${isUncertain ? 1 : 0}) else attempts end,
        next_attempt_at = case when revision <> ${item.revision} then ${at(now)}
          when ${state}::text = 'pending' then ${at(next)} end,
        claimed_until = null, updated_at = ${at(now)},
        error_code = case when revision = ${item.revision} then ${reason?.code ?? null}::text end,
        error_message = case when revision = ${item.revision} then ${reason?.message ?? null}::text end,
        done_at = case when revision = ${item.revision} and ${state}::text <> 'pending' then ${at(now)} end
      where id = ${item.id} and workspace_id = ${item.workspaceId} and state = 'sending'
        and claimed_until = ${at(item.claimedUntil)} returning id`,
  );
  return rows.length > 0;
}

/** Ends items that turned out to hold nothing new, in one statement. @returns how many. */
export async function endUnchanged(
  tx: Tx,
  items: readonly Item[],
  runId: string,
  now: Date,
): Promise<number> {
  const [first] = items;
  if (!first) return 0;
  const seen = items.map(({ id, revision, attempts }) => ({ id, revision, attempts }));
  const rows = await tx.execute(
    sql`update sync_items i set state = 'done', done_at = ${at(now)}, updated_at = ${at(now)},
        next_attempt_at = null, claimed_until = null, run_id = ${runId}, error_code = null, error_message = null
      from jsonb_to_recordset(${JSON.stringify(seen)}::text::jsonb) as s (id text, revision integer, attempts smallint)
      where i.id = s.id and i.workspace_id = ${first.workspaceId} and i.revision = s.revision
        and i.attempts = s.attempts and ${isDue(now)} returning i.id`,
  );
  return rows.length;
}
