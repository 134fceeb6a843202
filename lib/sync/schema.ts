import { z } from "zod";

// Shapes of sync runs, their log and what waits (handbook 12); instants are ISO 8601.

export const syncTriggers = ["initial", "realtime", "hourly", "daily", "manual", "retry"] as const;
export type SyncTrigger = (typeof syncTriggers)[number];
export const triggerWords: Readonly<Record<SyncTrigger, string>> = {
  initial: "First sync",
  realtime: "Real-time",
  hourly: "Hourly",
  daily: "Daily",
  manual: "Sync now",
  retry: "Retry",
};

export const runStatuses = [
  "queued",
  "running",
  "succeeded",
  "partial",
  "failed",
  "skipped",
  "cancelled",
] as const;
export type RunStatus = (typeof runStatuses)[number];
export const runStatusWords: Readonly<Record<RunStatus, string>> = {
  queued: "Queued",
  running: "Running",
  succeeded: "Succeeded",
  partial: "Partial",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Cancelled",
};

export interface RunView {
  readonly id: string;
  readonly trigger: SyncTrigger;
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly createdAt: string;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly progress: { readonly done: number; readonly total: number | null } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly initiatedBy: string | null;
}

export interface RunPage {
  readonly runs: readonly RunView[];
  readonly total: number;
  readonly page: number;
  readonly perPage: number;
}

/** What happened to one record, with what to do about it. */
export interface EntryView {
  readonly id: string;
  readonly at: string;
  readonly level: "info" | "warning" | "error";
  readonly objectType: string;
  readonly action: string;
  readonly harmonyId: string | null;
  readonly externalId: string | null;
  readonly externalUrl: string | null;
  readonly message: string;
  readonly errorCode: string | null;
  /** From the error catalogue: one sentence. */
  readonly fix: string | null;
  /** The item that can be tried, dismissed or posted again; null where there is nothing to do. */
  readonly item: { readonly id: string; readonly actions: readonly ItemAction[] } | null;
}
export type ItemAction = "retry" | "post_again" | "dismiss";

export const runsQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
  status: z.enum(runStatuses).optional().catch(undefined),
  trigger: z.enum(syncTriggers).optional().catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
  errors: z.literal("1").optional().catch(undefined),
});
export type RunsQuery = z.output<typeof runsQuery>;

export const runRef = z.strictObject({ runId: z.string().max(40) });
export const itemRef = z.strictObject({ itemId: z.string().max(40) });

export const backfillInput = z.strictObject({
  connectionId: z.string().max(40),
  /** "Sync past meetings" (handbook D-19). */
  days: z.union([z.literal(30), z.literal(90)]),
});

export const shareMeetingInput = z.strictObject({
  meetingId: z.string().max(40),
  connectionId: z.string().max(40),
  channel: z.string().min(1).max(80),
  note: z.string().trim().max(1000).default(""),
});

/** How a share or a test message ended, or that it still goes on. */
export interface SentView {
  readonly state: "sent" | "waiting" | "failed" | "unknown";
  readonly url: string | null;
  readonly message: string;
}

/** What happened in one run, newest first. */
export interface EntryPage {
  readonly entries: readonly EntryView[];
  readonly total: number;
  readonly page: number;
  readonly perPage: number;
}

/** What waits to go to a tool: how much, and the first of it. */
export interface WaitingView {
  readonly count: number;
  /** Most of them are told by number only: this many are listed. */
  readonly items: readonly {
    readonly id: string;
    readonly topic: string;
    readonly objectId: string;
    readonly since: string;
    readonly nextAttemptAt: string | null;
    readonly attempts: number;
    readonly errorCode: string | null;
    readonly errorMessage: string | null;
  }[];
}
