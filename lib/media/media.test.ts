import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWav, silence, tone } from "../../tests/support/sounds";
import { decodeAudio } from "./decode";
import { encodeFlac } from "./encode";
import { findFfmpeg } from "./ffmpeg";
import type { MediaError } from "./media";
import { makePlaybackCopy } from "./playback";
import { probeMedia } from "./probe";

// The real ffmpeg, whichever this machine has, on files that it makes itself and on files that lie.

const ffmpeg = await findFfmpeg();
if (!ffmpeg) process.stdout.write("No ffmpeg here (npm ci brings one): lib/media is not tested.\n");
const { signal } = new AbortController();
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harmony-media-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  // As storage keeps files: for its own user alone.
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** `name` made out of three seconds of a tone by ffmpeg itself. */
function made(name: string, ...args: string[]): string {
  const from = put("tone.wav", makeWav(3, tone(300)));
  const path = join(folder, name);
  const picture = ["-f", "lavfi", "-i", "color=black:size=64x64:rate=5:duration=3"];
  const inputs = args.includes("-c:v") ? [...picture, "-i", from] : ["-i", from];
  execFileSync(ffmpeg?.path ?? "", ["-v", "error", "-y", ...inputs, ...args, path]);
  return path;
}

async function decode(path: string, options: { maxMs?: number; contentType?: string } = {}) {
  const source = { path, contentType: options.contentType ?? null };
  const facts = await probeMedia(source, signal);
  const target = { pcmPath: join(folder, "out.pcm"), maxMs: options.maxMs ?? 60_000 };
  return { facts, ...(await decodeAudio(source, facts, target, signal)) };
}

const refused = (path: string) =>
  decode(path).then(
    () => null,
    (error: MediaError) => ({ name: error.name, code: error.code, message: error.message }),
  );

describe.skipIf(!ffmpeg)("decoding", () => {
  test.for([
    ["a.wav", "audio/wav", "-c:a", "pcm_s16le"],
    ["a.mp3", "audio/mpeg", "-c:a", "libmp3lame"],
    ["a.m4a", "audio/mp4", "-c:a", "aac"],
    ["a.aac", "audio/aac", "-c:a", "aac"],
    ["a.ogg", "audio/ogg", "-c:a", "libopus"],
    ["a.flac", "audio/flac", "-c:a", "flac"],
    ["a.webm", "audio/webm", "-c:a", "libopus"],
    ["v.mp4", "video/mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ["v.mov", "video/mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ["v.webm", "video/webm", "-c:v", "libvpx", "-c:a", "libvorbis"],
    ["a.aiff", null, "-c:a", "pcm_s16be"],
    ["a.wma", null, "-c:a", "wmav2"],
    ["a.avi", null, "-c:a", "libmp3lame"],
    ["a.ac3", null, "-c:a", "ac3"],
  ] as const)("%s gives its three seconds, and is known as %s to browsers", async (row) => {
    const [name, playableAs, ...args] = row;
    const audio = await decode(made(name, ...args));
    expect(audio.facts.playableAs).toBe(playableAs);
    expect(audio.durationMs).toBeGreaterThan(2_900);
    expect(audio.durationMs).toBeLessThan(3_150);
    expect(audio.channels).toBe(1);
    expect(Math.floor(statSync(audio.pcmPath).size / 32)).toBe(audio.durationMs);
    expect(Math.max(...audio.levels)).toBeGreaterThan(-20);
  });

  test("bare GSM is read by its content type, since it has no header", async () => {
    const frame = Uint8Array.from({ length: 33 }, (_, at) => (at === 0 ? 0xd5 : (at * 37) % 251));
    const frames = new Uint8Array(33 * 150);
    for (let at = 0; at < 150; at += 1) frames.set(frame, at * 33);
    const audio = await decode(put("call.gsm", frames), { contentType: "audio/gsm" });
    expect(audio.durationMs).toBe(3_000);
    expect(audio.facts).toMatchObject({ container: "gsm", playableAs: null });
  });

  test("the length is that of the sound, whatever a header claims", async () => {
    const wav = makeWav(2, tone(300));
    const hundredHours = 100 * 3600 * 32_000;
    new DataView(wav.buffer).setUint32(
      40,
      hundredHours > 0xffffffff ? 0xfffffff0 : hundredHours,
      true,
    );
    expect((await decode(put("claims.wav", wav))).durationMs).toBe(2_000);
  });

  test("decoding stops at the limit and says that there is more", async () => {
    const path = put("long.wav", makeWav(20, tone(300)));
    expect(await decode(path, { maxMs: 5_000 })).toMatchObject({ isCut: true });
    expect(statSync(join(folder, "out.pcm")).size).toBeLessThan(20 * 32_000);
    expect(await decode(path, { maxMs: 20_000 })).toMatchObject({ isCut: false });
  });

  test("an abort ends it at once, with its own reason", async () => {
    const path = put("long.wav", makeWav(60, tone(300)));
    const controller = new AbortController();
    const source = { path, contentType: null };
    const facts = await probeMedia(source, signal);
    const target = { pcmPath: join(folder, "aborted.pcm"), maxMs: 60_000 };
    controller.abort(new Error("cancelled by a test"));
    await expect(decodeAudio(source, facts, target, controller.signal)).rejects.toThrow(
      "cancelled by a test",
    );
  });

  test("the file keeps its owner's rights", async () => {
    const path = put("mine.wav", makeWav(1, tone(300)));
    await decode(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe.skipIf(!ffmpeg)("two channels", () => {
  const turns = (from: number) => (second: number) => Math.floor(second / 2) % 2 === from;

  test("of people who take turns, one on each side, stay apart", async () => {
    const wav = makeWav(12, tone(300, turns(0)), tone(440, turns(1)));
    expect(await decode(put("call.wav", wav))).toMatchObject({ channels: 2, durationMs: 12_000 });
  });

  test.for([
    ["with the same sound", tone(300), tone(300)],
    ["of which one is empty", tone(300), silence],
    ["that sound at the same time", tone(300), tone(440)],
  ] as const)("%s become one", async ([, left, right]) => {
    const audio = await decode(put("stereo.wav", makeWav(12, left, right)));
    expect(audio).toMatchObject({ channels: 1, durationMs: 12_000 });
    expect(statSync(audio.pcmPath).size).toBe(12 * 32_000);
  });

  test("are mixed sample by sample", async () => {
    const audio = await decode(put("stereo.wav", makeWav(3, tone(300), silence)));
    const mixed = new Int16Array(new Uint8Array(readFileSync(audio.pcmPath)).buffer);
    const loudest = mixed.reduce((max, sample) => Math.max(max, sample), 0);
    expect(loudest).toBeGreaterThan(0.14 * 32_000);
    expect(loudest).toBeLessThan(0.16 * 32_000);
  });
});

describe.skipIf(!ffmpeg)("files that are no recordings", () => {
  test.for([
    ["a playlist", "evil.mp3", (other: string) => `#EXTM3U\n#EXTINF:3,\n${other}\n`],
    ["a concatenation", "evil.wav", (other: string) => `ffconcat version 1.0\nfile '${other}'\n`],
    [
      "a playlist after a mark",
      "bom.mp3",
      (other: string) => `\uFEFF#EXTM3U\n#EXTINF:3,\n${other}\n`,
    ],
    [
      "a presentation",
      "evil.mp4",
      (other: string) => `<?xml version="1.0"?><MPD><BaseURL>${other}</BaseURL></MPD>`,
    ],
  ] as const)("%s is refused, and the other recording that it names is never read", async (row) => {
    const [, name, listOf] = row;
    const secret = put("secret.wav", makeWav(3, tone(300)));
    const before = statSync(secret).atimeMs;
    expect(await refused(put(name, listOf(secret)))).toMatchObject({ code: "unsupported_format" });
    expect(statSync(secret).atimeMs).toBe(before);
  });

  test("a list that hides behind other bytes is not followed by ffmpeg either", async () => {
    const secret = put("secret.wav", makeWav(3, tone(300)));
    const hidden = put("hidden.mp3", `\u0000\n#EXTM3U\n#EXTINF:3,\n${secret}\n`);
    expect((await refused(hidden))?.code).toMatch(/^(unsupported_format|corrupt_file)$/);
  });

  test.for([
    ["nothing", "empty.mp3", new Uint8Array(0), "corrupt_file"],
    [
      "noise of bytes",
      "noise.mp3",
      Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 251),
      "corrupt_file",
    ],
    ["a header without sound", "header.wav", makeWav(0, silence), "no_speech"],
    ["silence", "silence.wav", makeWav(3, silence), "no_speech"],
  ] as const)("%s ends as such", async ([, name, bytes, code]) => {
    const problem = await refused(put(name, bytes));
    expect(problem).toMatchObject({ name: "MediaError", code });
    expect(problem?.message).not.toContain(folder);
  });

  test("a video that breaks off before its index is corrupt", async () => {
    const path = made("cut.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac");
    writeFileSync(path, readFileSync(path).subarray(0, 3_000));
    expect(await refused(path)).toMatchObject({ code: "corrupt_file" });
  });

  test("a video without sound says so", async () => {
    const path = made("mute.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-an");
    expect(await refused(path)).toMatchObject({ code: "no_speech" });
  });
});

describe.skipIf(!ffmpeg)("copies", () => {
  test("for browsers are MP3 of the same length", async () => {
    const source = { path: made("a.wma", "-c:a", "wmav2"), contentType: null };
    const facts = await probeMedia(source, signal);
    const { stored, failure } = await makePlaybackCopy(source, facts, signal, async (copy) => {
      const chunks: Buffer[] = [];
      for await (const chunk of copy) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
    expect(failure).toBeNull();
    const audio = await decode(put("copy.mp3", stored));
    expect(audio.facts).toMatchObject({ container: "mp3", playableAs: "audio/mpeg" });
    expect(Math.abs(audio.durationMs - 3_000)).toBeLessThan(150);
  });

  test("for endpoints are FLAC of the stretch, and of the channel that is asked for", async () => {
    const turns = (from: number) => (second: number) => Math.floor(second / 2) % 2 === from;
    const call = await decode(
      put("call.wav", makeWav(12, tone(300, turns(0)), tone(440, turns(1)))),
    );
    const loudness = async (channel: number | null) => {
      const part = { ...call, startMs: 2_000, endMs: 4_000 };
      // Decoded beside the call, which is still needed.
      const copy = put("part.flac", await encodeFlac(part, channel, signal));
      const source = { path: copy, contentType: null };
      const facts = await probeMedia(source, signal);
      expect(facts).toMatchObject({ container: "flac", audio: { channels: 1 } });
      const target = { pcmPath: join(folder, "part.pcm"), maxMs: 60_000 };
      const { durationMs, levels } = await decodeAudio(source, facts, target, signal);
      expect(durationMs).toBe(2_000);
      return Math.max(...levels);
    };
    expect(await loudness(1)).toBeGreaterThan(-15);
    expect(await loudness(null)).toBeGreaterThan(-22);
    await expect(loudness(0)).rejects.toMatchObject({ code: "no_speech" });
  });
});
