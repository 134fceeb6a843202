import type { z } from "zod";
import type { Context } from "@/lib/auth/principal";
import type { connectionRef } from "@/lib/integrations/schema";
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

type ConnectionRef = z.output<typeof connectionRef>;
type RunRef = z.output<typeof runRef>;
type ItemRef = z.output<typeof itemRef>;

// What people may do with a connection's sync, and see of it (handbook 12 and 22.2).

/** "Sync now": a run begins at once, or shares the one that waits already. */
export async function syncNow(_ctx: Context, _ref: ConnectionRef): Promise<void> {}

/** "Sync past meetings": how many meetings that are, then offered behind everything that just happened. */
export async function startBackfill(
  _ctx: Context,
  _input: z.output<typeof backfillInput>,
): Promise<{ readonly total: number }> {
  return { total: 0 };
}

/** How many meetings "Sync past meetings" would offer. */
export async function countBackfill(
  _ctx: Context,
  _input: z.output<typeof backfillInput>,
): Promise<number> {
  return 0;
}

/** Ends "Sync past meetings": what has not gone out yet stays here. */
export async function cancelBackfill(
  _ctx: Context,
  _ref: ConnectionRef,
): Promise<{ readonly cancelled: number }> {
  return { cancelled: 0 };
}

export async function listRuns(
  _ctx: Context,
  _connectionId: string,
  query: RunsQuery,
): Promise<RunPage> {
  return { runs: [], total: 0, page: query.page, perPage: 25 };
}

export async function listEntries(_ctx: Context, _runId: string, page: number): Promise<EntryPage> {
  return { entries: [], total: 0, page, perPage: 25 };
}

/** "Retry failed items" of a run. */
export async function retryFailed(
  _ctx: Context,
  _ref: RunRef,
): Promise<{ readonly retried: number }> {
  return { retried: 0 };
}

/** "Go on" after the deletion brake: the next run may remove what this one stopped before. */
export async function goOn(_ctx: Context, _ref: RunRef): Promise<void> {}

export async function retryItem(_ctx: Context, _ref: ItemRef): Promise<void> {}
export async function dismissItem(_ctx: Context, _ref: ItemRef): Promise<void> {}
/** Sends a message again of which nobody knows whether it arrived. */
export async function postAgain(_ctx: Context, _ref: ItemRef): Promise<void> {}

/** The runs of the same query as CSV, line by line. */
export async function* exportRuns(
  _ctx: Context,
  _connectionId: string,
  _query: RunsQuery,
): AsyncIterable<string> {
  yield "";
}

/** Posts a meeting to a channel; the same share pressed twice is one message. */
export async function shareMeeting(
  _ctx: Context,
  _input: z.output<typeof shareMeetingInput>,
): Promise<SentView> {
  return { state: "waiting", url: null, message: "" };
}

/** "Send test message" to the default channel. */
export async function sendTestMessage(_ctx: Context, _ref: ConnectionRef): Promise<SentView> {
  return { state: "waiting", url: null, message: "" };
}

export async function listWaiting(_ctx: Context, _connectionId: string): Promise<WaitingView> {
  return { count: 0, items: [] };
}
