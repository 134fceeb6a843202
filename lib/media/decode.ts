import { type FileHandle, open } from "node:fs/promises";
import { failureOf, noSoundTrack } from "@/lib/media/describe-failure";
import { type DecodedAudio, MediaError, type MediaFacts } from "@/lib/media/media";
import { inputOptions, type MediaSource } from "@/lib/media/probe";
import { runFfmpeg } from "@/lib/media/run-ffmpeg";
import { SoundMeter, sampleRate } from "@/lib/media/sound-meter";

export interface DecodeTarget {
  /** Where the samples go; overwritten. The caller removes it, also after a failure. */
  readonly pcmPath: string;
  /** Nothing beyond it is decoded, whatever the file says of its length. */
  readonly maxMs: number;
}

export interface DecodedRecording extends DecodedAudio {
  /** dB for each 50 ms of the mix. */
  readonly levels: Float32Array;
  /** There is more than `maxMs` of sound; the rest was left alone. */
  readonly isCut: boolean;
}

const bytesPerMs = (sampleRate * 2) / 1000;

/**
 * Decodes the first sound track to samples for a transcriber: 16 kHz, 16 bit, one channel, or two where each is one
 * side of a call (`SoundMeter.isCall`). How long it is follows from what was decoded, never from a header. A file that
 * breaks off counts as long as it can be read.
 * @throws MediaError when nothing can be decoded or heard.
 */
export async function decodeAudio(
  source: MediaSource,
  facts: MediaFacts,
  { pcmPath, maxMs }: DecodeTarget,
  signal: AbortSignal,
): Promise<DecodedRecording> {
  if (facts.audio === null) throw noSoundTrack();
  const channels = facts.audio.channels === 2 ? 2 : 1;
  const file = await open(pcmPath, "w+", 0o600);
  try {
    const meter = new SoundMeter(channels);
    const bytesMax = Math.ceil(maxMs * bytesPerMs) * channels;
    const args = ["-map", "0:a:0", "-ac", String(channels), "-ar", String(sampleRate)];
    const {
      value: isCut,
      log,
      isOk,
      isOverLimit,
    } = await runFfmpeg(
      {
        input: { file: source.path, options: inputOptions(source) },
        output: [...args, "-f", "s16le", "pipe:1"],
        signal,
      },
      async (output) => {
        for await (const chunk of output as AsyncIterable<Buffer>) {
          await file.writeFile(chunk);
          meter.take(chunk);
          if (meter.bytes > bytesMax) return true;
        }
        return false;
      },
    );
    if (isOverLimit || (!isOk && meter.bytes === 0)) throw failureOf(log, isOverLimit);
    requireSound(meter, log);
    const isMixed = channels === 2 && !meter.isCall;
    if (isMixed) await mixToOne(file, meter.bytes, signal);
    return {
      pcmPath,
      channels: isMixed ? 1 : channels,
      durationMs: Math.floor(meter.bytes / channels / bytesPerMs),
      levels: meter.frameLevels,
      isCut,
    };
  } finally {
    await file.close();
  }
}

function requireSound(meter: SoundMeter, log: string): void {
  if (meter.bytes === 0 && log.trim() !== "") throw failureOf(log, false);
  if (meter.bytes === 0) {
    throw new MediaError(
      "no_speech",
      "The recording is empty: it has no sound in it. Check that the right file was uploaded.",
    );
  }
  if (!meter.isAudible) {
    throw new MediaError(
      "no_speech",
      "The recording is silent. Check that the right file was uploaded and that its microphone was on.",
    );
  }
}

const mixBytes = 1_048_576;

/** Makes one channel of two, in place: what is written never passes what is still to be read. */
async function mixToOne(file: FileHandle, bytes: number, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(mixBytes);
  const samples = new Int16Array(buffer.buffer, buffer.byteOffset, mixBytes / 2);
  const end = bytes - (bytes % 4);
  for (let at = 0; at < end; at += mixBytes) {
    signal.throwIfAborted();
    const length = Math.min(mixBytes, end - at);
    await file.read(buffer, 0, length, at);
    for (let pair = 0; pair < length / 4; pair += 1) {
      samples[pair] = ((samples[pair * 2] ?? 0) + (samples[pair * 2 + 1] ?? 0)) >> 1;
    }
    await file.write(buffer, 0, length / 2, at / 2);
  }
  await file.truncate(end / 2);
}
