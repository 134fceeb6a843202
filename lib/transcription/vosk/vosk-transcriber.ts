import {
  type AudioPart,
  type RecogniseOptions,
  type Transcriber,
  TranscriberError,
} from "../transcriber";
import { assembleTurns } from "./assemble-turns";
import { listenInProcess } from "./listener-process";
import { findSpeechRuntime } from "./speech-runtime";

/** About a minute of work is lost when the process is killed just before the end of a part. */
const partMs = 5 * 60_000;

const isEnglish = (language: string | null) => language === null || /^en(?:$|[-_])/i.test(language);

function refuseLanguage({ language }: RecogniseOptions): void {
  if (isEnglish(language)) return;
  throw new TranscriberError(
    "permanent",
    `The built-in speech engine understands English only, and the recording's language is "${language}". Have an engine for it configured (TRANSCRIBE_URL), then press Retry.`,
    "unsupported_language",
  );
}

/**
 * The engine that Harmony brings along: Vosk with a small model of US English, offline, on one core. Words are lower
 * case without punctuation, numbers are words, and only the some 67,000 words of its vocabulary are known to it, so that
 * `vocabulary` changes nothing.
 */
export function createVoskTranscriber(): Transcriber {
  return {
    engine: { id: "vosk", name: "Vosk (built in)", model: "small US English", version: "0.3.39" },
    partMs,
    probe: async () => {
      const runtime = await findSpeechRuntime();
      return "reason" in runtime ? { ready: false, reason: runtime.reason } : { ready: true };
    },
    recognise: async (part: AudioPart, options, context) => {
      refuseLanguage(options);
      const runtime = await findSpeechRuntime();
      if ("reason" in runtime) throw new TranscriberError("permanent", runtime.reason);
      const { words, voices } = await listenInProcess({ runtime, part }, context);
      return { words, voices };
    },
    assemble: assembleTurns,
  };
}
