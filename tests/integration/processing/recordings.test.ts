import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getSummary, getTranscript } from "@/lib/meetings/service";
import { cancelProcessing } from "@/lib/processing/cancel-processing";
import { makeContact, makeVtt, makeWorkspace } from "../../support/factories";
import { makeWav, silence, tone } from "../../support/sounds";
import { answerWith, hold, verbose } from "../../support/transcription-endpoint";
import { waitFor } from "../../support/wait-for";
import { generate, isOver, makeRecordingStage, type RecordingStage } from "./recording-stage";

// What becomes of a recording, and of what only looks like one.

let stage: RecordingStage;

beforeAll(async () => {
  stage = await makeRecordingStage();
  stage.startWorkers();
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.endpoint.requests.length = 0;
  stage.endpoint.reply = answerWith(
    200,
    verbose("Hello there.", "I will send the quote by Friday."),
  );
});

/** After every end: nothing of the work is left but what the meeting is. */
async function expectTidy(id: string) {
  expect(await stage.partsOf(id)).toBe(0);
  await waitFor("the decoded sound to go", async () => {
    return (await stage.workFiles()).every((name) => !name.startsWith(id));
  });
}

describe("a recording", () => {
  test("becomes a transcript, a summary and one event; its length is that of the sound", async () => {
    const id = await stage.record(makeWav(5, tone(300)), { language: "en-GB" });
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "processed", stage: null, progress: 100 });
    expect(row.duration_seconds).toBe(5);
    const ctx = await stage.workspace.admin.ctx();
    expect(await getTranscript(ctx, id)).toEqual({
      meeting_id: id,
      transcript: [
        {
          speaker: "Speaker",
          text: "Hello there. I will send the quote by Friday.",
          timestamp: "00:00:00",
        },
      ],
      timing: "exact",
      language: "en-GB",
      engine: {
        id: "openai-compatible",
        name: "transcription endpoint",
        model: "test-model",
        version: "1",
      },
    });
    expect(await getSummary(ctx, id)).toMatchObject({ engine: { id: "rules" } });
    const [stored] = await stage.apart.sql<{ turns: { confidence?: number }[]; format: string }[]>`
      select turns, format from transcripts where meeting_id = ${id}`;
    expect(stored).toMatchObject({ format: "recording", turns: [{ confidence: 0.905 }] });
    expect(await stage.eventsOf(id)).toEqual(["meeting.processed"]);
    const [request] = stage.endpoint.requests;
    expect(stage.endpoint.requests).toHaveLength(1);
    expect(request?.fields).toContainEqual(["language", "en"]);
    expect(request?.fields).toContainEqual(["prompt", stage.workspace.admin.name]);
    await expectTidy(id);
  });

  test("goes through its stages, and progress never falls", async () => {
    stage.endpoint.reply = hold;
    const id = await stage.record(makeWav(5, tone(300)));
    const hearing = await stage.reach(id, ({ progress }) => progress >= 10);
    expect(hearing).toMatchObject({ status: "processing", stage: "transcribing" });
    expect(hearing.duration_seconds).toBe(5);
    const held = await waitFor("the request", () => stage.endpoint.requests[0]);
    expect(held.isOver()).toBe(false);
    // A second one is not started for it meanwhile.
    expect(stage.endpoint.requests).toHaveLength(1);
    const [job] = await stage.apart.sql`select state from pgboss.job
      where name = 'meeting.transcribe' and data ->> 'meetingId' = ${id}`;
    expect(job).toEqual({ state: "active" });
    await cancelProcessing(await stage.workspace.admin.ctx(), { id });
  });

  test("of a call has a speaker for each side", async () => {
    const turns = (from: number) => (second: number) => Math.floor(second / 2) % 2 === from;
    stage.endpoint.reply = (response, request) => {
      const isFirst = stage.endpoint.requests.length === 1;
      answerWith(200, verbose(isFirst ? "Hello." : "Good morning."))(response, request);
    };
    const id = await stage.record(makeWav(12, tone(300, turns(0)), tone(440, turns(1))));
    await stage.reach(id, isOver);
    expect(stage.endpoint.requests).toHaveLength(2);
    const { transcript } = await getTranscript(await stage.workspace.admin.ctx(), id);
    expect(transcript.map(({ speaker, text }) => [speaker, text])).toEqual([
      ["Speaker A", "Hello."],
      ["Speaker B", "Good morning."],
    ]);
  });

  test("of one speaker, as somebody said, is Speaker A; a contact named at the upload is not taken for all", async () => {
    const id = await stage.record(makeWav(4, tone(300)), { speakersExpected: 1 });
    const contact = { email: "guest@x.example", name: "guest@x.example" };
    await makeContact(stage.workspace, contact, [{ id, workspaceId: stage.workspace.id } as never]);
    await stage.reach(id, isOver);
    const people = await stage.apart.sql`select name, contact_id from participants
      where meeting_id = ${id}`;
    expect([...people]).toEqual([{ name: "Speaker A", contact_id: null }]);
    const [named] = await stage.apart.sql`select name from contacts
      where workspace_id = ${stage.workspace.id} and email = ${contact.email}`;
    expect(named).toEqual({ name: contact.email });
  });

  test("that browsers cannot play gets a copy that they can", async () => {
    const id = await stage.record(await generate("sine=frequency=300:duration=4", "a.wma"));
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({
      status: "processed",
      playback_key: `playback/${stage.workspace.id}/${id}`,
    });
    expect(existsSync(join(stage.apart.dataDir, row.playback_key ?? ""))).toBe(true);
  });

  test("that browsers play as it is gets none", async () => {
    const id = await stage.record(makeWav(4, tone(300)));
    expect((await stage.reach(id, isOver)).playback_key).toBeNull();
  });

  test("that takes long does not hold up a transcript", async () => {
    stage.endpoint.reply = hold;
    const long = await stage.record(makeWav(5, tone(300)));
    await waitFor("the recording to be heard", () => stage.endpoint.requests[0]);
    const file = await stage.record(Buffer.from(makeVtt()), { recordingKind: "transcript" });
    expect((await stage.reach(file, isOver)).status).toBe("processed");
    expect((await stage.rowOf(long)).status).toBe("processing");
    await cancelProcessing(await stage.workspace.admin.ctx(), { id: long });
  });
});

describe("what cannot be used ends with its code and what to do", () => {
  const silent = () => makeWav(4, silence);
  const lying = () => {
    const wav = makeWav(3, tone(300));
    new DataView(wav.buffer).setUint32(40, 0xfffffff0, true);
    return wav;
  };

  test.for([
    ["silence", silent, "no_speech", /silent.*microphone/i],
    ["no sound at all", () => makeWav(0, silence), "no_speech", /empty/i],
    [
      "a document that is called a recording",
      () => Buffer.from("%PDF-1.7 ".repeat(400)),
      "corrupt_file",
      /Export it again/,
    ],
    [
      "a playlist",
      () => Buffer.from("#EXTM3U\n#EXTINF:3,\n/etc/hostname\n"),
      "unsupported_format",
      /playlist/,
    ],
  ] as const)("%s", async ([, content, code, words]) => {
    const id = await stage.record(content());
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "failed", stage: null, failure_code: code });
    expect(row.failure_message).toMatch(words);
    expect(stage.endpoint.requests).toEqual([]);
    expect(await stage.eventsOf(id)).toEqual(["meeting.failed"]);
    await expectTidy(id);
  });

  test("a header that claims hours counts for nothing", async () => {
    const id = await stage.record(lying());
    expect(await stage.reach(id, isOver)).toMatchObject({
      status: "processed",
      duration_seconds: 3,
    });
  });

  test("more than the plan allows is not heard at all", async () => {
    const solo = await makeWorkspace({ plan: "solo" });
    const hours = await generate("sine=frequency=300:sample_rate=8000:duration=3700", "a.flac");
    const id = await stage.record(hours, {}, solo);
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "failed", failure_code: "duration_exceeds_plan" });
    expect(row.failure_message).toBe(
      "The recording is longer than 60 minutes; the Solo plan takes up to 60. Split it or change the plan, then retry.",
    );
    expect(stage.endpoint.requests).toEqual([]);
    await expectTidy(id);
  });

  test("sound in which the engine finds no words", async () => {
    stage.endpoint.reply = answerWith(200, { text: "", segments: [] });
    const id = await stage.record(makeWav(4, tone(300)));
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "failed", failure_code: "no_speech" });
    expect(row.failure_message).toMatch(/No speech was found/);
  });

  test("a language that the engine does not know", async () => {
    stage.endpoint.reply = answerWith(400, {
      error: { code: "invalid_language", param: "language" },
    });
    const id = await stage.record(makeWav(4, tone(300)), { language: "tlh" });
    expect(await stage.reach(id, isOver)).toMatchObject({
      status: "failed",
      failure_code: "unsupported_language",
    });
  });

  test("an endpoint that refuses our key is asked once, and its answer is not repeated", async () => {
    stage.endpoint.reply = answerWith(401, { error: { message: "secret words" } });
    const id = await stage.record(makeWav(4, tone(300)));
    const row = await stage.reach(id, isOver);
    expect(row).toMatchObject({ status: "failed", failure_code: "transcription_error" });
    expect(row.failure_message).toMatch(/TRANSCRIBE_KEY/);
    expect(row.failure_message).not.toContain("secret words");
    expect(stage.endpoint.requests).toHaveLength(1);
  });

  test("an endpoint that is down is asked six times, and the built-in engine never stands in", async () => {
    stage.endpoint.reply = answerWith(500, {});
    const id = await stage.record(makeWav(4, tone(300)));
    const row = await stage.reach(id, async (now) => {
      // The pauses between the tries are real; a test need not sit through them.
      await stage.apart.sql`update pgboss.job set start_after = now()
        where name = 'meeting.transcribe' and state = 'created' and start_after > now()`;
      return isOver(now);
    });
    expect(row).toMatchObject({ status: "failed", failure_code: "transcription_error" });
    expect(row.failure_message).toMatch(/500/);
    expect(stage.endpoint.requests).toHaveLength(6);
    expect(await stage.eventsOf(id)).toEqual(["meeting.failed"]);
    const told = await stage.apart.sql`select 1 from notifications
      where link = ${`/meetings/${id}`} and user_id = ${stage.workspace.admin.userId}`;
    expect(told).toHaveLength(1);
  });
});
