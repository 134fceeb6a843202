import { readFileSync } from "node:fs";
import { expect, type Page } from "playwright/test";

export const salesCall = readFileSync("tests/fixtures/transcripts/sales-call.vtt");

interface UploadOptions {
  readonly title: string;
  readonly name?: string;
  readonly content?: Buffer;
}

/** Uploads a transcript as the signed-in person of the page and waits until it is processed; answers its id. */
export async function uploadMeeting(page: Page, options: UploadOptions): Promise<string> {
  const { title, name = "sales-call.vtt", content = salesCall } = options;
  const { origin } = new URL(page.url());
  const response = await page.request.post("/api/uploads", {
    headers: { origin },
    multipart: { title, file: { name, mimeType: "text/plain", buffer: content } },
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
    .toBe("processed");
  return id;
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
