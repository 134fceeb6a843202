import type { FailureCode } from "@/lib/meetings/schema";

/** A meeting that did not work out, with the file that is kept of it. */
export interface DemoFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly source: "companion_bot" | "upload" | "url_import";
  /** Null when nothing was recorded; `transcript` is a good file, with which a retry succeeds. */
  readonly file: { readonly name: string; readonly content: "transcript" | Buffer } | null;
  readonly language?: string;
}

const sampleRate = 8_000;

/** A WAV file (16 bit, mono) of one even tone; `declared` seconds in its header may be more than it holds. */
function wav(seconds: number, hertz: number, declared = seconds): Buffer {
  const samples = seconds * sampleRate;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + declared * sampleRate * 2, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(declared * sampleRate * 2, 40);
  for (let index = 0; index < samples; index += 1) {
    const wave = Math.sin((2 * Math.PI * hertz * index) / sampleRate);
    bytes.writeInt16LE(Math.round(wave * 4_000), 44 + index * 2);
  }
  return bytes;
}

/** One failure of each kind that the plan of the demo workspace can meet. */
export const demoFailures: readonly DemoFailure[] = [
  {
    code: "bot_not_admitted",
    message:
      "Harmony Bot waited ten minutes and was not let in. Admit it next time, or upload a recording of the call.",
    source: "companion_bot",
    file: null,
  },
  {
    code: "no_speech",
    message: "The recording holds no speech. Check the microphone and record again.",
    source: "upload",
    file: { name: "workshop-room.wav", content: wav(3, 0) },
  },
  {
    code: "transcription_error",
    message: "The transcription endpoint answered 503. Press Retry once it answers.",
    source: "upload",
    file: { name: "call-from-the-car.wav", content: wav(3, 220) },
  },
  {
    code: "corrupt_file",
    message:
      "The recording ends in the middle: its header promises 40 minutes, the file holds 2 seconds. Export it again and upload that file.",
    source: "url_import",
    file: { name: "site-visit.wav", content: wav(2, 330, 2_400) },
  },
  {
    code: "unsupported_language",
    message:
      "The built-in engine understands English, and this recording is marked as Dutch. Configure TRANSCRIBE_URL, then press Retry.",
    source: "upload",
    file: { name: "gesprek-utrecht.wav", content: wav(3, 262) },
    language: "nl",
  },
  {
    code: "internal_error",
    message: "Processing failed on our side. Press Retry; if it stays, write to support.",
    source: "upload",
    file: { name: "interrupted.vtt", content: "transcript" },
  },
  {
    code: "bot_not_admitted",
    message:
      "Harmony Bot waited ten minutes and was not let in. Admit it next time, or upload a recording of the call.",
    source: "companion_bot",
    file: null,
  },
];
