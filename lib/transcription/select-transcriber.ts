import { createOpenAiTranscriber } from "./openai-compatible";
import type { Transcriber } from "./transcriber";
import { createVoskTranscriber } from "./vosk/vosk-transcriber";

interface TranscriberConfig {
  /** TRANSCRIBE_URL, TRANSCRIBE_KEY and TRANSCRIBE_MODEL; null when no endpoint is configured. */
  readonly transcribe: {
    readonly url: string;
    readonly key: string | null;
    readonly model: string;
  } | null;
}

/** The configured endpoint, or the built-in engine when there is none; never one for the other. */
export function selectTranscriber({ transcribe }: TranscriberConfig): Transcriber {
  return transcribe === null ? createVoskTranscriber() : createOpenAiTranscriber(transcribe);
}
