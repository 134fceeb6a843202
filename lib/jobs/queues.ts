import type { Queue } from "pg-boss";

/** What each job carries. A job names rows by id; it never carries their content. */
export interface JobPayloads {
  "meeting.process": { readonly workspaceId: string; readonly meetingId: string };
  /** One run of a connection's sync; `trigger` is a word of handbook 12. */
  "sync.run": {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly trigger: "initial" | "realtime" | "hourly" | "daily" | "manual" | "retry";
    readonly initiatedBy?: string;
  };
  /** The next slice of a run that asks insights of past meetings. */
  "insights.rerun": { readonly workspaceId: string; readonly runId: string };
  "mail.deliver": Record<string, never>;
  "maintenance.minute": Record<string, never>;
  "maintenance.hour": Record<string, never>;
}

export type JobName = keyof JobPayloads;

export interface QueueSpec {
  readonly options: Omit<Queue, "name">;
  /** How many fetching loops of this kind one worker process runs; each takes two jobs at a time. */
  readonly concurrency: number;
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
