import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecognisedPart } from "@/lib/transcription/transcriber";
import { createVoskTranscriber } from "@/lib/transcription/vosk/vosk-transcriber";
import { judgeMeetings, sumOf } from "./action-item-accuracy";
import type { BenchCase, Figure } from "./bench-case";
import { type Spoken, speakerAccuracy } from "./speaker-accuracy";
import { type SpeechSample, speechSamples } from "./speech-samples";
import { watchListeners } from "./watch-listeners";
import { countWordErrors, wordsOf } from "./word-errors";

const bytesPerMs = 32;
const pauseMs = 300;
const engine = createVoskTranscriber();
const { signal } = new AbortController();

/** Recognises a recording, or a stretch of it, part by part, as the product does. */
async function recognise(pcmPath: string, untilMs: number, fromMs = 0): Promise<RecognisedPart[]> {
  const parts: RecognisedPart[] = [];
  for (let startMs = fromMs; startMs < untilMs; startMs += engine.partMs) {
    const endMs = Math.min(startMs + engine.partMs, untilMs);
    const part = { pcmPath, channels: 1, startMs, endMs } as const;
    const context = { signal, onProgress: () => undefined };
    parts.push(await engine.recognise(part, { language: "en-US", vocabulary: [] }, context));
  }
  return parts;
}

const pause = Buffer.alloc(pauseMs * bytesPerMs);

/** All samples, one after the other. */
function joined(samples: readonly SpeechSample[]): Buffer {
  return Buffer.concat(samples.flatMap(({ pcm }) => [pcm, pause]));
}

/** The errors of one person's samples, heard as one recording. */
async function wordErrors(dir: string, samples: readonly SpeechSample[]) {
  const sound = joined(samples);
  const pcmPath = join(dir, "person.pcm");
  await writeFile(pcmPath, sound);
  const parts = await recognise(pcmPath, Math.floor(sound.length / bytesPerMs));
  const heard = parts.flatMap(({ words }) => words.flatMap(({ text }) => wordsOf(text)));
  const said = samples.flatMap((sample) => wordsOf(sample.said));
  return { errors: countWordErrors(said, heard), words: said.length };
}

async function wordErrorFigures(dir: string, samples: readonly SpeechSample[]): Promise<Figure> {
  const speakers = [...new Set(samples.map(({ speaker }) => speaker))];
  let [errors, words] = [0, 0];
  const each: string[] = [];
  for (const speaker of speakers) {
    const own = samples.filter((sample) => sample.speaker === speaker);
    const found = await wordErrors(dir, own);
    errors += found.errors;
    words += found.words;
    const share = ((100 * found.errors) / found.words).toFixed(1);
    each.push(`${speaker} ${share} % of ${found.words} (${own[0]?.source})`);
  }
  return {
    name: "word errors, clean read speech",
    value: (100 * errors) / words,
    unit: "%",
    from: `${words} words: ${each.join(", ")}`,
  };
}

function rms(pcm: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < pcm.length; at += 2) sum += pcm.readInt16LE(at) ** 2;
  return Math.sqrt(sum / Math.max(1, pcm.length / 2));
}

/** The same loudness for everybody: it must not tell speakers apart. */
function levelled(pcm: Buffer): Buffer {
  const gain = 2_000 / Math.max(1, rms(pcm));
  const out = Buffer.alloc(pcm.length);
  for (let at = 0; at + 1 < pcm.length; at += 2) {
    const value = Math.round(pcm.readInt16LE(at) * gain);
    out.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)), at);
  }
  return out;
}

/** People take turns: the n-th sample of each, then the next of each, as long as two have some left. */
function conversation(samples: readonly SpeechSample[]): SpeechSample[] {
  const speakers = [...new Set(samples.map(({ speaker }) => speaker))];
  const bySpeaker = speakers.map((name) => samples.filter(({ speaker }) => speaker === name));
  const turns: SpeechSample[] = [];
  for (let round = 0; ; round += 1) {
    const next = bySpeaker.flatMap((own) => own.slice(round, round + 1));
    if (next.length < 2) return turns;
    turns.push(...next.map((sample) => ({ ...sample, pcm: levelled(sample.pcm) })));
  }
}

async function speakerFigures(dir: string, samples: readonly SpeechSample[]): Promise<Figure[]> {
  const turns = conversation(samples);
  const spoken: Spoken[] = [];
  let at = 0;
  for (const { speaker, pcm } of turns) {
    const endMs = at + pcm.length / bytesPerMs;
    spoken.push({ speaker, startMs: at, endMs });
    at = endMs + pauseMs;
  }
  const pcmPath = join(dir, "conversation.pcm");
  await writeFile(pcmPath, joined(turns));
  const parts = await recognise(pcmPath, Math.floor(at));
  const people = new Set(turns.map(({ speaker }) => speaker)).size;
  const from = `${turns.length} turns of ${people} people, ${Math.round(at / 1000)} s, without overlap`;
  const judge = async (speakers: number | null) => {
    const found = await engine.assemble(parts, { speakers, signal });
    const count = new Set(found.map(({ speaker }) => speaker)).size;
    return { value: 100 * speakerAccuracy(found, spoken), from: `${from}; found ${count}` };
  };
  return [
    { name: "speech on the right speaker, number given", unit: "%", ...(await judge(people)) },
    { name: "speech on the right speaker, number not given", unit: "%", ...(await judge(null)) },
  ];
}

async function actionItemFigures(): Promise<Figure[]> {
  const judged = await judgeMeetings("held-out");
  const { gold, suggested, found, both } = sumOf(judged);
  const share = (name: string, value: number, of: number, from: string): Figure => ({
    name: `action items by the rules, ${name}`,
    value: (100 * value) / of,
    unit: "%",
    from: `${value} of ${from}`,
  });
  const where = `in ${judged.length} meetings on which no rule was tuned`;
  return [
    share("precision", found, suggested, `${suggested} suggestions ${where}`),
    share("recall", found, gold, `${gold} items ${where}`),
    share("with the right owner and day", both, found, `${found} that were found`),
  ];
}

async function writeLoop(path: string, sound: Buffer, minutes: number): Promise<number> {
  const file = createWriteStream(path);
  const durationMs = minutes * 60_000;
  for (let left = durationMs * bytesPerMs; left > 0; left -= sound.length) {
    if (!file.write(sound.subarray(0, Math.min(left, sound.length)))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return durationMs;
}

/** Hears a stretch of a recording, and says what that took. */
async function hear(pcmPath: string, fromMs: number, untilMs: number) {
  const listeners = watchListeners();
  const startedAt = performance.now();
  const parts = await recognise(pcmPath, untilMs, fromMs);
  const wallSeconds = (performance.now() - startedAt) / 1000;
  const ownMiB = process.memoryUsage.rss() / 1024 ** 2;
  return { ...listeners.stop(), parts, wallSeconds, ownMiB };
}

/**
 * One recording, heard in two halves: both have as many parts, so that the fullest moment of either depends on what is
 * said in the same way.
 */
async function speedAndMemory(dir: string, sound: Buffer, minutes: number): Promise<Figure[]> {
  const pcmPath = join(dir, "loop.pcm");
  const durationMs = await writeLoop(pcmPath, sound, minutes);
  const halfMs = Math.ceil(durationMs / 2 / engine.partMs) * engine.partMs;
  const first = await hear(pcmPath, 0, halfMs);
  const second = await hear(pcmPath, halfMs, durationMs);
  const assemblyAt = performance.now();
  await engine.assemble([...first.parts, ...second.parts], { speakers: null, signal });
  const assemblySeconds = (performance.now() - assemblyAt) / 1000;
  const total = ({ peakMiB, ownMiB }: typeof first) => peakMiB + ownMiB;
  const cpu = first.cpuSeconds + second.cpuSeconds + assemblySeconds;
  const wallSeconds = first.wallSeconds + second.wallSeconds;
  const text = (value: number) => value.toFixed(0);
  return [
    {
      name: "faster than real time, on one core",
      value: durationMs / 1000 / cpu,
      unit: "×",
      atLeast: 4,
      from: `${minutes} min of speech in ${text(cpu)} s of processor time, ${text(wallSeconds)} s on the clock; speakers ${assemblySeconds.toFixed(1)} s of it`,
    },
    {
      name: `growth of memory from the first to the second half of ${minutes} minutes`,
      value: total(second) - total(first),
      unit: "MiB",
      atMost: 64,
      from: `engine ${text(first.peakMiB)} and ${text(second.peakMiB)} MiB at most, its parent ${text(first.ownMiB)} and ${text(second.ownMiB)} MiB`,
    },
  ];
}

export const speechCase: BenchCase = {
  id: "k",
  title: "The built-in engines: human speech, and what is to be done",
  bringsOwnData: true,
  run: async ({ dir }, { speechMinutes }) => {
    const state = await engine.probe();
    if (!state.ready) throw new Error(state.reason);
    const { samples, skipped } = await speechSamples();
    if (samples.length === 0) throw new Error(`no human speech: ${skipped.join("; ")}`);
    const errors = await wordErrorFigures(dir, samples);
    const note = skipped.length === 0 ? "" : `; skipped: ${skipped.join("; ")}`;
    return [
      { ...errors, from: `${errors.from}${note}` },
      ...(await speakerFigures(dir, samples)),
      ...(await actionItemFigures()),
      ...(await speedAndMemory(dir, joined(samples), speechMinutes)),
    ];
  },
};
