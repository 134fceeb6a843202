import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { syncCursors, syncLogEntries } from "@/db/schema/integrations";
import { type Page, ProviderError, type Pull, type Resource } from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";
import { recordFault, recordSuccess } from "@/lib/integrations/health";
import { isBraked } from "@/lib/sync/brake";
import { actionItemHandler } from "@/lib/sync/resources/action-item";
import { contactHandler } from "@/lib/sync/resources/contact";
import { eventHandler } from "@/lib/sync/resources/event";
import type { Handler, PageContext, Stored } from "@/lib/sync/resources/handler";
import type { RunState } from "@/lib/sync/run-state";
import { countInRun, logEntries } from "@/lib/sync/runs";
import { pulledResources, type Target } from "@/lib/sync/target";

// Reading from a tool, page by page. What a page holds, its links and the place to go on from commit together: a crash
// reads a page once more and finds nothing new in it.

type CursorRow = typeof syncCursors.$inferSelect;

const handlers: { readonly [R in Resource]?: Handler<R> } = {
  event: eventHandler,
  contact: contactHandler,
  action_item: actionItemHandler,
};

/** How far back the first reading of a calendar goes: what is going on, and what was today. */
const eventsBackMs = 24 * 3_600_000;

interface Stream<R extends Resource> {
  readonly resource: R;
  readonly name: string;
  readonly pull: Pull<R>;
  readonly handler: Handler<R>;
}

const place = (target: Target, resource: Resource, name: string) =>
  and(
    eq(syncCursors.connectionId, target.connection.id),
    eq(syncCursors.workspaceId, target.connection.workspaceId),
    eq(syncCursors.resource, resource),
    eq(syncCursors.stream, name),
  );

async function cursorOf<R extends Resource>(
  state: RunState,
  { resource, name }: Stream<R>,
): Promise<CursorRow> {
  const { target } = state;
  const now = state.now();
  // Forward only from the day of Connect (handbook D-19).
  const begin = target.connection.connectedAt ?? now;
  const since = resource === "event" ? new Date(now.getTime() - eventsBackMs) : begin;
  await db()
    .insert(syncCursors)
    .values({
      connectionId: target.connection.id,
      workspaceId: target.connection.workspaceId,
      resource,
      stream: name,
      since,
      updatedAt: now,
    })
    .onConflictDoNothing();
  const [row] = await db()
    .select()
    .from(syncCursors)
    .where(place(target, resource, name));
  if (!row) throw new Error("the cursor is gone");
  return row;
}

// --- The brake ------------------------------------------------------------------------------------------------

class Braked extends Error {
  readonly removed: number;
  readonly known: number;

  constructor(removed: number, known: number) {
    super("the brake stopped a pull");
    this.removed = removed;
    this.known = known;
  }
}

/** What this run removed of a stream so far; a run that goes on in another process counts on. */
async function removedSoFar(
  tx: Tx,
  state: RunState,
  resource: Resource,
  stream: string,
): Promise<number> {
  const [row] = await tx
    .select({
      n: sql<number>`coalesce(sum(coalesce((${syncLogEntries.details} ->> 'removed')::int, 1)), 0)::int`,
    })
    .from(syncLogEntries)
    .where(
      and(
        eq(syncLogEntries.runId, state.run.id),
        eq(syncLogEntries.workspaceId, state.run.workspaceId),
        eq(syncLogEntries.action, "delete_unlinked"),
        eq(syncLogEntries.objectType, resource),
        sql`${syncLogEntries.details} ->> 'stream' = ${stream}`,
      ),
    );
  return row?.n ?? 0;
}

/** Somebody saw what this run would remove, and let it. */
async function mayRemove(tx: Tx, state: RunState): Promise<boolean> {
  const [row] = await tx
    .select({ id: syncLogEntries.id })
    .from(syncLogEntries)
    .where(
      and(
        eq(syncLogEntries.runId, state.run.id),
        eq(syncLogEntries.workspaceId, state.run.workspaceId),
        eq(syncLogEntries.action, "go_on"),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** Throws, and so undoes everything of its transaction, when a pull would remove too much at once. */
async function brake<R extends Resource>(
  tx: Tx,
  state: RunState,
  stream: Stream<R>,
  counted: { readonly removed: number; readonly known: number },
): Promise<void> {
  if (counted.removed === 0) return;
  const before = await removedSoFar(tx, state, stream.resource, stream.name);
  const removed = before + counted.removed;
  const known = counted.known + before;
  if (!isBraked(removed, known) || (await mayRemove(tx, state))) return;
  throw new Braked(removed, known);
}

// --- One page -------------------------------------------------------------------------------------------------

async function keep(tx: Tx, state: RunState, stored: Stored, now: Date): Promise<void> {
  await logEntries(tx, state.run, stored.entries, now);
  await countInRun(tx, state.run, stored.tally);
}

/**
 * The cursor row, if the page that was read still is the next one.
 */
async function lockCursor<R extends Resource>(
  tx: Tx,
  state: RunState,
  { resource, name }: Stream<R>,
  read: CursorRow,
): Promise<boolean> {
  const same =
    read.cursor === null ? isNull(syncCursors.cursor) : eq(syncCursors.cursor, read.cursor);
  const [row] = await tx
    .select({ resource: syncCursors.resource })
    .from(syncCursors)
    .where(and(place(state.target, resource, name), same))
    .for("update");
  return row !== undefined;
}

async function storePage<R extends Resource>(
  state: RunState,
  stream: Stream<R>,
  read: CursorRow,
  page: Page<R>,
  askedAt: Date,
): Promise<void> {
  const { target } = state;
  const { handler, resource, name } = stream;
  const now = state.now();
  const ctx: PageContext = { target, stream: name, now };
  // What is linked while the page is on its way need not be on it.
  const beganAt = read.cursor === null && page.isWhole ? askedAt : read.sweepBeganAt;
  const isSweepDone = beganAt !== null && !page.hasMore;
  await db().transaction(async (tx) => {
    if (!(await lockCursor(tx, state, stream, read))) return;
    const before = await handler.countUnmet(tx, ctx, new Date(0));
    const stored = await handler.store(tx, ctx, page);
    await brake(tx, state, stream, { removed: stored.removed, known: before.known });
    await keep(tx, state, stored, now);
    if (isSweepDone) {
      const { known, unmet } = await handler.countUnmet(tx, ctx, beganAt);
      await brake(tx, state, stream, { removed: unmet, known });
      await keep(tx, state, await handler.dropUnmet(tx, ctx, beganAt), now);
    }
    await recordSuccess(tx, target.connection, now);
    await tx
      .update(syncCursors)
      .set({
        cursor: page.cursor,
        sweepBeganAt: isSweepDone ? null : beganAt,
        updatedAt: now,
      })
      .where(place(target, resource, name));
  });
  state.heard();
}

function stopByBrake(state: RunState, resource: Resource, { removed, known }: Braked): void {
  const what = resource === "event" ? "events" : "records";
  state.end({
    code: "conflict",
    message: `Stopped before ${removed} of ${known} ${what} would have been removed here because ${state.target.provider.name} does not show them any more. Look there first; then press Go on, or leave everything as it is.`,
    isTold: false,
  });
}

/** Nothing is known any more of where we were: the next page begins a whole reading. */
async function dropCursor<R extends Resource>(
  state: RunState,
  { resource, name }: Stream<R>,
): Promise<void> {
  await db()
    .update(syncCursors)
    .set({ cursor: null, sweepBeganAt: null, updatedAt: state.now() })
    .where(place(state.target, resource, name));
}

type PageEnd = "more" | "done" | "failed";

async function meetFault<R extends Resource>(
  state: RunState,
  stream: Stream<R>,
  read: CursorRow,
  error: ProviderError,
): Promise<PageEnd> {
  const { fault } = error;
  const reason = recordErrorOf(fault);
  const now = state.now();
  if (fault.kind === "cursor_expired" && read.cursor !== null) {
    await dropCursor(state, stream);
    return "more";
  }
  if (fault.kind === "rate_limited") {
    state.rest(new Date(now.getTime() + (fault.retryAfterMs ?? 60_000)));
    await state.restIfAsked();
    return "more";
  }
  const isAway = fault.kind === "transient" && (await state.isAway());
  state.lastReason = reason;
  await db().transaction(async (tx) => {
    if (!isAway) await recordFault(tx, state.target.connection, fault, now);
    await countInRun(tx, state.run, { failed: 1 });
    const isTransient = fault.kind === "transient";
    await logEntries(
      tx,
      state.run,
      [
        {
          level: isTransient || fault.kind === "reauth" ? "warning" : "error",
          objectType: stream.resource,
          action: "skip",
          message: `Reading stopped: ${reason.message}`,
          errorCode: reason.code,
          details: { stream: stream.name },
        },
      ],
      now,
    );
  });
  if (fault.kind === "reauth") state.end({ ...reason, isTold: true });
  else if (fault.kind === "transient") state.missed(reason);
  return "failed";
}

/** Reads one page of a stream and keeps it. */
async function pullPage<R extends Resource>(state: RunState, stream: Stream<R>): Promise<PageEnd> {
  const read = await cursorOf(state, stream);
  try {
    const session = await state.session();
    const askedAt = state.now();
    const page = await stream.pull.page(session, {
      stream: stream.name,
      cursor: read.cursor,
      since: read.since,
      now: askedAt,
    });
    await storePage(state, stream, read, page, askedAt);
    return page.hasMore ? "more" : "done";
  } catch (error) {
    if (error instanceof Braked) {
      stopByBrake(state, stream.resource, error);
      return "failed";
    }
    if (!(error instanceof ProviderError)) throw error;
    return await meetFault(state, stream, read, error);
  }
}

async function streamsOf<R extends Resource>(
  state: RunState,
  resource: R,
): Promise<readonly Stream<R>[]> {
  const pull = state.target.provider.capabilities[resource]?.pull as Pull<R> | undefined;
  const handler = handlers[resource] as Handler<R> | undefined;
  if (!pull || !handler) return [];
  const names = pull.streams ? pull.streams(await state.session()) : [""];
  return names.map((name) => ({ resource, name, pull, handler }));
}

/** Streams that nobody chose any more are forgotten, and with a mirror goes what came from them. */
async function forgetStreams(
  state: RunState,
  resource: Resource,
  names: readonly string[],
): Promise<void> {
  const { target } = state;
  const { id, workspaceId } = target.connection;
  await db().transaction(async (tx) => {
    const known = await tx
      .select({ stream: syncCursors.stream })
      .from(syncCursors)
      .where(
        and(
          eq(syncCursors.connectionId, id),
          eq(syncCursors.workspaceId, workspaceId),
          eq(syncCursors.resource, resource),
        ),
      );
    const now = state.now();
    for (const { stream } of known.filter(({ stream: name }) => !names.includes(name))) {
      await tx.delete(syncCursors).where(place(target, resource, stream));
      if (resource !== "event") continue;
      // Not read any more is not deleted over there: the brake has no say.
      const ctx: PageContext = { target, stream, now };
      await keep(tx, state, await eventHandler.dropUnmet(tx, ctx, afterAll), now);
    }
  });
}

/** Later than everything. */
const afterAll = new Date("9999-12-31T00:00:00Z");

/** Reads everything that is new at the tool, stream by stream, until the run is over or nothing is left. */
export async function pullAll(state: RunState): Promise<void> {
  for (const resource of pulledResources(state.target)) {
    const streams = await streamsOf(state, resource);
    await forgetStreams(
      state,
      resource,
      streams.map(({ name }) => name),
    );
    for (const stream of streams) {
      let end: PageEnd = "more";
      while (end === "more" && !state.isOver()) end = await pullPage(state, stream);
      if (state.isOver()) return;
    }
  }
}
