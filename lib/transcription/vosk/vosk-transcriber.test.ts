import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countWordErrors, wordsOf } from "@/scripts/bench/word-errors";
import { decodeClip, listenersOf, spokenLines, whyNoSpeech } from "@/tests/support/speech";
import { waitFor } from "@/tests/support/wait-for";
import type { AudioPart, RecognisedPart } from "../transcriber";
import { listenInProcess } from "./listener-process";
import { findSpeechRuntime } from "./speech-runtime";
import { createVoskTranscriber } from "./vosk-transcriber";

// The real library, models and processes. A clip of half a minute takes ten seconds on a machine that is busy.
const patience = 300_000;
const english = { language: "en-US", vocabulary: [] };
const engine = createVoskTranscriber();
const isAbsent = (await whyNoSpeech()) !== null;
const hasProc = process.platform === "linux";
const lines = spokenLines();

let folder = "";
let dialogue: AudioPart;
let call: AudioPart;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harmony-vosk-"));
  if (isAbsent) return;
  const clip = async (name: "dialogue.ogg" | "call.ogg", channels: 1 | 2): Promise<AudioPart> => {
    const pcmPath = join(folder, `${name}.pcm`);
    return { pcmPath, channels, startMs: 0, endMs: await decodeClip(name, channels, pcmPath) };
  };
  dialogue = await clip("dialogue.ogg", 1);
  call = await clip("call.ogg", 2);
}, patience);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function recognise(part: AudioPart, signal = new AbortController().signal) {
  const heard: number[] = [];
  const result = engine.recognise(part, english, { signal, onProgress: (ms) => heard.push(ms) });
  return { heard, result };
}

const said = lines.flatMap(({ text }) => wordsOf(text));
const errorShare = (texts: readonly string[]) =>
  countWordErrors(said, texts.flatMap(wordsOf)) / said.length;
const turnsOf = (part: RecognisedPart, speakers: number | null = null) =>
  engine.assemble([part], { speakers, signal: new AbortController().signal });

describe.skipIf(isAbsent)("the built-in engine", () => {
  it(
    "hears most words of two voices in one channel and tells the voices apart",
    async () => {
      const { heard, result } = recognise(dialogue);
      const part = await result;
      const turns = await turnsOf(part);

      expect(errorShare(turns.map(({ text }) => text))).toBeLessThan(0.4);
      expect(turns.map(({ speaker }) => speaker)).toEqual(
        lines.map(({ speaker }) => (speaker === lines[0]?.speaker ? "Speaker A" : "Speaker B")),
      );
      for (const { text, confidence, startMs, endMs } of turns) {
        expect(text).toMatch(/^[A-Z][a-zI' ]+$/);
        expect(confidence).toBeGreaterThan(0.3);
        expect(endMs).toBeGreaterThan(startMs);
      }
      expect(part.words.every(({ channel }) => channel === undefined)).toBe(true);
      expect(heard).toEqual([...heard].sort((a, b) => a - b));
      expect(heard.at(-1)).toBe(dialogue.endMs);
      // What is kept in the database comes back as JSON.
      const kept = JSON.parse(JSON.stringify(part)) as RecognisedPart;
      expect(await turnsOf(kept)).toEqual(turns);
      expect(await turnsOf(kept, 1)).toSatisfy((all: typeof turns) =>
        all.every(({ speaker }) => speaker === "Speaker A"),
      );
    },
    patience,
  );

  it(
    "gives each channel of a call to one speaker",
    async () => {
      const part = await recognise(call).result;
      const turns = await turnsOf(part);

      expect(errorShare(turns.map(({ text }) => text))).toBeLessThan(0.4);
      expect(turns.map(({ speaker }) => speaker)).toEqual(
        lines.map(({ speaker }) => (speaker === "slt" ? "Speaker A" : "Speaker B")),
      );
      expect(new Set(part.words.map(({ channel }) => channel))).toEqual(new Set([0, 1]));
      expect(part.words.map(({ startMs }) => startMs)).toEqual(
        part.words.map(({ startMs }) => startMs).sort((a, b) => a - b),
      );
    },
    patience,
  );

  it(
    "hears a part only, and counts times from the start of the recording",
    async () => {
      const part = { ...dialogue, startMs: 12_200, endMs: 14_900 };
      const { words } = await recognise(part).result;

      expect(words.map(({ text }) => text).join(" ")).toContain("take at the moment");
      for (const { startMs, endMs } of words) {
        expect(startMs).toBeGreaterThanOrEqual(part.startMs);
        expect(endMs).toBeLessThanOrEqual(part.endMs);
      }
    },
    patience,
  );

  it(
    "hears no words in silence",
    async () => {
      const pcmPath = join(folder, "silence.pcm");
      await writeFile(pcmPath, Buffer.alloc(3 * 32_000));
      const part = await recognise({ pcmPath, channels: 1, startMs: 0, endMs: 3_000 }).result;

      expect(part).toEqual({ words: [], voices: [] });
      expect(await turnsOf(part)).toEqual([]);
    },
    patience,
  );

  it(
    "fails in a way that can be retried when the samples are gone, and names no path",
    async () => {
      const part = { ...dialogue, pcmPath: join(folder, "gone.pcm") };
      const error = await recognise(part).result.catch((reason: Error) => reason);

      expect(error).toMatchObject({ name: "TranscriberError", kind: "retryable" });
      expect(String(error)).not.toContain(folder);
    },
    patience,
  );

  it("refuses other languages for good, and says how to get them", async () => {
    const context = { signal: new AbortController().signal, onProgress: () => undefined };
    const result = engine.recognise(dialogue, { language: "de-DE", vocabulary: [] }, context);

    await expect(result).rejects.toMatchObject({
      kind: "permanent",
      code: "unsupported_language",
      message: expect.stringContaining("TRANSCRIBE_URL"),
    });
  });
});

describe.skipIf(isAbsent || !hasProc)("the process in which it runs", () => {
  const ours = () => listenersOf(process.pid);
  const oneOfOurs = () => waitFor("a listener", () => ours()[0], patience);

  it(
    "may be killed: the part can be retried, and nothing is left",
    async () => {
      const { result } = recognise(dialogue);
      const outcome = result.catch((error: Error) => error);
      process.kill(await oneOfOurs(), "SIGKILL");

      expect(await outcome).toMatchObject({ name: "TranscriberError", kind: "retryable" });
      expect(ours()).toEqual([]);
    },
    patience,
  );

  it(
    "is ended when it stands still",
    async () => {
      const runtime = await findSpeechRuntime();
      if ("reason" in runtime) throw new Error(runtime.reason);
      const { signal } = new AbortController();
      const watch = { signal, onProgress: () => undefined, quietMs: 2_000 };
      const outcome = listenInProcess({ runtime, part: dialogue }, watch).catch(
        (error: Error) => error,
      );
      process.kill(await oneOfOurs(), "SIGSTOP");

      expect(await outcome).toMatchObject({ name: "TranscriberError", kind: "retryable" });
      expect(ours()).toEqual([]);
    },
    patience,
  );

  it(
    "is ended by the signal, and what is aborted rejects with the signal's reason",
    async () => {
      const stop = new AbortController();
      const reason = new Error("The meeting was deleted.");
      const outcome = recognise(dialogue, stop.signal).result.catch((error: Error) => error);
      await oneOfOurs();
      stop.abort(reason);

      expect(await outcome).toBe(reason);
      expect(ours()).toEqual([]);
      await expect(recognise(dialogue, stop.signal).result).rejects.toBe(reason);
    },
    patience,
  );

  it(
    "ends with the process that started it, however that ends",
    async () => {
      const program = `
        const { createVoskTranscriber } = await import("./lib/transcription/vosk/vosk-transcriber.ts");
        await createVoskTranscriber().recognise(${JSON.stringify(dialogue)}, ${JSON.stringify(english)},
          { signal: new AbortController().signal, onProgress: () => undefined });`;
      const parent: ChildProcess = spawn(
        process.execPath,
        ["--import", "tsx", "--input-type=module", "--eval", program],
        { stdio: "ignore" },
      );
      const listener = await waitFor(
        "the listener of another process",
        () => listenersOf(parent.pid ?? 0)[0],
        patience,
      );
      parent.kill("SIGKILL");
      await once(parent, "close");

      await waitFor("the end of its listener", () => !isAlive(listener), patience);
    },
    patience,
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
