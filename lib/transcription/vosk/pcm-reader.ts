import type { FileHandle } from "node:fs/promises";
import type { AudioPart } from "../transcriber";
import { sampleRate } from "./vosk-library";

const bytesPerSample = 2;
const framesAtOnce = sampleRate;

function pick(bytes: Buffer, channels: number, channel: number): Buffer {
  if (channels === 1) return bytes;
  const frames = Math.floor(bytes.length / (channels * bytesPerSample));
  const samples = Buffer.alloc(frames * bytesPerSample);
  for (let frame = 0; frame < frames; frame += 1) {
    bytes.copy(
      samples,
      frame * bytesPerSample,
      (frame * channels + channel) * bytesPerSample,
      (frame * channels + channel + 1) * bytesPerSample,
    );
  }
  return samples;
}

const frameAt = (ms: number) => Math.round((ms * sampleRate) / 1000);

/**
 * Samples of one channel, a second at a time, from `fromMs` to `toMs` after the start of the recording; ends early where
 * the file does.
 */
export async function* readSamples(
  file: FileHandle,
  { channels }: Pick<AudioPart, "channels">,
  { channel, fromMs, toMs }: { channel: number; fromMs: number; toMs: number },
): AsyncGenerator<Buffer> {
  const frameBytes = channels * bytesPerSample;
  const end = frameAt(toMs);
  for (let frame = frameAt(fromMs); frame < end; frame += framesAtOnce) {
    const buffer = Buffer.alloc(Math.min(framesAtOnce, end - frame) * frameBytes);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, frame * frameBytes);
    const whole = bytesRead - (bytesRead % frameBytes);
    if (whole > 0) yield pick(buffer.subarray(0, whole), channels, channel);
    if (bytesRead < buffer.length) return;
  }
}
