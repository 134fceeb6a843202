import { setTimeout as delay } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { log } from "@/lib/core/log";
import type { Meeting } from "@/lib/processing/meeting-step";

const everyMs = 1000;

/** The meeting was cancelled or deleted while somebody worked on it: nothing is left to do or to say. */
export class MeetingGone extends Error {}

export interface MeetingWatch {
  /** Aborts with the job, or with `MeetingGone`. */
  readonly signal: AbortSignal;
  /** Shown within a second; never falls. */
  readonly report: (progress: number) => void;
  readonly stop: () => Promise<void>;
}

/** Writes progress, and notices within a second or two when the meeting is no longer being processed. */
export function watchMeeting(meeting: Meeting, jobSignal: AbortSignal): MeetingWatch {
  const gone = new AbortController();
  const stopped = new AbortController();
  let latest = meeting.progress;
  let written = meeting.progress;

  async function look(): Promise<boolean> {
    const own = and(eq(meetings.workspaceId, meeting.workspaceId), eq(meetings.id, meeting.id));
    if (latest === written) {
      const [row] = await db().select({ status: meetings.status }).from(meetings).where(own);
      return row?.status === "processing";
    }
    const progress = latest;
    const [row] = await db()
      .update(meetings)
      .set({ progress: sql`greatest(${meetings.progress}, ${progress})` })
      .where(and(own, eq(meetings.status, "processing")))
      .returning({ id: meetings.id });
    written = progress;
    return row !== undefined;
  }

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        if (!(await look())) gone.abort(new MeetingGone());
      } catch (error) {
        // The database is away for a moment; the next look tells.
        log().warn({ meeting: meeting.id, err: error }, "a meeting cannot be watched");
      }
      await delay(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  const watching = watch();
  return {
    signal: AbortSignal.any([jobSignal, gone.signal]),
    report: (progress) => {
      latest = Math.max(latest, Math.floor(progress));
    },
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}
