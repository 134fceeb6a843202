import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeForm,
  makeKey,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectNothingKept } from "../../support/invariants";
import { sql } from "../../support/pg";

// What a file is, is judged by its content, never by its name.

const [{ url: laneUrl }] = doors;
const fixtures = join(process.cwd(), "tests", "fixtures", "transcripts");

let workspace: TestWorkspace;
let api: Api;

async function upload(content: string | Uint8Array<ArrayBuffer>, name: string) {
  return api.upload(makeForm(content, name));
}

async function kindOf(id: unknown) {
  const [row] = await sql<{ recording_kind: string; recording_type: string }[]>`
    select recording_kind, recording_type from meetings where id = ${String(id)}`;
  return row ? [row.recording_kind, row.recording_type] : null;
}

const bytes = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(
    Buffer.concat([
      ...parts.map((part) =>
        typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part),
      ),
      Buffer.alloc(512),
    ]),
  );

async function makeUploader(): Promise<void> {
  workspace = await makeWorkspace();
  const { token } = await makeKey(workspace.admin);
  api = await makeApi(laneUrl, { key: token });
}

describe("transcripts", () => {
  beforeAll(makeUploader);

  const files = readdirSync(fixtures).filter(
    (name) => !name.startsWith(".") && !name.endsWith(".gold.json"),
  );

  test.for(files)("%s is taken", async (name) => {
    const answer = await upload(new Uint8Array(readFileSync(join(fixtures, name))), name);
    expect(answer.status).toBe(202);
    const kind = await kindOf((answer.json as { id: string }).id);
    expect(kind?.[0]).toBe("transcript");
  });

  test.for([
    ["call.mp3", "text/vtt", makeVtt()],
    ["call.mp3", "application/x-subrip", "1\n00:00:01,000 --> 00:00:02,000\nAda: Hello\n"],
    ["call.json", "text/plain", "Ada: Hello there.\nBen: Hello to you.\n"],
    ["call", "application/json", '{"segments":[{"speaker":"Ada","text":"Hi","start":0,"end":1}]}'],
    ["bom.vtt", "text/vtt", `\ufeff${makeVtt().replaceAll("\n", "\r\n")}`],
  ] as const)("%s is really %s, and taken as that", async ([name, type, content]) => {
    const answer = await upload(content, name);
    expect(answer.status).toBe(202);
    expect(await kindOf((answer.json as { id: string }).id)).toEqual(["transcript", type]);
  });

  test("ten hours of them are answered at once", async () => {
    const answer = await upload(makeVtt(7200), "ten-hours.vtt");
    expect(answer.status).toBe(202);
  });
});

describe("recordings", () => {
  beforeAll(makeUploader);

  const gsmFrame = [0xd2, ...Array(32).fill(0x55)];

  test.for([
    [
      "mp3 with a tag",
      "audio",
      bytes("ID3", [3, 0, 0, 0, 0, 0, 10], Array(10).fill(0), [0xff, 0xfb, 0x90, 0x64]),
    ],
    [
      "mp3 with a large cover picture",
      "audio",
      bytes("ID3", [3, 0, 0, 0, 0x10, 0, 0], Array(100_000).fill(7)),
    ],
    ["mp3 without a tag", "audio", bytes([0xff, 0xfb, 0x90, 0x64])],
    ["wav", "audio", bytes("RIFF", [36, 0, 0, 0], "WAVEfmt ")],
    ["ogg", "audio", bytes("OggS", Array(24).fill(0), "OpusHead")],
    ["flac", "audio", bytes("fLaC", [0, 0, 0, 34])],
    ["m4a", "audio", bytes([0, 0, 0, 24], "ftypM4A ", [0, 0, 0, 0], "M4A mp42")],
    ["aac", "audio", bytes([0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc])],
    ["gsm", "audio", new Uint8Array(Array(60).fill(gsmFrame).flat())],
    ["mp4", "video", bytes([0, 0, 0, 24], "ftypisom", [0, 0, 0, 0], "isommp42")],
    ["mov", "video", bytes([0, 0, 0, 20], "ftypqt  ", [0, 0, 0, 0], "qt  ")],
    [
      "webm",
      "video",
      bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], "webm", [0x42, 0x87, 0x81, 4]),
    ],
  ] as const)("%s is taken as %s, whatever its name says", async ([, kind, content]) => {
    const answer = await upload(content, "recording.txt");
    expect(answer.status).toBe(202);
    expect((await kindOf((answer.json as { id: string }).id))?.[0]).toBe(kind);
  });
});

describe("what is neither is refused, and nothing of it is kept", () => {
  beforeAll(makeUploader);

  test.for([
    ["a PNG named .vtt", "call.vtt", bytes([0x89], "PNG\r\n", [0x1a, 0x0a, 0, 0, 0, 13], "IHDR")],
    ["a PDF named .vtt", "call.vtt", bytes("%PDF-1.7\n")],
    ["a program named .vtt", "call.vtt", bytes([0x7f], "ELF", [2, 1, 1, 0])],
    ["a ZIP named .mp3", "call.mp3", bytes("PK", [3, 4, 20, 0, 0, 0, 0, 0])],
    ["a JPEG named .wav", "call.wav", bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], "JFIF")],
    ["an SVG", "call.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["a web page named .vtt", "call.vtt", "<!DOCTYPE html><html><body>WEBVTT</body></html>"],
    ["random bytes named .mp3", "call.mp3", new Uint8Array(4096).map((_, n) => (n * 7919) % 251)],
    ["zeros", "call.mp4", new Uint8Array(4096)],
    ["JSON of another shape", "call.json", '{"hello":"world"}'],
  ] as const)("%s → 415", async ([, name, content]) => {
    const answer = await upload(content, name);
    expect(answer.status).toBe(415);
    expect(errorOf(answer)).toMatchObject({ code: "unsupported_media_type" });
    expect(errorOf(answer).fix).toMatch(/upload/i);
    await expectNothingKept(workspace.id);
  });

  test.for([
    ["a VTT that is only a header", "a.vtt", "WEBVTT\n\n"],
    ["a VTT whose cues have no times", "a.vtt", "WEBVTT\n\n1\nnot --> a time\nHello\n"],
    ["JSON that was cut off", "a.json", '{"segments":[{"speaker":"Ada","text":"Hi","start":0,'],
    ["an empty list", "a.json", "[]"],
    ["nothing but spaces", "a.txt", "  \n\n\t \n"],
  ] as const)("%s → 400 with the reason", async ([, name, content]) => {
    const answer = await upload(content, name);
    expect(answer.status).toBe(400);
    const error = errorOf(answer);
    expect(error).toMatchObject({
      code: "invalid_request",
      details: { fields: { file: error.message } },
    });
    expect(error.message.length).toBeGreaterThan(20);
    await expectNothingKept(workspace.id);
  });
});
