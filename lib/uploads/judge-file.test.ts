import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeBeginning, judgeRecording } from "@/lib/uploads/judge-file";

const folder = join(process.cwd(), "tests", "fixtures", "recordings");
const recordings = readdirSync(folder).filter((name) => name !== "make.sh");

describe("every format is told by its first bytes", () => {
  const films = ["3gp", "avi", "flv", "mkv", "mov", "mp4", "mpg", "ogv", "m2t", "webm"];

  test.for(recordings)("%s", async (name) => {
    const head = readFileSync(join(folder, name)).subarray(0, 65_536);
    const isFilm = name.startsWith("film.") && films.includes(name.slice(5));
    const judged = await judgeRecording(head);
    expect(judged?.kind).toBe(isFilm ? "video" : "audio");
    expect(judged?.contentType).toMatch(isFilm ? /^video\// : /^(audio\/|application\/ogg)/);
  });
});

describe("GSM 06.10, as telephones record it", () => {
  const silence = Buffer.from(
    "d820a2e15a50004924924924500049249249245000492492492450004924924924",
    "hex",
  );
  const frames = Buffer.concat(Array<Buffer>(60).fill(silence));

  test("bare, without any header", async () => {
    expect(await judgeRecording(frames)).toEqual({ kind: "audio", contentType: "audio/gsm" });
  });

  test("in the WAV container (format 49)", async () => {
    const header = Buffer.alloc(60);
    header.write("RIFF", 0, "latin1");
    header.writeUInt32LE(52 + 6500, 4);
    header.write("WAVEfmt ", 8, "latin1");
    header.writeUInt32LE(20, 16);
    header.writeUInt16LE(0x31, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt32LE(8000, 24);
    header.writeUInt32LE(1625, 28);
    header.writeUInt16LE(65, 32);
    header.writeUInt16LE(2, 36);
    header.writeUInt16LE(320, 38);
    header.write("data", 40, "latin1");
    const file = Buffer.concat([header, Buffer.alloc(6500, 0x5a)]);
    expect(await judgeRecording(file)).toEqual({ kind: "audio", contentType: "audio/wav" });
  });

  test("a second of noise that begins like a frame is not taken for it", async () => {
    const noise = Buffer.alloc(33 * 60, 0x41);
    noise[0] = 0xd2;
    expect(await judgeRecording(noise)).toBeNull();
  });
});

describe("what is no recording is refused by its beginning, whatever its name says", () => {
  test.for([
    ["a document", "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n"],
    ["a playlist of HLS", "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"],
    ["a playlist of ffmpeg", "ffconcat version 1.0\nfile '/etc/passwd'\n"],
    ["a playlist of WinAmp", "[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n"],
    ["a description of a session", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 10.0.0.1\n"],
    ["a manifest of DASH", '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>'],
    ["notes for instruments", "MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\x04\0\xff\x2f\0"],
    ["a picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"],
    ["noise", "\x01\x02\x03\x04\xfe\xfd\x07\x80".repeat(100)],
  ] as const)("%s", async ([, text]) => {
    const head = Buffer.from(text, "latin1");
    expect(await judgeRecording(head)).toBeNull();
    await expect(judgeBeginning(head, "call.mp3")).rejects.toMatchObject({
      code: "unsupported_media_type",
      fix: expect.stringContaining("Please upload an audio or video file"),
    });
  });
});
