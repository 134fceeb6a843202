import { setTimeout as delay } from "node:timers/promises";
import { and, eq, gt, isNotNull, isNull, or } from "drizzle-orm";
import { db } from "@/db/client";
import { providerHooks, syncRuns } from "@/db/schema/integrations";
import { type Clock, systemClock } from "@/lib/core/clock";
import { log } from "@/lib/core/log";
import { ProviderError } from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";
import { recordFault } from "@/lib/integrations/health";
import { enqueue } from "@/lib/jobs/enqueue";
import type { JobPayloads } from "@/lib/jobs/queues";
import { Candidates } from "@/lib/sync/candidates";
import { gatherDigest } from "@/lib/sync/digest";
import { isSendingElsewhere } from "@/lib/sync/items";
import { pullAll } from "@/lib/sync/pull-page";
import { pushItem } from "@/lib/sync/push-item";
import { RunState } from "@/lib/sync/run-state";
import { beginRun, finishRun, type RunRow, skipRun } from "@/lib/sync/runs";
import { idleReasonOf, loadTarget, type Target } from "@/lib/sync/target";

// One run of a connection's sync. Lanes work side by side: one reads pages, the others send records, the most urgent
// first. Each step is one short transaction, so that a run can be killed anywhere and goes on where it was.

/** A run works so long at a stretch, then lines up again behind the runs of others. */
const sliceMs = 4000;
/** Messages go one after the other, as they happened; records of tools that keep things do not wait for each other. */
const lanesOfRecords = 4;
/** While pages are read, or something is still being sent, new work is looked for this often. */
const lookAgainMs = 250;

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly now?: Clock;
  /** How long it works at a stretch; a test may let it work to the end. */
  readonly sliceMs?: number;
}

async function pushLane(state: RunState, candidates: Candidates): Promise<void> {
  while (!state.isOver()) {
    await state.restIfAsked();
    if (state.isOver()) return;
    const candidate = await candidates.next();
    if (candidate) {
      await pushItem(state, candidate).finally(() => candidates.release(candidate));
    } else if (state.isPulling) {
      await delay(lookAgainMs, undefined, { signal: state.signal }).catch(() => undefined);
    } else {
      // The run ends with nothing open: what a killed worker left is taken up as soon as its claim has run out.
      state.comesBack ||= await isSendingElsewhere(
        db(),
        state.target.connection,
        candidates.inHand,
      );
      return;
    }
  }
}

async function pullLane(state: RunState): Promise<void> {
  try {
    await pullAll(state);
  } finally {
    state.isPulling = false;
  }
}

const lanesOf = ({ target }: RunState) =>
  target.provider.capabilities.message?.push === undefined ? lanesOfRecords : 1;

/** Whether what waits for its hour goes now. */
function takesAll({ settings }: Target, run: RunRow): boolean {
  return settings.frequency === "realtime" || run.trigger !== "realtime";
}

/** What a provider throws outside of a record or a page, such as a tool that is not set up here any more. */
async function meetError(state: RunState, error: unknown): Promise<void> {
  if (!(error instanceof ProviderError)) throw error;
  const reason = recordErrorOf(error.fault);
  state.end({ ...reason, isTold: error.fault.kind === "reauth" });
  const { fault } = error;
  await db().transaction((tx) => recordFault(tx, state.target.connection, fault, state.now()));
}

async function work(state: RunState): Promise<void> {
  const { target, run } = state;
  // A tool that did not answer is asked first: no record is risked on it, and none loses a try.
  if (target.connection.failures > 0 && (await state.isAway())) return;
  const all = takesAll(target, run);
  if (all) await gatherDigest(state);
  const candidates = new Candidates(state, all);
  const lanes = Array.from({ length: lanesOf(state) }, () => pushLane(state, candidates));
  const ends = await Promise.allSettled([pullLane(state), ...lanes]);
  for (const end of ends) {
    if (end.status === "rejected") await meetError(state, end.reason);
  }
}

/** Whether the tool tells us of changes by itself now. */
async function hasLiveHook({ connection }: Target, now: Date): Promise<boolean> {
  const [hook] = await db()
    .select({ id: providerHooks.id })
    .from(providerHooks)
    .where(
      and(
        eq(providerHooks.connectionId, connection.id),
        eq(providerHooks.workspaceId, connection.workspaceId),
        isNotNull(providerHooks.secretSealed),
        or(isNull(providerHooks.expiresAt), gt(providerHooks.expiresAt, now)),
      ),
    )
    .limit(1);
  return hook !== undefined;
}

/** How soon a run comes back that waits for what is being sent elsewhere. */
const comesBackSeconds = 2;

async function lineUp(payload: JobPayloads["sync.run"], afterSeconds = 0): Promise<void> {
  const { workspaceId, connectionId } = payload;
  await enqueue(
    db(),
    "sync.run",
    { workspaceId, connectionId, trigger: "realtime" },
    { singletonKey: connectionId, startAfter: afterSeconds },
  );
}

async function hasQueued({ connection }: Target): Promise<boolean> {
  const [next] = await db()
    .select({ id: syncRuns.id })
    .from(syncRuns)
    .where(
      and(
        eq(syncRuns.connectionId, connection.id),
        eq(syncRuns.workspaceId, connection.workspaceId),
        eq(syncRuns.status, "queued"),
      ),
    )
    .limit(1);
  return next !== undefined;
}

/**
 * Works on a connection's run until nothing is due, or until its slice is over. Nothing is lost when it ends anywhere:
 * what comes next finds the run and goes on.
 */
export async function runConnection(
  payload: JobPayloads["sync.run"],
  options: RunOptions,
): Promise<void> {
  const { now = systemClock, signal } = options;
  const { workspaceId, connectionId, trigger } = payload;
  const target = await loadTarget(db(), workspaceId, connectionId);
  if (!target) return;
  const idle = idleReasonOf(target);
  if (idle) {
    await db().transaction((tx) => skipRun(tx, target, trigger, idle, now()));
    return;
  }
  const run = await db().transaction((tx) => beginRun(tx, target, trigger, now()));
  const state = new RunState({ target, run, now, signal, sliceMs: options.sliceMs ?? sliceMs });
  await work(state);
  if (state.stop === null && (state.isUnfinished || state.comesBack)) {
    await lineUp(payload, state.isUnfinished ? 0 : comesBackSeconds);
    return;
  }
  const hasHook = await hasLiveHook(target, now());
  const { stop, lastReason } = state;
  const ended = await db().transaction((tx) =>
    finishRun(tx, target, run.id, { stop, lastReason, now: now(), hasHook }),
  );
  if (ended) {
    const { status, createdCount, updatedCount, skippedCount, failedCount } = ended;
    log().info(
      {
        tool: target.provider.slug,
        run: run.id,
        status,
        createdCount,
        updatedCount,
        skippedCount,
        failedCount,
      },
      "sync",
    );
  }
  if (await hasQueued(target)) await lineUp(payload);
}

/**
 * The job `sync.run`. The queue lets one wait and one run for each connection, so runs never overlap; a run that a
 * killed worker left is taken over by the retry of its job.
 */
export async function runSync(
  payload: JobPayloads["sync.run"],
  job: { readonly signal: AbortSignal; readonly isLastAttempt: boolean },
): Promise<void> {
  await runConnection(payload, { signal: job.signal });
}
