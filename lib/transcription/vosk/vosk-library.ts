import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { SpeechRuntime } from "./speech-runtime";

// Vosk's C functions (vosk_api.h) as far as we need them. Only a process that may crash loads this (listen.ts).

type Native = ((...args: unknown[]) => unknown) & { async: (...args: unknown[]) => void };
interface Koffi {
  load(path: string): { func(prototype: string): Native };
}

const wordResult = z.object({
  word: z.string(),
  start: z.number(),
  end: z.number(),
  conf: z.number(),
});
const utteranceResult = z.object({
  result: z.array(wordResult).optional(),
  spk: z.array(z.number()).optional(),
});

/** Times are seconds from the first sample that the ear was given. */
export type HeardWord = z.infer<typeof wordResult>;
export type Utterance = z.infer<typeof utteranceResult>;

export const sampleRate = 16_000;
const bytesAtOnce = sampleRate; // Half a second.

/** A recognizer: takes sound in order and returns utterances as they end. */
export interface Ear {
  /** Signed 16-bit samples of one channel. Leaves the event loop free while it works. */
  readonly hear: (samples: Buffer) => Promise<Utterance[]>;
  /** The last utterance; the ear takes nothing after it. */
  readonly finish: () => Utterance;
}

export interface Vosk {
  /** Hears any English. */
  readonly openEar: () => Ear;
  /**
   * The vector of the voice that says `text` in `samples`, null when there is too little of it. Vosk gives vectors of
   * recognised speech only; because it need choose between one sentence and noise, this is cheap.
   */
  readonly voiceOf: (samples: Buffer, text: string) => Promise<readonly number[] | null>;
}

/** Loads the library and both models: about a third of a second and 150 MB. Throws when one cannot be loaded. */
export function loadVosk(runtime: SpeechRuntime): Vosk {
  const koffi = createRequire(join(runtime.koffi, "package.json"))(runtime.koffi) as Koffi;
  const library = koffi.load(runtime.library);
  const setLogLevel = library.func("void vosk_set_log_level(int)");
  const newModel = library.func("void* vosk_model_new(const char*)");
  const newSpeakerModel = library.func("void* vosk_spk_model_new(const char*)");
  const newRecognizer = library.func("void* vosk_recognizer_new(void*, float)");
  const newGrammar = library.func("void* vosk_recognizer_new_grm(void*, float, const char*)");
  const setSpeakerModel = library.func("void vosk_recognizer_set_spk_model(void*, void*)");
  const setWords = library.func("void vosk_recognizer_set_words(void*, int)");
  const accept = library.func("int vosk_recognizer_accept_waveform(void*, void*, int)");
  const result = library.func("const char* vosk_recognizer_result(void*)");
  const finalResult = library.func("const char* vosk_recognizer_final_result(void*)");
  const free = library.func("void vosk_recognizer_free(void*)");

  setLogLevel(-1);
  const model = newModel(runtime.model);
  const speakerModel = newSpeakerModel(runtime.speakerModel);
  if (!model || !speakerModel) throw new Error("A model could not be loaded.");

  const acceptAsync = promisify<unknown, Buffer, number, number>(accept.async);
  const read = (text: unknown) => utteranceResult.parse(JSON.parse(String(text)));

  function openEar(recognizer: unknown): Ear {
    setWords(recognizer, 1);
    return {
      hear: async (samples) => {
        const utterances: Utterance[] = [];
        for (let from = 0; from < samples.length; from += bytesAtOnce) {
          const piece = samples.subarray(from, from + bytesAtOnce);
          const ended = await acceptAsync(recognizer, piece, piece.length);
          if (ended === 1) utterances.push(read(result(recognizer)));
        }
        return utterances;
      },
      finish: () => {
        const utterance = read(finalResult(recognizer));
        free(recognizer);
        return utterance;
      },
    };
  }

  return {
    openEar: () => openEar(newRecognizer(model, sampleRate)),
    voiceOf: async (samples, text) => {
      const recognizer = newGrammar(model, sampleRate, JSON.stringify([text, "[unk]"]));
      setSpeakerModel(recognizer, speakerModel);
      const ear = openEar(recognizer);
      const utterances = [...(await ear.hear(samples)), ear.finish()];
      return utterances.find(({ spk }) => spk !== undefined)?.spk ?? null;
    },
  };
}
