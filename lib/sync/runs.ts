import { and, asc, desc, eq, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connections, syncLogEntries, syncRuns } from "@/db/schema/integrations";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { newId } from "@/lib/core/ids";
import type { RecordErrorCode } from "@/lib/integrations/contract";
import { alertAbout } from "@/lib/integrations/health";
import { enqueue } from "@/lib/jobs/enqueue";
import { notify, resolveIncident } from "@/lib/notify/notify";
import { nextSyncAt } from "@/lib/sync/due-times";
import type { Reason } from "@/lib/sync/judge";
import type { RunStatus, SyncTrigger } from "@/lib/sync/schema";
import type { Idle, Target } from "@/lib/sync/target";

// The life of a run: queued, running, ended. The partial unique index on `running` makes it one for each connection.

export type RunRow = typeof syncRuns.$inferSelect;
export type Counter = "created" | "updated" | "skipped" | "failed";

const own = (run: Pick<RunRow, "id" | "workspaceId">) =>
  and(eq(syncRuns.id, run.id), eq(syncRuns.workspaceId, run.workspaceId));

const ofConnection = (target: Pick<Target, "connection">) =>
  and(
    eq(syncRuns.connectionId, target.connection.id),
    eq(syncRuns.workspaceId, target.connection.workspaceId),
  );

/**
 * Puts a run in line, in the caller's transaction. While one waits, whatever asks shares it (handbook D-18).
 * @returns the run that will do it.
 */
export async function queueRun(
  tx: Tx,
  target: Pick<Target, "connection" | "settings">,
  ask: {
    readonly trigger: SyncTrigger;
    readonly initiatedBy?: string | null;
    readonly progressTotal?: number;
    readonly now: Date;
  },
): Promise<RunRow> {
  const { id: connectionId, workspaceId } = target.connection;
  // One after the other, so that two who ask at once share.
  await tx
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.id, connectionId), eq(connections.workspaceId, workspaceId)))
    .for("no key update");
  const [waiting] = await tx
    .select()
    .from(syncRuns)
    .where(and(ofConnection(target), eq(syncRuns.status, "queued")))
    .orderBy(asc(syncRuns.createdAt))
    .limit(1);
  const run = waiting ?? (await insertRun(tx, target, { ...ask, status: "queued" }));
  await enqueue(
    tx,
    "sync.run",
    { workspaceId, connectionId, trigger: ask.trigger },
    { singletonKey: connectionId },
  );
  return run;
}

async function insertRun(
  tx: Tx,
  target: Pick<Target, "connection" | "settings">,
  values: {
    readonly trigger: SyncTrigger;
    readonly status: RunStatus;
    readonly now: Date;
    readonly initiatedBy?: string | null;
    readonly progressTotal?: number;
  },
): Promise<RunRow> {
  const { trigger, status, now, initiatedBy = null, progressTotal } = values;
  const [run] = await tx
    .insert(syncRuns)
    .values({
      workspaceId: target.connection.workspaceId,
      connectionId: target.connection.id,
      trigger,
      direction: target.settings.direction,
      status,
      startedAt: status === "queued" ? null : now,
      initiatedBy,
      createdAt: now,
      ...(progressTotal === undefined ? {} : { progressTotal, progressDone: 0 }),
    })
    .returning();
  if (!run) throw new Error("the run was not returned");
  return run;
}

/** Begins the run that is due: the one that a killed worker left, else the one in line, else a new one. */
export async function beginRun(
  tx: Tx,
  target: Target,
  trigger: SyncTrigger,
  now: Date,
): Promise<RunRow> {
  const open = await tx
    .select()
    .from(syncRuns)
    .where(and(ofConnection(target), sql`${syncRuns.status} in ('queued', 'running')`))
    .orderBy(desc(sql`${syncRuns.status} = 'running'`), asc(syncRuns.createdAt))
    .limit(1)
    .for("update");
  const [found] = open;
  if (found?.status === "running") return found;
  if (!found) {
    const run = await insertRun(tx, target, { trigger, status: "running", now });
    await auditStart(tx, target, run, now);
    return run;
  }
  const [run] = await tx
    .update(syncRuns)
    .set({ status: "running", startedAt: now })
    .where(own(found))
    .returning();
  if (!run) throw new Error("the run was not returned");
  await auditStart(tx, target, run, now);
  return run;
}

/** A run that looks whether anything is new begins without a word, and ends without one when nothing was. */
async function auditStart(tx: Tx, target: Target, run: RunRow, now: Date): Promise<void> {
  if (run.trigger === "realtime") return;
  await audit(tx, target, run, { action: "sync.started", now });
}

async function audit(
  tx: Tx,
  target: Target,
  run: RunRow,
  what: {
    readonly action: "sync.started" | "sync.completed" | "sync.partial" | "sync.failed";
    readonly now: Date;
  },
): Promise<void> {
  const { connection, provider } = target;
  const isFailed = what.action === "sync.failed";
  await recordOwnAudit(tx, connection.workspaceId, what.now, {
    category: isFailed ? "errors" : "sync_events",
    action: what.action,
    target: { type: "connection", id: connection.id, label: provider.name },
    result: isFailed ? "failure" : "success",
    metadata: {
      integration: provider.slug,
      run_id: run.id,
      trigger: run.trigger,
      ...(what.action === "sync.started"
        ? {}
        : {
            created: run.createdCount,
            updated: run.updatedCount,
            skipped: run.skippedCount,
            failed: run.failedCount,
            error_code: run.errorCode,
          }),
    },
  });
}

export interface Entry {
  readonly level: "info" | "warning" | "error";
  readonly objectType: string;
  readonly action:
    | "create"
    | "update"
    | "link"
    | "skip"
    | "conflict"
    | "delete_unlinked"
    | "retry"
    | "go_on";
  readonly harmonyId?: string | null;
  readonly externalId?: string | null;
  readonly externalUrl?: string | null;
  readonly message: string;
  readonly errorCode?: RecordErrorCode | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

const messageMax = 500;

/** Writes lines of a run's log, in the transaction of what they tell. */
export async function logEntries(
  tx: Tx,
  run: Pick<RunRow, "id" | "workspaceId" | "connectionId">,
  entries: readonly Entry[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await tx.insert(syncLogEntries).values(
    entries.map((entry) => ({
      id: newId("syncEntry"),
      workspaceId: run.workspaceId,
      connectionId: run.connectionId,
      runId: run.id,
      at: now,
      level: entry.level,
      objectType: entry.objectType,
      action: entry.action,
      harmonyId: entry.harmonyId ?? null,
      externalId: entry.externalId ?? null,
      externalUrl: entry.externalUrl ?? null,
      message: entry.message.slice(0, messageMax),
      errorCode: entry.errorCode ?? null,
      details: { ...entry.details },
    })),
  );
}

export type Tally = Partial<Readonly<Record<Counter, number>>>;

/** Adds to a run's numbers; what is counted is progress too. */
export async function countInRun(tx: Tx, run: RunRow, tally: Tally): Promise<void> {
  const { created = 0, updated = 0, skipped = 0, failed = 0 } = tally;
  const all = created + updated + skipped + failed;
  if (all === 0) return;
  await tx
    .update(syncRuns)
    .set({
      createdCount: sql`${syncRuns.createdCount} + ${created}`,
      updatedCount: sql`${syncRuns.updatedCount} + ${updated}`,
      skippedCount: sql`${syncRuns.skippedCount} + ${skipped}`,
      failedCount: sql`${syncRuns.failedCount} + ${failed}`,
      progressDone: sql`least(${syncRuns.progressDone} + ${all}, ${syncRuns.progressTotal})`,
    })
    .where(own(run));
}

/** What ended a run before its work was done. */
export interface Stop {
  readonly code: RecordErrorCode;
  readonly message: string;
  /** People are told of it elsewhere: the connection's own incident. */
  readonly isTold: boolean;
}

function statusOf(run: RunRow, stop: Stop | null): "succeeded" | "partial" | "failed" {
  const good = run.createdCount + run.updatedCount + run.skippedCount;
  if (stop === null && run.failedCount === 0) return "succeeded";
  return good > 0 ? "partial" : "failed";
}

const actionOf = {
  succeeded: "sync.completed",
  partial: "sync.partial",
  failed: "sync.failed",
} as const;

/**
 * Ends a run: its status follows from what its records did, the connection remembers it, and people are told. One that
 * only looked, and found nothing new, leaves no trace but the time.
 */
export async function finishRun(
  tx: Tx,
  target: Target,
  runId: string,
  end: {
    readonly stop: Stop | null;
    /** Why the last record that failed did. */
    readonly lastReason: Reason | null;
    readonly now: Date;
    readonly hasHook: boolean;
  },
): Promise<RunRow | null> {
  const { stop, now } = end;
  const { connection } = target;
  const mine = and(eq(syncRuns.id, runId), eq(syncRuns.workspaceId, connection.workspaceId));
  const [open] = await tx
    .select()
    .from(syncRuns)
    .where(and(mine, eq(syncRuns.status, "running")))
    .for("update");
  if (!open) return null;
  const status = statusOf(open, stop);
  const touched = open.createdCount + open.updatedCount + open.skippedCount + open.failedCount;
  const isSilent = open.trigger === "realtime" && touched === 0 && stop === null;
  await tx
    .update(connections)
    .set({
      lastSyncAt: now,
      lastSyncStatus: status,
      nextSyncAt: nextSyncAt(target, now, end.hasHook),
    })
    .where(
      and(eq(connections.id, connection.id), eq(connections.workspaceId, connection.workspaceId)),
    );
  if (isSilent) {
    await tx.delete(syncRuns).where(mine);
    return null;
  }
  const why = stop ?? (status === "failed" ? end.lastReason : null);
  const [run] = await tx
    .update(syncRuns)
    .set({
      status,
      finishedAt: now,
      errorCode: why?.code ?? null,
      errorMessage: why?.message ?? null,
    })
    .where(mine)
    .returning();
  if (!run) throw new Error("the run was not returned");
  await audit(tx, target, run, { action: actionOf[status], now });
  await tellEnd(tx, target, run, stop, now);
  return run;
}

/**
 * Records that failed for good. Those that are tried again are the connection's own incident once it lasts, and an
 * alert that could not be sent makes no further alert.
 */
async function hasErrors(tx: Tx, run: RunRow): Promise<boolean> {
  const [found] = await tx
    .select({ id: syncLogEntries.id })
    .from(syncLogEntries)
    .where(
      and(
        eq(syncLogEntries.runId, run.id),
        eq(syncLogEntries.workspaceId, run.workspaceId),
        eq(syncLogEntries.level, "error"),
        ne(syncLogEntries.objectType, "notification"),
      ),
    )
    .limit(1);
  return found !== undefined;
}

const incidentOf = (target: Target) => `sync:${target.connection.id}`;

async function tellEnd(
  tx: Tx,
  target: Target,
  run: RunRow,
  stop: Stop | null,
  now: Date,
): Promise<void> {
  const { connection, provider } = target;
  const common = alertAbout(connection, now);
  if (run.status !== "succeeded") {
    if (stop?.isTold || !(stop !== null || (await hasErrors(tx, run)))) return;
    await notify(tx, {
      ...common,
      type: "sync_error",
      severity: run.status === "failed" ? "error" : "warning",
      title:
        run.status === "failed"
          ? `Syncing with ${provider.name} failed`
          : `Syncing with ${provider.name} was completed in part`,
      body:
        stop?.message ??
        `${run.failedCount} ${run.failedCount === 1 ? "record" : "records"} could not be synced. The sync log says why, and what to do.`,
      incidentKey: incidentOf(target),
    });
    return;
  }
  await resolveIncident(
    tx,
    connection.workspaceId,
    incidentOf(target),
    {
      type: "sync_error",
      title: `Syncing with ${provider.name} works again`,
      body: "The last sync was completed. Nothing has to be done.",
    },
    now,
  );
  if (run.trigger === "realtime") return;
  await notify(tx, {
    ...common,
    type: "sync_succeeded",
    severity: "info",
    title: `Syncing with ${provider.name} was completed`,
    body: `${run.createdCount} created, ${run.updatedCount} updated, ${run.skippedCount} unchanged.`,
  });
}

/**
 * Logs once that runs are skipped, and why, however often they are asked for: the last run of the connection already
 * says so for the same reason.
 */
export async function skipRun(
  tx: Tx,
  target: Target,
  trigger: SyncTrigger,
  idle: Idle,
  now: Date,
): Promise<void> {
  const { connection } = target;
  const [queued] = await tx
    .select()
    .from(syncRuns)
    .where(and(ofConnection(target), sql`${syncRuns.status} in ('queued', 'running')`))
    .orderBy(asc(syncRuns.createdAt))
    .limit(1)
    .for("update");
  const [last] = await tx
    .select()
    .from(syncRuns)
    .where(and(ofConnection(target), sql`${syncRuns.status} not in ('queued', 'running')`))
    .orderBy(desc(syncRuns.createdAt), desc(syncRuns.id))
    .limit(1);
  const end = {
    status: "skipped" as const,
    finishedAt: now,
    errorCode: idle.code,
    errorMessage: idle.message,
  };
  if (queued) await tx.update(syncRuns).set(end).where(own(queued));
  else if (last?.status !== "skipped" || last.errorMessage !== idle.message) {
    const run = await insertRun(tx, target, { trigger, status: "running", now });
    await tx.update(syncRuns).set(end).where(own(run));
  }
  await tx
    .update(connections)
    .set({ nextSyncAt: nextSyncAt(target, now, false) })
    .where(
      and(eq(connections.id, connection.id), eq(connections.workspaceId, connection.workspaceId)),
    );
}
