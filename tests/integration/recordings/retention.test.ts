import { and, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema/activity";
import { meetings, transcripts } from "@/db/schema/meetings";
import { newId } from "@/lib/core/ids";
import { expireRecordings } from "@/lib/meetings/expire-recordings";
import { readRetention, retentionInput, saveRetention } from "@/lib/meetings/recording-retention";
import {
  addContent,
  makeMeeting,
  makeMember,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { isStored, store } from "../../support/stored";

// How long a workspace keeps recordings: the setting, and the chore that removes what is older.

const day = 86_400_000;
const now = new Date();
let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = await makeWorkspace();
});

/** A meeting with a recording of 1000 bytes that came to Harmony some days ago. */
async function recorded(
  daysAgo: number,
  values: Parameters<typeof makeMeeting>[1] = {},
  of: TestWorkspace = workspace,
): Promise<TestMeeting> {
  const id = newId("meeting");
  const recordingKey = `recordings/${of.id}/${id}`;
  await store(recordingKey, Buffer.alloc(1000));
  return makeMeeting(of, {
    id,
    userId: of.admin.userId,
    date: now,
    createdAt: new Date(now.getTime() - daysAgo * day),
    recordingKey,
    recordingKind: "audio",
    recordingType: "audio/mpeg",
    recordingBytes: 1000,
    ...values,
  });
}

async function rowOf({ id }: TestMeeting) {
  const [row] = await db().select().from(meetings).where(eq(meetings.id, id));
  return row;
}

const set = async (days: number | null, of = workspace) =>
  saveRetention(await of.admin.ctx(), { days });

async function entries(action: string) {
  return db()
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.workspaceId, workspace.id), eq(auditEvents.action, action)));
}

const isKept = ({ recordingKey }: TestMeeting) => isStored(recordingKey ?? "");

describe("the chore", () => {
  test("removes older recordings and their copies, keeps the transcript, and tells the trail", async () => {
    const playbackKey = `playback/${workspace.id}/copy`;
    await store(playbackKey, "copy");
    const old = await recorded(31, { playbackKey, playbackType: "audio/mp4" });
    await addContent(old);
    await set(30);

    await expireRecordings(now);

    expect(await rowOf(old)).toMatchObject({
      status: "processed",
      recordingKey: null,
      playbackKey: null,
      playbackType: null,
      recordingKind: "audio",
      recordingRemovedAt: now,
    });
    expect([await isKept(old), await isStored(playbackKey)]).toEqual([false, false]);
    const kept = await db().select().from(transcripts).where(eq(transcripts.meetingId, old.id));
    expect(kept).toHaveLength(1);
    expect(await entries("recordings.removed")).toMatchObject([
      {
        actorType: "system",
        metadata: { recordings: 1, bytes: 1000, retention_days: 30 },
      },
    ]);
  });

  test("leaves what is younger, is no recording, or is still being processed", async () => {
    const stay = [
      await recorded(29),
      await recorded(90, { recordingKind: "transcript", recordingType: "text/vtt" }),
      await recorded(90, { status: "processing", stage: "transcribing" }),
      // An old meeting that was uploaded today.
      await recorded(0, { date: new Date(now.getTime() - 900 * day) }),
    ];
    await set(30);
    await expireRecordings(now);
    for (const meeting of stay) {
      expect(await rowOf(meeting)).toMatchObject({
        recordingKey: meeting.recordingKey,
        recordingRemovedAt: null,
      });
      expect(await isKept(meeting)).toBe(true);
    }
    expect(await entries("recordings.removed")).toEqual([]);
  });

  test("touches no other workspace, with another setting or with none", async () => {
    const keeps = await makeWorkspace();
    const keepsLonger = await makeWorkspace();
    const theirs = [await recorded(90, {}, keeps), await recorded(90, {}, keepsLonger)];
    const own = await recorded(90);
    await set(365, keepsLonger);
    await set(30);
    await expireRecordings(now);
    expect(await isKept(own)).toBe(false);
    for (const meeting of theirs) expect(await isKept(meeting)).toBe(true);
  });

  test("takes more than one batch, and of two at once each recording is told once", async () => {
    const old: TestMeeting[] = [];
    for (let n = 0; n < 120; n += 1) old.push(await recorded(40));
    await set(30);
    await Promise.all([expireRecordings(now), expireRecordings(now)]);
    const told = await entries("recordings.removed");
    const removed = told.reduce((sum, { metadata }) => sum + Number(metadata.recordings), 0);
    expect(removed).toBe(120);
    for (const meeting of old) expect(await rowOf(meeting)).toMatchObject({ recordingKey: null });
  });

  test("has nothing to do the second time", async () => {
    await recorded(40);
    await set(30);
    await expireRecordings(now);
    await expireRecordings(now);
    expect(await entries("recordings.removed")).toHaveLength(1);
  });
});

describe("the setting", () => {
  test("says what each choice would remove, with no recording counted that the chore would leave", async () => {
    await recorded(8);
    await recorded(31);
    await recorded(800);
    await recorded(800, { recordingKind: "transcript" });
    await recorded(800, { status: "processing", stage: "transcribing" });
    const { days, choices, kept } = await readRetention(await workspace.admin.ctx());
    expect(days).toBeNull();
    expect(kept).toEqual({ recordings: 3, bytes: 3000 });
    expect(choices).toEqual([
      { days: 7, recordings: 3, bytes: 3000 },
      { days: 30, recordings: 2, bytes: 2000 },
      { days: 90, recordings: 1, bytes: 1000 },
      { days: 180, recordings: 1, bytes: 1000 },
      { days: 365, recordings: 1, bytes: 1000 },
      { days: 730, recordings: 1, bytes: 1000 },
    ]);
  });

  test("is kept with who changed it, and an unusual one is offered too", async () => {
    await set(45);
    await set(45);
    const { days, choices } = await readRetention(await workspace.admin.ctx());
    expect(days).toBe(45);
    expect(choices.map((choice) => choice.days)).toEqual([7, 30, 45, 90, 180, 365, 730]);
    await set(null);
    expect((await readRetention(await workspace.admin.ctx())).days).toBeNull();
    const told = await entries("workspace.retention_changed");
    expect(told.map(({ metadata, actorId }) => [metadata, actorId])).toEqual([
      [{ from_days: null, to_days: 45 }, workspace.admin.userId],
      [{ from_days: 45, to_days: null }, workspace.admin.userId],
    ]);
  });

  test("is the admin's alone", async () => {
    for (const role of ["manager", "user"] as const) {
      const ctx = await (await makeMember(workspace, { role })).ctx();
      await expect(saveRetention(ctx, { days: 7 })).rejects.toMatchObject({ code: "forbidden" });
    }
    expect((await readRetention(await workspace.admin.ctx())).days).toBeNull();
  });

  test.for([0, -1, 3651, 1.5, "30", undefined])("is never %s days", (days) => {
    expect(retentionInput.safeParse({ days }).success).toBe(false);
  });
});
