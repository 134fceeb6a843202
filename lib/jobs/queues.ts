import { availableParallelism } from "node:os";
import type { Queue } from "pg-boss";

/** What each job carries. A job names rows by id; it does not carry their content. */
export interface JobPayloads {
  "meeting.process": { readonly workspaceId: string; readonly meetingId: string };
  /** From a recording to its transcript; `failures` counts how often an engine or a place could not be reached. */
  "meeting.transcribe": {
    readonly workspaceId: string;
    readonly meetingId: string;
    readonly failures?: number;
  };
  /** One run of a connection's sync; `trigger` is a word of handbook 12. */
  "sync.run": {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly trigger: "initial" | "realtime" | "hourly" | "daily" | "manual" | "retry";
    readonly initiatedBy?: string;
  };
  /**
   * A grant that has to be ended at its tool. The one job that carries something: its tokens are stored nowhere else any
   * more (docs/adr/0012). `sealed` opens with `id`.
   */
  "grant.end": { readonly workspaceId: string; readonly id: string; readonly sealed: string };
  /** Ends the grants that a kill switch of the OAuth server has closed. */
  "oauth.kill": { readonly workspaceId: string; readonly killId: string };
  /** The next slice of a run that asks insights of past meetings. */
  "insights.rerun": { readonly workspaceId: string; readonly runId: string };
  "mail.deliver": Record<string, never>;
  "maintenance.minute": Record<string, never>;
  "maintenance.hour": Record<string, never>;
}

export type JobName = keyof JobPayloads;

export interface QueueSpec {
  readonly options: Omit<Queue, "name">;
  /** How many fetching loops of this kind one worker process runs. */
  readonly concurrency: number;
  /** Jobs that a loop takes at a time; two where absent, which makes it fetch again without a pause. */
  readonly batchSize?: number;
  /** A cron line in UTC for jobs that start by themselves. */
  readonly cron?: string;
}

/** All queues with their budgets: retries, delays, and the heartbeat after which a lost job is taken up again. */
export const QUEUES = {
  "meeting.process": {
    options: {
      notify: true,
      retryLimit: 5,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 600,
      heartbeatSeconds: 10,
      expireInSeconds: 3600,
    },
    concurrency: 2,
  },
  "meeting.transcribe": {
    // `stately` with the meeting as key: two workers never work on one recording, and a retry waits for a cancelled run
    // to notice. The queue repeats only what a crash has cut off, soon and often, since each run goes on where the last
    // one stood; a service that fails is tried again by the job itself, with growing pauses.
    options: {
      policy: "stately",
      notify: true,
      retryLimit: 50,
      retryDelay: 2,
      heartbeatSeconds: 10,
      expireInSeconds: 23 * 3600,
    },
    // A core stays free for pages and the database.
    concurrency: Math.max(1, availableParallelism() - 1),
    batchSize: 1,
  },
  "sync.run": {
    // `stately` with the connection as key: one waits and one runs at most, so that runs of a connection never overlap
    // and whatever asks meanwhile shares the next one (handbook D-18).
    options: {
      policy: "stately",
      notify: true,
      retryLimit: 20,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 60,
      heartbeatSeconds: 10,
      expireInSeconds: 6 * 3600,
    },
    concurrency: 4,
  },
  "grant.end": {
    // 10 s, 20 s, 40 s … then each hour, for a day; `sweepGrants` ends it a little earlier.
    options: {
      notify: true,
      retryLimit: 40,
      retryDelay: 10,
      retryBackoff: true,
      retryDelayMax: 3600,
      heartbeatSeconds: 10,
      expireInSeconds: 300,
    },
    concurrency: 1,
  },
  "insights.rerun": {
    options: {
      notify: true,
      retryLimit: 5,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: 10,
      // Twenty meetings, each of several requests to a language model.
      expireInSeconds: 2 * 3600,
    },
    concurrency: 1,
  },
  "oauth.kill": {
    // The switch holds already; this is the tidying behind it, which a crash must not leave half done.
    options: {
      notify: true,
      retryLimit: 20,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: 10,
      expireInSeconds: 3600,
    },
    concurrency: 1,
  },
  "mail.deliver": {
    options: {
      notify: true,
      retryLimit: 3,
      retryDelay: 30,
      heartbeatSeconds: 10,
      expireInSeconds: 300,
    },
    concurrency: 1,
    cron: "* * * * *",
  },
  "maintenance.minute": {
    options: { retryLimit: 0, expireInSeconds: 120, heartbeatSeconds: 10 },
    concurrency: 1,
    cron: "* * * * *",
  },
  "maintenance.hour": {
    options: { retryLimit: 2, expireInSeconds: 1800, heartbeatSeconds: 10 },
    concurrency: 1,
    cron: "7 * * * *",
  },
} as const satisfies Record<JobName, QueueSpec>;
