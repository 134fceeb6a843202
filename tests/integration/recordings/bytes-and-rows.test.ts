import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { transcriptionParts, transcripts, uploadSessions } from "@/db/schema/meetings";
import { newId } from "@/lib/core/ids";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import { sweepStorage } from "@/lib/processing/maintenance";
import {
  addContent,
  makeMeeting,
  makeWorkspace,
  type TestWorkspace,
  testEngine,
} from "../../support/factories";
import { isStored, makeOld, store, storePieces } from "../../support/stored";

// Rows and bytes come and go together; what a crash leaves between the two is repaired by the hourly sweep.

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

const hour = 3_600_000;
const fromNow = (ms: number) => new Date(Date.now() + ms);

async function makeUpload(values: Partial<typeof uploadSessions.$inferInsert> = {}) {
  const id = newId("uploadSession");
  const storageKey = `uploads/${workspace.id}/${id}`;
  await storePieces(storageKey, "first piece");
  await db()
    .insert(uploadSessions)
    .values({
      id,
      workspaceId: workspace.id,
      principalType: "session",
      principalId: workspace.admin.userId,
      length: 100,
      received: 11,
      fileName: "call.mp3",
      fields: {},
      storageKey,
      expiresAt: fromNow(hour),
      ...values,
    });
  return { id, storageKey };
}

async function uploadExists(id: string): Promise<boolean> {
  const rows = await db().select().from(uploadSessions).where(eq(uploadSessions.id, id));
  return rows.length > 0;
}

async function makeMeetingWithFiles() {
  const id = newId("meeting");
  const recordingKey = `recordings/${workspace.id}/${id}`;
  const playbackKey = `playback/${workspace.id}/${id}`;
  await store(recordingKey, "recording");
  await store(playbackKey, "copy");
  const meeting = await makeMeeting(workspace, {
    id,
    userId: workspace.admin.userId,
    recordingKey,
    playbackKey,
    recordingKind: "audio",
  });
  return { ...meeting, keys: [recordingKey, playbackKey] };
}

describe("deleting a meeting", () => {
  test("removes its recording, the copy for browsers, what is left of its upload, and every row", async () => {
    const meeting = await makeMeetingWithFiles();
    await addContent(meeting);
    const own = { workspaceId: workspace.id, meetingId: meeting.id };
    await db()
      .insert(transcriptionParts)
      .values({ ...own, position: 0, startMs: 0, endMs: 1, words: [], engine: testEngine });
    const upload = await makeUpload({ meetingId: meeting.id });
    const other = await makeUpload();

    await deleteMeeting(await workspace.admin.ctx(), { id: meeting.id });

    for (const key of [...meeting.keys, upload.storageKey]) expect(await isStored(key)).toBe(false);
    expect(await uploadExists(upload.id)).toBe(false);
    for (const table of [transcripts, transcriptionParts]) {
      expect(await db().select().from(table).where(eq(table.meetingId, meeting.id))).toEqual([]);
    }
    expect([await isStored(other.storageKey), await uploadExists(other.id)]).toEqual([true, true]);
  });
});

describe("the hourly sweep", () => {
  test("removes what no row refers to once it is a day old: a crash left it", async () => {
    const name = newId("meeting");
    const orphans = [`recordings/${workspace.id}/${name}`, `playback/${workspace.id}/${name}`];
    const pieces = `uploads/${workspace.id}/${newId("uploadSession")}`;
    for (const key of orphans) await store(key, "left behind");
    await storePieces(pieces, "left behind");

    await sweepStorage(new Date());
    for (const key of [...orphans, pieces]) expect(await isStored(key)).toBe(true);

    for (const key of [...orphans, pieces]) await makeOld(key);
    await sweepStorage(new Date());
    for (const key of [...orphans, pieces]) expect(await isStored(key)).toBe(false);
  });

  test("leaves what a row refers to, however old", async () => {
    const meeting = await makeMeetingWithFiles();
    const upload = await makeUpload();
    const keys = [...meeting.keys, upload.storageKey];
    for (const key of keys) await makeOld(key);
    await sweepStorage(new Date());
    for (const key of keys) expect(await isStored(key)).toBe(true);
  });

  test("ends uploads that were not finished in time, but none that is being written", async () => {
    const late = await makeUpload({ expiresAt: fromNow(-1000) });
    const busy = await makeUpload({ expiresAt: fromNow(-1000), lockedUntil: fromNow(hour) });
    const open = await makeUpload();
    await Promise.all([sweepStorage(new Date()), sweepStorage(new Date())]);
    expect([await uploadExists(late.id), await isStored(late.storageKey)]).toEqual([false, false]);
    for (const { id, storageKey } of [busy, open]) {
      expect([await uploadExists(id), await isStored(storageKey)]).toEqual([true, true]);
    }
  });
});
