import { readFileSync } from "node:fs";
import { expect, type Page } from "playwright/test";

export const salesCall = readFileSync("tests/fixtures/transcripts/sales-call.vtt");

interface UploadOptions {
  readonly title: string;
  readonly name?: string;
  readonly content?: Buffer;
}

// A second of silence: 8,000 samples of 8 bits.
const waveHeader =
  "524946466C1F000057415645666D74201000000001000100401F0000401F00000100080064617461401F0000";
export const silence = Buffer.concat([Buffer.from(waveHeader, "hex"), Buffer.alloc(8000, 0x80)]);

/** A WAV file of so many bytes that lasts a few seconds only: 8 channels of 96,000 samples of 32 bits. `mark` makes it another one. */
export function largeRecording(bytes: number, mark: string): Buffer {
  const file = Buffer.alloc(bytes);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(bytes - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(8, 22);
  file.writeUInt32LE(96_000, 24);
  file.writeUInt32LE(96_000 * 32, 28);
  file.writeUInt16LE(32, 32);
  file.writeUInt16LE(32, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(bytes - 44, 40);
  file.write(mark, bytes - 100, "latin1");
  return file;
}

async function upload(
  page: Page,
  file: { name: string; mimeType: string; buffer: Buffer },
  options: { readonly title: string; readonly endsAs: "processed" | "failed" },
): Promise<string> {
  const { title, endsAs } = options;
  const { origin } = new URL(page.url());
  const response = await page.request.post("/api/uploads", {
    headers: { origin },
    multipart: { title, file },
  });
  expect(response.status()).toBe(202);
  const { id } = await response.json();
  await expect
    .poll(
      async () => (await (await page.request.get(`/api/v1/meetings/${id}/status`)).json()).status,
      {
        timeout: 30_000,
      },
    )
    .toBe(endsAs);
  return id;
}

/** Uploads a transcript as the signed-in person of the page and waits until it is processed; answers its id. */
export function uploadMeeting(page: Page, options: UploadOptions): Promise<string> {
  const { title, name = "sales-call.vtt", content = salesCall } = options;
  const file = { name, mimeType: "text/plain", buffer: content };
  return upload(page, file, { title, endsAs: "processed" });
}

/** The same with a recording in which nobody speaks, of silence unless said otherwise: waits until it has failed. */
export function uploadRecording(
  page: Page,
  { title, content = silence }: { readonly title: string; readonly content?: Buffer },
): Promise<string> {
  const file = { name: "voice.wav", mimeType: "audio/wav", buffer: content };
  return upload(page, file, { title, endsAs: "failed" });
}

/** A transcript of so many turns between two people, ten seconds apart; the last one says "goodbye at last". */
export function longTranscript(turns: number): Buffer {
  const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
  const cues = Array.from({ length: turns }, (_, turn) => {
    const speaker = turn % 2 === 0 ? "Ada Moreno" : "Nora Blake";
    const words =
      turn === turns - 1
        ? "Goodbye at last."
        : `Point ${turn + 1} of the long agenda is settled now.`;
    return `${clock(turn * 10)} --> ${clock(turn * 10 + 8)}\n<v ${speaker}>${words}`;
  });
  return Buffer.from(`WEBVTT\n\n${cues.join("\n\n")}\n`);
}
