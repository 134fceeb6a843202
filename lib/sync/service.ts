import { and, count, eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { db, type Tx } from "@/db/client";
import { connectionChoices, syncItems, syncRuns } from "@/db/schema/integrations";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type connectionRef, connectionStatusWords } from "@/lib/integrations/schema";
import { readConnection } from "@/lib/integrations/service";
import { getMeeting, requireProcessed } from "@/lib/meetings/service";
import { cancelPast, countPast, offerPast } from "@/lib/sync/backfill";
import { readEntries, readRuns, runsAsCsv } from "@/lib/sync/run-log";
import { logEntries, queueRun, type RunRow } from "@/lib/sync/runs";
import type {
  backfillInput,
  EntryPage,
  itemRef,
  RunPage,
  RunsQuery,
  runRef,
  SentView,
  shareMeetingInput,
  WaitingView,
} from "@/lib/sync/schema";
import { sendNow } from "@/lib/sync/send-now";
import { idleReasonOf, loadTarget, type Target } from "@/lib/sync/target";

// What people may do with a connection's sync, and see of it (handbook 12 and 22.2).

type ConnectionRef = z.output<typeof connectionRef>;
type RunRef = z.output<typeof runRef>;
type ItemRef = z.output<typeof itemRef>;

const waitingListed = 20;

async function targetOf(tx: Tx, { workspaceId, id }: ConnectionRow): Promise<Target> {
  const target = await loadTarget(tx, workspaceId, id);
  if (!target) throw notFound("Connection");
  return target;
}

async function targetToRun(ctx: Context, connectionId: string): Promise<Target> {
  const connection = await readConnection(ctx, connectionId, "integrations:execute");
  return await targetOf(db(), connection);
}

/** Refuses what could do nothing, with the reason that the page shows as well. */
function requireReady(target: Target): void {
  const idle = idleReasonOf(target);
  if (!idle) return;
  throw new AppError("conflict", idle.message.replace(/\.$/, ""), {
    details: { reason: idle.code, status: target.connection.status },
    fix:
      target.connection.status === "needs_attention"
        ? `Reconnect ${target.provider.name} first.`
        : "Look at the tool’s settings, then try again.",
  });
}

/** "Sync now": a run begins at once, or shares the one that waits already. */
export async function syncNow(ctx: Context, ref: ConnectionRef): Promise<void> {
  const target = await targetToRun(ctx, ref.connectionId);
  requireReady(target);
  const initiatedBy = ctx.principal.userId;
  await db().transaction((tx) =>
    queueRun(tx, target, { trigger: "manual", initiatedBy, now: ctx.now() }),
  );
}

// --- Past meetings --------------------------------------------------------------------------------------------

/** How many meetings "Sync past meetings" would offer. */
export async function countBackfill(
  ctx: Context,
  { connectionId, days }: z.output<typeof backfillInput>,
): Promise<number> {
  return await countPast(db(), await targetToRun(ctx, connectionId), days, ctx.now());
}

/** "Sync past meetings": offers them behind everything that just happened. Safe to repeat: each is sent once. */
export async function startBackfill(
  ctx: Context,
  { connectionId, days }: z.output<typeof backfillInput>,
): Promise<{ readonly total: number }> {
  const target = await targetToRun(ctx, connectionId);
  requireReady(target);
  if (!target.provider.canBackfill) {
    throw new AppError("conflict", `${target.provider.name} takes no past meetings`, {
      fix: "New meetings are synced by themselves.",
    });
  }
  const now = ctx.now();
  return await db().transaction(async (tx) => {
    const total = await offerPast(tx, target, days, now);
    const run = await queueRun(tx, target, {
      ...{ trigger: "manual", initiatedBy: ctx.principal.userId, progressTotal: total, now },
    });
    // A run that waited already now has this to do as well.
    await tx
      .update(syncRuns)
      .set({ progressTotal: total, progressDone: 0 })
      .where(and(eq(syncRuns.id, run.id), eq(syncRuns.workspaceId, run.workspaceId)));
    return { total };
  });
}

/** Ends "Sync past meetings": what has not gone out yet stays here. */
export async function cancelBackfill(
  ctx: Context,
  ref: ConnectionRef,
): Promise<{ readonly cancelled: number }> {
  const target = await targetToRun(ctx, ref.connectionId);
  const cancelled = await db().transaction((tx) => cancelPast(tx, target, ctx.now()));
  return { cancelled };
}

// --- The log --------------------------------------------------------------------------------------------------

/** The runs of a connection, newest first. */
export async function listRuns(
  ctx: Context,
  connectionId: string,
  query: RunsQuery,
): Promise<RunPage> {
  return await readRuns(await readConnection(ctx, connectionId, "integrations:read"), query);
}

async function runOf(
  ctx: Context,
  runId: string,
  permission: "integrations:read" | "integrations:execute",
): Promise<{ readonly run: RunRow; readonly target: Target }> {
  const [run] = await db()
    .select()
    .from(syncRuns)
    .where(and(eq(syncRuns.id, runId), eq(syncRuns.workspaceId, ctx.principal.workspaceId)));
  if (!run) throw notFound("Sync run");
  const connection = await readConnection(ctx, run.connectionId, permission);
  return { run, target: await targetOf(db(), connection) };
}

const reachOf = ({ connection }: Target) => (connection.scope === "workspace" ? "all" : "own");

/** What happened in a run. Whoever may not manage the connection reads how it went, not what it was about. */
export async function listEntries(ctx: Context, runId: string, page: number): Promise<EntryPage> {
  const { run, target } = await runOf(ctx, runId, "integrations:read");
  const { grants } = ctx.principal;
  return await readEntries(run, page, {
    toolName: target.provider.name,
    showsContents: hasGrant(grants, "integrations:update", reachOf(target)),
    mayExecute: hasGrant(grants, "integrations:execute", reachOf(target)),
  });
}

/** The runs of the same query as CSV, line by line. */
export async function* exportRuns(
  ctx: Context,
  connectionId: string,
  query: RunsQuery,
): AsyncIterable<string> {
  yield* runsAsCsv(await readConnection(ctx, connectionId, "integrations:read"), query);
}

/** What waits to go to the tool: how much, and what is next. */
export async function listWaiting(ctx: Context, connectionId: string): Promise<WaitingView> {
  const connection = await readConnection(ctx, connectionId, "integrations:read");
  const where = and(
    eq(syncItems.connectionId, connection.id),
    eq(syncItems.workspaceId, connection.workspaceId),
    inArray(syncItems.state, ["pending", "held", "sending"]),
  );
  const [total] = await db().select({ n: count() }).from(syncItems).where(where);
  const rows = await db()
    .select()
    .from(syncItems)
    .where(where)
    .orderBy(syncItems.priority, syncItems.nextAttemptAt, syncItems.id)
    .limit(waitingListed);
  return {
    count: total?.n ?? 0,
    items: rows.map((row) => ({
      id: row.id,
      topic: row.topic,
      objectId: row.objectId,
      since: row.createdAt.toISOString(),
      nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
      attempts: row.attempts,
      errorCode: row.errorCode,
      errorMessage: row.errorMessage,
    })),
  };
}

// --- What failed ----------------------------------------------------------------------------------------------

const retriable = ["failed", "quarantined"] as const;

async function queueRetry(tx: Tx, ctx: Context, target: Target): Promise<RunRow> {
  const initiatedBy = ctx.principal.userId;
  return await queueRun(tx, target, { trigger: "retry", initiatedBy, now: ctx.now() });
}

/** Puts items back in line with all their tries; what changed meanwhile goes as it is now. */
function lineUpAgain(ctx: Context) {
  return {
    state: "pending" as const,
    // What was deleted over there is made anew: somebody asked for it.
    data: sql`${syncItems.data} || '{"recreate": true}'::jsonb`,
    attempts: 0,
    revision: sql`${syncItems.revision} + 1`,
    priority: 1,
    nextAttemptAt: ctx.now(),
    claimedUntil: null,
    errorCode: null,
    errorMessage: null,
    doneAt: null,
    updatedAt: ctx.now(),
  };
}

/** "Retry failed items" of a run. */
export async function retryFailed(
  ctx: Context,
  ref: RunRef,
): Promise<{ readonly retried: number }> {
  const { run, target } = await runOf(ctx, ref.runId, "integrations:execute");
  requireReady(target);
  return await db().transaction(async (tx) => {
    const rows = await tx
      .update(syncItems)
      .set(lineUpAgain(ctx))
      .where(
        and(
          eq(syncItems.workspaceId, run.workspaceId),
          eq(syncItems.connectionId, run.connectionId),
          eq(syncItems.runId, run.id),
          inArray(syncItems.state, [...retriable]),
        ),
      )
      .returning({ id: syncItems.id });
    if (rows.length > 0) await queueRetry(tx, ctx, target);
    return { retried: rows.length };
  });
}

/** "Go on" after the deletion brake: the next run may remove what this one stopped before. */
export async function goOn(ctx: Context, ref: RunRef): Promise<void> {
  const { run, target } = await runOf(ctx, ref.runId, "integrations:execute");
  requireReady(target);
  const isStopped = run.errorCode === "conflict" && ["failed", "partial"].includes(run.status);
  if (!isStopped) {
    throw new AppError("conflict", "This sync was not stopped before a removal", {
      fix: "Use Sync now instead.",
    });
  }
  await db().transaction(async (tx) => {
    const next = await queueRetry(tx, ctx, target);
    const message = `${ctx.principal.label} let this sync remove what the one before it had stopped at.`;
    const entry = { level: "info", objectType: "run", action: "go_on", message } as const;
    await logEntries(tx, next, [entry], ctx.now());
  });
}

/** Changes one item that is in one of these states; another one is a conflict, since somebody was faster. */
async function changeItem(
  ctx: Context,
  { itemId }: ItemRef,
  states: readonly (typeof syncItems.$inferSelect)["state"][],
  change: (tx: Tx, item: typeof syncItems.$inferSelect, target: Target) => Promise<void>,
): Promise<void> {
  const own = and(eq(syncItems.id, itemId), eq(syncItems.workspaceId, ctx.principal.workspaceId));
  const [found] = await db().select().from(syncItems).where(own);
  if (!found) throw notFound("Sync item");
  const target = await targetToRun(ctx, found.connectionId);
  await db().transaction(async (tx) => {
    const [item] = await tx.select().from(syncItems).where(own).for("update");
    if (!item || !states.includes(item.state)) {
      throw new AppError("conflict", "This was already taken care of", {
        fix: "Load the sync log again.",
      });
    }
    await change(tx, item, target);
  });
}

const itself = (item: typeof syncItems.$inferSelect) =>
  and(eq(syncItems.id, item.id), eq(syncItems.workspaceId, item.workspaceId));

/** Tries one failed record again; one that was deleted at the tool is made anew there. */
export async function retryItem(ctx: Context, ref: ItemRef): Promise<void> {
  await changeItem(ctx, ref, retriable, async (tx, item, target) => {
    requireReady(target);
    await tx.update(syncItems).set(lineUpAgain(ctx)).where(itself(item));
    await queueRetry(tx, ctx, target);
  });
}

/** Takes a record off the list of what needs somebody's decision; it is not sent. */
export async function dismissItem(ctx: Context, ref: ItemRef): Promise<void> {
  await changeItem(ctx, ref, [...retriable, "unknown"], async (tx, item) => {
    const now = ctx.now();
    await tx
      .update(syncItems)
      .set({ state: "dismissed", doneAt: now, updatedAt: now })
      .where(itself(item));
  });
}

/** Sends a message again of which nobody knows whether it arrived. */
export async function postAgain(ctx: Context, ref: ItemRef): Promise<void> {
  await changeItem(ctx, ref, ["unknown"], async (tx, item, target) => {
    requireReady(target);
    await tx
      .update(syncItems)
      .set({ ...lineUpAgain(ctx), data: { ...item.data, again: item.revision } })
      .where(itself(item));
    await queueRetry(tx, ctx, target);
  });
}

// --- Messages that somebody waits for -------------------------------------------------------------------------

function requireMessages(target: Target): void {
  const { provider, connection } = target;
  if (provider.capabilities.message?.push === undefined) {
    throw new AppError("conflict", `${provider.name} takes no messages`, {
      fix: "Share to a chat tool instead.",
    });
  }
  if (connection.status === "connected") return;
  const status = connectionStatusWords[connection.status];
  throw new AppError("conflict", `${provider.name} is not connected (${status})`, {
    fix: "Ask an admin of the workspace to reconnect it.",
  });
}

async function isKnownChannel(target: Target, channel: string): Promise<boolean> {
  const { connection, provider, settings } = target;
  if (Object.values(settings.options).includes(channel)) return true;
  const lists = await db()
    .select({ choices: connectionChoices.choices })
    .from(connectionChoices)
    .where(
      and(
        eq(connectionChoices.connectionId, connection.id),
        eq(connectionChoices.workspaceId, connection.workspaceId),
      ),
    );
  if (lists.some(({ choices }) => choices.some(({ id, isGone }) => id === channel && !isGone))) {
    return true;
  }
  return provider.settings.some(
    (setting) => setting.kind === "choice" && setting.takesPastedId?.test(channel) === true,
  );
}

/** Posts a meeting to a channel for somebody who may read it; the same share pressed twice is one message. */
export async function shareMeeting(
  ctx: Context,
  input: z.output<typeof shareMeetingInput>,
): Promise<SentView> {
  const { meetingId, connectionId, channel, note } = input;
  const { principal } = ctx;
  const meeting = await getMeeting(ctx, meetingId);
  requireProcessed("meeting", meeting.status);
  const target = await loadTarget(db(), principal.workspaceId, connectionId);
  const isOwn = target?.connection.ownerUserId === principal.userId;
  if (!target || (target.connection.scope === "personal" && !isOwn)) throw notFound("Connection");
  requireMessages(target);
  if (!(await isKnownChannel(target, channel))) {
    throw invalidRequest("This channel is not known", { channel: "Choose one of the list." });
  }
  const same = sha256(JSON.stringify([principal.id, channel, note])).slice(0, 16);
  return await sendNow(
    target,
    {
      topic: "share",
      objectId: `${meetingId}:${same}`,
      data: { meetingId, channel, note, by: principal.label },
      initiatedBy: principal.userId,
      // That it was shared, and where; the note is between people.
      alongside: (tx) =>
        recordAudit(tx, ctx, {
          category: "meetings",
          action: "meeting.shared",
          target: { type: "meeting", id: meeting.id, label: meeting.title },
          metadata: { integration: target.provider.slug, channel, has_note: note !== "" },
        }),
    },
    ctx.now,
  );
}

/** "Send test message" to the default channel. */
export async function sendTestMessage(ctx: Context, ref: ConnectionRef): Promise<SentView> {
  const target = await targetToRun(ctx, ref.connectionId);
  requireMessages(target);
  requireReady(target);
  return await sendNow(
    target,
    {
      topic: "test",
      objectId: target.connection.id,
      data: {},
      initiatedBy: ctx.principal.userId,
    },
    ctx.now,
  );
}
