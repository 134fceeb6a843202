import type { RecognisedWord } from "@/db/schema/meetings";
import type { AudioPart } from "../transcriber";
import type { SpeechRuntime } from "./speech-runtime";
import type { Voices } from "./voices";

// What the process that listens (listen.ts) and its parent (listener-process.ts) tell each other.

export interface ListenRequest {
  readonly runtime: SpeechRuntime;
  readonly part: AudioPart;
}

export type ListenReport =
  | { readonly kind: "heard"; readonly ms: number }
  | { readonly kind: "done"; readonly words: RecognisedWord[]; readonly voices: Voices }
  /** A fault that the process could name; a crash says nothing. */
  | { readonly kind: "failed"; readonly message: string };
