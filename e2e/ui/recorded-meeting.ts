import type { Page } from "playwright/test";
import postgres from "postgres";
import { uploadRecording } from "./upload-meeting";

const rate = 8000;

/** A WAVE file of silence, in which the engine finds nothing: 8-bit samples, one channel, 8,000 a second. */
function silence(seconds: number): Buffer {
  const samples = Buffer.alloc(rate * seconds, 128);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

const secondsEach = 3;
const speakers = ["Speaker A", "Speaker B"];

/**
 * A meeting with a real recording, uploaded as one, and the transcript that recognising speech in it would have left:
 * so many turns of three seconds each by two speakers in turn, the second one uncertain.
 */
export async function recordedMeeting(
  page: Page,
  { title, turns = 10 }: { readonly title: string; readonly turns?: number },
): Promise<string> {
  const seconds = turns * secondsEach;
  const id = await uploadRecording(page, { title, content: silence(seconds) });
  const sql = postgres(process.env.HARMONY_E2E_DATABASE ?? "", { max: 1 });
  const stored = Array.from({ length: turns }, (_, turn) => ({
    speaker: turn % 2,
    text: `Words number ${turn + 1} of this recording.`,
    startMs: turn * secondsEach * 1000,
    endMs: (turn + 1) * secondsEach * 1000,
    confidence: turn === 1 ? 0.4 : 0.95,
  }));
  const engine = { id: "vosk", name: "Vosk (built in)", model: "small US English", version: "1" };
  try {
    await sql.begin(async (tx) => {
      const [meeting] = await tx`update meetings set status = 'processed', progress = 100,
          failure_code = null, failure_message = null, duration_seconds = ${seconds}
        where id = ${id} returning workspace_id`;
      const own = { workspace_id: meeting?.workspace_id, meeting_id: id };
      await tx`insert into transcripts ${tx({
        ...own,
        speakers: tx.json(speakers.map((name) => ({ label: name, name }))),
        turns: tx.json(stored),
        timing: "exact",
        format: "json",
        word_count: turns * 6,
        engine: tx.json(engine),
      })}`;
      for (const [position, name] of speakers.entries()) {
        const person = { ...own, id: `par_${id.slice(4)}${position}`, position, name };
        await tx`insert into participants ${tx({ ...person, type: "external" })}`;
      }
    });
  } finally {
    await sql.end();
  }
  return id;
}
