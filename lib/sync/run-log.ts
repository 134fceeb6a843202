import { and, asc, count, desc, eq, gt, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { syncItems, syncLogEntries, syncRuns } from "@/db/schema/integrations";
import { users } from "@/db/schema/users";
import { csvLine } from "@/lib/core/csv";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type RecordErrorCode, recordErrorCodes } from "@/lib/integrations/contract";
import { fixOf } from "@/lib/integrations/error-catalogue";
import type { RunRow } from "@/lib/sync/runs";
import {
  type EntryPage,
  type EntryView,
  type ItemAction,
  type RunPage,
  type RunsQuery,
  type RunView,
  triggerWords,
} from "@/lib/sync/schema";

// The sync log as it is read. Rights are checked by service.ts.

const runsPerPage = 25;
const entriesPerPage = 50;
const exportBatch = 500;
const exportRowsMax = 100_000;

type ItemState = (typeof syncItems.$inferSelect)["state"];

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3_600_000);

function conditionsOf(connection: ConnectionRow, query: RunsQuery): SQL | undefined {
  return and(
    eq(syncRuns.connectionId, connection.id),
    eq(syncRuns.workspaceId, connection.workspaceId),
    query.status ? eq(syncRuns.status, query.status) : undefined,
    query.trigger ? eq(syncRuns.trigger, query.trigger) : undefined,
    query.from ? gte(syncRuns.createdAt, new Date(`${query.from}T00:00:00Z`)) : undefined,
    query.to ? lt(syncRuns.createdAt, dayAfter(query.to)) : undefined,
    query.errors
      ? or(gt(syncRuns.failedCount, 0), inArray(syncRuns.status, ["failed", "partial"]))
      : undefined,
  );
}

const initiator = sql<string | null>`coalesce(${users.name}, ${users.email})`;

function runViewOf(run: RunRow, initiatedBy: string | null): RunView {
  return {
    id: run.id,
    trigger: run.trigger,
    status: run.status,
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    createdAt: run.createdAt.toISOString(),
    created: run.createdCount,
    updated: run.updatedCount,
    skipped: run.skippedCount,
    failed: run.failedCount,
    progress:
      run.progressDone === null ? null : { done: run.progressDone, total: run.progressTotal },
    error: run.errorCode === null ? null : { code: run.errorCode, message: run.errorMessage ?? "" },
    initiatedBy,
  };
}

/** The runs of a connection, newest first, 25 a page. */
export async function readRuns(connection: ConnectionRow, query: RunsQuery): Promise<RunPage> {
  const where = conditionsOf(connection, query);
  const [total] = await db().select({ n: count() }).from(syncRuns).where(where);
  const rows = await db()
    .select({ run: syncRuns, initiatedBy: initiator })
    .from(syncRuns)
    .leftJoin(users, eq(users.id, syncRuns.initiatedBy))
    .where(where)
    .orderBy(desc(syncRuns.createdAt), desc(syncRuns.id))
    .limit(runsPerPage)
    .offset((query.page - 1) * runsPerPage);
  return {
    runs: rows.map(({ run, initiatedBy }) => runViewOf(run, initiatedBy)),
    total: total?.n ?? 0,
    page: query.page,
    perPage: runsPerPage,
  };
}

const actionsOf: Partial<Record<ItemState, readonly ItemAction[]>> = {
  failed: ["retry", "dismiss"],
  quarantined: ["retry", "dismiss"],
  unknown: ["post_again", "dismiss"],
};

const isCode = (code: string | null): code is RecordErrorCode =>
  code !== null && (recordErrorCodes as readonly string[]).includes(code);

/** What is left of a line for those who may see how a sync is doing, and not what it carries (handbook 22.2). */
const withoutContents = {
  harmonyId: null,
  externalId: null,
  externalUrl: null,
  message: "What it is about is shown to those who manage integrations.",
} as const;

interface ReadOptions {
  readonly toolName: string;
  readonly showsContents: boolean;
  readonly mayExecute: boolean;
}

function entryViewOf(
  row: typeof syncLogEntries.$inferSelect,
  items: ReadonlyMap<string, ItemState>,
  options: ReadOptions,
): EntryView {
  const itemId = typeof row.details.item === "string" ? row.details.item : null;
  const state = itemId === null ? undefined : items.get(itemId);
  const actions = state === undefined ? undefined : actionsOf[state];
  const isOpen = row.level === "error" || row.errorCode === "record_deleted";
  return {
    id: row.id,
    at: row.at.toISOString(),
    level: row.level,
    objectType: row.objectType,
    action: row.action,
    harmonyId: row.harmonyId,
    externalId: row.externalId,
    externalUrl: row.externalUrl,
    message: row.message,
    errorCode: row.errorCode,
    fix: isCode(row.errorCode) ? fixOf(row.errorCode, options.toolName) : null,
    item:
      itemId !== null && actions && isOpen && options.mayExecute ? { id: itemId, actions } : null,
    ...(options.showsContents ? {} : withoutContents),
  };
}

/** What happened in a run, newest first, 50 a page. */
export async function readEntries(
  run: RunRow,
  page: number,
  options: ReadOptions,
): Promise<EntryPage> {
  const where = and(
    eq(syncLogEntries.runId, run.id),
    eq(syncLogEntries.workspaceId, run.workspaceId),
  );
  const [total] = await db().select({ n: count() }).from(syncLogEntries).where(where);
  const rows = await db()
    .select()
    .from(syncLogEntries)
    .where(where)
    .orderBy(desc(syncLogEntries.at), desc(syncLogEntries.id))
    .limit(entriesPerPage)
    .offset((page - 1) * entriesPerPage);
  const ids = rows.flatMap(({ details }) =>
    typeof details.item === "string" ? [details.item] : [],
  );
  const items =
    ids.length === 0
      ? []
      : await db()
          .select({ id: syncItems.id, state: syncItems.state })
          .from(syncItems)
          .where(and(eq(syncItems.workspaceId, run.workspaceId), inArray(syncItems.id, ids)));
  const states = new Map(items.map(({ id, state }) => [id, state]));
  return {
    entries: rows.map((row) => entryViewOf(row, states, options)),
    total: total?.n ?? 0,
    page,
    perPage: entriesPerPage,
  };
}

const headings = [
  ...["Run", "Trigger", "Status", "Began", "Ended", "Created", "Updated", "Skipped", "Failed"],
  ...["Error code", "Error", "Initiated by"],
];

interface Place {
  readonly createdAt: Date;
  readonly id: string;
}

async function exportedBatch(connection: ConnectionRow, query: RunsQuery, after: Place | null) {
  const behind = after
    ? sql`(${syncRuns.createdAt}, ${syncRuns.id}) > (${after.createdAt.toISOString()}::timestamptz, ${after.id})`
    : undefined;
  return await db()
    .select({ run: syncRuns, initiatedBy: initiator })
    .from(syncRuns)
    .leftJoin(users, eq(users.id, syncRuns.initiatedBy))
    .where(and(conditionsOf(connection, query), behind))
    .orderBy(asc(syncRuns.createdAt), asc(syncRuns.id))
    .limit(exportBatch);
}

/** The runs of a query as CSV, oldest first, one line each, at most 100,000. Instants are ISO 8601. */
export async function* runsAsCsv(
  connection: ConnectionRow,
  query: RunsQuery,
): AsyncGenerator<string> {
  yield csvLine(headings);
  let after: Place | null = null;
  for (let rows = 0; rows < exportRowsMax; rows += exportBatch) {
    const batch = await exportedBatch(connection, query, after);
    for (const { run, initiatedBy } of batch) {
      yield csvLine([
        ...[run.id, triggerWords[run.trigger], run.status],
        ...[(run.startedAt ?? run.createdAt).toISOString(), run.finishedAt?.toISOString() ?? null],
        ...[run.createdCount, run.updatedCount, run.skippedCount, run.failedCount],
        ...[run.errorCode, run.errorMessage, initiatedBy],
      ]);
    }
    const last = batch.at(-1)?.run;
    if (!last || batch.length < exportBatch) return;
    after = { createdAt: last.createdAt, id: last.id };
  }
}
