import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import { retryMeeting } from "@/lib/meetings/retry-meeting";
import { cancelProcessing } from "@/lib/processing/cancel-processing";
import { makeMeeting, makeMember, makeWorkspace } from "../../support/factories";
import { makeWav, tone } from "../../support/sounds";
import type { RunningProcess } from "../../support/stack";
import { answerWith, hold, verbose } from "../../support/transcription-endpoint";
import { waitFor } from "../../support/wait-for";
import { generate, isOver, makeRecordingStage, type RecordingStage } from "./recording-stage";

// Workers that are killed, work that is cancelled, meetings that go away in the middle.

let stage: RecordingStage;
let media: RunningProcess;
/** 26 minutes: three parts for an endpoint. */
let long: Uint8Array;
const short = makeWav(5, tone(300));

beforeAll(async () => {
  stage = await makeRecordingStage();
  // The pauses of a real installation: the half minute counts with them.
  await stage.apart.sql`update pgboss.queue set heartbeat_seconds = 10, retry_delay = 2
    where name = 'meeting.transcribe'`;
  long = await generate("sine=frequency=300:sample_rate=8000:duration=1560", "a.flac");
  const [, started] = stage.startWorkers();
  if (!started) throw new Error("no media worker");
  media = started;
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.endpoint.requests.length = 0;
  stage.endpoint.reply = answerWith(200, verbose("Hello there."));
});

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

const asked = (count: number) =>
  waitFor(`request ${count}`, () => stage.endpoint.requests[count - 1], 60_000);

/** Answers the first `count` requests and lets the next one wait. */
function holdAfter(count: number): void {
  stage.endpoint.reply = (response, request) => {
    if (stage.endpoint.requests.length > count) return;
    answerWith(200, verbose(`Part ${stage.endpoint.requests.length}.`))(response, request);
  };
}

describe("a media worker", () => {
  test("that is killed is followed within half a minute by one that goes on after the last part", async () => {
    holdAfter(1);
    const id = await stage.record(long);
    await asked(2);
    expect(await stage.partsOf(id)).toBe(1);
    const before = await stage.rowOf(id);
    // As the supervisor does; how long a process takes to come up on a busy machine is not what is measured.
    const next = stage.startMedia();
    await waitFor("the next worker", next.isReady, 60_000);
    process.kill(media.pid, "SIGKILL");
    const killedAt = Date.now();
    await waitFor("the end of the worker", () => hasEnded(media.pid));
    media = next;
    stage.endpoint.reply = answerWith(200, verbose("Later part."));
    const again = () => stage.apart.sql`select 1 from pgboss.job where state = 'active'
      and name = 'meeting.transcribe' and data ->> 'meetingId' = ${id} and retry_count = 1`;
    await waitFor("the work to go on", async () => (await again()).length === 1, 60_000);
    expect(Date.now() - killedAt).toBeLessThan(30_000);
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "processed", duration_seconds: 1560 });
    expect(row.progress).toBeGreaterThanOrEqual(before.progress);
    // Part one once, part two twice (its answer was lost), part three once.
    expect(stage.endpoint.requests).toHaveLength(4);
    const [stored] = await stage.apart.sql<{ turns: { text: string; startMs: number }[] }[]>`
      select turns from transcripts where meeting_id = ${id}`;
    expect(stored?.turns.map(({ text }) => text)).toEqual([
      "Part 1.",
      "Later part.",
      "Later part.",
    ]);
    const starts = stored?.turns.map(({ startMs }) => startMs) ?? [];
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(await stage.eventsOf(id)).toEqual(["meeting.processed"]);
    expect(await stage.partsOf(id)).toBe(0);
    expect(await stage.workFiles()).toEqual([]);
  }, 180_000);

  test("that is asked to stop does so at once, and another one goes on", async () => {
    holdAfter(1);
    const id = await stage.record(long);
    await asked(2);
    const startedAt = Date.now();
    await media.stop();
    expect(Date.now() - startedAt).toBeLessThan(9_000);
    expect(await stage.rowOf(id)).toMatchObject({ status: "processing", stage: "transcribing" });
    expect(await stage.partsOf(id)).toBe(1);
    stage.endpoint.reply = answerWith(200, verbose("Later part."));
    media = stage.startMedia();
    expect((await stage.reach(id, isOver)).status).toBe("processed");
    expect(stage.endpoint.requests).toHaveLength(4);
  }, 180_000);

  test("and a second one beside it never do one recording twice", async () => {
    const second = stage.startMedia();
    const ids = await Promise.all(Array.from({ length: 6 }, () => stage.record(short)));
    for (const id of ids) expect((await stage.reach(id, isOver)).status).toBe("processed");
    expect(stage.endpoint.requests).toHaveLength(ids.length);
    for (const id of ids) expect(await stage.eventsOf(id)).toEqual(["meeting.processed"]);
    await second.stop();
  }, 180_000);

  test("without an ffmpeg that runs says so, and Retry helps once there is one", async () => {
    await media.stop();
    media = stage.startMedia({ FFMPEG_PATH: "/nowhere/ffmpeg" });
    const id = await stage.record(short);
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "failed", failure_code: "transcription_error" });
    expect(row.failure_message).toContain("FFMPEG_PATH");
    await media.stop();
    media = stage.startMedia();
    await retryMeeting(await stage.workspace.admin.ctx(), { id });
    expect((await stage.reach(id, isOver)).status).toBe("processed");
  }, 180_000);
});

describe("cancelling", () => {
  test("ends the work within two seconds, says who did it, and Retry goes on after what was heard", async () => {
    holdAfter(1);
    const id = await stage.record(long);
    const held = await asked(2);
    const colleague = await makeMember(stage.workspace, { role: "admin", name: "Mara Lindt" });
    const cancelledAt = Date.now();
    await cancelProcessing(await colleague.ctx(), { id });
    expect(await stage.rowOf(id)).toMatchObject({
      ...{ status: "failed", stage: null, failure_code: "transcription_error" },
      failure_message: "Processing was cancelled by Mara Lindt. Press Retry to start again.",
    });
    await waitFor("the request to be given up", () => held.isOver());
    expect(Date.now() - cancelledAt).toBeLessThan(4_000);
    await waitFor("the decoded sound to go", async () => (await stage.workFiles()).length === 0);
    expect(await stage.eventsOf(id)).toEqual(["meeting.failed"]);
    const trail = await stage.apart.sql`select actor_id from audit_events
      where action = 'meeting.cancelled' and target_id = ${id}`;
    expect([...trail]).toEqual([{ actor_id: colleague.userId }]);
    const told = await stage.apart.sql`select body from notifications
      where link = ${`/meetings/${id}`} and user_id = ${stage.workspace.admin.userId}`;
    expect(told).toHaveLength(1);

    stage.endpoint.reply = answerWith(200, verbose("Later part."));
    await retryMeeting(await stage.workspace.admin.ctx(), { id });
    expect((await stage.reach(id, isOver)).status).toBe("processed");
    expect(stage.endpoint.requests).toHaveLength(4);
    expect(await stage.eventsOf(id)).toEqual(["meeting.failed", "meeting.processed"]);
  }, 120_000);

  test("one's own meeting is no news to oneself", async () => {
    stage.endpoint.reply = hold;
    const id = await stage.record(short);
    await asked(1);
    await cancelProcessing(await stage.workspace.admin.ctx(), { id });
    const told = await stage.apart.sql`select 1 from notifications
      where link = ${`/meetings/${id}`}`;
    expect(told).toHaveLength(0);
  });

  test("a meeting that waits takes it out of the queue; one whose try was put off can be retried at once", async () => {
    stage.endpoint.reply = answerWith(503, {});
    const id = await stage.record(short);
    const putOff = async () =>
      (
        await stage.apart.sql`select 1 from pgboss.job where name = 'meeting.transcribe'
          and state = 'created' and start_after > now() and data ->> 'meetingId' = ${id}`
      ).length === 1;
    await waitFor("the next try to wait", putOff, 30_000);
    const ctx = await stage.workspace.admin.ctx();
    await cancelProcessing(ctx, { id });
    stage.endpoint.reply = answerWith(200, verbose("Hello."));
    await retryMeeting(ctx, { id });
    expect((await stage.reach(id, isOver)).status).toBe("processed");
  });

  test("twice at once is done once; what is not being processed cannot be cancelled", async () => {
    stage.endpoint.reply = hold;
    const id = await stage.record(short);
    await asked(1);
    const ctx = await stage.workspace.admin.ctx();
    const results = await Promise.allSettled([
      cancelProcessing(ctx, { id }),
      cancelProcessing(ctx, { id }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await stage.eventsOf(id)).toEqual(["meeting.failed"]);
    for (const status of ["processed", "failed", "recording"] as const) {
      const meeting = await makeMeeting(stage.workspace, { status });
      await expect(cancelProcessing(ctx, { id: meeting.id })).rejects.toMatchObject({
        code: "conflict",
        details: { status },
      });
    }
  });

  test("is for those who may change the meeting; to another workspace it does not exist", async () => {
    const meeting = await makeMeeting(stage.workspace, { status: "queued" });
    const viewer = await makeMember(stage.workspace, { role: "user" });
    const stranger = (await makeWorkspace()).admin;
    await expect(cancelProcessing(await viewer.ctx(), meeting)).rejects.toMatchObject({
      code: expect.stringMatching(/^(forbidden|not_found)$/),
    });
    await expect(cancelProcessing(await stranger.ctx(), meeting)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await stage.rowOf(meeting.id)).toMatchObject({ status: "queued" });
  });
});

test("a meeting that is deleted in the middle stops the work and leaves nothing", async () => {
  stage.endpoint.reply = hold;
  const id = await stage.record(await generate("sine=frequency=300:duration=4", "a.wma"));
  const held = await asked(1);
  const playback = join(stage.apart.dataDir, "playback", stage.workspace.id, id);
  expect(existsSync(playback)).toBe(true);
  await deleteMeeting(await stage.workspace.admin.ctx(), { id });
  await waitFor("the request to be given up", () => held.isOver());
  await waitFor("the decoded sound to go", async () => (await stage.workFiles()).length === 0);
  const jobs = () => stage.apart.sql`select 1 from pgboss.job
    where data ->> 'meetingId' = ${id} and state in ('created', 'retry', 'active')`;
  await waitFor("the job to end", async () => (await jobs()).length === 0);
  expect(await stage.partsOf(id)).toBe(0);
  expect(await stage.eventsOf(id)).toEqual([]);
  expect(existsSync(join(stage.apart.dataDir, "recordings", stage.workspace.id, id))).toBe(false);
});
