import { type FileHandle, open } from "node:fs/promises";
import type { RecognisedWord } from "@/db/schema/meetings";
import type { AudioPart } from "../transcriber";
import { readSamples } from "./pcm-reader";
import type { ListenReport, ListenRequest } from "./protocol";
import { cutIntoStretches } from "./stretches";
import { encodeVoice, type Voices } from "./voices";
import { type HeardWord, loadVosk, type Vosk } from "./vosk-library";

// The process in which Vosk runs: it hears one part, reports and ends. The native library may crash it, and whoever waits
// may kill it at any time; it writes nothing.

/** Half a second of a word's surroundings would hold other voices; nothing at all cuts off its sounds. */
const marginMs = 100;
const shortMs = 1_500;

/** Sends, and waits until it is sent: the process ends right after. */
function report(message: ListenReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error("This is started by listener-process.ts.");
    process.send(message, () => resolve());
  });
}

async function hearChannel(
  vosk: Vosk,
  file: FileHandle,
  part: AudioPart,
  channel: number,
): Promise<HeardWord[]> {
  const ear = vosk.openEar();
  const words: HeardWord[] = [];
  let heardMs = 0;
  const range = { channel, fromMs: part.startMs, toMs: part.endMs };
  for await (const samples of readSamples(file, part, range)) {
    for (const { result } of await ear.hear(samples)) words.push(...(result ?? []));
    heardMs += samples.length / 32;
    const partMs = part.endMs - part.startMs;
    await report({ kind: "heard", ms: Math.round((channel * partMs + heardMs) / part.channels) });
  }
  words.push(...(ear.finish().result ?? []));
  return words;
}

async function voiceOfStretch(
  vosk: Vosk,
  file: FileHandle,
  part: AudioPart,
  words: readonly HeardWord[],
): Promise<string | null> {
  const fromMs = part.startMs + (words[0]?.start ?? 0) * 1000 - marginMs;
  const toMs = part.startMs + (words.at(-1)?.end ?? 0) * 1000 + marginMs;
  const range = {
    channel: 0,
    fromMs: Math.max(fromMs, part.startMs),
    toMs: Math.min(toMs, part.endMs),
  };
  const pieces: Buffer[] = [];
  for await (const samples of readSamples(file, part, range)) pieces.push(samples);
  const samples = Buffer.concat(pieces);
  // Vosk needs about half a second of voice; said three times, short words are enough.
  const repeated = toMs - fromMs < shortMs ? Buffer.concat([samples, samples, samples]) : samples;
  const vector = await vosk.voiceOf(repeated, words.map(({ word }) => word).join(" "));
  return vector === null ? null : encodeVoice(vector);
}

async function hearVoices(
  vosk: Vosk,
  file: FileHandle,
  part: AudioPart,
  words: readonly HeardWord[],
): Promise<Voices> {
  const voices: Voices = [];
  for (const stretch of cutIntoStretches(words)) {
    const voice = await voiceOfStretch(vosk, file, part, stretch);
    voices.push({ words: stretch.length, voice });
    // Nothing new was heard, but whoever waits sees that work goes on.
    await report({ kind: "heard", ms: part.endMs - part.startMs });
  }
  return voices;
}

function placeInRecording(part: AudioPart, channel: number, word: HeardWord): RecognisedWord {
  return {
    text: word.word,
    startMs: part.startMs + Math.round(word.start * 1000),
    endMs: part.startMs + Math.round(word.end * 1000),
    confidence: Math.round(Math.min(1, Math.max(0, word.conf)) * 1000) / 1000,
    ...(part.channels === 2 && { channel }),
  };
}

async function listen({ runtime, part }: ListenRequest): Promise<void> {
  const file = await open(part.pcmPath);
  const vosk = loadVosk(runtime);
  const words: RecognisedWord[] = [];
  let voices: Voices = [];
  for (let channel = 0; channel < part.channels; channel += 1) {
    const heard = await hearChannel(vosk, file, part, channel);
    words.push(...heard.map((word) => placeInRecording(part, channel, word)));
    if (part.channels === 1) voices = await hearVoices(vosk, file, part, heard);
  }
  words.sort((a, b) => a.startMs - b.startMs);
  await report({ kind: "done", words, voices });
}

async function answer(request: ListenRequest): Promise<void> {
  try {
    await listen(request);
  } catch (error) {
    await report({
      kind: "failed",
      message: error instanceof Error ? error.message : String(error),
    });
  }
  process.exit();
}

// Without a parent nobody wants the result, and the library holds nothing that needs an orderly end.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", (request) => void answer(request as ListenRequest));
